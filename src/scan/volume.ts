/** What the file system below a folder can be believed: its inode numbers, its times, its clock. */

import type { Disk, Stats } from '../disk/disk.ts';
import type { Seen } from './table.ts';

/** Whether inode numbers stay with their files; 'unknown' is treated as strictly as either. */
export type KeepsInodes = 'yes' | 'no' | 'unknown';

/** Answers for the volume that a stat result comes from; within one scan only. */
export interface Keeps {
  /** `directory` is one of its own, by which a volume is asked what it is when it is met first. */
  volume(seen: Stats, directory?: string): KeepsInodes;
}

/** File systems that invent inode numbers at each mount, also where they know a birth time (statfs, linux/magic.h). */
const INVENTED_INODES: ReadonlySet<bigint> = new Set([0x4d44n, 0x2011bab0n]);

/** The volume of the repository itself, about which more can be known. */
export interface HomeVolume {
  readonly device: number;
  readonly keeps: KeepsInodes;
}

/**
 * Probes the volume of a folder by one of dbk's own directories there, which changed since it was made.
 *
 * Birth times are there when one is neither 0 nor merely a copy of another time.
 */
export function probeHome(disk: Disk, directory: string): HomeVolume {
  const seen = disk.lstat(directory);
  if (seen === undefined) return { device: -1, keeps: 'unknown' };
  if (inventsInodes(disk, directory)) return { device: seen.dev, keeps: 'no' };
  return { device: seen.dev, keeps: evidence(seen) };
}

/** Knows the home volume, and learns of each other one (a disk mounted below the folder) from what it shows. */
export function keepsOf(home: HomeVolume, disk: Disk): Keeps {
  const known = new Map<number, KeepsInodes>([[home.device, home.keeps]]);
  return {
    volume(seen, directory) {
      const before = known.get(seen.dev);
      if (before !== undefined && before !== 'unknown') return before;
      const isInvented = before === undefined && directory !== undefined && inventsInodes(disk, directory);
      const now = isInvented ? 'no' : evidence(seen);
      if (now === 'yes' || isInvented) known.set(seen.dev, now);
      else if (directory !== undefined) known.set(seen.dev, 'unknown');
      return now;
    },
  };
}

function inventsInodes(disk: Disk, directory: string): boolean {
  return INVENTED_INODES.has(disk.statfs(directory).type);
}

function evidence(seen: Stats): KeepsInodes {
  if (seen.birthtimeMs === 0) return 'no';
  return seen.birthtimeMs !== seen.mtimeMs && seen.birthtimeMs !== seen.ctimeMs ? 'yes' : 'unknown';
}

/** The kernel's coarse clock ticks at least a hundred times a second; twice that is safe. */
const TICK = 20;
/** FAT counts in two seconds. */
const WHOLE_SECONDS = 2000;

/** The latest moment, in the file system's own time, that is surely over. */
export interface Stamp {
  /** Milliseconds: what changed at or after this may have changed again unseen. */
  readonly settled: number;
}

/** Reads the volume's clock by making a file there; compared with file times, never with this machine's clock. */
export function takeStamp(disk: Disk, path: string): Stamp {
  if (disk.lstat(path) !== undefined) disk.unlink(path);
  disk.close(disk.openNew(path, 0o600));
  const made = disk.lstat(path)?.mtimeMs ?? 0;
  disk.unlink(path);
  return { settled: made - (made % 1000 === 0 ? WHOLE_SECONDS : TICK) };
}

/**
 * Whether what was just read may change again without its times showing it (git's racy index).
 *
 * Where there is a change time only it counts: every write sets it, and no camera's clock reaches it. Of another
 * volume than the stamp's (a disk mounted below the folder) the coarsest clock is assumed.
 */
export function isYoung(
  seen: Pick<Seen, 'mtimeMs' | 'ctimeMs'>,
  home: HomeVolume,
  stamp: Stamp,
  device: number,
): boolean {
  if (device === home.device && home.keeps === 'yes') return seen.ctimeMs >= stamp.settled;
  const settled = device === home.device ? stamp.settled : stamp.settled - WHOLE_SECONDS;
  return seen.mtimeMs >= settled || seen.ctimeMs >= settled;
}
