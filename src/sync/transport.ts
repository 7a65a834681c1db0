/** Another repository, as it is seen from here: what every way of getting at one can do. */

import type { CommitId, ContentId } from '../model/id.ts';
import type { RepositoryPath } from '../model/path.ts';
import type { Problem } from '../model/problem.ts';
import type { Source, WantedFile } from './stage.ts';

/** What a repository says of itself. */
export interface RemoteFacts {
  readonly id: string;
  readonly name: string;
  /** undefined before the first commit. */
  readonly head: CommitId | undefined;
}

/** A content that is wanted, and where it is recorded there. */
export interface Prepared {
  readonly path: RepositoryPath;
  readonly blake3: ContentId;
  readonly size: number;
}

export interface PrepareProgress {
  readonly files: number;
  readonly bytes: number;
  readonly totalFiles: number;
}

/**
 * Nothing that comes from there is trusted: commits are checked before they are taken (../store/incoming.ts), and
 * contents are hashed while they are copied. Whoever opens one closes it.
 */
export interface Transport {
  /** As a person would type it. */
  readonly place: string;
  /** On another machine: its contents have to be prepared. */
  readonly isElsewhere: boolean;
  /** The number of the volume, of those of this machine; undefined on another one, or where it cannot be looked at. */
  volume(): bigint | undefined;
  facts(): Promise<RemoteFacts>;
  /** The bytes of `commit.yaml`; undefined where that commit is not there. Refuses more than `limit` bytes. */
  readCommit(id: CommitId, limit: number): Promise<Uint8Array | undefined>;
  /** The bytes of its patch; each chunk may be overwritten by the next one. */
  readPatch(id: CommitId): AsyncIterable<Uint8Array>;
  /** The texts of `repositories/`, by the names of the repositories; '' is one that is no text, or longer than `limit` bytes. */
  records(limit: number): Promise<ReadonlyMap<string, string>>;
  /**
   * Brings contents that are on another machine to a folder on this one, so that `localSources` has them; where they
   * are on this one already, nothing is done. Says which did not come as they are recorded. `hear` is told of each
   * before it comes, and may throw.
   */
  prepare(
    wanted: Iterable<Prepared>,
    folder: string,
    hear: (next: Prepared, progress: PrepareProgress) => void,
  ): Promise<readonly Problem[]>;
  /** Files on this machine that may hold a content that is recorded there at a path, the likeliest first. */
  localSources(path: RepositoryPath, wanted: WantedFile): Iterable<Source>;
  /**
   * Which of these contents stand there at this moment, at their paths or where else they are recorded there: each is
   * read from one end to the other. What only the guard has does not count. `hear` is as for `prepare`.
   */
  witness(
    wanted: Iterable<Prepared>,
    hear: (next: Prepared, progress: PrepareProgress) => void,
  ): Promise<ReadonlySet<ContentId>>;
  close(): Promise<void>;
}
