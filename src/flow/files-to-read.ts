/** Which files their plugins are asked about: new contents, and what was never read, or by an older version. */

import { parseInstant } from '../model/instant.ts';
import type { FileEntry } from '../model/manifest.ts';
import { compareBytes, type Name } from '../model/name.ts';
import { childOf, nameOf, parentOf, type RepositoryPath } from '../model/path.ts';
import type { TypePlugin } from '../plugin/api.ts';
import { concerns, idNames } from '../plugin/ask-file.ts';
import { entityOf } from '../plugin/boundaries.ts';
import type { TypeDeclaration } from '../model/type-declaration.ts';
import { LONGEST_SIDECAR } from '../text/sidecar.ts';
import type { Entities } from './entities.ts';
import { OTHER, type IndexHere } from './index-here.ts';
import { extractedIn, fieldsAt } from './own-entity.ts';
import type { FileTask } from './read-file.ts';
import { absolute, statsAt, type Repository } from './repository.ts';
import { topOf, typeOf, type Types } from './types.ts';

export interface FilesAsked {
  readonly repository: Repository;
  readonly types: Types;
  /** Those of the new head. */
  readonly entities: Entities;
  readonly index: IndexHere;
  /** Contents that are new where they are, by their folders. */
  readonly fresh: ReadonlyMap<RepositoryPath, readonly Name[]>;
  /** Files that had to wait. */
  readonly waiting: Iterable<RepositoryPath>;
  /** Folders in which, and below which, everything is looked through. */
  readonly through: readonly RepositoryPath[];
}

export interface FileToRead {
  readonly path: RepositoryPath;
  readonly entry: FileEntry;
  readonly plugin: TypePlugin;
  readonly task: FileTask;
  /** What the type says of its fields, where the file is an entity itself; its sidecar is the entity's too. */
  readonly asEntity?: TypeDeclaration;
}

/** Each once, in the order of their folders; what is known already, and what is not here, is left out. */
export async function* filesToRead(asked: FilesAsked): AsyncGenerator<FileToRead> {
  const given = new Set<RepositoryPath>();
  for await (const file of candidates(asked)) {
    if (given.has(file.path)) continue;
    given.add(file.path);
    yield file;
  }
}

/** What is in several of the three comes several times. */
async function* candidates(asked: FilesAsked): AsyncGenerator<FileToRead> {
  const { fresh, through, waiting } = asked;
  for (const folder of [...fresh.keys()].sort(compareBytes)) yield* among(asked, folder, fresh.get(folder)!);
  for (const path of waiting) yield* among(asked, parentOf(path), [nameOf(path)]);
  for (const top of through) {
    const folders = [top];
    for (let at = folders.pop(); at !== undefined; at = folders.pop()) {
      folders.push(...childrenOf(asked, at).reverse());
      yield* among(asked, at, asked.index.manifest(at)?.files.keys() ?? []);
    }
  }
}

interface FileReading extends Pick<FileToRead, 'plugin' | 'asEntity'> {
  /** The path as the plugin sees it. */
  readonly within: string;
}

/** What says of a type's file whether its plugin has anything to say of it. */
export function readingOf(
  { types, entities }: Pick<FilesAsked, 'types' | 'entities'>,
  path: RepositoryPath,
): FileReading | undefined {
  const root = entityOf(path, entities);
  const entity = root === undefined ? undefined : entities.get(root)!;
  const type = entity?.type ?? typeOf(types.folders, path);
  const plugin = types.plugins.get(type);
  if (plugin === undefined) return undefined;
  const base =
    root === undefined ? topOf(types.folders, path)! : entity!.kind === 'file' ? parentOf(root) : root;
  const within = base === '' ? path : path.slice(base.length + 1);
  if (!concerns(plugin, within)) return undefined;
  const declared = root === path ? types.declared.get(type) : undefined;
  return { plugin, within, ...(declared && { asEntity: declared }) };
}

async function* among(
  asked: FilesAsked,
  folder: RepositoryPath,
  names: Iterable<Name>,
): AsyncGenerator<FileToRead> {
  const manifest = asked.index.manifest(folder);
  for (const name of names) {
    const entry = manifest?.files.get(name);
    if (entry?.kind !== 'file' || entry.size === 0) continue;
    const path = childOf(folder, name);
    const reading = readingOf(asked, path);
    if (reading === undefined || (await isKnown(asked, path, entry, reading))) continue;
    if (!isHere(asked, path, entry)) continue;
    const { within, ...rest } = reading;
    yield { path, entry, ...rest, task: taskOf(asked, path, entry, reading) };
  }
}

function childrenOf({ index }: FilesAsked, folder: RepositoryPath): RepositoryPath[] {
  return [...index.foldersIn(folder)].sort(compareBytes).map((name) => childOf(folder, name));
}

async function isKnown(
  { index }: FilesAsked,
  path: RepositoryPath,
  { blake3, more }: FileEntry,
  { plugin, within, asEntity }: FileReading,
): Promise<boolean> {
  const ids = idNames(plugin, within);
  if (ids.length > 0 && !ids.some((name) => more?.has(name) === true)) return false;
  const place = index.fileSidecar(path);
  // What somebody is writing there is asked about when it is recorded.
  const text =
    place === undefined || !index.isRecorded(place) ? undefined : index.text(place, LONGEST_SIDECAR);
  if (text === undefined || text === OTHER) return false;
  const extracted = await extractedIn(text);
  if (extracted?.of !== blake3 || extracted?.by !== byOf(plugin)) return false;
  // The entity alone may have been read so far.
  return asEntity === undefined || fieldsAt(extracted!.fields, asEntity, 'file').size > 0;
}

/** Who read something, as `extracted:` names them. */
export function byOf({ name, version }: Pick<TypePlugin, 'name' | 'version'>): string {
  return `${name} ${version}`;
}

/** What is recorded may be on other disks only, or stand here in another version. */
function isHere({ repository }: FilesAsked, path: RepositoryPath, { size }: FileEntry): boolean {
  const stats = statsAt(repository, path);
  return stats?.isFile() === true && stats.size === size;
}

function taskOf(
  { repository }: FilesAsked,
  path: RepositoryPath,
  { size, mtime }: FileEntry,
  { plugin, within }: FileReading,
): FileTask {
  const { names, rendering } = repository;
  const place = absolute(repository, (names?.placeOf(path) ?? path) as RepositoryPath);
  return { type: plugin.name, path: within, place, size, mtime: parseInstant(mtime) ?? 0n, rendering };
}
