/** What there is to say of a merge, wherever it happened: without what only its own machine can use. */

import type { CommitId } from '../model/id.ts';
import type { Problem } from '../model/problem.ts';
import { keptBy, type Needs } from '../sync/plan.ts';
import type { Conflict } from '../text/conflict.ts';
import type { CommitResult } from './commit.ts';
import type { Meeting } from './meet.ts';
import type { MergeResult } from './merge.ts';

export interface ToldMerge {
  readonly own: Pick<CommitResult, 'commit' | 'summary' | 'unconfirmed'>;
  readonly taken: number;
  readonly how: Meeting['kind'];
  readonly head: CommitId | undefined;
  readonly conflicts: readonly Conflict[];
  /** undefined where nothing was planned. */
  readonly needs: Needs | undefined;
  /** How many things were to be done to files and folders. */
  readonly planned: number;
  /** How many were done; undefined where nothing was tried. */
  readonly done: number | undefined;
  /** Files that stood there and went, or would go, into the guard. */
  readonly kept: number;
  /** Paths of which nothing is there yet, and those where an older version is. */
  readonly absent: number;
  readonly older: number;
  /** What undoes it. */
  readonly operation: string | undefined;
  readonly problems: readonly Problem[];
}

export function toldOf(made: MergeResult): ToldMerge {
  const { own, taken, how, head, conflicts, plan, applied, left, problems } = made;
  const { commit, summary, unconfirmed } = own;
  return {
    own: { commit, summary, unconfirmed },
    taken,
    how,
    head,
    conflicts,
    needs: plan?.needs,
    planned: plan?.actions.length ?? 0,
    done: applied?.done.length,
    kept: keptBy(applied?.done ?? plan?.actions ?? []),
    absent: left.absent.length,
    older: left.older.length,
    operation: applied?.operation,
    problems,
  };
}
