/** Every call that touches a file system, as one value that tests replace. */

import * as fs from 'node:fs';
import { spawnSync } from 'node:child_process';
import type { Name } from '../model/name.ts';
import { nameOfBytes } from '../model/name.ts';
import { native, reach } from './reach.ts';
import { setTimes, type Timed } from './times.ts';

/** What stat says, with numbers: times in milliseconds (precise to about a quarter of a microsecond). */
export type Stats = fs.Stats;

/** What stat says, exactly: everything is a bigint, times are nanoseconds. */
export type ExactStats = fs.BigIntStats;

/**
 * File calls, synchronous. Paths are absolute strings in which bytes that are not UTF-8 stand as in a Name; they
 * may have any length. Every method throws Node's errors (`code: 'ENOENT'` …) but where it says otherwise.
 */
export interface Disk {
  /** undefined where there is nothing; a symlink is not followed. */
  lstat(path: string): Stats | undefined;
  /** The same for a path that `isOrdinary` says the system takes as it is; a million calls notice the difference. */
  lstatOrdinary(path: string): Stats | undefined;
  /** undefined where there is nothing; a symlink is not followed. */
  lstatExact(path: string): ExactStats | undefined;
  /** undefined where there is nothing; symlinks are followed. */
  statExact(path: string): ExactStats | undefined;
  /** The names in a directory, in no order. */
  readdir(path: string): Name[];
  readlink(path: string): string;
  realpath(path: string): string;
  /** A file's whole content; refuses (code 'EFBIG') what is longer than `limit` bytes, and what is no file (code 'EINVAL'). */
  readFile(path: string, limit?: number): Buffer;
  /** Opens a regular file for reading; never follows a symlink, never waits for a fifo. */
  openRead(path: string, keepAccessTime?: boolean): number;
  /** Creates a file that must not be there. */
  openNew(path: string, mode: number): number;
  openDirectory(path: string): number;
  fstat(fd: number): Stats;
  fstatExact(fd: number): ExactStats;
  read(fd: number, buffer: Uint8Array, offset: number, length: number, position: number | null): number;
  /** Writes all of it, however many calls that takes. */
  write(fd: number, bytes: Uint8Array): void;
  fsync(fd: number): void;
  close(fd: number): void;
  mkdir(path: string, mode?: number): void;
  rename(from: string, to: string): void;
  link(from: string, to: string): void;
  /** A copy that shares the blocks, with the mode and (to the microsecond) the times; never one that copies them (code 'ENOTSUP'). */
  cloneFile(from: string, to: string): void;
  symlink(target: string, path: string): void;
  unlink(path: string): void;
  rmdir(path: string): void;
  chmod(path: string, mode: number): void;
  /** Seconds since 1970, precise to microseconds. */
  utimes(path: string, accessed: number, modified: number): void;
  /** Sets modification times, in nanoseconds: exactly where the machine has a program that can, else to the microsecond. */
  setTimes(files: readonly Timed[]): void;
  statfs(path: string): fs.BigIntStatsFs;
  /** Makes everything written on the volume of a directory durable. */
  flushVolume(directory: string): void;
}

const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK, O_DIRECTORY, O_CREAT, O_EXCL, O_WRONLY } = fs.constants;
/** Linux; where it is not defined (or not permitted) reading is left to the mount's own rule. */
const O_NOATIME = fs.constants.O_NOATIME ?? 0;
const REPLACEMENT = '\ufffd';

function failure(code: string, message: string): NodeJS.ErrnoException {
  return Object.assign(new Error(`${code}: ${message}`), { code });
}

function openRead(path: string, keepAccessTime = false): number {
  const flags = O_RDONLY | O_NOFOLLOW | O_NONBLOCK;
  return reach(path, (short) => {
    if (keepAccessTime && O_NOATIME !== 0) {
      try {
        return fs.openSync(short, flags | O_NOATIME);
      } catch (error) {
        // Only the owner may ask for it.
        if ((error as NodeJS.ErrnoException).code !== 'EPERM') throw error;
      }
    }
    return fs.openSync(short, flags);
  });
}

function readFile(path: string, limit = Number.MAX_SAFE_INTEGER): Buffer {
  const fd = openRead(path);
  try {
    const stats = fs.fstatSync(fd);
    if (!stats.isFile()) throw failure('EINVAL', 'not a regular file');
    const chunks: Buffer[] = [];
    let total = 0;
    for (let expected = stats.size; ; expected = 0) {
      const chunk = Buffer.allocUnsafe(Math.min(Math.max(expected - total, 0), limit - total) + 1);
      const count = fs.readSync(fd, chunk, 0, chunk.length, null);
      total += count;
      if (total > limit) throw failure('EFBIG', `longer than ${limit} bytes`);
      if (count === 0) return chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks, total);
      chunks.push(chunk.subarray(0, count));
    }
  } finally {
    fs.closeSync(fd);
  }
}

function readdir(path: string): Name[] {
  return reach(path, (short) => {
    const names = fs.readdirSync(short) as string[];
    // Node replaces bytes that are not UTF-8: such a directory is read again as bytes.
    if (!names.some((name) => name.includes(REPLACEMENT))) return names as Name[];
    return (fs.readdirSync(short, { encoding: 'buffer' }) as Buffer[]).map(nameOfBytes);
  });
}

function writeAll(fd: number, bytes: Uint8Array): void {
  for (let done = 0; done < bytes.length;) done += fs.writeSync(fd, bytes, done, bytes.length - done);
}

function flushVolume(directory: string): void {
  // Node has no syncfs; without the program every file would have to be flushed by itself.
  const result = spawnSync('sync', ['-f', directory], { stdio: 'ignore' });
  if (result.status === 0) return;
  // Not every system's `sync` takes a path; all of them flush everything.
  if (spawnSync('sync', [], { stdio: 'ignore' }).status === 0) return;
  throw failure('EIO', `cannot flush the volume of '${directory}': no program 'sync'`);
}

const CLONE = fs.constants.COPYFILE_EXCL | fs.constants.COPYFILE_FICLONE_FORCE;
/** What file systems say that share no blocks. */
const CANNOT_CLONE: ReadonlySet<unknown> = new Set(['ENOTTY', 'EINVAL', 'EOPNOTSUPP', 'ENOSYS']);

function cloneFile(from: string | Buffer, to: string | Buffer): void {
  const { atimeMs, mtimeMs } = fs.lstatSync(from);
  try {
    fs.copyFileSync(from, to, CLONE);
  } catch (error) {
    if (!CANNOT_CLONE.has((error as NodeJS.ErrnoException).code)) throw error;
    throw failure('ENOTSUP', 'this file system cannot share blocks');
  }
  fs.utimesSync(to, atimeMs / 1000, mtimeMs / 1000);
}

const quiet = { throwIfNoEntry: false } as const;
const exact = { bigint: true, throwIfNoEntry: false } as const;

/** What `look` says; undefined where one of the directories that lead there is missing, or is none. */
function ifThere<T>(path: string, look: (short: string | Buffer) => T | undefined): T | undefined {
  try {
    return reach(path, look);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw error;
  }
}

/** The file system of the machine. */
export const nodeDisk: Disk = {
  lstat: (path) => ifThere(path, (short) => fs.lstatSync(short, quiet)),
  lstatOrdinary: (path) => fs.lstatSync(path, quiet),
  lstatExact: (path) => ifThere(path, (short) => fs.lstatSync(short, exact)),
  statExact: (path) => ifThere(path, (short) => fs.statSync(short, exact)),
  readdir,
  readlink: (path) => nameOfBytes(reach(path, (short) => fs.readlinkSync(short, { encoding: 'buffer' }))),
  realpath: (path) => nameOfBytes(fs.realpathSync.native(native(path), { encoding: 'buffer' })),
  readFile,
  openRead,
  openNew: (path, mode) =>
    reach(path, (short) => fs.openSync(short, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, mode)),
  openDirectory: (path) => reach(path, (short) => fs.openSync(short, O_RDONLY | O_DIRECTORY | O_NOFOLLOW)),
  fstat: (fd) => fs.fstatSync(fd),
  fstatExact: (fd) => fs.fstatSync(fd, { bigint: true }),
  read: (fd, buffer, offset, length, position) => fs.readSync(fd, buffer, offset, length, position),
  write: writeAll,
  fsync: (fd) => fs.fsyncSync(fd),
  close: (fd) => fs.closeSync(fd),
  mkdir: (path, mode = 0o777) => reach(path, (short) => fs.mkdirSync(short, mode)),
  rename: (from, to) => reach(from, (a) => reach(to, (b) => fs.renameSync(a, b))),
  link: (from, to) => reach(from, (a) => reach(to, (b) => fs.linkSync(a, b))),
  cloneFile: (from, to) => reach(from, (a) => reach(to, (b) => cloneFile(a, b))),
  symlink: (target, path) => reach(path, (short) => fs.symlinkSync(native(target), short)),
  unlink: (path) => reach(path, (short) => fs.unlinkSync(short)),
  rmdir: (path) => reach(path, (short) => fs.rmdirSync(short)),
  chmod: (path, mode) => reach(path, (short) => fs.chmodSync(short, mode)),
  utimes: (path, accessed, modified) => reach(path, (short) => fs.utimesSync(short, accessed, modified)),
  setTimes,
  statfs: (path) => reach(path, (short) => fs.statfsSync(short, { bigint: true })),
  flushVolume,
};
