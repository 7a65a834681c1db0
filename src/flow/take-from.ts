/** Brings the history of another repository here, and what it has heard of further ones. No file of a person's moves. */

import type { CommitId } from '../model/id.ts';
import { refuse, type Problem } from '../model/problem.ts';
import { takeCommits } from '../store/incoming.ts';
import type { Transport } from '../sync/transport.ts';
import { hearOfOthers } from './hear-of-others.ts';
import type { Repository } from './repository.ts';

export interface Taken {
  /** The newest commit there. */
  readonly theirs: CommitId;
  /** How many were not here. */
  readonly taken: number;
  readonly problems: readonly Problem[];
}

/** The lock is held. Refuses ('failed') a repository that has no commit. */
export async function takeFrom(repository: Repository, transport: Transport): Promise<Taken> {
  const { head, name } = await transport.facts();
  if (head === undefined) {
    refuse('failed', 'flow/nothing-there', `'${name}' has no commit yet`, { hint: 'run there: dbk commit' });
  }
  const { interrupted, progress } = repository.context;
  const { taken } = await takeCommits(repository.commits, transport, head, { interrupted, progress });
  const problems = await hearOfOthers(repository, transport);
  return { theirs: head, taken: taken.length, problems };
}
