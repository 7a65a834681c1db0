/** How moves are written: the fewest lines from which `MoveFacts` reads exactly the same moves. */

import type { Move } from '../model/commit.ts';
import { compareBytes } from '../model/name.ts';
import type { RepositoryPath } from '../model/path.ts';
import { inByteOrder } from './byte-order.ts';
import { landing, type FolderMoves } from './folder-moves.ts';
import { MoveFacts } from './move-facts.ts';
import type { Pairs } from './move-pairs.ts';
import type { FolderMove, Thing, ThingMove } from './move-question.ts';

/** The folders that did not just go along with one above, sorted by the bytes of where they are now. */
export function widestFolders(moves: FolderMoves): readonly FolderMove[] {
  const widest = new Map<string, FolderMove>();
  // What holds a folder is shorter, so that it comes first.
  for (const move of [...moves.values()].sort((a, b) => a.from.length - b.from.length))
    if (landing(move.from, widest) !== move.to) widest.set(move.from, move);
  // Sorting is stable: several that went to one place stand in the order of where they were.
  return inByteOrder(
    inByteOrder(widest.values(), ({ from }) => from),
    ({ to }) => to,
  );
}

/** The lines of `moved:`, in their order. */
export function movedLines(
  pairs: Pairs,
  things: readonly ThingMove[],
  folders: readonly FolderMove[],
): readonly Move[] {
  if (folders.length === 0) return things.map(lineOf);
  const { own, against } = ownLines(pairs, things, folders);
  return merged(
    own,
    inByteOrder([...folders.map(folderLine), ...against], ({ to }) => to),
  );
}

/** Two sorted lists, of which the second is short. */
function merged(long: readonly Move[], short: readonly Move[]): readonly Move[] {
  const lines: Move[] = [];
  let at = 0;
  for (const line of long) {
    while (at < short.length && compareBytes(short[at]!.to, line.to) < 0) lines.push(short[at++]!);
    lines.push(line);
  }
  return lines.concat(short.slice(at));
}

const lineOf = ({ from, to, by }: ThingMove): Move => ({ from: from.path, to: to.path, by });

const folderLine = ({ from, to, by }: FolderMove): Move => ({ from: `${from}/`, to: `${to}/`, by });

/** What is known of paths on one side: the move of what moved, undefined for the rest. */
type Known = Map<string, ThingMove | undefined>;

function known(
  things: readonly Thing[],
  pairs: Pairs,
  moves: readonly ThingMove[],
  side: 'from' | 'to',
): Known {
  const all: Known = new Map(moves.map((move) => [move[side].path, move]));
  for (const { path } of things) if (!all.has(path)) all.set(path, undefined);
  for (const path of pairs.stayed) all.set(path, undefined);
  return all;
}

interface OwnLines {
  /** Of what the folders do not explain: it went elsewhere, or over something that did not move. Sorted. */
  readonly own: readonly Move[];
  /** Against what they would explain wrongly. */
  readonly against: Iterable<Move>;
}

function ownLines(pairs: Pairs, things: readonly ThingMove[], folders: readonly FolderMove[]): OwnLines {
  const moves = new Map<string, FolderMove>(folders.map((move) => [move.from, move]));
  const isOver = pairs.overOthers();
  const own = things
    .filter(({ from, to }) => isOver.has(to) || landing(from.path, moves) !== to.path)
    .map(lineOf);
  // Only of what did not move can the folders say something wrong, and only where something is.
  const doubtful = pairs.unmoved().flatMap((path) => landing(path, moves) ?? []);
  if (doubtful.length === 0) return { own, against: [] };
  const now = known(pairs.targets, pairs, things, 'to');
  if (!doubtful.some((path) => now.has(path))) return { own, against: [] };
  return { own, against: linesAgainst(pairs, things, [...folders.map(folderLine), ...own], now) };
}

/** Lines against what the others would say of things that did not move. */
function linesAgainst(
  pairs: Pairs,
  things: readonly ThingMove[],
  lines: readonly Move[],
  now: Known,
): Iterable<Move> {
  const before = known(pairs.sources, pairs, things, 'from');
  const facts = new MoveFacts(lines, {
    wasThere: (path) => before.has(path),
    isThere: (path) => now.has(path),
  });
  const against = new Map<string, Move>();
  for (const from of pairs.unmoved()) {
    const to = facts.forwards(from);
    if (to === undefined) continue;
    const line = lineAgainst(from, to, now);
    against.set(line.from, line);
  }
  return against.values();
}

/** What went to `to` in truth; else that something stayed, at `from` or at `to`. */
function lineAgainst(from: RepositoryPath, to: RepositoryPath, now: Known): Move {
  const truth = now.get(to);
  if (truth !== undefined) return lineOf(truth);
  const stayed = now.has(from) ? from : to;
  return { from: stayed, to: stayed, by: 'name' };
}
