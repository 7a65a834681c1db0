/** Brings what another repository has recorded here, and merges nothing. */

import type { Transport } from '../sync/transport.ts';
import { exclusively } from './exclusively.ts';
import { commonOf, pointOf } from './join-points.ts';
import type { Repository } from './repository.ts';
import { takeFrom, type Taken } from './take-from.ts';

export interface Fetched extends Taken {
  /** How head is to their newest commit: `same` has all of it, `behind` is in its history, `apart` is neither. */
  readonly ours: 'same' | 'behind' | 'apart';
}

export async function fetch(repository: Repository, transport: Transport): Promise<Fetched> {
  return exclusively(repository, 'fetch', async ({ problems: met }) => {
    const taken = await takeFrom(repository, transport);
    return { ...taken, ours: oursTo(repository, taken), problems: [...met, ...taken.problems] };
  });
}

function oursTo({ commits }: Repository, { theirs }: Taken): Fetched['ours'] {
  const head = commits.readHead();
  if (head === undefined) return 'behind';
  const common = commonOf(commits, pointOf(commits, head), pointOf(commits, theirs));
  if (common.includes(theirs)) return 'same';
  return common.includes(head) ? 'behind' : 'apart';
}
