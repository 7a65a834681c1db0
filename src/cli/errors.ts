/** How problems are told: `dbk: error: …`, and the hint on a line of its own. */

import type { Place, Problem, Severity } from '../model/problem.ts';
import { Interrupted, Refusal } from '../model/problem.ts';
import type { Paint, Palette } from './colour.ts';
import { isReaderGone } from './exit.ts';
import * as problems from './problems.ts';
import { shownCount, counted } from './quantities.ts';
import { shownLines, shownPath, shownText } from './shown.ts';

/** One problem; lines without line ends. */
export function* problemLines(problem: Problem, palette: Palette): Generator<string> {
  const severity = paintOf(problem.severity, palette)(`${problem.severity}:`);
  yield `dbk: ${severity} ${shownText(problem.reason)}${placeOf(problem.place, problem.reason)}`;
  if (problem.hint !== undefined) yield `${palette.moved('hint:')} ${shownText(problem.hint)}`;
}

/**
 * Problems as they come; of each code no more than `limit`, and at the end how many more there were. A hint is
 * given once, with the first problem that has it.
 */
export function* problemReport(
  reported: Iterable<Problem>,
  style: { readonly palette: Palette; readonly limit: number },
): Generator<string> {
  const counts = new Map<string, number>();
  const hints = new Set<string>();
  for (const problem of reported) {
    const count = (counts.get(problem.code) ?? 0) + 1;
    counts.set(problem.code, count);
    if (count > style.limit) continue;
    const { hint, ...bare } = problem;
    yield* problemLines(hint !== undefined && hints.has(hint) ? bare : problem, style.palette);
    if (hint !== undefined) hints.add(hint);
  }
  for (const [code, count] of counts) {
    if (count <= style.limit) continue;
    const rest = `… and ${shownCount(count - style.limit)} more of ${code} (-v shows all)`;
    yield `dbk: ${style.palette.quiet(rest)}`;
  }
}

/** `2 errors, 1 warning`; undefined where there is nothing. */
export function problemWords(reported: Iterable<Problem>): string | undefined {
  const counts: Record<Severity, number> = { error: 0, warning: 0, note: 0 };
  for (const { severity } of reported) counts[severity] += 1;
  const words = (['error', 'warning'] as const).filter((each) => counts[each] > 0);
  return words.length === 0 ? undefined : words.map((each) => counted(counts[each], each)).join(', ');
}

/** What is said of the exception that ended a command; nothing when only the reader went away. */
export function* errorLines(error: unknown, palette: Palette): Generator<string> {
  if (isReaderGone(error)) return;
  if (error instanceof Refusal) return yield* problemLines(error.problem, palette);
  if (error instanceof Interrupted) return yield* problemLines(problems.interrupted(), palette);
  const stack = error instanceof Error ? (error.stack ?? '') : '';
  if (stack !== '') yield shownLines(stack);
  yield* problemLines(problems.bug(error instanceof Error ? error.message : String(error)), palette);
}

function paintOf(severity: Severity, palette: Palette): Paint {
  return severity === 'error' ? palette.alarm : severity === 'warning' ? palette.changed : palette.quiet;
}

/** The place, as far as the words do not name it themselves. */
function placeOf(place: Place | undefined, reason: string): string {
  if (place === undefined) return '';
  const words = [
    ...(reason.includes(place.path) && place.path !== '' ? [] : [quoted(place.path)]),
    ...(place.line === undefined || reason.includes(`line ${place.line}`) ? [] : [`line ${place.line}`]),
  ];
  return words.length === 0 ? '' : ` (${words.join(', ')})`;
}

function quoted(path: string): string {
  const shown = shownPath(path);
  return shown.startsWith(`'`) ? shown : `'${shown}'`;
}
