/** The words for commits from elsewhere that cannot be taken. */

import type { CommitId } from '../model/id.ts';
import type { Refusal } from '../model/problem.ts';
import { refusal, unreadable } from './problems.ts';

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

/** A letter that cannot be read; what is no problem of the text is given back. */
export function foreignUnreadable(id: CommitId, place: string, error: unknown): unknown {
  return unreadable('foreign-unreadable', `commit ${id}`, place, error, TAKE_ELSEWHERE);
}

/** A patch that begins with another state than its parent has. */
export function foreignContradicts(id: CommitId, text: string): Refusal {
  return refusal(
    'damage',
    'foreign-contradicts',
    `commit ${id} changes '${text}' from a state it is not in`,
    {
      hint: TAKE_ELSEWHERE,
    },
  );
}
