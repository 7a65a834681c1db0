/** What `keep:` allows to be freed: by age, by commits, and sooner where the volume is nearly full. */

import type { Disk } from '../disk/disk.ts';
import { shortId } from '../model/id.ts';
import { firstParents } from '../store/history.ts';
import type { Keep } from '../text/config.ts';
import type { Repository } from './repository.ts';

const UNITS: Readonly<Record<string, number>> = {
  h: 3_600_000,
  d: 86_400_000,
  w: 7 * 86_400_000,
  y: 365 * 86_400_000,
};
const SIZES: Readonly<Record<string, number>> = { K: 1e3, M: 1e6, G: 1e9, T: 1e12 };

/** When a content has been gone for long enough. */
export interface Term {
  /** Milliseconds since 1970: what was released before this is old enough. */
  readonly before: number;
  /** The commits that are too young, whatever the clock says. */
  readonly recent: ReadonlySet<string>;
}

export function termOf({ context, commits }: Repository, keep: Keep): Term {
  const unit = UNITS[keep.age.slice(-1)]!;
  const recent = new Set<string>();
  if (keep.commits > 0) {
    for (const { id } of firstParents(commits, commits.readHead())) {
      recent.add(shortId(id));
      if (recent.size === keep.commits) break;
    }
  }
  return { before: context.clock.now() - Number(keep.age.slice(0, -1)) * unit, recent };
}

/** `commit` is undefined for what no commit took out. */
export function isDue(term: Term, time: number, commit: string | undefined): boolean {
  return time <= term.before && (commit === undefined || !term.recent.has(commit));
}

/** How many bytes are to be freed so that the volume has as much room as `keep.free` says; 0 where it has. */
export function bytesShort(disk: Disk, directory: string, keep: Keep): number {
  const { bavail, blocks, bsize } = disk.statfs(directory);
  const available = Number(bavail * bsize);
  const mark = keep.free.endsWith('%')
    ? (Number(blocks * bsize) * Number(keep.free.slice(0, -1))) / 100
    : Number(keep.free.slice(0, -1)) * SIZES[keep.free.slice(-1)]!;
  return Math.max(0, Math.ceil(mark - available));
}
