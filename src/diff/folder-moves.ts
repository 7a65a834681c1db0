/** Which folders moved, and where a path stands that went along with one. */

import type { MoveEvidence } from '../model/change.ts';
import { isWithin, type RepositoryPath } from '../model/path.ts';
import type { Majority } from './folder-majority.ts';
import type { FolderVotes } from './folder-votes.ts';
import type { Folder, FolderMove, MoveQuestion, Replaced, Told } from './move-question.ts';

/** By where the folder was. */
export type FolderMoves = ReadonlyMap<string, FolderMove>;

/** The folders that went, came or were replaced. */
export class Folders {
  private readonly gone: readonly Folder[];
  private readonly came: readonly Folder[];
  private readonly replaced: ReadonlySet<string>;
  private readonly told: readonly Told[];

  /** `told`: what a person said, of things too; it counts where `to` is a folder, as far as can be seen here. */
  constructor(
    question: MoveQuestion,
    told: readonly Told[],
    holdsSomethingNew: (folder: RepositoryPath) => boolean,
  ) {
    const replaced: readonly Replaced<Folder>[] = [...question.foldersReplaced];
    this.gone = [...question.foldersGone, ...replaced.map(({ before }) => before)];
    this.came = [...question.foldersNew, ...replaced.map(({ after }) => after)];
    this.replaced = new Set(replaced.map(({ before }) => before.path));
    const came = new Set<string>(told.length === 0 ? [] : this.came.map(({ path }) => path));
    this.told = told.filter(({ to }) => came.has(to) || holdsSomethingNew(to));
  }

  /** What may have moved. */
  get before(): readonly RepositoryPath[] {
    return this.gone.map(({ path }) => path);
  }

  /**
   * Each folder that moved: as a person said, to where its inode is, to where its entity is, else to where most of
   * its files went; with `majority`, more than half of all that was in it. One that is replaced is left out unless what stands there now is a folder that moved there,
   * or holds it.
   */
  moves(votes: FolderVotes, majority?: Majority): FolderMoves {
    const moves = new Map<string, FolderMove>();
    const add = (from: RepositoryPath, to: string | undefined, by: MoveEvidence): void => {
      if (to === undefined || to === from || to === '' || moves.has(from)) return;
      moves.set(from, { from, to: to as RepositoryPath, by });
    };
    const before = new Set<string>(this.before);
    for (const { from, to } of this.told) if (before.has(from)) add(from, to, 'hand');
    for (const [from, to] of alike(this.gone, this.came, ({ inode }) => inode)) add(from, to, 'inode');
    for (const [from, to] of alike(this.gone, this.came, ({ entity }) => entity))
      add(from, to, votes.evidence(from, to) ?? 'media');
    for (const from of this.before) {
      const elected = votes.elected(from);
      if (elected === undefined) continue;
      const { to, by, votes: own, cast } = elected;
      if (majority?.isMost(from, to, own, cast) !== false) add(from, to, by);
    }
    this.dropReplaced(moves);
    return moves;
  }

  /** Until nothing changes: a folder whose path holds one that did not move there has stayed. */
  private dropReplaced(moves: Map<string, FolderMove>): void {
    const arrivals = new Map<string, number>();
    for (const { to } of moves.values()) arrivals.set(to, (arrivals.get(to) ?? 0) + 1);
    const work: string[] = [...this.replaced];
    for (let path = work.pop(); path !== undefined; path = work.pop()) {
      const move = moves.get(path);
      if (move === undefined || (arrivals.get(path) ?? 0) > 0 || isWithin(move.to, move.from)) continue;
      moves.delete(path);
      arrivals.set(move.to, arrivals.get(move.to)! - 1);
      if (this.replaced.has(move.to)) work.push(move.to);
    }
  }
}

/** Folders before and now that show the same, where one of each does. */
function* alike(
  before: readonly Folder[],
  now: readonly Folder[],
  keyOf: (folder: Folder) => string | undefined,
): Generator<readonly [RepositoryPath, RepositoryPath]> {
  const places = onlyOnes(now, keyOf);
  for (const [key, from] of onlyOnes(before, keyOf)) {
    const to = places.get(key);
    if (from !== undefined && to !== undefined) yield [from, to];
  }
}

function onlyOnes(
  folders: readonly Folder[],
  keyOf: (folder: Folder) => string | undefined,
): ReadonlyMap<string, RepositoryPath | undefined> {
  const found = new Map<string, RepositoryPath | undefined>();
  for (const folder of folders) {
    const key = keyOf(folder);
    if (key !== undefined) found.set(key, found.has(key) ? undefined : folder.path);
  }
  return found;
}

/** Where a path stands now if it went with the folder above it that moved; the nearest one decides alone. */
export function landing(path: string, moves: FolderMoves): RepositoryPath | undefined {
  for (let folder = path; folder !== '' && moves.size > 0;) {
    folder = folder.slice(0, Math.max(0, folder.lastIndexOf('/')));
    const move = moves.get(folder);
    if (move !== undefined) return `${move.to}${path.slice(folder.length)}` as RepositoryPath;
  }
  return undefined;
}
