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
  /** Files and links that stand where a recorded folder, or one of these, stood: directory to names. */
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
  const directories = findGoneDirectories(look, moves);
  const inDirectories = directories.reduce((sum, { files: held }) => sum + held, 0);
  const count = files.length + inDirectories;
  const isMuch =
    count > threshold || (count > 0 && isMostOfSomeType(look, moves, files, directories, typeOf));
  return { files, directories, count, isMuch };
}

/** Directories that are gone, less those that moved, and those of which all that they held moved. */
export function findGoneDirectories(look: Look, moves: Moves): Gone['directories'] {
  const explained = new Set<RepositoryPath>();
  const left: Gone['directories'][number][] = [];
  // What is below a directory comes after it.
  for (const path of [...look.gone].reverse()) {
    const manifest = look.heldManifest(path);
    const { files, bytes } = leftOf(manifest, path, moves);
    const below = look.mirror.namesIn(path).map((name) => childOf(path, name));
    const held = (manifest?.files.size ?? 0) + below.length;
    const isEmptied = held > 0 && files === 0 && below.every((folder) => explained.has(folder));
    const isEmptyNow = files === 0 && (moves.folderOutOf(path) !== undefined || look.stays.has(path));
    if (isEmptied || isEmptyNow) explained.add(path);
    else left.push({ path, files, bytes });
  }
  return left.reverse();
}

/** What of the files of a folder moved nowhere. */
function leftOf(
  manifest: Manifest | undefined,
  path: RepositoryPath,
  moves: Moves,
): { files: number; bytes: number } {
  let files = 0;
  let bytes = 0;
  for (const [name, entry] of manifest?.files ?? []) {
    if (moves.outOf(childOf(path, name)) !== undefined) continue;
    files++;
    if (entry.kind === 'file') bytes += entry.size;
  }
  return { files, bytes };
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

/** With what stands where something recorded is that cannot be recorded at its new place. */
export function withHeld(blocked: Blocked, held: ReadonlySet<RepositoryPath>): Blocked {
  if (held.size === 0) return blocked;
  const names = new Map([...blocked.names].map(([directory, all]) => [directory, new Set(all)]));
  const problems = [...blocked.problems];
  for (const path of [...held].sort(compareBytes)) {
    const known = names.get(parentOf(path));
    if (known?.has(nameOf(path)) === true) continue;
    if (known === undefined) names.set(parentOf(path), new Set([nameOf(path)]));
    else known.add(nameOf(path));
    problems.push(words.blocked(path));
  }
  return { ...blocked, names, problems };
}

export const NOTHING_BLOCKED: Blocked = { names: new Map(), directories: [], problems: [] };

/** Whether a file or link at a path, or a folder there, cannot be taken in. */
export function isBlockedThing(path: RepositoryPath, blocked: Blocked): boolean {
  return blocked.names.get(parentOf(path))?.has(nameOf(path)) === true || isBlocked(path, blocked);
}

export function isBlocked(path: RepositoryPath, { directories }: Blocked): boolean {
  return directories.some((directory) => isWithin(path, directory));
}
