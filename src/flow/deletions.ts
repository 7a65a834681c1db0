/** What is gone, and whether a person wants that recorded. */

import type { Manifest } from '../model/manifest.ts';
import { compareBytes, type Name } from '../model/name.ts';
import { childOf, isWithin, nameOf, parentOf, type RepositoryPath } from '../model/path.ts';
import type { Problem } from '../model/problem.ts';
import * as words from '../scan/problems.ts';
import type { Look } from './look.ts';
import type { Moves } from '../diff/move-lookup.ts';

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
export function findGone(
  look: Look,
  moves: Moves,
  threshold: number,
  typeOf: (path: RepositoryPath) => string,
): Gone {
  const files: RepositoryPath[] = [];
  for (const directory of look.dirty) {
    if (look.mirror.of(directory.path) === undefined) continue;
    for (const name of look.goneNames(directory)) {
      const path = childOf(directory.path, name);
      if (moves.outOf(path) === undefined) files.push(path);
    }
  }
  const directories = look.gone.flatMap((path) => {
    const left = leftOf(look.recordedManifest(path), path, moves);
    return left === undefined ? [] : [{ path, ...left }];
  });
  const inDirectories = directories.reduce((sum, { files: held }) => sum + held, 0);
  const count = files.length + inDirectories;
  const isMuch =
    count > threshold || (count > 0 && isMostOfSomeType(look, moves, files, directories, typeOf));
  return { files, directories, count, isMuch };
}

/** What of a folder that is gone moved nowhere; undefined where its move, or those of its files, explain all. */
function leftOf(
  manifest: Manifest | undefined,
  path: RepositoryPath,
  moves: Moves,
): { files: number; bytes: number } | undefined {
  let files = 0;
  let bytes = 0;
  for (const [name, entry] of manifest?.files ?? []) {
    if (moves.outOf(childOf(path, name)) !== undefined) continue;
    files++;
    if (entry.kind === 'file') bytes += entry.size;
  }
  const hadFiles = (manifest?.files.size ?? 0) > 0;
  const isExplained = files === 0 && (hadFiles || moves.folderOutOf(path) !== undefined);
  return isExplained ? undefined : { files, bytes };
}

/** The directories that stay recorded while their deletion, or that of something below them, is not confirmed. */
export function keptDirectories(look: Look, { directories }: Gone): ReadonlySet<RepositoryPath> {
  const gone = new Set(look.gone);
  const kept = new Set<RepositoryPath>();
  for (const { path } of directories) {
    for (let above = path; gone.has(above) && !kept.has(above); above = parentOf(above)) kept.add(above);
  }
  return kept;
}

/** More than half of the files that were recorded of one type; files without a type count as one. */
function isMostOfSomeType(
  look: Look,
  moves: Moves,
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
  const addHere = (path: RepositoryPath, count: number): void => {
    here.set(typeOf(path), (here.get(typeOf(path)) ?? 0) + count);
  };
  look.forKnownDirectories(addHere);
  // What moved stands at a path that nobody knew.
  for (const { from, to } of moves.things) if (from.path !== to.path) addHere(to.path, 1);
  return [...gone].some(([type, count]) => count > (here.get(type) ?? 0));
}

/** What stands in the way of deletions that nobody confirmed. */
export function findBlocked(look: Look, gone: Gone): Blocked {
  const kept = keptDirectories(look, gone);
  const goneFiles = new Set<string>(gone.files);
  const names = new Map<RepositoryPath, Set<Name>>();
  const directories: RepositoryPath[] = [];
  const problems: Problem[] = [];
  for (const path of look.gone) {
    if (!kept.has(path)) continue;
    const directory = parentOf(path);
    if (kept.has(directory) || !look.isPresent(directory, nameOf(path))) continue;
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

/** Whether a file or link at a path, or a folder there, cannot be taken in. */
export function isBlockedThing(path: RepositoryPath, blocked: Blocked): boolean {
  return blocked.names.get(parentOf(path))?.has(nameOf(path)) === true || isBlocked(path, blocked);
}

export function isBlocked(path: RepositoryPath, { directories }: Blocked): boolean {
  return directories.some((directory) => isWithin(path, directory));
}
