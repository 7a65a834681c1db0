/** Reads one file whole and says what its content is, or why that cannot be said. */

import type { Disk, ExactStats, Stats } from '../disk/disk.ts';
import type { Hasher } from '../disk/blake3.ts';
import type { Attempt, Previous, Protector } from './protect.ts';
import type { Seen } from './table.ts';

/** How the reading of a file ended. */
export const READ = 0;
export const VANISHED = 1;
/** It changed while it was read, each time. */
export const UNSTABLE = 2;
export const FAILED = 3;
/** Nobody read it. */
export const NOT_READ = 255;

export interface Content {
  readonly outcome: typeof READ | typeof VANISHED | typeof UNSTABLE | typeof FAILED;
  /** 32 bytes; only where the outcome is READ. */
  readonly hash?: Uint8Array;
  /** What the file was when it was read. */
  readonly stats?: ExactStats;
  readonly error?: unknown;
  /** What the guard made of it, where there is one. */
  readonly guarding?: Attempt;
}

const TRIES = 3;
const S_IFMT = 0o170000n;
const S_IFREG = 0o100000n;

/** What reading needs and is made once a thread. */
export interface ReadingGear {
  readonly disk: Disk;
  readonly hasher: Hasher;
  readonly buffer: Uint8Array;
  /** Protects what was read, in the same breath; absent where nothing is to be protected. */
  readonly protector?: Protector | undefined;
}

/**
 * The content of a regular file; a symlink or a special file in its place counts as a change.
 *
 * Yields the number of bytes read whenever the buffer was full, so that whoever drives it can do something else
 * in the middle of a big file, or abandon it (`return()` closes the file). `previous` is the content that it had.
 */
export function* readContent(
  gear: ReadingGear,
  path: string,
  previous?: Previous,
): Generator<number, Content> {
  for (let attempt = 0; attempt < TRIES; attempt++) {
    let fd: number;
    try {
      fd = gear.disk.openRead(path, true);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === undefined) throw error;
      if (code === 'ENOENT' || code === 'ENOTDIR') return { outcome: VANISHED };
      return { outcome: code === 'ELOOP' ? UNSTABLE : FAILED, error };
    }
    try {
      const content = yield* readOnce(gear, fd);
      const settled = content && protectedContent(gear, fd, path, content, previous);
      if (settled !== undefined) return settled;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === undefined) throw error;
      return { outcome: FAILED, error };
    } finally {
      gear.disk.close(fd);
    }
  }
  return { outcome: UNSTABLE };
}

/** undefined where the file was not the same before and after. */
function* readOnce(
  { disk, hasher, buffer }: ReadingGear,
  fd: number,
): Generator<number, Content | undefined> {
  const before = disk.fstatExact(fd);
  if ((before.mode & S_IFMT) !== S_IFREG) return { outcome: UNSTABLE };
  const size = Number(before.size);
  let total = 0;
  let hash: Uint8Array | undefined;
  try {
    for (;;) {
      const count = disk.read(fd, buffer, 0, buffer.length, null);
      if (count > 0) hasher.update(count === buffer.length ? buffer : buffer.subarray(0, count));
      total += count;
      if (count === 0 || total >= size) break;
      yield count;
    }
    hash = hasher.digest();
  } finally {
    // Failed or abandoned: the next content begins anew.
    if (hash === undefined) hasher.digest();
  }
  const after = disk.fstatExact(fd);
  return total === size && isSame(before, after) ? { outcome: READ, hash, stats: before } : undefined;
}

/** undefined where it changed meanwhile: then it is read again. */
function protectedContent(
  { disk, protector }: ReadingGear,
  fd: number,
  path: string,
  content: Content,
  previous: Previous | undefined,
): Content | undefined {
  const { hash, stats } = content;
  if (protector === undefined || hash === undefined || stats === undefined) return content;
  const look = (): Stats => disk.fstat(fd);
  const guarding = protector.protect({ path, hash, stats, previous, look });
  return guarding && { ...content, guarding };
}

function isSame(a: ExactStats, b: ExactStats): boolean {
  return a.size === b.size && a.mtimeNs === b.mtimeNs && a.ctimeNs === b.ctimeNs;
}

/** The numbers of an exact stat as the inexact one gives them, bit for bit. */
export function seenOf(stats: ExactStats): Seen {
  return {
    size: Number(stats.size),
    mtimeMs: millisecondsOf(stats.mtimeNs),
    ctimeMs: millisecondsOf(stats.ctimeNs),
    birthtimeMs: millisecondsOf(stats.birthtimeNs),
    ino: Number(stats.ino),
    mode: Number(stats.mode),
  };
}

/** Node's own arithmetic: whole seconds times 1000, plus nanoseconds divided by a million. */
export function millisecondsOf(nanoseconds: bigint): number {
  const rest = ((nanoseconds % 1_000_000_000n) + 1_000_000_000n) % 1_000_000_000n;
  return Number((nanoseconds - rest) / 1_000_000_000n) * 1000 + Number(rest) / 1_000_000;
}
