/** What a merge is asked: three states of a tree, of which only what differs is opened. */

import type { Moves } from '../diff/move-lookup.ts';
import type { DirectoryChange } from '../model/change.ts';
import type { Entry, Manifest } from '../model/manifest.ts';
import type { Name } from '../model/name.ts';
import { nameOf, parentOf, type RepositoryPath } from '../model/path.ts';

/** The recorded directories of one commit. */
export interface State {
  manifest(path: RepositoryPath): Manifest | undefined;
  /** The names of the directories in a directory. */
  folders(path: RepositoryPath): Iterable<Name>;
}

/** One side of a merge: what it did since the base. */
export interface Side {
  readonly after: State;
  /** Every directory whose manifest is not that of the base at the same path. */
  readonly changes: readonly DirectoryChange[];
  readonly moves: Moves;
  /** Whether a person changed what is written about a thing; the paths are those at the base and on this side. */
  readonly isEdited: (before: RepositoryPath, after: RepositoryPath) => boolean;
}

export interface MergeQuestion {
  readonly base: State;
  readonly ours: Side;
  readonly theirs: Side;
  /** Types of which an entity is one whole: never half of one side and half of the other. */
  readonly wholeTypes: ReadonlySet<string>;
  /** The base is a merge of several: what a side changed since may be what a merge chose, and nobody did. */
  readonly isJoined?: boolean;
}

export const SIDES = ['ours', 'theirs'] as const;
export type SideName = (typeof SIDES)[number];

export function otherSide(side: SideName): SideName {
  return side === 'ours' ? 'theirs' : 'ours';
}

/** The file or link at a path. */
export function entryAt(state: State, path: RepositoryPath): Entry | undefined {
  return state.manifest(parentOf(path))?.files.get(nameOf(path));
}
