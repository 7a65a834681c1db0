/** Which entity a person means: by its path, by its id or the beginning of one, also by an id that it had before. */

import { isWithin, type RepositoryPath } from '../model/path.ts';
import { entityOf } from '../plugin/boundaries.ts';
import type { Entities, EntityAt } from './entities.ts';
import * as say from './entity-problems.ts';

/** What was typed, and the path it is if it is one. */
export interface Typed {
  readonly typed: string;
  readonly path: RepositoryPath;
  /** Whether something stands or is recorded there. */
  readonly isThere: boolean;
}

export type FoundEntity =
  | { readonly kind: 'entity'; readonly path: RepositoryPath; readonly entity: EntityAt }
  /** An id that became part of another entity, or gave way to it. */
  | { readonly kind: 'joined'; readonly id: string; readonly path: RepositoryPath; readonly entity: EntityAt }
  /** An id whose entity was taken apart. */
  | {
      readonly kind: 'split';
      readonly id: string;
      readonly type: string;
      readonly parts: readonly (readonly [RepositoryPath, EntityAt])[];
    };

const ID = /^[0-9a-hjkmnp-tv-z]{4,16}$/;
const WHOLE = 16;

/** The entity that is at a path, or that it is in; refuses ('failed') where there is none. */
export function entityAround(entities: Entities, path: RepositoryPath): FoundEntity {
  const around = entityOf(path, entities);
  if (around === undefined) return say.noEntity(path, undefined, holdsSome(entities, path));
  return { kind: 'entity', path: around, entity: entities.get(around)! };
}

/** Whether a text can be an id or the beginning of one. */
export function isIdLike(typed: string): boolean {
  return ID.test(typed);
}

/** What an id means in the list alone; undefined where it is not there. Refuses ('usage') what begins several. */
export function entityOfId(entities: Entities, typed: string): FoundEntity | undefined {
  if (!isIdLike(typed)) return undefined;
  const isMeant = (id: string): boolean => (typed.length === WHOLE ? id === typed : id.startsWith(typed));
  const found = new Map<string, FoundEntity>();
  const former = new Map<string, FoundEntity>();
  for (const [path, entity] of entities) {
    if (isMeant(entity.id)) found.set(entity.id, { kind: 'entity', path, entity });
    for (const id of entity.was ?? []) if (isMeant(id)) former.set(id, { kind: 'joined', id, path, entity });
    const { from } = entity;
    if (from !== undefined && isMeant(from) && !former.has(from))
      former.set(from, { kind: 'split', id: from, type: entity.type, parts: partsOf(entities, from) });
  }
  for (const [id, each] of former) if (!found.has(id)) found.set(id, each);
  if (found.size > 1) return say.manyEntities(typed, [...found.keys()].sort());
  const [only] = found.values();
  return only;
}

/** The root of the entity that is meant: one that is, not one that was. */
export function rootOf(entities: Entities, { typed, path, isThere }: Typed): RepositoryPath {
  if (entities.has(path)) return path;
  if (isThere) return say.noEntity(path, entityOf(path, entities), holdsSome(entities, path));
  const found = entityOfId(entities, typed);
  if (found === undefined) return say.noSuchEntity(typed);
  if (found.kind === 'entity') return found.path;
  return say.noMoreEntity(
    found.id,
    found.kind === 'joined' ? `it became part of '${found.path}'` : 'it was taken apart',
  );
}

function holdsSome(entities: Entities, path: RepositoryPath): boolean {
  for (const each of entities.keys()) if (isWithin(each, path)) return true;
  return false;
}

function partsOf(entities: Entities, from: string): [RepositoryPath, EntityAt][] {
  return [...entities].filter(([, entity]) => entity.from === from);
}
