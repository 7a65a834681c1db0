/** Makes a recorded folder or file an entity. */

import type { CommitId } from '../model/id.ts';
import type { EntityReference } from '../model/manifest.ts';
import { nameOf, parentOf, type RepositoryPath } from '../model/path.ts';
import type { Problem } from '../model/problem.ts';
import { pastOf, withPast } from '../text/entity-past.ts';
import { escapePath } from '../text/names.ts';
import { newEntityId, type Entities } from './entities.ts';
import { commitEntities } from './entity-commit.ts';
import { declare, recordedKind, refuseOccupied, withEntities, type EntityOptions } from './entity-work.ts';
import type { IndexEdit } from './index-edit.ts';
import type { Repository } from './repository.ts';

export interface NewEntityOptions extends EntityOptions {
  readonly type: string;
  readonly path: RepositoryPath;
}

export interface NewEntity {
  readonly commit: CommitId | undefined;
  readonly path: RepositoryPath;
  readonly kind: 'directory' | 'file';
  readonly entity: EntityReference;
  readonly problems: readonly Problem[];
}

/** Refuses ('failed') what is not recorded, is in an entity or around one, and ('usage') a type nobody declares. */
export async function newEntity(
  repository: Repository,
  { type, path, message, dryRun }: NewEntityOptions,
): Promise<NewEntity> {
  return withEntities(repository, 'entity new', async (work) => {
    const { seen, edit, entities } = work;
    const metadata = declare(work, type);
    const kind = recordedKind(edit, path);
    refuseOccupied(entities, path);
    const entity = begin(edit, entities, path, kind, { id: newEntityId(repository.context), type });
    const made = { path, kind, entity };
    if (dryRun) return { ...made, commit: undefined, problems: work.problems };
    const { commit, problems } = await commitEntities(seen, {
      command: 'entity new',
      message: message ?? `Made '${escapePath(path)}' an entity`,
      edit,
      before: entities,
      summary: { metadata },
      toRead: [entity.id],
    });
    return { ...made, commit, problems: [...work.problems, ...problems] };
  });
}

/** An entity that was taken apart there, or joined, is that one again. */
function begin(
  edit: IndexEdit,
  entities: Entities,
  path: RepositoryPath,
  kind: 'directory' | 'file',
  fresh: EntityReference,
): EntityReference {
  const ids = new Set([...entities.values()].map(({ id }) => id));
  const directory = edit.manifest(kind === 'directory' ? path : parentOf(path))!;
  const entry = kind === 'file' ? directory.files.get(nameOf(path)) : undefined;
  const remembering = entry ?? directory;
  const former = pastOf(remembering, 'split') ?? pastOf(remembering, 'joined');
  const entity = former?.type === fresh.type && !ids.has(former.id) ? former : fresh;
  if (entry?.kind === 'file') {
    const now = { ...withPast(entry, 'joined', undefined), entity };
    edit.edit(parentOf(path), { ...directory, files: new Map(directory.files).set(nameOf(path), now) });
  } else {
    const forgetful = withPast(withPast(directory, 'split', undefined), 'joined', undefined);
    edit.edit(path, { ...forgetful, entity });
  }
  return entity;
}
