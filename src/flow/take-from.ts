/** Brings the history of another repository here, and what it has heard of further ones. No file of a person's moves. */

import type { CommitId } from '../model/id.ts';
import { refuse, Refusal, type Problem } from '../model/problem.ts';
import { takeCommits } from '../store/incoming.ts';
import type { Transport } from '../sync/transport.ts';
import { readConfig } from './config.ts';
import { hearOfOthers } from './hear-of-others.ts';
import { refuseElsewhere } from './here.ts';
import type { Repository } from './repository.ts';
import * as say from './taking-problems.ts';

export interface Taken {
  /** The newest commit there. */
  readonly theirs: CommitId;
  /** How many were not here. */
  readonly taken: number;
  readonly problems: readonly Problem[];
}

/** The lock is held. Refuses ('failed') a repository that has no commit. */
export async function takeFrom(repository: Repository, transport: Transport): Promise<Taken> {
  refuseElsewhere(repository);
  const { head, name, id } = await transport.facts();
  if (id === (await readConfig(repository)).id) throw new Refusal('safety', say.sameId(transport.place));
  if (head === undefined) {
    refuse('failed', 'flow/nothing-there', `'${name}' has no commit yet`, { hint: 'run there: dbk commit' });
  }
  const { interrupted, progress } = repository.context;
  const { taken } = await takeCommits(repository.commits, transport, head, { interrupted, progress });
  const problems = await hearOfOthers(repository, transport);
  return { theirs: head, taken: taken.length, problems };
}
