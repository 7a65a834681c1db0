/** What stands on the disk where head says something else: not fetched yet, older, or on its way. */

import type { DirectoryChange } from '../model/change.ts';
import type { Entry } from '../model/manifest.ts';
import type { Name } from '../model/name.ts';
import { nameOf, parentOf, ROOT, type RepositoryPath } from '../model/path.ts';
import type { Older } from '../text/older.ts';
import type { RepositoryRecord } from '../text/repository.ts';

/** What stood at a path; undefined: nothing did. */
export interface Stood {
  readonly entry: Entry | undefined;
}

/**
 * What stood here, at the paths of which head says something else (section 12 of ../text/README.md, "What stands
 * here"). Whatever is not told stands as head says it.
 */
export interface Held {
  /** Nothing is to be told. */
  readonly isWhole: boolean;
  /** What stood at the path of a file or link; undefined: what head says. */
  standing(directory: RepositoryPath, name: Name): Stood | undefined;
  /** The names in a directory of which something is told, those below an absent folder left out. */
  namesIn(directory: RepositoryPath): Iterable<Name>;
  /** Directories with such names. */
  directories(): Iterable<RepositoryPath>;
  /** Whether a folder that head has was not here, with all that is in it. */
  isAbsent(directory: RepositoryPath): boolean;
  /** The uppermost folders that are absent. */
  readonly absentFolders: ReadonlySet<RepositoryPath>;
  /** Folders that stood here although head has none, or with these other permission bits. */
  readonly folders: ReadonlyMap<RepositoryPath, number>;
}

const NO_NAMES: ReadonlyMap<Name, Entry | undefined> = new Map();

export const ALL_HELD: Held = {
  isWhole: true,
  standing: () => undefined,
  namesIn: () => [],
  directories: () => [],
  isAbsent: () => false,
  absentFolders: new Set(),
  folders: new Map(),
};

/** What is told of a record's lists, at a head that came of these changes since what it holds. */
export function heldOf(
  { absent, older }: Pick<RepositoryRecord, 'absent' | 'older'>,
  changes: Iterable<DirectoryChange> = [],
): Held {
  const files = new Map<RepositoryPath, Map<Name, Entry | undefined>>();
  const absentFolders = new Set<RepositoryPath>();
  const folders = new Map<RepositoryPath, number>();
  const tell = (directory: RepositoryPath, name: Name, entry: Entry | undefined): void => {
    const names = files.get(directory);
    if (names === undefined) files.set(directory, new Map([[name, entry]]));
    else names.set(name, entry);
  };
  for (const path of absent) if (path.endsWith('/')) absentFolders.add(path.slice(0, -1) as RepositoryPath);
  const wereAbsent = new Set(absentFolders);
  for (const { path, before, after } of changes) {
    if (before === undefined || isBelow(path, wereAbsent)) {
      // The folder of the repository itself is there, with nothing in it.
      if (path !== ROOT) absentFolders.add(path);
      else for (const name of after?.files.keys() ?? []) tell(path, name, undefined);
      continue;
    }
    // The repository's own folder neither comes nor goes, and no line of a record can name it.
    if (path !== ROOT && before.mode !== after?.mode) folders.set(path, before.mode);
    for (const [name, entry] of before.files)
      if (!isSameEntry(entry, after?.files.get(name))) tell(path, name, entry);
    for (const name of after?.files.keys() ?? []) if (!before.files.has(name)) tell(path, name, undefined);
  }
  for (const path of absent) {
    if (!path.endsWith('/'))
      tell(parentOf(path as RepositoryPath), nameOf(path as RepositoryPath), undefined);
  }
  for (const one of older) {
    if (one.kind === 'directory') folders.set(one.path, one.mode);
    else tell(parentOf(one.path), nameOf(one.path), entryOf(one));
  }
  if (files.size + absentFolders.size + folders.size === 0) return ALL_HELD;
  return view(files, topsOf(absentFolders), folders);
}

function view(
  files: ReadonlyMap<RepositoryPath, ReadonlyMap<Name, Entry | undefined>>,
  absentFolders: ReadonlySet<RepositoryPath>,
  folders: Held['folders'],
): Held {
  const isAbsent = (directory: RepositoryPath): boolean => isBelow(directory, absentFolders);
  return {
    isWhole: false,
    standing: (directory, name) => {
      const told = files.get(directory);
      if (told?.has(name) === true) return { entry: told.get(name) };
      return isAbsent(directory) ? { entry: undefined } : undefined;
    },
    namesIn: (directory) => (files.get(directory) ?? NO_NAMES).keys(),
    directories: () => files.keys(),
    isAbsent,
    absentFolders,
    folders,
  };
}

/** Whether a path is one of these folders, or below one. */
export function isBelow(path: RepositoryPath, folders: ReadonlySet<RepositoryPath>): boolean {
  if (folders.size === 0) return false;
  for (let at = path; ; at = parentOf(at)) {
    if (folders.has(at)) return true;
    if (at === ROOT) return false;
  }
}

function topsOf(folders: ReadonlySet<RepositoryPath>): Set<RepositoryPath> {
  const isTop = (path: RepositoryPath): boolean => path === ROOT || !isBelow(parentOf(path), folders);
  return new Set([...folders].filter(isTop));
}

function entryOf(one: Exclude<Older, { kind: 'directory' }>): Entry {
  if (one.kind === 'link') return { kind: 'link', target: one.target };
  const { blake3, size, mtime, mode } = one;
  return { kind: 'file', blake3, size, mtime, mode };
}

/** The line that says what stands at a path. */
export function olderLine(path: RepositoryPath, entry: Entry): Older | undefined {
  if (entry.kind === 'link') return { path, kind: 'link', target: entry.target };
  const { blake3, size, mtime, mode } = entry;
  return blake3 === undefined ? undefined : { path, kind: 'file', blake3, size, mtime, mode };
}

/** Whether two entries are the same to a disk: content, time and permission bits. */
export function isSameEntry(a: Entry, b: Entry | undefined): boolean {
  if (b === undefined || a.kind !== b.kind) return false;
  if (a.kind === 'link') return a.target === (b as typeof a).target;
  const other = b as typeof a;
  return a.blake3 === other.blake3 && a.mtime === other.mtime && a.mode === other.mode;
}
