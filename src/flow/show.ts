/** One commit: what it says of itself, what it changed, and its patch. */

import type { Change, TextChange } from '../model/change.ts';
import type { Commit } from '../model/commit.ts';
import type { CommitId } from '../model/id.ts';
import { changesBetween } from '../store/texts.ts';
import { changesOfTexts, directoriesOfTexts, manifestsIn, MirrorReader } from './changes-of-texts.ts';
import { movesOfCommit } from './moves-between.ts';
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
  const before = commit.parents[0];
  const reader = (): MirrorReader => new MirrorReader(manifestsIn(commits, [id, before]));
  return {
    id,
    commit,
    changes: () => {
      const texts = (): Iterable<TextChange> => changesBetween(commits, before, id);
      if (commit.moved.length === 0) return changesOfTexts(texts(), reader());
      const moves = movesOfCommit(commit.moved, directoriesOfTexts(texts(), reader()));
      return changesOfTexts(texts(), reader(), [], moves);
    },
    patch: () => commits.patchChunks(id),
  };
}
