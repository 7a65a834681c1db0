/** What moved, asked by path: the answer of moves.ts made ready for whoever tells or records it. */

import type { Change, MoveEvidence } from '../model/change.ts';
import type { Move } from '../model/commit.ts';
import type { Entry } from '../model/manifest.ts';
import { parentOf, ROOT, type RepositoryPath } from '../model/path.ts';
import type { MovesTold } from './moved-changes.ts';
import type { MoveAnswer, ThingMove } from './moves.ts';

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
  /** The fact that ends at a folder, also where it joined one that was there. */
  folderFact(path: RepositoryPath): FolderFact | undefined;
  /** The folder whose move explains that of a thing; undefined where it has a line of its own. */
  within(move: ThingMove): RepositoryPath | undefined;
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
  { evidence, entries, ground }: Grounds,
): Moves {
  const into = new Map(things.map((move) => [move.to.path, move]));
  const outOf = new Map(things.map((move) => [move.from.path, move]));
  const foldersInto = new Map(folders.map((move) => [move.to, { path: move.from, by: move.by }]));
  const foldersOutOf = new Map(folders.map((move) => [move.from, { path: move.to, by: move.by }]));
  const stated = new Set(moved.filter(({ to }) => !to.endsWith('/')).map(({ to }) => to));
  const within = ({ from, to }: ThingMove): RepositoryPath | undefined =>
    stated.has(to.path) ? undefined : folderAbove(foldersInto, to.path, from.path);
  const targets = new Map<RepositoryPath, RepositoryPath[]>();
  for (const { to } of things) {
    const directory = parentOf(to.path);
    const others = targets.get(directory);
    if (others === undefined) targets.set(directory, [to.path]);
    else others.push(to.path);
  }
  const counts = new Map<RepositoryPath, { files: number; bytes: number }>();
  for (const move of things) {
    const folder = within(move);
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
      const from = placeOf(foldersInto, path);
      return from !== undefined && ground.isRecorded(from) && ground.isNew(path) ? from : undefined;
    },
    folderOutOf: (path) => {
      const to = placeOf(foldersOutOf, path);
      return to !== undefined && ground.isThere(to) ? to : undefined;
    },
    folderFact: (path) => {
      const came = foldersInto.get(path);
      return came && { from: came.path, by: came.by, ...(counts.get(path) ?? { files: 0, bytes: 0 }) };
    },
    within,
    entryBefore: (path) => entries.get(path),
  };
}

type Folders = ReadonlyMap<RepositoryPath, { readonly path: RepositoryPath; readonly by: MoveEvidence }>;

/** The place of a folder, by its own line or by that of a folder above it. */
function placeOf(folders: Folders, path: RepositoryPath): RepositoryPath | undefined {
  if (folders.size === 0 || path === ROOT) return undefined;
  for (let above = path; ; above = parentOf(above)) {
    const found = folders.get(above);
    if (found !== undefined) return (found.path + path.slice(above.length)) as RepositoryPath;
    if (above === ROOT) return undefined;
  }
}

/** The folder above a target whose move takes `from` to `to`. */
function folderAbove(folders: Folders, to: RepositoryPath, from: RepositoryPath): RepositoryPath | undefined {
  if (folders.size === 0) return undefined;
  for (let above = parentOf(to); ; above = parentOf(above)) {
    const found = folders.get(above);
    if (found !== undefined && found.path + to.slice(above.length) === from) return above;
    if (above === ROOT) return undefined;
  }
}

/** The moves of a look, as src/diff/moved-changes.ts tells them. */
export function tellMoves(moves: Moves): MovesTold {
  return {
    into: (path) => {
      const move = moves.into(path);
      return move && { from: move.from.path, by: move.by, within: moves.within(move) };
    },
    isSource: (path) => moves.outOf(path) !== undefined,
    folderFact: (path) => moves.folderFact(path),
    isFolderTarget: (path) => moves.folderInto(path) !== undefined,
    isFolderSource: (path) => moves.folderOutOf(path) !== undefined,
    entryBefore: (path) => moves.entryBefore(path),
  };
}

/** Whether the line of the folder that moved says all there is to say. */
export function isWithinMoved({ kind, within }: Change): boolean {
  return kind === 'moved' && within !== undefined;
}
