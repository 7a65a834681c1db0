/** The entities of a commit in the making: those at head, changed by every manifest that changes. */

import type { DirectoryChange } from '../model/change.ts';
import type { EntityReference, Manifest } from '../model/manifest.ts';
import { compareBytes } from '../model/name.ts';
import { childOf, type RepositoryPath } from '../model/path.ts';
import type { Entities, EntityAt } from './entities.ts';

export class EntityList {
  private readonly atHead: Entities;
  private readonly settled = new Map<RepositoryPath, DirectoryChange>();

  constructor(atHead: Entities) {
    this.atHead = atHead;
  }

  /** A directory that changes; the last word counts. */
  settle(change: DirectoryChange): void {
    if (hasEntity(change.before) || hasEntity(change.after)) this.settled.set(change.path, change);
  }

  get all(): Entities {
    if (this.settled.size === 0) return this.atHead;
    const all = new Map(this.atHead);
    for (const { path, before } of this.settled.values()) {
      if (before?.entity !== undefined) all.delete(path);
      for (const [name, entry] of before?.files ?? [])
        if (entry.kind === 'file' && entry.entity !== undefined) all.delete(childOf(path, name));
    }
    for (const { path, after } of this.settled.values()) {
      if (after?.entity !== undefined) all.set(path, entityAt('directory', after.entity));
      for (const [name, entry] of after?.files ?? [])
        if (entry.kind === 'file' && entry.entity !== undefined)
          all.set(childOf(path, name), entityAt('file', entry.entity));
    }
    return new Map([...all].sort(([a], [b]) => compareBytes(a, b)));
  }
}

function hasEntity(manifest: Manifest | undefined): boolean {
  if (manifest === undefined) return false;
  if (manifest.entity !== undefined) return true;
  for (const entry of manifest.files.values())
    if (entry.kind === 'file' && entry.entity !== undefined) return true;
  return false;
}

function entityAt(kind: EntityAt['kind'], entity: EntityReference): EntityAt {
  return { kind, ...entity };
}
