/** Whether a path is still what the plan saw, asked right before each step. */

import type { Disk, ExactStats } from '../disk/disk.ts';
import { nameOf, parentOf, type RepositoryPath } from '../model/path.ts';
import type { Problem } from '../model/problem.ts';
import { fold } from '../text/fold.ts';
import { isOwnName } from './own-name.ts';
import type { MoveAction, Stamp, Standing } from './plan.ts';
import * as say from './problems.ts';
import { isSame, placeIn, stampOf, wrongAbove } from './stand.ts';

/**
 * Whether two names in one folder are one to its file system. By what the folder lists: some give a thing another
 * inode for each way to write its name, and two hard links have the same.
 */
export function isOneName(disk: Disk, root: string, from: RepositoryPath, to: RepositoryPath): boolean {
  if (from === to || parentOf(from) !== parentOf(to) || fold(from) !== fold(to)) return false;
  const names = new Set(disk.readdir(placeIn(root, parentOf(to))));
  return names.has(nameOf(from)) && !names.has(nameOf(to));
}

export class LookAgain {
  private readonly disk: Disk;
  private readonly root: string;
  /** Change times that this command itself made, by inode: what has two names is looked at again with the new one. */
  private readonly retold = new Map<bigint, bigint>();
  private readonly copies = new Map<bigint, Stamp>();

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

  /** Why something cannot leave its place; undefined where it is what was seen. */
  problemOfLeaving({ from, to, standing }: MoveAction): Problem | undefined {
    const { disk, root } = this;
    if (isOwnName(to)) return say.ownName(to);
    const above = wrongAbove(disk, root, from);
    if (above !== undefined) return say.behind(from, above);
    const isThere = disk.lstatExact(placeIn(root, from))?.ino === standing.stamp.inode;
    return isThere ? undefined : say.changedMeanwhile(from);
  }

  /** Why it cannot come to its new one; undefined where nothing stands there. */
  problemOfComing({ from, to, standing }: MoveAction): Problem | undefined {
    const above = wrongAbove(this.disk, this.root, to);
    if (above !== undefined) return say.behind(to, above);
    const there = this.disk.lstatExact(placeIn(this.root, to))?.ino;
    if (there === undefined) return undefined;
    // To some file systems two names that differ in case are one, and what stands there is what moves.
    const isOwn =
      parentOf(from) === parentOf(to)
        ? isOneName(this.disk, this.root, from, to)
        : there === standing.stamp.inode && fold(from) === fold(to);
    return isOwn ? undefined : say.taken(from, to);
  }

  /** Another inode stands for what was seen: its copy on another volume. */
  standIn(seen: Stamp, copy: ExactStats): void {
    this.copies.set(seen.inode, stampOf(copy));
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
        const seen = this.copies.get(before.stamp.inode) ?? before.stamp;
        const changed = this.retold.get(now.inode);
        if (isOfKind && isSame(now, seen)) return true;
        return isOfKind && changed !== undefined && isSame(now, { ...seen, changed });
      }
      default:
        return false;
    }
  }
}
