/**
 * Which folders one side renamed, so that what the other side put into them goes along.
 *
 * The rules are git's (merge-ort, Documentation/technical/directory-rename-detection): a folder counts only where it
 * is gone on the side that renamed it; where its files went decides, by the greatest number; a tie decides nothing.
 */

import { compareBytes } from '../model/name.ts';
import { nameOf, parentOf, ROOT, type RepositoryPath } from '../model/path.ts';
import type { MergeQuestion, Side, SideName, State } from './state.ts';

export interface DirectoryRenames {
  /** Old folder to new. */
  readonly to: ReadonlyMap<RepositoryPath, RepositoryPath>;
  /** Folders whose files went to several places in equal numbers. */
  readonly split: ReadonlyMap<RepositoryPath, readonly RepositoryPath[]>;
}

type Counts = Map<RepositoryPath, Map<RepositoryPath, number>>;

/** Of both sides; what both renamed is nobody's: it is settled thing by thing. */
export function directoryRenames({ base, ours, theirs }: MergeQuestion): Record<SideName, DirectoryRenames> {
  const mine = renamesOf(base, ours);
  const other = renamesOf(base, theirs);
  return { ours: without(mine, other), theirs: without(other, mine) };
}

/**
 * Where a path goes that is new on one side: by the other side's renames of the nearest folder above it, once and
 * not in chains; undefined where it stays. A folder that the path's own side renamed away is no place to go to.
 */
export function carried(
  path: RepositoryPath,
  others: DirectoryRenames,
  own: DirectoryRenames,
): RepositoryPath | undefined {
  for (let folder = parentOf(path); folder !== ROOT; folder = parentOf(folder)) {
    const to = others.to.get(folder);
    if (to === undefined) continue;
    if (own.to.has(to)) return undefined;
    const rest = path.slice(folder.length + 1);
    return (to === ROOT ? rest : `${to}/${rest}`) as RepositoryPath;
  }
  return undefined;
}

/** The folder above a path that the other side split, where nothing above says where the path goes. */
export function splitAbove(
  path: RepositoryPath,
  { to, split }: DirectoryRenames,
): RepositoryPath | undefined {
  for (let folder = parentOf(path); folder !== ROOT; folder = parentOf(folder)) {
    if (split.has(folder)) return folder;
    if (to.has(folder)) return undefined;
  }
  return undefined;
}

function without({ to, split }: DirectoryRenames, other: DirectoryRenames): DirectoryRenames {
  return { to: new Map([...to].filter(([folder]) => !other.to.has(folder))), split };
}

function renamesOf(base: State, side: Side): DirectoryRenames {
  const to = new Map<RepositoryPath, RepositoryPath>();
  const split = new Map<RepositoryPath, readonly RepositoryPath[]>();
  for (const [folder, targets] of countsOf(base, side)) {
    const most = Math.max(...targets.values());
    const best = [...targets].filter(([, count]) => count === most).map(([target]) => target);
    if (best.length === 1) to.set(folder, best[0]!);
    else split.set(folder, best.sort(compareBytes));
  }
  for (const [folder, target] of emptyOnes(base, side))
    if (!split.has(folder) && !to.has(folder)) to.set(folder, target);
  return { to, split };
}

/** How many files went from each folder that is gone to each other one; folders above count as long as they agree. */
function countsOf(base: State, { moves, after }: Side): Counts {
  const counts: Counts = new Map();
  const isGone = (path: RepositoryPath): boolean =>
    base.manifest(path) !== undefined && after.manifest(path) === undefined;
  for (const { from, to } of moves.things) {
    let [old, now] = [parentOf(from.path), parentOf(to.path)];
    while (old !== ROOT && old !== now && isGone(old)) {
      const targets = counts.get(old) ?? new Map<RepositoryPath, number>();
      counts.set(old, targets.set(now, (targets.get(now) ?? 0) + 1));
      if (now === ROOT || nameOf(old) !== nameOf(now)) break;
      [old, now] = [parentOf(old), parentOf(now)];
    }
  }
  return counts;
}

/** Folders that are known to have moved, and hold no file that says so. */
function* emptyOnes(base: State, { moves, after }: Side): Generator<[RepositoryPath, RepositoryPath]> {
  for (const { from, to } of moves.facts) {
    if (!from.endsWith('/') || !to.endsWith('/') || from === to) continue;
    const [old, now] = [from.slice(0, -1) as RepositoryPath, to.slice(0, -1) as RepositoryPath];
    if (base.manifest(old) !== undefined && after.manifest(old) === undefined) yield [old, now];
  }
}
