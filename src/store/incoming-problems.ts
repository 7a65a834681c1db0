/** The words for commits from elsewhere that cannot be taken. */

import type { CommitId } from '../model/id.ts';
import { Refusal } from '../model/problem.ts';
import { PatchError } from '../text/patch-problems.ts';
import { TextError } from '../text/problems.ts';
import { refusal } from './problems.ts';

const TAKE_ELSEWHERE = 'take it from another copy, and run there: dbk verify';

/** A commit that another repository names and does not have. */
export function notThere(id: CommitId, place: string): Refusal {
  return refusal('damage', 'foreign-missing', `commit ${id} is not in '${place}'`, { hint: TAKE_ELSEWHERE });
}

export function foreignDamaged(id: CommitId, place: string, why: string): Refusal {
  return refusal('damage', 'foreign-damaged', `cannot take commit ${id} from '${place}': ${why}`, {
    hint: TAKE_ELSEWHERE,
  });
}

/** What a reader says of its letter or its patch; other errors are given back. */
export function foreignUnreadable(id: CommitId, place: string, error: unknown): unknown {
  if (!(error instanceof TextError || error instanceof PatchError)) return error;
  const { place: at, reason } = error.problem;
  const file = error instanceof PatchError ? 'changes.patch' : 'commit.yaml';
  return foreignDamaged(id, place, `${file}${at?.line === undefined ? '' : `:${at.line}`}: ${reason}`);
}

/** The same, and what the other repository itself says of a commit that it cannot give. */
export function foreignNotGiven(id: CommitId, place: string, error: unknown): unknown {
  const isSaid = error instanceof Refusal && error.problem.code.startsWith('store/foreign-');
  if (!(error instanceof Refusal) || error.kind !== 'damage' || isSaid)
    return foreignUnreadable(id, place, error);
  return foreignDamaged(id, place, error.problem.reason);
}
