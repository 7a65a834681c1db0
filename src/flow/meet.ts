/** Where a commit from elsewhere and what is here meet: what comes here, and the commit that head goes to. */

import type { Moves } from '../diff/move-lookup.ts';
import type { DirectoryChange, TextChange } from '../model/change.ts';
import type { CommitId } from '../model/id.ts';
import { refuse } from '../model/problem.ts';
import { changesBetween } from '../store/texts.ts';
import type { Conflict } from '../text/conflict.ts';
import { directoryChanges, manifestsIn, MirrorReader } from './changes-of-texts.ts';
import { joinHistories, type MergedIndex } from './join-histories.ts';
import type { Look } from './look.ts';
import { movesBetween, movesOfCommit } from './moves-between.ts';
import { handOf, viewOfIndex } from './texts-view.ts';
import { writeMerge } from './write-merge.ts';

export interface Meeting {
  /** Nothing comes; head goes on to their commit; or the two are merged. */
  readonly kind: 'same' | 'forward' | 'merged';
  /** What is different from the head that was looked at. */
  readonly texts: readonly TextChange[];
  readonly changes: readonly DirectoryChange[];
  readonly moves: Moves;
  /** Those that nobody has been told of. */
  readonly conflicts: readonly Conflict[];
  /** The commit that head goes to, written where it was not there. */
  readonly make: () => CommitId;
}

/** Refuses ('safety') histories that have nothing in common, unless a person says that they may. */
export function meet(seen: Look, theirs: CommitId, unrelated: boolean): Meeting {
  const { repository, head } = seen;
  if (head === undefined) return goingTo(seen, theirs);
  const joined = joinHistories(repository.commits, head, theirs, {
    unrelated,
    view: viewOfIndex(seen.texts),
  });
  switch (joined.kind) {
    case 'same':
      return {
        kind: 'same',
        texts: [],
        changes: [],
        moves: movesOfCommit([], []),
        conflicts: [],
        make: () => head,
      };
    case 'forward':
      return goingTo(seen, theirs);
    case 'merged':
      return merging(seen, joined.merged);
    case 'unrelated':
      return refuse('safety', 'flow/unrelated', `the two have no commit in common`, {
        hint: 'if they hold the same things all the same, add --unrelated',
      });
  }
}

function goingTo({ repository: { commits }, head, texts: index }: Look, theirs: CommitId): Meeting {
  const texts = [...changesBetween(commits, head, theirs, handOf(head, index))];
  const changes = directoryChanges(texts, new MirrorReader(manifestsIn(commits, [head, theirs])));
  const moves = movesBetween(commits, head, theirs, changes);
  return { kind: 'forward', texts, changes, moves, conflicts: [], make: () => theirs };
}

function merging({ repository: { commits }, texts: index }: Look, merged: MergedIndex): Meeting {
  const { texts, directories, moves, conflicts } = merged;
  const make = (): CommitId => writeMerge(commits, merged, index.recorded());
  return { kind: 'merged', texts, changes: directories, moves, conflicts, make };
}
