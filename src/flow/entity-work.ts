/** What every command that changes entities begins with: the disk, the index, the types and the entities at head. */

import { nearest } from '../model/nearest.ts';
import { nameOf, parentOf, type RepositoryPath } from '../model/path.ts';
import type { Problem } from '../model/problem.ts';
import { entityOf } from '../plugin/boundaries.ts';
import { writeType } from '../text/types.ts';
import { entitiesAt, type Entities } from './entities.ts';
import * as say from './entity-problems.ts';
import { exclusively, type Exclusive } from './exclusively.ts';
import { IndexEdit } from './index-edit.ts';
import { look, type Look } from './look.ts';
import { readPolicy } from './policy.ts';
import type { Repository } from './repository.ts';
import { typePath, typesHere, type Types } from './types.ts';

export interface EntityWork {
  readonly seen: Look;
  readonly edit: IndexEdit;
  readonly entities: Entities;
  readonly types: Types;
  readonly problems: readonly Problem[];
}

/** What all of these commands take, and give. */
export interface EntityOptions {
  /** Absent: a sentence that says what was done. */
  readonly message?: string | undefined;
  readonly dryRun: boolean;
}

/** Looks at all there is, with the lock held. */
export async function lookForEntities(
  repository: Repository,
  { eyes, problems }: Exclusive,
): Promise<EntityWork> {
  const seen = await look(repository, eyes, { hashNew: false, checkEverything: false });
  const types = await typesHere(repository.context, seen.texts, await readPolicy(seen.texts));
  return {
    seen,
    edit: new IndexEdit(seen.texts),
    entities: entitiesAt(repository, seen.texts),
    types,
    problems: [...problems, ...types.problems],
  };
}

export async function withEntities<T>(
  repository: Repository,
  command: string,
  work: (work: EntityWork) => Promise<T>,
): Promise<T> {
  return exclusively(repository, command, async (exclusive) =>
    work(await lookForEntities(repository, exclusive)),
  );
}

/** Whether a path is a recorded folder or file; refuses ('failed') what is neither. */
export function recordedKind(edit: IndexEdit, path: RepositoryPath): 'directory' | 'file' {
  if (path === '') return say.wholeRepository();
  if (edit.recorded(path) !== undefined) return 'directory';
  const entry = edit.recorded(parentOf(path))?.files.get(nameOf(path));
  if (entry === undefined) return say.notRecordedYet(path);
  return entry.kind === 'link' ? say.linkIsNone(path) : 'file';
}

/** Refuses ('failed') where an entity is at a path, around it, or below it. */
export function refuseOccupied(entities: Entities, path: RepositoryPath): void {
  const around = entityOf(path, entities);
  if (around === path) say.isEntity(path, entities.get(path)!.id);
  if (around !== undefined) say.insideEntity(path, around);
  const below = entitiesBelow(entities, path);
  if (below.length > 0) say.aroundEntities(path, below.length, below[0]!);
}

export function entitiesBelow(entities: Entities, path: RepositoryPath): RepositoryPath[] {
  return [...entities.keys()].filter((each) => each.startsWith(`${path}/`));
}

/** Refuses ('usage') a type that nobody declares; writes its declaration where the index has none. Counts texts. */
export function declare({ edit, types }: EntityWork, type: string): number {
  if (!types.declared.has(type)) {
    const known = [...types.declared.keys()].sort();
    say.unknownType(type, known, nearest(type, new Map(known.map((each) => [each, each]))));
  }
  const unwritten = types.unwritten.get(type);
  if (unwritten === undefined) return 0;
  edit.write(typePath(type), writeType(unwritten));
  return 1;
}
