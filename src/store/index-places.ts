/** What stands where a text of `index/` is to be, looked at without following a symlink anywhere below it. */

import { dirname, join } from 'node:path/posix';
import { digest } from '../disk/blake3.ts';
import type { Disk, ExactStats } from '../disk/disk.ts';
import type { ContentId } from '../model/id.ts';
import { makeDirectories } from './directories.ts';
import { codeOf } from './errors.ts';

/** A regular file, with what tells that it is still the same one; or nothing; or something that is no text. */
export type Found =
  | { readonly kind: 'text'; readonly id: ContentId; readonly bytes: Uint8Array; readonly stamp: string }
  | { readonly kind: 'absent' }
  | { readonly kind: 'other' };

export type DirectoryKind = 'directory' | 'absent' | 'other';

/** Git refuses patches of 1 GiB, so there are no texts of that size. */
export const LONGEST_TEXT = 1 << 30;

export interface Places {
  /** What stands at a path below `index/`, read. */
  look(path: string): Found;
  /** What look() gave of it, as short as it can be; equal as long as nobody has touched it. */
  stampOf(path: string): string;
  /** What a directory below `index/` is: there, not there, or something else is in its place or above it. */
  kindOf(directory: string): DirectoryKind;
  /** Creates the directories of a path; false where something else is in the way. */
  makeParent(path: string): boolean;
  /** The directories that makeParent() created. */
  readonly created: readonly string[];
}

export const ABSENT = 'absent';
const OTHER = 'other';

/** Directories are looked at once; whoever removes some looks at the rest through new places. */
export function placesIn(disk: Disk, index: string): Places {
  const directories = new Map<string, DirectoryKind>([['.', 'directory']]);
  const fresh = new Set<string>();
  const created: string[] = [];

  const lookAt = (directory: string): DirectoryKind => {
    const stats = disk.lstat(join(index, directory));
    return stats === undefined ? 'absent' : stats.isDirectory() ? 'directory' : 'other';
  };
  const kindOf = (directory: string): DirectoryKind => {
    let kind = directories.get(directory);
    if (kind === undefined) {
      kind = kindOf(dirname(directory));
      // Nothing is yet in a directory that was just created.
      if (kind === 'directory') kind = fresh.has(dirname(directory)) ? 'absent' : lookAt(directory);
      directories.set(directory, kind);
    }
    return kind;
  };
  const statsOf = (path: string): ExactStats | typeof ABSENT | typeof OTHER => {
    const directory = dirname(path);
    if (fresh.has(directory)) return ABSENT;
    const kind = kindOf(directory);
    return kind === 'directory' ? (disk.lstatExact(join(index, path)) ?? ABSENT) : kind;
  };
  const makeParent = (path: string): boolean => {
    const directory = dirname(path);
    const kind = kindOf(directory);
    if (kind !== 'absent') return kind === 'directory';
    if (!makeParent(directory)) return false;
    for (const made of makeDirectories(disk, join(index, directory))) created.push(made);
    directories.set(directory, 'directory');
    fresh.add(directory);
    return true;
  };

  return {
    created,
    kindOf,
    makeParent,
    look: (path) => {
      const stats = statsOf(path);
      // Below what is no directory is nothing; behind a symlink nothing of dbk's.
      if (typeof stats === 'string') return { kind: 'absent' };
      if (!stats.isFile() || stats.size > LONGEST_TEXT) return { kind: 'other' };
      return readAt(disk, join(index, path), stampFrom(stats));
    },
    stampOf: (path) => {
      const stats = statsOf(path);
      return typeof stats === 'string' ? stats : stampFrom(stats);
    },
  };
}

function readAt(disk: Disk, path: string, stamp: string): Found {
  try {
    const bytes = disk.readFile(path, LONGEST_TEXT);
    return { kind: 'text', id: digest(bytes), bytes, stamp };
  } catch (error) {
    // Gone or replaced since it was looked at: the person is at it.
    if (codeOf(error) === 'ENOENT') return { kind: 'absent' };
    if (codeOf(error) === 'EINVAL' || codeOf(error) === 'ELOOP') return { kind: 'other' };
    throw error;
  }
}

function stampFrom(stats: ExactStats): string {
  return `${stats.ino}:${stats.size}:${stats.mtimeNs}:${stats.ctimeNs}`;
}
