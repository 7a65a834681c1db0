/** All entities that head records: from `local/entities` where that is of this head, else from the manifests. */

import { join } from 'node:path/posix';
import { digest } from '../disk/blake3.ts';
import type { CommitId, ContentId } from '../model/id.ts';
import type { EntityReference } from '../model/manifest.ts';
import { compareBytes, type Name } from '../model/name.ts';
import { childOf, ROOT, type RepositoryPath } from '../model/path.ts';
import { Refusal } from '../model/problem.ts';
import { makeDirectories } from '../store/directories.ts';
import { codeOf } from '../store/errors.ts';
import { readText, replaceFile } from '../store/files.ts';
import { parseEntityList, writeEntityList, type ListedEntity } from '../text/entity-list.ts';
import { MANIFEST, nameAmong, nameOfMirror } from '../text/mirror.ts';
import { parseManifest } from '../text/manifest.ts';
import type { Context } from './context.ts';
import type { IndexTexts } from './index-texts.ts';
import { TREE } from './mirror-paths.ts';
import { recordedTexts } from './recorded-texts.ts';
import type { Repository } from './repository.ts';

/** One entity and what its manifest says of it. */
export interface EntityAt extends EntityReference {
  readonly kind: 'directory' | 'file';
}

/** By path, sorted by bytes. */
export type Entities = ReadonlyMap<RepositoryPath, EntityAt>;

const LONGEST_LIST = 1 << 30;
const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';
/** As in a ULID: 50 bits of time, of which the first 30 are taken, a quarter of an hour each. */
const TIME_CHARACTERS = 6;
const TIME_UNIT = 2 ** 20;
const RANDOM_CHARACTERS = 10;
/** 56 bits, of which 50 are taken. */
const RANDOM_BYTES = 7;

/** All entities that head records; what had to be gathered is kept for the next time. */
export function entitiesAt(repository: Repository, texts: IndexTexts): Entities {
  const head = repository.commits.readHead();
  if (head === undefined) return new Map();
  const kept = keptEntities(repository, head);
  if (kept !== undefined) return kept;
  const entities = gather(repository, head, texts);
  keepEntities(repository, head, entities);
  return entities;
}

/** The list as it was kept for a head; undefined where there is none, or it cannot be read. */
export function keptEntities({ context, layout }: Repository, head: CommitId): Entities | undefined {
  try {
    const text = readText(context.disk, listPath(layout), LONGEST_LIST);
    return text === undefined ? undefined : parseEntityList(text, head, digest);
  } catch (error) {
    if (codeOf(error) === undefined && !(error instanceof Refusal)) throw error;
    return undefined;
  }
}

/** Keeps the list of a new head; best effort. */
export function keepEntities(
  { context, layout }: Repository,
  head: CommitId,
  entities: ReadonlyMap<RepositoryPath, EntityAt>,
): void {
  try {
    makeDirectories(context.disk, layout.local);
    replaceFile(context.disk, listPath(layout), writeEntityList(head, inOrder(entities), digest));
  } catch (error) {
    if (codeOf(error) === undefined) throw error;
  }
}

/** A new id: the time it was made, roughly, and 50 bits nobody else draws. */
export function newEntityId({ clock, random }: Context): string {
  const time = BigInt(Math.floor(Math.max(0, clock.now()) / TIME_UNIT));
  let drawn = 0n;
  for (const byte of random(RANDOM_BYTES)) drawn = (drawn << 8n) | BigInt(byte);
  return characters(time, TIME_CHARACTERS) + characters(drawn, RANDOM_CHARACTERS);
}

/** The lowest five bits for each character, the last one the lowest. */
function characters(bits: bigint, count: number): string {
  let text = '';
  for (let rest = bits; text.length < count; rest >>= 5n) text = ALPHABET[Number(rest & 31n)]! + text;
  return text;
}

function listPath(layout: Repository['layout']): string {
  return join(layout.local, 'entities');
}

function inOrder(entities: Entities): Entities {
  let previous = '';
  for (const path of entities.keys()) {
    if (compareBytes(previous, path) > 0)
      return new Map([...entities].sort(([a], [b]) => compareBytes(a, b)));
    previous = path;
  }
  return entities;
}

/** Reads all manifests; those that speak of no entity are not parsed. */
function gather(repository: Repository, head: CommitId, texts: IndexTexts): Entities {
  const ids = new Map<string, ContentId>();
  for (const { path, id } of texts.recorded())
    if (path.startsWith(`${TREE}/`) && path.endsWith(`/${MANIFEST}`)) ids.set(path, id);
  const cutNames = new Map<string, ReadonlyMap<string, Name>>();
  const found: { mirror: string; entity?: EntityReference; files: [Name, EntityReference][] }[] = [];
  for (const [path, text] of recordedTexts(repository, head, ids, [...ids.keys()])) {
    const hasEntities = text.includes('entity: {');
    if (!hasEntities && !text.includes('\ndirectories:\n')) continue;
    const mirror = path.slice(0, -MANIFEST.length - 1);
    const { entity, files, directories } = parseManifest(text);
    if (directories !== undefined) cutNames.set(mirror, directories);
    const inFiles = [...files].flatMap(([name, entry]): [Name, EntityReference][] =>
      entry.kind === 'file' && entry.entity !== undefined ? [[name, entry.entity]] : [],
    );
    if (entity !== undefined || inFiles.length > 0)
      found.push({ mirror, ...(entity && { entity }), files: inFiles });
  }
  const pathOf = pathsOfMirrors(cutNames);
  const entities: [RepositoryPath, ListedEntity][] = [];
  for (const { mirror, entity, files } of found) {
    const path = pathOf(mirror);
    if (entity !== undefined) entities.push([path, { ...entity, kind: 'directory' }]);
    for (const [name, reference] of files)
      entities.push([childOf(path, name), { ...reference, kind: 'file' }]);
  }
  return inOrder(new Map(entities));
}

/** The directories whose texts stand at mirror paths; `cutNames` are those that manifests list, by mirror path. */
function pathsOfMirrors(
  cutNames: ReadonlyMap<string, ReadonlyMap<string, Name>>,
): (mirror: string) => RepositoryPath {
  const known = new Map<string, RepositoryPath>([[TREE, ROOT]]);
  const pathOf = (mirrorPath: string): RepositoryPath => {
    let path = known.get(mirrorPath);
    if (path === undefined) {
      const slash = mirrorPath.lastIndexOf('/');
      const above = mirrorPath.slice(0, slash);
      const mirror = mirrorPath.slice(slash + 1);
      const cut = cutNames.get(above);
      const name =
        nameOfMirror(mirror, digest) ?? cut?.get(mirror) ?? nameAmong(mirror, cut?.values() ?? [], digest);
      path = childOf(pathOf(above), name!);
      known.set(mirrorPath, path);
    }
    return path;
  };
  return pathOf;
}
