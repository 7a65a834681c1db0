/** How directories below `.dbk` come to be and go, and how the names in them become durable. */

import { randomBytes } from 'node:crypto';
import { dirname, join } from 'node:path/posix';
import type { Disk } from '../disk/disk.ts';
import type { Name } from '../model/name.ts';
import { codeOf, quietly } from './errors.ts';

/** Durable means: when the call returns, a power loss takes nothing of it back. */
export interface Durability {
  readonly durable?: boolean;
}

/** What file systems say that cannot flush a directory: there is nothing more to do then. */
const CANNOT_FLUSH: ReadonlySet<unknown> = new Set(['EINVAL', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EISDIR']);
/** Creates what is missing of a directory's path, and gives the directories created, the uppermost first. */
export function makeDirectories(
  disk: Disk,
  path: string,
  { durable = false, mode = 0o777 }: Durability & { readonly mode?: number } = {},
): string[] {
  const missing: string[] = [];
  let there = makeDirectory(disk, path, mode);
  for (let at = path; there === 'no parent'; there = makeDirectory(disk, at, mode)) {
    missing.push(at);
    at = dirname(at);
  }
  const created = there === 'made' ? [missing.length === 0 ? path : dirname(missing.at(-1)!)] : [];
  for (const directory of missing.reverse()) {
    const outcome = makeDirectory(disk, directory, mode);
    if (outcome === 'there') continue;
    // Its parent was removed meanwhile, and the error says so.
    if (outcome === 'no parent') disk.mkdir(directory, mode);
    created.push(directory);
  }
  if (durable) for (const directory of created) flushDirectory(disk, dirname(directory));
  return created;
}

function makeDirectory(disk: Disk, path: string, mode: number): 'made' | 'there' | 'no parent' {
  try {
    disk.mkdir(path, mode);
    return 'made';
  } catch (error) {
    if (codeOf(error) === 'ENOENT' && path !== dirname(path)) return 'no parent';
    if (codeOf(error) === 'EEXIST' && disk.statExact(path)?.isDirectory()) return 'there';
    throw error;
  }
}

/** A new directory of nobody else's below another one, for what is being written. */
export function makeScratch(disk: Disk, parent: string): string {
  const path = join(parent, randomBytes(8).toString('hex'));
  makeDirectories(disk, path);
  return path;
}

/** Removes a directory, then those above it, as long as they are empty and below `limit`; gives the removed ones. */
export function removeEmptyDirectories(disk: Disk, path: string, limit: string): string[] {
  const removed: string[] = [];
  for (let at = path; at.startsWith(`${limit}/`); at = dirname(at)) {
    try {
      disk.rmdir(at);
      removed.push(at);
    } catch (error) {
      const code = codeOf(error);
      if (code === 'ENOTEMPTY' || code === 'EEXIST') break;
      if (code !== 'ENOENT' && code !== 'ENOTDIR') throw error;
    }
  }
  return removed;
}

/** Removes a directory with all that is in it; symlinks are removed, not followed. */
export function removeTree(disk: Disk, path: string): void {
  for (const name of namesIn(disk, path)) {
    const below = join(path, name);
    if (isDirectory(disk, below)) removeTree(disk, below);
    else disk.unlink(below);
  }
  if (disk.lstat(path) !== undefined) disk.rmdir(path);
}

/** The same after an error that matters more than what is left of it. */
export function discardTree(disk: Disk, path: string): void {
  quietly(() => removeTree(disk, path));
}

/** Whether a directory is there: a path through a file, which the system calls an error, leads to none. */
export function isDirectory(disk: Disk, path: string): boolean {
  try {
    return disk.lstat(path)?.isDirectory() === true;
  } catch (error) {
    if (codeOf(error) === 'ENOTDIR') return false;
    throw error;
  }
}

/** The names in a directory; none where there is no directory. */
export function namesIn(disk: Disk, directory: string): Name[] {
  try {
    return disk.readdir(directory);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return [];
    throw error;
  }
}

/** Makes the names in a directory durable, where its file system can do that. */
export function flushDirectory(disk: Disk, directory: string): void {
  const fd = openLinkedDirectory(disk, directory);
  try {
    disk.fsync(fd);
  } catch (error) {
    if (!CANNOT_FLUSH.has(codeOf(error))) throw error;
  } finally {
    disk.close(fd);
  }
}

/** A person may keep `.dbk` or `commits/` elsewhere, through a symlink. */
function openLinkedDirectory(disk: Disk, directory: string): number {
  try {
    return disk.openDirectory(directory);
  } catch (error) {
    if (codeOf(error) !== 'ENOTDIR' && codeOf(error) !== 'ELOOP') throw error;
    return disk.openDirectory(disk.realpath(directory));
  }
}
