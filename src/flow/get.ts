/** Brings named paths here that are absent, from any repository that is at hand and has them. */

import { childOf, isWithin, type RepositoryPath } from '../model/path.ts';
import type { Problem } from '../model/problem.ts';
import type { Plan } from '../sync/plan.ts';
import type { Applied } from '../sync/apply.ts';
import type { Transport } from '../sync/transport.ts';
import { arrivalOf, NOTHING_COMES, type Wanting } from './arrival.ts';
import { planArrival, type Elsewhere } from './arrive.ts';
import { commitAlone, type CommitOptions, type CommitResult } from './commit.ts';
import { exclusively } from './exclusively.ts';
import { refuseElsewhere } from './here.ts';
import { fetchContents, forgetFetched } from './fetch-contents.ts';
import { goOn } from './go-on.ts';
import { look } from './look.ts';
import { movesOfCommit } from './moves-between.ts';
import type { Repository } from './repository.ts';

export interface GetOptions extends Omit<CommitOptions, 'report'> {
  readonly paths: readonly RepositoryPath[];
  /** Where the contents may be, the likeliest first. */
  readonly from: readonly Transport[];
  /** Told of each change that the commit at the beginning records. */
  readonly reportOwn: CommitOptions['report'];
}

export interface Got {
  readonly own: CommitResult;
  readonly plan: Plan;
  readonly applied: Applied | undefined;
  readonly problems: readonly Problem[];
}

/** Begins as `commit` does, so that nothing comes into the place of what a person just made. Rules stay as they are. */
export async function get(repository: Repository, options: GetOptions): Promise<Got> {
  const { paths, from, dryRun, reportOwn } = options;
  return exclusively(repository, 'get', async (alone) => {
    refuseElsewhere(repository);
    const recording = { ...options, report: reportOwn };
    const { result: own, seen: stands } = await commitAlone(repository, alone, recording);
    const eyes = { ...alone.eyes, request: alone.eyes.again() };
    const seen = stands ?? (await look(repository, eyes, { hashNew: false, checkEverything: false }));
    const planned = planArrival(seen, arrivalOf(seen, NOTHING_COMES, named(paths)));
    const { plan } = planned;
    if (dryRun) return { own, plan, applied: undefined, problems: plan.problems };
    const problems = [...plan.problems];
    for (const transport of from) problems.push(...(await fetchContents(repository, transport, planned)));
    const elsewhere: Elsewhere = function* (path, wanted) {
      for (const transport of from) yield* transport.localSources(path, wanted);
    };
    const moves = movesOfCommit([], []);
    const way = { command: 'get', to: seen.head, texts: [], moves, report: () => undefined };
    const done = await goOn(seen, way, planned, elsewhere);
    forgetFetched(repository);
    return { own, plan, applied: done.applied, problems: [...problems, ...done.problems] };
  });
}

/** These paths with all below them, and nothing else. */
function named(paths: readonly RepositoryPath[]): Wanting {
  const takes = (path: RepositoryPath): boolean => paths.some((each) => isWithin(path, each));
  return {
    share: (folder) => {
      if (takes(folder)) return 'all';
      return paths.some((each) => isWithin(each, folder)) ? 'some' : 'none';
    },
    takes: (directory, name) => takes(childOf(directory, name)),
  };
}
