/** The entities of a repository as people ask for them: all of one type, all below a folder, and what each holds. */

import { isWithin, nameOf, parentOf, type RepositoryPath } from '../model/path.ts';
import type { Problem } from '../model/problem.ts';
import { entityOf, fieldsInPath } from '../plugin/boundaries.ts';
import { readBytes } from '../store/files.ts';
import { parseManifest } from '../text/manifest.ts';
import { pastOf } from '../text/entity-past.ts';
import { FOLDER_SIDECAR, MANIFEST } from '../text/mirror.ts';
import { parseByPeople } from '../text/people.ts';
import { TextError } from '../text/problems.ts';
import type { FieldValue } from '../text/field-conflict.ts';
import { effectiveFields, LONGEST_SIDECAR, parseSidecar } from '../text/sidecar.ts';
import { entitiesAt, keptEntities, type Entities, type EntityAt } from './entities.ts';
import { filesOfEntity } from './entity-files.ts';
import * as say from './entity-problems.ts';
import { entityAround, entityOfId, isIdLike, type FoundEntity, type Typed } from './entity-target.ts';
import { besideOthers } from './exclusively.ts';
import { IndexEdit, sidecarNameOf } from './index-edit.ts';
import { lookAtTexts, type IndexTexts } from './index-texts.ts';
import { readPolicy } from './policy.ts';
import { recordedTexts } from './recorded-texts.ts';
import type { Repository } from './repository.ts';
import { typePath, typesOfIndex } from './types.ts';

/** What an entity holds and what is written about it. */
export interface EntityDetails {
  readonly files: number;
  readonly bytes: number;
  /** What holds of each field. */
  readonly fields: ReadonlyMap<string, FieldValue>;
  /** The fields that were read from the content. */
  readonly extracted: ReadonlySet<string>;
  /** The fields of which nothing is written, and which stand in the path. */
  readonly inPath: ReadonlySet<string>;
  readonly problems: readonly Problem[];
}

export interface Listing {
  readonly entities: Entities;
  /** Reads what an entity holds; slow beside the list. */
  readonly details: (path: RepositoryPath) => Promise<EntityDetails>;
}

/** All entities, from the kept list where there is one: no other file is looked at then. */
export async function allEntities(repository: Repository): Promise<Entities> {
  const head = repository.commits.readHead();
  if (head === undefined) return new Map();
  return keptEntities(repository, head) ?? (await withListing(repository, async ({ entities }) => entities));
}

/** Types and folders that a list is of; all where there are none of either. */
export interface Selection {
  readonly types: ReadonlySet<string>;
  readonly paths: readonly RepositoryPath[];
}

/** A folder that is in an entity selects that one. */
export function selected(entities: Entities, { types, paths }: Selection): Entities {
  if (types.size === 0 && paths.length === 0) return entities;
  const around = new Set(paths.map((path) => entityOf(path, entities)));
  const isMeant = (path: RepositoryPath): boolean =>
    paths.length === 0 || around.has(path) || paths.some((folder) => isWithin(path, folder));
  return new Map(
    [...entities].filter(([path, { type }]) => (types.size === 0 || types.has(type)) && isMeant(path)),
  );
}

/** Whether a path is in an entity, or one is in it: what is gone from the disk is still recorded. */
export function holdsEntities(entities: Entities, path: RepositoryPath): boolean {
  if (entityOf(path, entities) !== undefined) return true;
  for (const each of entities.keys()) if (isWithin(each, path)) return true;
  return false;
}

/** Whether a word is a type here: one of an entity, or one that the index or a plugin declares. */
export async function isType(
  { context, layout }: Repository,
  entities: Entities,
  word: string,
): Promise<boolean> {
  for (const { type } of entities.values()) if (type === word) return true;
  if (!/^[a-z][a-z0-9-]*$/.test(word)) return false;
  if (context.disk.lstat(`${layout.index}/${typePath(word)}`) !== undefined) return true;
  return ((await context.plugins?.()) ?? []).some(({ name }) => name === word);
}

/** Works with the list and the index behind it. */
export async function withListing<T>(
  repository: Repository,
  work: (listing: Listing, texts: IndexTexts) => Promise<T>,
): Promise<T> {
  return besideOthers(repository, 'entity', async ({ eyes }, ifAlone) => {
    const texts = await lookAtTexts(repository, repository.commits.readHead(), eyes);
    texts.save(ifAlone);
    const entities = entitiesAt(repository, texts);
    const index = new IndexEdit(texts);
    const { declared: types, folders } = typesOfIndex(texts, await readPolicy(texts));
    const details = async (path: RepositoryPath): Promise<EntityDetails> => {
      const entity = entities.get(path)!;
      const written = await detailsOf(repository, index, path, entity);
      return withPath(written, fieldsInPath({ types, folders }, path, entity));
    };
    return work({ entities, details }, texts);
  });
}

/** What is meant by a path, also one in an entity, or by an id, also one that an entity had before. */
export function findEntity(
  repository: Repository,
  entities: Entities,
  texts: IndexTexts,
  { typed, path, isThere }: Typed,
): FoundEntity {
  if (isThere || entityOf(path, entities) !== undefined) return entityAround(entities, path);
  const found =
    entityOfId(entities, typed) ??
    (isIdLike(typed) ? formerEntity(repository, entities, texts, typed) : undefined);
  return found ?? say.noSuchEntity(typed);
}

type Written = Omit<EntityDetails, 'inPath'>;

/** What is written counts more than what the path says. */
function withPath(written: Written, values: ReadonlyMap<string, string>): EntityDetails {
  const inPath = new Map([...values].filter(([name]) => !written.fields.has(name)));
  return { ...written, fields: new Map([...written.fields, ...inPath]), inPath: new Set(inPath.keys()) };
}

async function detailsOf(
  repository: Repository,
  index: IndexEdit,
  path: RepositoryPath,
  entity: EntityAt,
): Promise<Written> {
  const manifest = (at: RepositoryPath): ReturnType<IndexEdit['recorded']> => index.recorded(at);
  const foldersIn = (at: RepositoryPath): ReturnType<IndexEdit['foldersIn']> => index.foldersIn(at);
  const files = filesOfEntity({ manifest, foldersIn }, path, entity);
  let bytes = 0;
  for (const { size } of files.values()) bytes += size;
  return { files: files.size, bytes, ...(await sidecarOf(repository, index, path, entity)) };
}

async function sidecarOf(
  { context, layout }: Repository,
  index: IndexEdit,
  path: RepositoryPath,
  { kind }: EntityAt,
): Promise<Pick<EntityDetails, 'fields' | 'extracted' | 'problems'>> {
  const directory = kind === 'directory' ? path : parentOf(path);
  const name =
    kind === 'directory' ? FOLDER_SIDECAR : sidecarNameOf(index.recorded(directory)!, nameOf(path));
  const place = `${index.mirror.of(directory)!}/${name}`;
  const bytes = readBytes(context.disk, `${layout.index}/${place}`, LONGEST_SIDECAR);
  if (bytes === undefined) return { fields: new Map(), extracted: new Set(), problems: [] };
  try {
    const sidecar = await parseByPeople(parseSidecar, Buffer.from(bytes).toString('utf8'));
    const read = [...(sidecar.extracted?.fields.keys() ?? [])];
    const extracted = new Set(read.filter((key) => !sidecar.fields.has(key)));
    return { fields: effectiveFields(sidecar), extracted, problems: [] };
  } catch (error) {
    if (!(error instanceof TextError)) throw error;
    const at = { ...error.problem.place, path: `.dbk/index/${place}` };
    const problems: Problem[] = [{ ...error.problem, severity: 'warning', place: at }];
    return { fields: new Map(), extracted: new Set(), problems };
  }
}

/** An id that only a folder or file itself remembers: all manifests are read. */
function formerEntity(
  repository: Repository,
  entities: Entities,
  texts: IndexTexts,
  typed: string,
): FoundEntity | undefined {
  const index = new IndexEdit(texts);
  const ids = new Map(
    texts.recorded().flatMap(({ path, id }) => (path.endsWith(`/${MANIFEST}`) ? [[path, id] as const] : [])),
  );
  const found = new Map<string, FoundEntity>();
  const head = repository.commits.readHead()!;
  for (const [text, content] of recordedTexts(repository, head, ids, [...ids.keys()])) {
    if (!content.includes(`: {id: ${typed}`)) continue;
    const path = index.pathOf(text.slice(0, -MANIFEST.length - 1));
    const manifest = parseManifest(content);
    if (path === undefined) continue;
    for (const [at, past] of [
      [path, pastOf(manifest, 'split')],
      [path, pastOf(manifest, 'joined')],
    ] as const)
      if (past?.id.startsWith(typed) === true) found.set(past.id, became(entities, at, past));
    for (const [name, entry] of manifest.files) {
      const past = pastOf(entry, 'joined');
      const at = path === '' ? name : `${path}/${name}`;
      if (past?.id.startsWith(typed) === true)
        found.set(past.id, became(entities, at as RepositoryPath, past));
    }
  }
  if (found.size > 1) return say.manyEntities(typed, [...found.keys()].sort());
  return [...found.values()][0];
}

/** What a place is now that was an entity once. */
function became(
  entities: Entities,
  path: RepositoryPath,
  { id, type }: { readonly id: string; readonly type: string },
): FoundEntity {
  const around = entityOf(path, entities);
  if (around !== undefined) return { kind: 'joined', id, path: around, entity: entities.get(around)! };
  const parts = [...entities].filter(([each]) => isWithin(each, path));
  return { kind: 'split', id, type, parts };
}
