/** The words for what changed in a sidecar, a line a field. */

import type { FieldChange, FieldSaid, LinesChange, MetadataChange, NotAgreed } from '../model/change.ts';
import { isMap, type BlockMap, type Value } from '../model/value.ts';
import type { Palette } from './colour.ts';
import { shownText } from './shown.ts';

const LONGEST = 80;
/** So many lines of a text are shown where everything is. */
const MOST_LINES = 40;

/** `rating: 4 → 5`, `tags: +thom -colin`, `+title: Airbag`; of texts how many lines. Never empty. */
export function metadataWords({ fields, prose }: MetadataChange, palette: Palette): string[] {
  const words = fields.map((change) => fieldWords(change, palette));
  if (prose !== undefined) words.push(`text: ${linesWords(prose, palette)}`);
  return words.length === 0 ? [palette.quiet('(comments or layout)')] : words;
}

/** The same with the lines of texts below them. */
export function* wordedFields({ fields, prose }: MetadataChange, palette: Palette): Generator<string> {
  for (const change of fields) {
    yield fieldWords(change, palette);
    if (change.lines !== undefined) yield* changedLines(change.lines, palette);
  }
  if (prose !== undefined) {
    yield `text: ${linesWords(prose, palette)}`;
    yield* changedLines(prose, palette);
  }
  if (fields.length === 0 && prose === undefined) yield palette.quiet('(comments or layout)');
}

/** A value in a line of words. */
export function saidWords(said: FieldSaid): string {
  if (typeof said !== 'object') return String(said);
  if (Array.isArray(said)) return (said as readonly Value[]).map(saidWords).join(', ');
  if (isConflictSaid(said)) {
    const sides = Array.from(
      said.values,
      ([side, value]) => `${side} ${value === undefined ? 'removed it' : saidWords(value)}`,
    );
    return `not agreed: ${sides.join(', ')}`;
  }
  if (!isMap(said as Value)) return '';
  const { map } = said as BlockMap;
  return `{${Array.from(map, ([key, one]) => `${key}: ${saidWords(one)}`).join(', ')}}`;
}

function isConflictSaid(said: FieldSaid): said is NotAgreed {
  return typeof said === 'object' && 'kind' in said && said.kind === 'conflict';
}

function fieldWords({ field, before, after, members, lines, isRead }: FieldChange, palette: Palette): string {
  const name = shownText(field);
  const aside = isRead === true ? palette.quiet('  (read)') : '';
  if (lines !== undefined) return `${name}: ${linesWords(lines, palette)}${aside}`;
  if (members !== undefined) {
    const words = [
      ...members.added.map((member) => palette.added(`+${short(member)}`)),
      ...members.removed.map((member) => palette.gone(`-${short(member)}`)),
    ];
    return `${name}: ${words.join(' ')}${aside}`;
  }
  if (before === undefined) return palette.added(`+${name}: ${short(after!)}`) + aside;
  if (after === undefined) return palette.gone(`-${name}: ${short(before)}`) + aside;
  return `${name}: ${short(before)} → ${short(after)}${aside}`;
}

function linesWords({ added, removed }: LinesChange, palette: Palette): string {
  const words = [
    ...(added > 0 ? [palette.added(`+${added}`)] : []),
    ...(removed > 0 ? [palette.gone(`-${removed}`)] : []),
  ];
  return `${words.join(' ')} ${added + removed === 1 ? 'line' : 'lines'}`;
}

function* changedLines({ lines }: LinesChange, palette: Palette): Generator<string> {
  const shown = lines.length <= MOST_LINES + 1 ? lines : lines.slice(0, MOST_LINES);
  for (const line of shown)
    yield `  ${palette[line.startsWith('+') ? 'added' : 'gone'](shownText(line).trimEnd())}`;
  if (shown.length < lines.length) yield palette.quiet(`  … and ${lines.length - shown.length} more`);
}

/** On one line, and not too much of it; '' is shown as what a person would have to write. */
function short(said: FieldSaid): string {
  const words = saidWords(said);
  if (words === '') return Array.isArray(said) ? '[]' : '""';
  const points = Array.from(words);
  return shownText(points.length <= LONGEST ? words : `${points.slice(0, LONGEST - 1).join('')}…`);
}
