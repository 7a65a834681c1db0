/** What is different between two states of a tree, path by path. */

import type { Entry, Manifest } from './manifest.ts';
import type { RepositoryPath } from './path.ts';
import type { List, Value } from './value.ts';

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
  /** Of a text that is about a path: what stands there. */
  readonly about?: 'file' | 'directory';
  /** Of a text: where it stands below `index/`. */
  readonly text?: string;
  /** Of a sidecar: what it says before and after, for whoever wants to know which fields changed. */
  readonly sidecar?: { readonly before: string | undefined; readonly after: string | undefined };
  /** The same, read. */
  readonly metadata?: MetadataChange;
}

/** What changed in a sidecar; where nothing is here, only comments, order or layout did. */
export interface MetadataChange {
  /** Those of people first, then those read from the content. */
  readonly fields: readonly FieldChange[];
  readonly prose?: LinesChange;
}

export interface FieldChange {
  readonly field: string;
  /** undefined where there was no such field. */
  readonly before: FieldSaid | undefined;
  /** undefined where there is none any more. */
  readonly after: FieldSaid | undefined;
  /** Of a list whose other members stayed in their order. */
  readonly members?: { readonly added: List; readonly removed: List };
  /** Of a text of several lines. */
  readonly lines?: LinesChange;
  /** It was read from the content; a person did not write it. */
  readonly isRead?: true;
}

export interface LinesChange {
  readonly added: number;
  readonly removed: number;
  /** What went and came, with '-' or '+' before it. */
  readonly lines: readonly string[];
}

/** What a field says: a value, or those that people have to decide between; undefined: one of them removed it. */
export type FieldSaid = Value | NotAgreed;

export interface NotAgreed {
  readonly kind: 'conflict';
  readonly base?: Value;
  readonly values: ReadonlyMap<string, Value | undefined>;
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
