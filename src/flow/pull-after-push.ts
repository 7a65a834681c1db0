/** The second half of `sync`: what is there comes here, or is known to be here without a second look at every file. */

import type { Transport } from '../sync/transport.ts';
import { readRepositoryFile } from '../store/repository-file.ts';
import { readConfig } from './config.ts';
import { fetch } from './fetch.ts';
import { NOTHING_ELSE } from './held-after.ts';
import { merge, type MergeOptions, type MergeResult } from './merge.ts';
import type { Pushed } from './push.ts';
import type { Repository } from './repository.ts';

/** `merge`, but where the push found both at one commit and nothing lacking here: then only the history is asked for. */
export async function pullAfterPush(
  repository: Repository,
  pushed: Pushed,
  transport: Transport,
  options: Omit<MergeOptions, 'source' | 'command'>,
): Promise<MergeResult> {
  if (!options.dryRun && (await hasAll(repository, pushed))) {
    const { theirs, taken, problems } = await fetch(repository, transport);
    const head = repository.commits.readHead();
    const met = { own: pushed.own, taken, how: 'same', head, conflicts: [], left: NOTHING_ELSE } as const;
    if (theirs === head) return { ...met, plan: undefined, applied: undefined, problems };
  }
  return merge(repository, { ...options, source: { kind: 'repository', transport }, command: 'pull' });
}

/** The push has looked at every file here: nothing was missing, and nothing is told to be otherwise than head says. */
async function hasAll(repository: Repository, { own, there }: Pushed): Promise<boolean> {
  const { context, layout, commits } = repository;
  const head = commits.readHead();
  if (there.how !== 'same' || there.head !== head || own.unconfirmed > 0) return false;
  const { name } = await readConfig(repository);
  const told = readRepositoryFile(context.disk, layout, name);
  if (told === undefined || told.holds !== head || told.head !== head) return false;
  return [told.absent, told.missing, told.older, told.as].every((list) => list.length === 0);
}
