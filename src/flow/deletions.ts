/** What is gone, and whether a person wants that recorded. */

import type { Manifest } from '../model/manifest.ts';
import { compareBytes, type Name } from '../model/name.ts';
import { childOf, isWithin, nameOf, parentOf, type RepositoryPath } from '../model/path.ts';
import type { Problem } from '../model/problem.ts';
import * as words from '../scan/problems.ts';
import type { Look } from './look.ts';

/** Everything recorded that is not there any more. */
export interface Gone {
  /** Files and links whose directory is still there, sorted. */
  readonly files: readonly RepositoryPath[];
  /** Directories, sorted; each with how many files and links it held. */
  readonly directories: readonly {
    readonly path: RepositoryPath;
    readonly files: number;
    readonly bytes: number;
  }[];
  /** Files and links in all. */
  readonly count: number;
  /** Whether so much is gone that only the flag confirms it. */
  readonly isMuch: boolean;
}

export const NOTHING_GONE: Gone = { files: [], directories: [], count: 0, isMuch: false };

/** What cannot be recorded because something unconfirmed stood in its place. */
export interface Blocked {
  /** Files and links that stand where a recorded folder stood: directory to names. */
  readonly names: ReadonlyMap<RepositoryPath, ReadonlySet<Name>>;
  /** Folders that stand where a recorded file stood; everything below them too. */
  readonly directories: readonly RepositoryPath[];
  readonly problems: readonly Problem[];
}

/** Finds what is gone, reading only manifests of directories that changed. */
export function findGone(look: Look, threshold: number, typeOf: (path: RepositoryPath) => string): Gone {
  const files: RepositoryPath[] = [];
  for (const directory of look.dirty) {
    if (look.mirror.of(directory.path) === undefined) continue;
    for (const name of look.goneNames(directory)) files.push(childOf(directory.path, name));
  }
  const directories = look.gone.map((path) => ({ path, ...sumOf(look.recordedManifest(path)) }));
  const inDirectories = directories.reduce((sum, { files: held }) => sum + held, 0);
  const count = files.length + inDirectories;
  const isMuch = count > threshold || (count > 0 && isMostOfSomeType(look, files, directories, typeOf));
  return { files, directories, count, isMuch };
}

function sumOf(manifest: Manifest | undefined): { files: number; bytes: number } {
  let bytes = 0;
  for (const entry of manifest?.files.values() ?? []) if (entry.kind === 'file') bytes += entry.size;
  return { files: manifest?.files.size ?? 0, bytes };
}

/** More than half of the files that were recorded of one type; files without a type count as one. */
function isMostOfSomeType(
  look: Look,
  files: readonly RepositoryPath[],
  directories: Gone['directories'],
  typeOf: (path: RepositoryPath) => string,
): boolean {
  const gone = new Map<string, number>();
  const add = (path: RepositoryPath, count: number): void => {
    gone.set(typeOf(path), (gone.get(typeOf(path)) ?? 0) + count);
  };
  for (const path of files) add(path, 1);
  for (const { path, files: count } of directories) add(path, count);
  const here = new Map<string, number>();
  look.forKnownDirectories((path, count) => here.set(typeOf(path), (here.get(typeOf(path)) ?? 0) + count));
  return [...gone].some(([type, count]) => count > (here.get(type) ?? 0));
}

/** What stands in the way of deletions that nobody confirmed. */
export function findBlocked(look: Look, gone: Gone): Blocked {
  const goneDirectories = new Set<string>(look.gone);
  const goneFiles = new Set<string>(gone.files);
  const names = new Map<RepositoryPath, Set<Name>>();
  const directories: RepositoryPath[] = [];
  const problems: Problem[] = [];
  for (const path of look.gone) {
    const directory = parentOf(path);
    if (goneDirectories.has(directory) || !look.isPresent(directory, nameOf(path))) continue;
    if (!names.has(directory)) names.set(directory, new Set());
    names.get(directory)!.add(nameOf(path));
    problems.push(words.blocked(path));
  }
  for (const { path } of look.dirty) {
    if (!goneFiles.has(path)) continue;
    directories.push(path);
    problems.push(words.blocked(path));
  }
  return { names, directories: directories.sort(compareBytes), problems };
}

export const NOTHING_BLOCKED: Blocked = { names: new Map(), directories: [], problems: [] };

export function isBlocked(path: RepositoryPath, { directories }: Blocked): boolean {
  return directories.some((directory) => isWithin(path, directory));
}
