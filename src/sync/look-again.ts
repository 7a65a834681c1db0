/** Whether a path is still what the plan saw, asked right before each step. */

import type { Disk, ExactStats } from '../disk/disk.ts';
import type { RepositoryPath } from '../model/path.ts';
import type { Problem } from '../model/problem.ts';
import { fold } from '../text/fold.ts';
import { isOwnName } from './own-name.ts';
import type { MoveAction, Standing } from './plan.ts';
import * as say from './problems.ts';
import { isSame, placeIn, stampOf, wrongAbove } from './stand.ts';

export class LookAgain {
  private readonly disk: Disk;
  private readonly root: string;
  /** Change times that this command itself made, by inode: what has two names is looked at again with the new one. */
  private readonly retold = new Map<bigint, bigint>();

  constructor(disk: Disk, root: string) {
    this.disk = disk;
    this.root = root;
  }

  /** What this command itself did to an inode. */
  learn(stats: ExactStats | undefined): void {
    if (stats !== undefined) this.retold.set(stats.ino, stats.ctimeNs);
  }

  /** Why a path has to be left; undefined where it is as it was. */
  problemAt(path: RepositoryPath, before: Standing): Problem | undefined {
    if (isOwnName(path)) return say.ownName(path);
    const above = wrongAbove(this.disk, this.root, path);
    if (above !== undefined) return say.behind(path, above);
    return this.isStanding(path, before) ? undefined : say.changedMeanwhile(path);
  }

  /** The same of a move: what is to go is there, and nothing stands where it goes. */
  problemOfMove({ from, to, stamp }: MoveAction): Problem | undefined {
    const { disk, root } = this;
    if (isOwnName(to)) return say.ownName(to);
    const above = wrongAbove(disk, root, from) ?? wrongAbove(disk, root, to);
    if (above !== undefined) return say.behind(to, above);
    const isThere = disk.lstatExact(placeIn(root, from))?.ino === stamp.inode;
    const there = disk.lstatExact(placeIn(root, to))?.ino;
    // To some file systems two names that differ in case are one, and what stands there is what moves.
    const isFree = there === undefined || (there === stamp.inode && fold(from) === fold(to));
    return isThere && isFree ? undefined : say.changedMeanwhile(from);
  }

  private isStanding(path: RepositoryPath, before: Standing): boolean {
    const stats = this.disk.lstatExact(placeIn(this.root, path));
    if (stats === undefined) return before.kind === 'absent';
    const now = stampOf(stats);
    switch (before.kind) {
      case 'directory':
        return stats.isDirectory() && now.inode === before.stamp.inode;
      case 'file':
      case 'link': {
        const isOfKind = before.kind === 'file' ? stats.isFile() : stats.isSymbolicLink();
        const changed = this.retold.get(now.inode);
        if (isOfKind && isSame(now, before.stamp)) return true;
        return isOfKind && changed !== undefined && isSame(now, { ...before.stamp, changed });
      }
      default:
        return false;
    }
  }
}
