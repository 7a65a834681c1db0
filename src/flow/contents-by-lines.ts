/** The text that two contents make, by their lines, with marks where a person has to choose. */

import { lineChanges, linesOf } from '../merge/line-changes.ts';
import { mergeLines, resolvePieces, type MergedLines, type Piece } from '../merge/lines.ts';
import type { RepositoryPath } from '../model/path.ts';
import { Refusal, type Problem } from '../model/problem.ts';
import type { Contents } from './ask-merger.ts';
import * as say from './conflict-problems.ts';

export interface LinesMerged {
  readonly text: string;
  /** How many places a person has to choose in. */
  readonly places: number;
  /** The lines that stand around them. */
  readonly marks: ReadonlySet<string>;
  readonly problems: readonly Problem[];
}

const BEFORE = '||||||| before';
const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Refuses ('failed') what is no text. */
export function byLines(
  path: RepositoryPath,
  contents: Contents,
  labels: readonly [string, string],
): LinesMerged {
  const [ours, theirs] = [decoded(contents.ours), decoded(contents.theirs)];
  const base = contents.base && decoded(contents.base);
  if (ours === undefined || theirs === undefined) throw new Refusal('failed', say.noLines(path));
  const marks = new Set([`<<<<<<< ${labels[0]}`, BEFORE, `>>>>>>> ${labels[1]}`]);
  const merged = base === undefined ? twoWay(ours, theirs) : mergeLines(base, ours, theirs);
  const problems = base === undefined ? [say.baseMissing(path)] : [];
  if (merged.kind === 'merged') return { text: merged.text, places: 0, marks, problems };
  const places = merged.pieces.filter(({ kind }) => kind === 'conflict').length;
  const text = resolvePieces(merged.pieces, (piece) => marked(piece, labels, base !== undefined));
  return { text, places, marks, problems };
}

/** undefined where the bytes are no text. */
export function decoded(bytes: Uint8Array): string | undefined {
  if (bytes.includes(0)) return undefined;
  try {
    return strict.decode(bytes);
  } catch {
    return undefined;
  }
}

/** Without a base what the two share is as it is, and all else is to be chosen. */
function twoWay(ours: string, theirs: string): MergedLines {
  const [before, after] = [linesOf(ours), linesOf(theirs)];
  const pieces: Piece[] = [];
  let done = 0;
  for (const { from, to, newFrom, newTo } of lineChanges(before, after)) {
    if (from > done) pieces.push({ kind: 'lines', lines: before.slice(done, from) });
    pieces.push({
      kind: 'conflict',
      base: [],
      ours: before.slice(from, to),
      theirs: after.slice(newFrom, newTo),
    });
    done = to;
  }
  if (done < before.length) pieces.push({ kind: 'lines', lines: before.slice(done) });
  return { kind: 'conflict', pieces };
}

function marked(
  { base, ours, theirs }: Extract<Piece, { kind: 'conflict' }>,
  [first, second]: readonly [string, string],
  hasBase: boolean,
): string[] {
  const ends = [...ours, ...theirs, ...base].some((line) => line.endsWith('\r\n')) ? '\r\n' : '\n';
  const whole = (lines: readonly string[]): string[] =>
    lines.map((line) => (line.endsWith('\n') ? line : line + ends));
  const before = hasBase ? [BEFORE + ends, ...whole(base)] : [];
  return [
    `<<<<<<< ${first}${ends}`,
    ...whole(ours),
    ...before,
    `=======${ends}`,
    ...whole(theirs),
    `>>>>>>> ${second}${ends}`,
  ];
}
