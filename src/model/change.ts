/** What is different between two states of a tree, path by path. */

import type { Entry, Manifest } from './manifest.ts';
import type { RepositoryPath } from './path.ts';
import type { Value } from './value.ts';

/** One directory before and after; undefined where it is not there. */
export interface DirectoryChange {
  readonly path: RepositoryPath;
  readonly before: Manifest | undefined;
  readonly after: Manifest | undefined;
}

/** One text of the index before and after; undefined where it is not there. Paths are below `index/`. */
export interface TextChange {
  readonly path: string;
  readonly before: string | undefined;
  readonly after: string | undefined;
  /** The old path of a text that moved; only where the old name is gone afterwards and the new one was free. */
  readonly from?: string;
}

export type ChangeKind =
  | 'added'
  | 'changed'
  | 'removed'
  | 'missing'
  | 'older'
  | 'moved'
  | 'copied'
  | 'retyped'
  | 'mode'
  | 'metadata'
  | 'suspect'
  | 'unreadable'
  | 'unstable';

/** How a move is known. */
export type MoveEvidence = 'content' | 'inode' | 'media' | 'name' | 'hand';

/** One thing a person would say happened. */
export interface Change {
  readonly kind: ChangeKind;
  readonly path: RepositoryPath;
  readonly what: 'file' | 'link' | 'directory' | 'text';
  readonly before?: Entry;
  readonly after?: Entry;
  /** The old path of what moved or was copied. */
  readonly from?: RepositoryPath;
  readonly by?: MoveEvidence;
  /** The folder that moved and took this along: its own line says so. */
  readonly within?: RepositoryPath;
  /** For a directory that came or went whole: what is in it. */
  readonly files?: number;
  readonly bytes?: number;
}

/** The counts of a commit's `summary:`. */
export interface Summary {
  readonly added: number;
  readonly changed: number;
  readonly moved: number;
  readonly removed: number;
  readonly metadata: number;
  /** Keys that dbk does not know. */
  readonly more?: ReadonlyMap<string, Value>;
}
