/** The files of a commit whose contents are new where they are, as far as there may be anybody to read them. */

import type { Moves } from '../diff/move-lookup.ts';
import type { DirectoryChange } from '../model/change.ts';
import type { FileEntry } from '../model/manifest.ts';
import type { Name } from '../model/name.ts';
import { childOf, type RepositoryPath } from '../model/path.ts';
import { entityOf } from '../plugin/boundaries.ts';
import type { Typed } from './begin-entities.ts';
import { topOf } from './types.ts';

export class FreshContents {
  /** Names by folder. */
  readonly byFolder = new Map<RepositoryPath, readonly Name[]>();
  private readonly typed: Typed;
  private readonly moves: Moves;
  private readonly hasReaders: boolean;

  /** The entities are those before the commit. */
  constructor(typed: Typed, moves: Moves) {
    this.typed = typed;
    this.moves = moves;
    this.hasReaders = [...typed.types.plugins.values()].some(
      ({ readers = [], mediaIds = [] }) => readers.length + mediaIds.length > 0,
    );
  }

  /** A directory that changes. */
  take({ path, before, after }: DirectoryChange): void {
    if (!this.hasReaders || after === undefined || !this.hasType(path)) return;
    const names: Name[] = [];
    for (const [name, entry] of after.files) {
      if (entry.kind !== 'file' || entry.size === 0 || entry === before?.files.get(name)) continue;
      if (!this.wasThere(path, name, entry, before)) names.push(name);
    }
    if (names.length > 0) this.byFolder.set(path, names);
  }

  /** Files that are in no entity have the type of their top folder. */
  private hasType(path: RepositoryPath): boolean {
    const { types, entities } = this.typed;
    return topOf(types.folders, path) !== undefined || entityOf(path, entities) !== undefined;
  }

  private wasThere(
    path: RepositoryPath,
    name: Name,
    { blake3 }: FileEntry,
    before: DirectoryChange['before'],
  ): boolean {
    const move = this.moves.into(childOf(path, name));
    const old = move === undefined ? before?.files.get(name) : this.moves.entryBefore(move.from.path);
    return old?.kind === 'file' && old.blake3 === blake3;
  }
}
