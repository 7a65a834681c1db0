/** Makes one entity of a folder and all entities below it, the inverse of splitting. */

import type { CommitId } from '../model/id.ts';
import type { EntityReference, FileEntry } from '../model/manifest.ts';
import { nameOf, parentOf, type RepositoryPath } from '../model/path.ts';
import type { Problem } from '../model/problem.ts';
import { entityOf } from '../plugin/boundaries.ts';
import { pastOf, withPast } from '../text/entity-past.ts';
import { escapePath } from '../text/names.ts';
import { newEntityId, type Entities, type EntityAt } from './entities.ts';
import { commitEntities } from './entity-commit.ts';
import * as say from './entity-problems.ts';
import { entitiesBelow, recordedKind, withEntities, type EntityOptions } from './entity-work.ts';
import type { IndexEdit } from './index-edit.ts';
import type { Repository } from './repository.ts';

export interface JoinOptions extends EntityOptions {
  readonly path: RepositoryPath;
}

export interface Joined {
  readonly commit: CommitId | undefined;
  readonly path: RepositoryPath;
  readonly entity: EntityReference;
  /** What is part of it now, as it was. */
  readonly parts: Entities;
  readonly problems: readonly Problem[];
}

/** A folder that was split has the id again that it had. Refuses ('failed') where the types differ. */
export async function joinEntities(
  repository: Repository,
  { path, message, dryRun }: JoinOptions,
): Promise<Joined> {
  return withEntities(repository, 'entity join', async ({ seen, edit, entities, problems: met }) => {
    const kind = recordedKind(edit, path);
    const around = entityOf(path, entities);
    if (around === path) say.isEntity(path, entities.get(path)!.id);
    if (around !== undefined) say.insideEntity(path, around);
    const parts = new Map(entitiesBelow(entities, path).map((each) => [each, entities.get(each)!]));
    if (kind === 'file' || parts.size === 0) say.nothingToJoin(path);
    const types = [...new Set([...parts.values()].map(({ type }) => type))].sort();
    if (types.length > 1) say.differentTypes(path, types);
    const entity = wholeOf(edit, entities, path, parts, () => newEntityId(repository.context));
    for (const [part, { kind: partKind, ...reference }] of parts) end(edit, part, partKind, reference);
    edit.edit(path, { ...withPast(edit.manifest(path)!, 'split', undefined), entity });
    const made = { path, entity, parts };
    if (dryRun) return { ...made, commit: undefined, problems: met };
    const { commit, problems } = await commitEntities(seen, {
      command: 'entity join',
      message: message ?? `Joined '${escapePath(path)}'`,
      edit,
      before: entities,
      toRead: [entity.id],
    });
    return { ...made, commit, problems: [...met, ...problems] };
  });
}

/** It answers to the ids of all its parts, and to those that they answered to. */
function wholeOf(
  edit: IndexEdit,
  entities: Entities,
  path: RepositoryPath,
  parts: ReadonlyMap<RepositoryPath, EntityAt>,
  newId: () => string,
): EntityReference {
  const [{ type }] = parts.values() as unknown as [EntityAt];
  const former = pastOf(edit.manifest(path)!, 'split');
  const isFree = former?.type === type && ![...entities.values()].some(({ id }) => id === former.id);
  const whole: EntityReference = former !== undefined && isFree ? former : { id: newId(), type };
  const was = new Set(whole.was);
  for (const part of parts.values()) {
    for (const id of [part.id, ...(part.was ?? []), ...(part.from === undefined ? [] : [part.from])])
      was.add(id);
  }
  was.delete(whole.id);
  return { ...whole, was: [...was].sort() };
}

/** A part remembers what it was. */
function end(
  edit: IndexEdit,
  path: RepositoryPath,
  kind: EntityAt['kind'],
  reference: EntityReference,
): void {
  const directory = kind === 'directory' ? path : parentOf(path);
  const { entity, ...rest } = edit.manifest(directory)!;
  if (kind === 'directory') {
    edit.edit(path, withPast(rest, 'joined', reference));
    return;
  }
  const { entity: _entity, ...entry } = rest.files.get(nameOf(path)) as FileEntry;
  const files = new Map(rest.files).set(nameOf(path), withPast(entry as FileEntry, 'joined', reference));
  edit.edit(directory, { ...rest, ...(entity && { entity }), files });
}
