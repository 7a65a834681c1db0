/** Folders whose permission bits keep things from moving: opened while they do, and then as they were. */

import type { Disk } from '../disk/disk.ts';
import { parentOf, ROOT, type RepositoryPath } from '../model/path.ts';
import { codeOf } from '../store/errors.ts';
import type { Step } from '../text/operation.ts';
import type { MoveAction } from './plan.ts';
import { Relocation, type Moving } from './relocation.ts';
import { OF_ONE_PATH } from './stage.ts';
import { modeOf, placeIn, wrongAbove } from './stand.ts';

/** What the owner of a folder needs to move something out of it, into it, or the folder itself. */
const NEEDED = 0o300;
const OPEN = 0o700;

export type Opening = Extract<Step, { kind: 'set' }>;

/** A `set` that changes nothing is an opening. */
export function isOpening(step: Step): step is Opening {
  return step.kind === 'set' && step.mtime === undefined && step.mode === step.was.mode;
}

/** Those that have to be opened; their paths are those after all moves. */
export function openingsFor(disk: Disk, root: string, moves: readonly MoveAction[]): Opening[] {
  const places = new Relocation(moves);
  const folders = new Set<RepositoryPath>();
  for (const { from, to, standing } of moves) {
    folders.add(parentOf(from));
    const target = places.before(parentOf(to));
    if (target !== undefined) folders.add(target);
    if (standing.kind === 'directory') folders.add(from);
  }
  folders.delete(ROOT);
  const openings: Opening[] = [];
  for (const folder of folders) {
    const mode = closedMode(disk, root, folder);
    if (mode !== undefined) openings.push({ kind: 'set', path: places.after(folder), mode, was: { mode } });
  }
  return openings;
}

function closedMode(disk: Disk, root: string, folder: RepositoryPath): number | undefined {
  if (wrongAbove(disk, root, folder) !== undefined) return undefined;
  const stats = disk.lstatExact(placeIn(root, folder));
  if (stats?.isDirectory() !== true || (modeOf(stats) & NEEDED) === NEEDED) return undefined;
  return modeOf(stats);
}

/** `moves` are all that were planned, `done` those of them that are done already. */
export function setOpenings(
  disk: Disk,
  root: string,
  openings: readonly Opening[],
  moves: Iterable<Moving>,
  { done, isOpen }: { readonly done: Iterable<Moving>; readonly isOpen: boolean },
): void {
  if (openings.length === 0) return;
  const [planned, now] = [new Relocation(moves), new Relocation(done)];
  for (const { path, mode } of openings) {
    const before = planned.before(path) ?? path;
    const place = now.after(before);
    if (wrongAbove(disk, root, place) !== undefined) continue;
    const stats = disk.lstatExact(placeIn(root, place));
    const [is, wanted] = isOpen ? [mode, mode | OPEN] : [mode | OPEN, mode];
    if (stats?.isDirectory() !== true || modeOf(stats) !== is) continue;
    try {
      disk.chmod(placeIn(root, place), wanted);
    } catch (error) {
      // What belongs to somebody else stays as it is, and what cannot move for it is told.
      if (!OF_ONE_PATH.has(codeOf(error))) throw error;
    }
  }
}
