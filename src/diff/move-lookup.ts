/** What moved, asked by path: the answer of moves.ts made ready for whoever tells or records it. */

import type { Change, MoveEvidence } from '../model/change.ts';
import type { Move } from '../model/commit.ts';
import type { Entry, Manifest } from '../model/manifest.ts';
import { compareBytes } from '../model/name.ts';
import { parentOf, ROOT, type RepositoryPath } from '../model/path.ts';
import type { MovesTold } from './moved-changes.ts';
import type { FolderMove, MoveAnswer, ThingMove } from './moves.ts';

/** The moves between two states, by where they came from and where they went. */
export interface Moves {
  /** The lines of a commit's `moved:`. */
  readonly facts: readonly Move[];
  /** By which inodes things are known that are gone or replaced; kept until a commit says what became of them. */
  readonly evidence: ReadonlyMap<string, string>;
  readonly things: readonly ThingMove[];
  readonly isEmpty: boolean;
  /** The things that moved into a directory. */
  targetsIn(directory: RepositoryPath): readonly RepositoryPath[];
  into(path: RepositoryPath): ThingMove | undefined;
  outOf(path: RepositoryPath): ThingMove | undefined;
  /** Where a whole folder came from that is new at a path; one that was there before is still that one. */
  folderInto(path: RepositoryPath): RepositoryPath | undefined;
  /** Where a whole folder went that is gone from a path. */
  folderOutOf(path: RepositoryPath): RepositoryPath | undefined;
  /** The facts that end at a folder, also where they joined one that was there. */
  folderFacts(path: RepositoryPath): readonly FolderFact[];
  /** The folder whose move explains that of a thing; undefined where it has a line of its own. */
  within(move: ThingMove): RepositoryPath | undefined;
  /** What was recorded of a folder that is gone or replaced. */
  manifestBefore(path: RepositoryPath): Manifest | undefined;
  /** What was recorded of a thing that is gone or replaced. */
  entryBefore(path: RepositoryPath): Entry | undefined;
}

export interface FolderFact {
  readonly from: RepositoryPath;
  readonly by: MoveEvidence;
  /** Of the things that went with it. */
  readonly files: number;
  readonly bytes: number;
}

/** What an answer is told with. */
export interface Grounds {
  readonly evidence: ReadonlyMap<string, string>;
  readonly entries: ReadonlyMap<RepositoryPath, Entry>;
  readonly manifestBefore: (path: RepositoryPath) => Manifest | undefined;
  readonly ground: Ground;
}

/** Which folders there were and are. */
export interface Ground {
  isRecorded(path: RepositoryPath): boolean;
  /** Whether it is not the folder that is recorded at its path. */
  isNew(path: RepositoryPath): boolean;
  isThere(path: RepositoryPath): boolean;
}

export function movesOf(
  { things, folders, moved }: MoveAnswer,
  { evidence, entries, manifestBefore, ground }: Grounds,
): Moves {
  const into = new Map(things.map((move) => [move.to.path, move]));
  const outOf = new Map(things.map((move) => [move.from.path, move]));
  const foldersInto = new Map<RepositoryPath, FolderMove[]>();
  for (const move of folders) {
    const others = foldersInto.get(move.to);
    if (others === undefined) foldersInto.set(move.to, [move]);
    else others.push(move);
  }
  // Of several the same one continues as for whoever reads the lines.
  for (const joined of foldersInto.values()) joined.sort(byContinuation);
  const foldersOutOf = new Map(folders.map((move) => [move.from, move]));
  const stated = new Set(moved.filter(({ to }) => !to.endsWith('/')).map(({ to }) => to));
  const folderOf = ({ from, to }: ThingMove): FolderMove | undefined =>
    stated.has(to.path) ? undefined : folderAbove(foldersOutOf, to.path, from.path);
  const wentTo = (path: RepositoryPath): RepositoryPath | undefined =>
    placeOf((folder) => foldersOutOf.get(folder)?.to, path);
  const targets = new Map<RepositoryPath, RepositoryPath[]>();
  for (const { to } of things) {
    const directory = parentOf(to.path);
    const others = targets.get(directory);
    if (others === undefined) targets.set(directory, [to.path]);
    else others.push(to.path);
  }
  const counts = new Map<FolderMove, { files: number; bytes: number }>();
  for (const move of things) {
    const folder = folderOf(move);
    if (folder === undefined) continue;
    const count = counts.get(folder) ?? { files: 0, bytes: 0 };
    counts.set(folder, { files: count.files + 1, bytes: count.bytes + move.to.size });
  }
  return {
    facts: moved,
    evidence,
    things,
    isEmpty: moved.length === 0,
    targetsIn: (directory) => targets.get(directory) ?? [],
    into: (path) => into.get(path),
    outOf: (path) => outOf.get(path),
    folderInto: (path) => {
      const from = placeOf((folder) => foldersInto.get(folder)?.[0]?.from, path);
      if (from === undefined || !ground.isRecorded(from) || !ground.isNew(path)) return undefined;
      // A line of its own, or of a folder nearer to it, took it elsewhere.
      return wentTo(from) === path ? from : undefined;
    },
    folderOutOf: (path) => {
      const to = wentTo(path);
      return to !== undefined && ground.isThere(to) ? to : undefined;
    },
    folderFacts: (path) =>
      (foldersInto.get(path) ?? NONE)
        .map((move) => ({ from: move.from, by: move.by, ...(counts.get(move) ?? { files: 0, bytes: 0 }) }))
        .sort((a, b) => compareBytes(a.from, b.from)),
    within: (move) => folderOf(move)?.to,
    manifestBefore,
    entryBefore: (path) => entries.get(path),
  };
}

const NONE: readonly FolderMove[] = [];

function byContinuation(a: FolderMove, b: FolderMove): number {
  return b.from.length - a.from.length || compareBytes(a.from, b.from);
}

/** The other place of a folder, by its own line or by that of a folder above it. */
function placeOf(
  other: (folder: RepositoryPath) => RepositoryPath | undefined,
  path: RepositoryPath,
): RepositoryPath | undefined {
  for (let above = path; above !== ROOT; above = parentOf(above)) {
    const place = other(above);
    if (place !== undefined) return (place + path.slice(above.length)) as RepositoryPath;
  }
  return undefined;
}

/** The folder above a source whose move takes `from` to `to`: the nearest one decides alone. */
function folderAbove(
  folders: ReadonlyMap<RepositoryPath, FolderMove>,
  to: RepositoryPath,
  from: RepositoryPath,
): FolderMove | undefined {
  if (folders.size === 0) return undefined;
  for (let above = parentOf(from); above !== ROOT; above = parentOf(above)) {
    const found = folders.get(above);
    if (found !== undefined) return found.to + from.slice(above.length) === to ? found : undefined;
  }
  return undefined;
}

/** The moves of a look, as src/diff/moved-changes.ts tells them. */
export function tellMoves(moves: Moves): MovesTold {
  return {
    into: (path) => {
      const move = moves.into(path);
      return move && { from: move.from.path, by: move.by, within: moves.within(move) };
    },
    isSource: (path) => moves.outOf(path) !== undefined,
    folderFacts: (path) => moves.folderFacts(path),
    folderBefore: (path) => {
      const from = moves.folderInto(path);
      return from === undefined ? undefined : moves.manifestBefore(from);
    },
    isFolderSource: (path) => moves.folderOutOf(path) !== undefined,
    entryBefore: (path) => moves.entryBefore(path),
  };
}

/** Whether the line of the folder that moved says all there is to say. */
export function isWithinMoved({ kind, within }: Change): boolean {
  return kind === 'moved' && within !== undefined;
}
