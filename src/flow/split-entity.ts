/** Pushes the root of an entity one level down: its folders become entities, as they were if they had been. */

import type { CommitId } from '../model/id.ts';
import type { EntityReference, FileEntry, Manifest } from '../model/manifest.ts';
import { compareBytes, type Name } from '../model/name.ts';
import { childOf, type RepositoryPath } from '../model/path.ts';
import type { Problem } from '../model/problem.ts';
import { pastOf, withPast } from '../text/entity-past.ts';
import { escapePath } from '../text/names.ts';
import { newEntityId, type Entities, type EntityAt } from './entities.ts';
import { commitEntities } from './entity-commit.ts';
import * as say from './entity-problems.ts';
import { rootOf, type Typed } from './entity-target.ts';
import { withEntities, type EntityOptions } from './entity-work.ts';
import type { IndexEdit } from './index-edit.ts';
import type { Repository } from './repository.ts';

export interface SplitOptions extends EntityOptions {
  readonly target: Typed;
}

export interface Split {
  readonly commit: CommitId | undefined;
  readonly path: RepositoryPath;
  readonly id: string;
  /** By path, sorted by bytes. */
  readonly parts: Entities;
  /** Files and links that belong to no entity now. */
  readonly loose: number;
  readonly problems: readonly Problem[];
}

/**
 * What had been joined to the entity is again what it was, wherever it stands below; every other folder directly in
 * it is a new entity of the same type.
 */
export async function splitEntity(
  repository: Repository,
  { target, message, dryRun }: SplitOptions,
): Promise<Split> {
  return withEntities(repository, 'entity split', async ({ seen, edit, entities, problems: met }) => {
    const path = rootOf(entities, target);
    const { kind, ...entity } = entities.get(path)!;
    if (kind === 'file') say.nothingToSplit(path, true);
    const splitting = new Splitting(edit, entities, path, () => newEntityId(repository.context));
    const parts = splitting.run(entity);
    if (parts.size === 0) say.nothingToSplit(path, false);
    const made = { path, id: entity.id, parts, loose: splitting.loose() };
    if (dryRun) return { ...made, commit: undefined, problems: met };
    const { commit, problems } = await commitEntities(seen, {
      command: 'entity split',
      message: message ?? `Split '${escapePath(path)}'`,
      edit,
      before: entities,
      toRead: [...parts.values()].map(({ id }) => id),
    });
    return { ...made, commit, problems: [...met, ...problems] };
  });
}

class Splitting {
  private readonly edit: IndexEdit;
  private readonly root: RepositoryPath;
  private readonly newId: () => string;
  private readonly taken: Set<string>;
  private readonly parts = new Map<RepositoryPath, EntityAt>();

  constructor(edit: IndexEdit, entities: Entities, root: RepositoryPath, newId: () => string) {
    this.edit = edit;
    this.root = root;
    this.newId = newId;
    this.taken = new Set([...entities.values()].map(({ id }) => id));
  }

  run(entity: EntityReference): Entities {
    const { edit, root } = this;
    this.bringBack(root, true, entity.id);
    const holding = new Set([...this.parts.keys()].map((part) => part.slice(root.length + 1).split('/')[0]));
    for (const name of edit.foldersIn(root)) {
      if (!holding.has(name))
        this.begin(childOf(root, name), { id: this.newId(), type: entity.type, from: entity.id });
    }
    if (this.parts.size > 0) {
      const { entity: _entity, ...rest } = edit.manifest(root)!;
      edit.edit(root, withPast(rest, 'split', entity));
    }
    return new Map([...this.parts].sort(([a], [b]) => compareBytes(a, b)));
  }

  /** How much belongs to no entity after this. */
  loose(): number {
    const waiting = [this.root];
    let count = 0;
    for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
      for (const name of this.edit.recorded(path)?.files.keys() ?? [])
        if (!this.parts.has(childOf(path, name))) count++;
      for (const name of this.edit.foldersIn(path)) {
        const folder = childOf(path, name);
        if (!this.parts.has(folder)) waiting.push(folder);
      }
    }
    return count;
  }

  /** What was joined, at a folder and below it. */
  private bringBack(path: RepositoryPath, isRoot: boolean, from: string): void {
    const manifest = this.edit.recorded(path);
    if (manifest === undefined) return;
    const former = isRoot ? undefined : pastOf(manifest, 'joined');
    if (former !== undefined) {
      this.begin(path, this.again(former, from));
      return;
    }
    for (const [name, entry] of manifest.files) {
      const file = entry.kind === 'file' ? pastOf(entry, 'joined') : undefined;
      if (file !== undefined) this.beginFile(path, name, this.again(file, from));
    }
    for (const name of this.edit.foldersIn(path)) this.bringBack(childOf(path, name), false, from);
  }

  /** Somebody may have given its id to another one meanwhile. */
  private again(former: EntityReference, from: string): EntityReference {
    const id = this.taken.has(former.id) ? this.newId() : former.id;
    this.taken.add(id);
    return { ...former, id, from };
  }

  private begin(path: RepositoryPath, entity: EntityReference): void {
    const manifest: Manifest = withPast(this.edit.manifest(path)!, 'joined', undefined);
    this.edit.edit(path, { ...manifest, entity });
    this.parts.set(path, { ...entity, kind: 'directory' });
  }

  private beginFile(directory: RepositoryPath, name: Name, entity: EntityReference): void {
    const manifest = this.edit.manifest(directory)!;
    const entry = withPast(manifest.files.get(name) as FileEntry, 'joined', undefined);
    this.edit.edit(directory, {
      ...manifest,
      files: new Map(manifest.files).set(name, { ...entry, entity }),
    });
    this.parts.set(childOf(directory, name), { ...entity, kind: 'file' });
  }
}
