/** Brings what is here to another repository: it takes what we have, as if somebody ran `pull` there. */

import { commit, type CommitOptions, type CommitResult } from './commit.ts';
import { refuseElsewhere } from './here.ts';
import { openFolder } from './merge-source.ts';
import { merge, type MergeOptions } from './merge.ts';
import { pushFar } from './push-far.ts';
import { addressOf, type Remote } from './remotes.ts';
import { openRepository, type Repository } from './repository.ts';
import { toldOf, type ToldMerge } from './told-merge.ts';

export interface PushOptions extends Omit<MergeOptions, 'source' | 'command'> {
  readonly remote: Remote;
}

export interface Pushed {
  /** What was recorded here first, so that what the person sees is what goes. */
  readonly own: CommitResult;
  /** What happened there. */
  readonly there: ToldMerge;
}

/** What is missing or changed there is recorded there first; nobody there is asked, so no deletion is confirmed. */
export async function push(repository: Repository, options: PushOptions): Promise<Pushed> {
  const { remote, reportOwn } = options;
  refuseElsewhere(repository);
  const recording: CommitOptions = { ...options, report: reportOwn };
  const own = await commit(repository, recording);
  const there =
    remote.kind === 'ssh'
      ? await pushFar(repository, remote, options)
      : await pushInto(repository, addressOf(remote), options);
  return { own, there };
}

/** Another folder of this machine: what it takes is done here. */
async function pushInto(repository: Repository, folder: string, options: PushOptions): Promise<ToldMerge> {
  const other = openRepository(repository.context, folder);
  const transport = openFolder(other, repository.root, repository.root);
  const { ask: _ask, ...unasked } = options;
  const made = await merge(other, {
    ...unasked,
    source: { kind: 'repository', transport },
    command: 'pull',
    confirmDeletions: false,
    reportOwn: () => undefined,
  });
  return toldOf(made);
}
