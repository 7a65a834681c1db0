/** Another repository, as it is seen from here: what every way of getting at one can do. */

import type { CommitId } from '../model/id.ts';
import type { RepositoryPath } from '../model/path.ts';
import type { Source, WantedFile } from './stage.ts';

/** What a repository says of itself. */
export interface RemoteFacts {
  readonly id: string;
  readonly name: string;
  /** undefined before the first commit. */
  readonly head: CommitId | undefined;
}

/**
 * Nothing that comes from there is trusted: commits are checked before they are taken (../store/incoming.ts), and
 * contents are hashed while they are copied. Whoever opens one closes it.
 */
export interface Transport {
  /** As a person would type it. */
  readonly place: string;
  facts(): Promise<RemoteFacts>;
  /** The bytes of `commit.yaml`; undefined where that commit is not there. Refuses more than `limit` bytes. */
  readCommit(id: CommitId, limit: number): Promise<Uint8Array | undefined>;
  /** The bytes of its patch; each chunk may be overwritten by the next one. */
  readPatch(id: CommitId): AsyncIterable<Uint8Array>;
  /** The texts of `repositories/`, by the names of the repositories; longer ones than `limit` bytes are left out. */
  records(limit: number): Promise<ReadonlyMap<string, string>>;
  /** Files on this machine that may hold a content that is recorded there at a path, the likeliest first. */
  localSources(path: RepositoryPath, wanted: WantedFile): Iterable<Source>;
  close(): Promise<void>;
}
