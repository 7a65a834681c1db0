/** Where everything below `.dbk` is, and which folder a repository is (section 1 of ../text/README.md). */

import { dirname, join } from 'node:path/posix';
import type { Disk } from '../disk/disk.ts';
import { OWN_FOLDER } from '../model/path.ts';
import { readText } from './files.ts';
import { formatUnreadable, newerFormat } from './problems.ts';

/** Absolute paths. */
export interface Layout {
  /** The folder of all the others: `.dbk` in the person's folder, or elsewhere. */
  readonly home: string;
  readonly readme: string;
  readonly format: string;
  readonly config: string;
  /** `remotes.yaml`: the repositories that this one talks to. */
  readonly remotes: string;
  readonly head: string;
  readonly index: string;
  readonly commits: string;
  readonly repositories: string;
  readonly guard: string;
  readonly operations: string;
  readonly local: string;
  readonly journal: string;
  readonly lock: string;
  readonly here: string;
  /** `local/volume`: what the volume was found to keep. */
  readonly volume: string;
  readonly cache: string;
  /** `local/moving`: inodes of what is recorded and stands elsewhere now. */
  readonly moving: string;
  /** `local/unread`: entities that are recorded and whose own facts are still to be read. */
  readonly unread: string;
  /** `local/described`: types whose files are read, and single files that are still to be. */
  readonly described: string;
  readonly stamp: string;
  /** `local/new/`: what is being written. */
  readonly scratch: string;
  /** `local/edited/`: hand edits that were undone. */
  readonly edited: string;
}

/** A repository as it is found: the person's folder, and the home of dbk's files. */
export interface Place {
  readonly root: string;
  readonly home: string;
}

/** The format that this program writes, and the highest it reads. */
export const FORMAT = 1;
export const FORMAT_TEXT = `dbk ${FORMAT}\n`;
const FORMAT_LINE = /^dbk ([1-9][0-9]{0,8})\n?$/;
const LONGEST_FORMAT = 64;

export function layoutOf(home: string): Layout {
  const local = join(home, 'local');
  return {
    home,
    readme: join(home, 'README.txt'),
    format: join(home, 'format'),
    config: join(home, 'config.yaml'),
    remotes: join(home, 'remotes.yaml'),
    head: join(home, 'head'),
    index: join(home, 'index'),
    commits: join(home, 'commits'),
    repositories: join(home, 'repositories'),
    guard: join(home, 'guard'),
    operations: join(home, 'operations'),
    local,
    journal: join(local, 'journal'),
    lock: join(local, 'lock'),
    here: join(local, 'here'),
    volume: join(local, 'volume'),
    cache: join(local, 'cache'),
    moving: join(local, 'moving'),
    unread: join(local, 'unread'),
    described: join(local, 'described'),
    stamp: join(local, 'stamp'),
    scratch: join(local, 'new'),
    edited: join(local, 'edited'),
  };
}

/**
 * The repository that a folder belongs to: the nearest one at or above it that has a `.dbk` with a `format`.
 * `from` is absolute. A folder that cannot be looked into counts as one without; but where there is no other, the
 * nearest `.dbk` that this user may not look into is the answer: that opening it fails says more than that there is
 * none.
 */
export function findRepository(disk: Disk, from: string): Place | undefined {
  let barred: Place | undefined;
  for (let root = from; ; root = dirname(root)) {
    const home = join(root, OWN_FOLDER);
    if (isRepository(disk, home)) return { root, home };
    if (barred === undefined && isBarred(disk, home)) barred = { root, home };
    if (root === dirname(root)) return barred;
  }
}

function isBarred(disk: Disk, home: string): boolean {
  try {
    disk.lstat(join(home, 'format'));
    return false;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EACCES') return false;
  }
  return isFolder(disk, home);
}

function isFolder(disk: Disk, path: string): boolean {
  try {
    return disk.lstat(path)?.isDirectory() === true;
  } catch {
    return false;
  }
}

/** Whether a home is one: `format` is the last thing that creating a repository writes. */
export function isRepository(disk: Disk, home: string): boolean {
  try {
    return disk.lstat(join(home, 'format')) !== undefined;
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'ENOTDIR' || code === 'EACCES' || code === 'ELOOP') return false;
    throw error;
  }
}

/** Refuses a repository of a higher format, or of none. */
export function checkFormat(disk: Disk, layout: Layout): void {
  const number = FORMAT_LINE.exec(readText(disk, layout.format, LONGEST_FORMAT) ?? '')?.[1];
  if (number === undefined) throw formatUnreadable(layout.format);
  if (Number(number) > FORMAT) throw newerFormat(Number(number), FORMAT);
}
