/** The remotes of a command that takes whichever is at hand: the one of `--from`, or all that answer. */

import { addressOf, openRemote, readRemotes, type Opened } from '../../flow/remotes.ts';
import type { Repository } from '../../flow/repository.ts';
import { Refusal, type Problem } from '../../model/problem.ts';
import type { Work } from '../work.ts';

export interface AllOpened {
  readonly opened: readonly Opened[];
  /** Why others are not. */
  readonly unreachable: readonly Problem[];
}

/** Of several remotes those that answer; the one that a person named has to. */
export async function openRemotes(work: Work, repository: Repository): Promise<AllOpened> {
  const one = work.given.text('from');
  const { remotes } = await readRemotes(repository);
  if (one !== undefined || remotes.length === 0)
    return { opened: [await openRemote(repository, work.directory, one)], unreachable: [] };
  const opened: Opened[] = [];
  const unreachable: Problem[] = [];
  for (const remote of remotes) {
    const found = await openRemote(repository, work.directory, remote.name).catch((error: unknown) => {
      if (!(error instanceof Refusal)) throw error;
      unreachable.push({ ...error.problem, severity: 'warning', place: { path: addressOf(remote) } });
    });
    if (found !== undefined) opened.push(found);
  }
  return { opened, unreachable };
}
