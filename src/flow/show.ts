/** One commit: what it says of itself, what it changed, and its patch. */

import type { Change } from '../model/change.ts';
import type { Commit } from '../model/commit.ts';
import type { CommitId } from '../model/id.ts';
import { changesBetween } from '../store/texts.ts';
import { changesOfTexts, MirrorReader } from './changes-of-texts.ts';
import type { Repository } from './repository.ts';

export interface Shown {
  readonly id: CommitId;
  readonly commit: Commit;
  changes(): Iterable<Change>;
  /** The patch as it is stored; each chunk is overwritten by the next. */
  patch(): Iterable<Uint8Array>;
}

export function show({ commits }: Repository, id: CommitId): Shown {
  const commit = commits.readCommit(id);
  return {
    id,
    commit,
    changes: () => changesOfTexts(changesBetween(commits, commit.parents[0], id), new MirrorReader()),
    patch: () => commits.patchChunks(id),
  };
}
