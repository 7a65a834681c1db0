/** Merges three texts by their lines, as `git merge-file` does: changes that neither overlap nor touch both apply. */

import { lineChanges, linesOf, type LineChange } from './line-changes.ts';

/** Lines that the merged text has, or a place that both sides changed otherwise. */
export type Piece =
  | { readonly kind: 'lines'; readonly lines: readonly string[] }
  | {
      readonly kind: 'conflict';
      readonly base: readonly string[];
      readonly ours: readonly string[];
      readonly theirs: readonly string[];
    };

export type MergedLines =
  | { readonly kind: 'merged'; readonly text: string }
  /** In their order; of two neighbours one at most is a conflict. */
  | { readonly kind: 'conflict'; readonly pieces: readonly Piece[] };

type Conflict = Piece & { readonly kind: 'conflict' };

/**
 * The text with the changes of both sides. Line ends are part of the lines, so CRLF and a last line without a line
 * feed stay as they are. Swapped sides give the same, but that `ours` and `theirs` of conflicts are swapped.
 */
export function mergeLines(base: string, ours: string, theirs: string): MergedLines {
  if (ours === theirs || theirs === base) return { kind: 'merged', text: ours };
  if (ours === base) return { kind: 'merged', text: theirs };
  const pieces = piecesOf(linesOf(base), linesOf(ours), linesOf(theirs));
  if (pieces.some(({ kind }) => kind === 'conflict')) return { kind: 'conflict', pieces };
  return { kind: 'merged', text: resolvePieces(pieces, () => []) };
}

/** The whole text, with lines that somebody chooses for each conflict. A line that others follow gets a line feed. */
export function resolvePieces(
  pieces: readonly Piece[],
  choose: (conflict: Conflict) => readonly string[],
): string {
  const lines = pieces.flatMap((piece) => (piece.kind === 'lines' ? piece.lines : choose(piece)));
  return joinLines(lines);
}

/** The lines of one and then those of another that it has not, each whole. */
export function uniteLines(first: readonly string[], second: readonly string[]): string[] {
  const words = (line: string): string => line.replace(/\r?\n$/, '');
  const said = new Set(first.map(words));
  return [...first, ...second.filter((line) => !said.has(words(line)))];
}

/** As one text; only of the last line may the line feed be missing. */
function joinLines(lines: readonly string[]): string {
  const end = lines.some((line) => line.endsWith('\r\n')) ? '\r\n' : '\n';
  return lines.map((line, i) => (line.endsWith('\n') || i === lines.length - 1 ? line : line + end)).join('');
}

/** The changes of one side, and how far they have been taken. */
class Way {
  readonly lines: readonly string[];
  private readonly changes: readonly LineChange[];
  private next = 0;
  /** What stands in this text where the base has its line 0, as far as changes have been passed. */
  private shift = 0;

  constructor(base: readonly string[], lines: readonly string[]) {
    this.lines = lines;
    this.changes = lineChanges(base, lines);
  }

  /** Where the next change begins in the base. */
  get from(): number {
    return this.changes[this.next]?.from ?? Infinity;
  }

  /** Passes the changes that begin up to a place; gives the place in the base that they reach. */
  pass(to: number): number {
    let reached = to;
    for (; this.from <= reached; this.next++) {
      const change = this.changes[this.next]!;
      reached = Math.max(reached, change.to);
      this.shift = change.newTo - change.to;
    }
    return reached;
  }

  /** The place in this text that a place of the base has, behind all changes that were passed. */
  at(place: number): number {
    return place + this.shift;
  }
}

function piecesOf(base: readonly string[], ours: readonly string[], theirs: readonly string[]): Piece[] {
  const [a, b] = [new Way(base, ours), new Way(base, theirs)];
  const pieces: Piece[] = [];
  let open: string[] | undefined;
  const add = (lines: readonly string[]): void => {
    if (lines.length === 0) return;
    if (open === undefined) pieces.push({ kind: 'lines', lines: (open = []) });
    for (const line of lines) open.push(line);
  };
  let done = 0;
  for (let from = Math.min(a.from, b.from); from < Infinity; from = Math.min(a.from, b.from)) {
    add(base.slice(done, from));
    const [aFrom, bFrom] = [a.at(from), b.at(from)];
    const to = reachOf(a, b, from);
    const [mine, other, was] = [
      ours.slice(aFrom, a.at(to)),
      theirs.slice(bFrom, b.at(to)),
      base.slice(from, to),
    ];
    const settled = settledBy(was, mine, other);
    if (settled !== undefined) add(settled);
    else {
      pieces.push({ kind: 'conflict', base: was, ours: mine, theirs: other });
      open = undefined;
    }
    done = to;
  }
  add(base.slice(done));
  return pieces;
}

/** How far the changes go that overlap or touch, of both sides, beginning with the first. */
function reachOf(a: Way, b: Way, from: number): number {
  let reached = from;
  for (let before = -1; before !== reached;) {
    before = reached;
    reached = b.pass(a.pass(reached));
  }
  return reached;
}

/** The one rule of every merge, for the lines of one place. */
function settledBy(
  base: readonly string[],
  ours: readonly string[],
  theirs: readonly string[],
): readonly string[] | undefined {
  if (isSame(ours, theirs) || isSame(theirs, base)) return ours;
  return isSame(ours, base) ? theirs : undefined;
}

function isSame(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((line, i) => line === b[i]);
}
