/** Brings what is here to another repository: it takes what we have, as if somebody ran `pull` there. */

import { refuse } from '../model/problem.ts';
import { commit, type CommitOptions, type CommitResult } from './commit.ts';
import { openFolder } from './merge-source.ts';
import { merge, type MergeOptions, type MergeResult } from './merge.ts';
import { addressOf, type Remote } from './remotes.ts';
import { openRepository, type Repository } from './repository.ts';

export interface PushOptions extends Omit<MergeOptions, 'source' | 'command'> {
  readonly remote: Remote;
}

export interface Pushed {
  /** What was recorded here first, so that what the person sees is what goes. */
  readonly own: CommitResult;
  /** What happened there. */
  readonly there: MergeResult;
}

/** What is missing or changed there is recorded there first; nobody there is asked, so no deletion is confirmed. */
export async function push(repository: Repository, options: PushOptions): Promise<Pushed> {
  const { remote, reportOwn, report } = options;
  if (remote.kind !== 'path') {
    refuse('failed', 'flow/cannot-push', `cannot push to '${remote.ssh}' yet`, {
      hint: 'run there: dbk pull',
    });
  }
  const recording: CommitOptions = { ...options, report: reportOwn };
  const own = await commit(repository, recording);
  const other = openRepository(repository.context, addressOf(remote));
  const transport = openFolder(other, repository.root, repository.root);
  const { ask: _ask, ...unasked } = options;
  const there = await merge(other, {
    ...unasked,
    source: { kind: 'repository', transport },
    command: 'pull',
    confirmDeletions: false,
    report,
    reportOwn: () => undefined,
  });
  return { own, there };
}
