/** What a commit says of itself. */

import type { MoveEvidence, Summary } from './change.ts';
import type { CommitId, ContentId } from './id.ts';
import type { Value } from './value.ts';

/** A move that was established when the commit was made; a directory ends in '/'. */
export interface Move {
  readonly from: string;
  readonly to: string;
  readonly by: MoveEvidence;
  /** In a merge commit: against which parent, counted from 1; absent means 1. */
  readonly parent?: number;
  /** Keys that dbk does not know. */
  readonly more?: ReadonlyMap<string, Value>;
}

export interface Commit {
  readonly parents: readonly CommitId[];
  /** The digest of the texts of `index/` after this commit. */
  readonly index: ContentId;
  /** BLAKE3 of `changes.patch`. */
  readonly changes: ContentId;
  readonly author: string;
  readonly repository: string;
  /** Local time with offset, whole seconds: `2026-11-22T19:20:11+01:00`. */
  readonly date: string;
  readonly moved: readonly Move[];
  /** Paths, sorted by bytes; a directory ends in '/'. */
  readonly forgotten: readonly string[];
  readonly summary: Summary;
  readonly message: string;
  readonly more?: ReadonlyMap<string, Value>;
}
