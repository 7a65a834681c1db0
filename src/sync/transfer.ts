/** How a file or link moves to another volume: as a checked copy, whereupon the old one goes to the guard. */

import { dirname } from 'node:path/posix';
import type { Disk } from '../disk/disk.ts';
import type { Problem } from '../model/problem.ts';
import { quietly } from '../store/errors.ts';
import { flushDirectory } from '../store/directories.ts';
import { flushFile } from '../store/files.ts';
import type { Guard } from '../store/guard.ts';
import { instantOf } from '../model/instant.ts';
import type { Breath } from './breath.ts';
import type { Action, MoveAction } from './plan.ts';
import * as say from './problems.ts';
import { dress, placeNew, stageContent, type WantedFile } from './stage.ts';
import { placeIn } from './stand.ts';

export interface Transfer {
  readonly disk: Disk;
  readonly root: string;
  readonly guard: Guard;
  /** A folder on the volume of the guard. */
  readonly home: string;
  readonly breath: Breath;
}

/** Gives what was done for it, or why nothing was. `staged` is a free name beside the new place. */
export async function transfer(
  given: Transfer,
  move: MoveAction,
  staged: string,
): Promise<readonly Action[] | Problem> {
  const { disk, root, home, breath } = given;
  const { from, to, standing } = move;
  const [source, target] = [placeIn(root, from), placeIn(root, to)];
  if (standing.kind === 'directory') return say.folderOfOtherVolume(from, to);
  if (standing.kind === 'link') {
    disk.symlink(standing.target, target);
    disk.unlink(source);
    const after = { kind: 'link', target: standing.target } as const;
    return [{ path: to, before: { kind: 'absent' }, after }, gone(move)];
  }
  // Without a guard for it the old one could not go.
  if (disk.lstatExact(source)?.dev !== disk.lstatExact(home)?.dev) return say.otherVolume(from);
  const { blake3, stamp, mode } = standing;
  const mtime = instantOf(stamp.modified);
  const after: WantedFile = { kind: 'file', blake3, size: Number(stamp.size), mtime, mode };
  try {
    if (!(await stageContent(disk, staged, after, [{ path: source, isGuarded: false }], breath)))
      return say.changedMeanwhile(from);
    dress(disk, [[staged, after]]);
    flushFile(disk, staged);
    if (!placeNew(disk, staged, target)) return say.taken(from, to);
  } finally {
    quietly(() => disk.unlink(staged));
  }
  flushDirectory(disk, dirname(target));
  given.guard.take(source, blake3);
  return [{ path: to, before: { kind: 'absent' }, after }, gone(move)];
}

function gone({ from, standing }: MoveAction): Action {
  return { path: from, before: standing, after: { kind: 'nothing' } };
}
