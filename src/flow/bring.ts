/** Brings what is absent here from wherever it is found: what `get` and `adopt` have in common. */

import type { Problem } from '../model/problem.ts';
import type { Applied } from '../sync/apply.ts';
import type { Plan } from '../sync/plan.ts';
import { arrivalOf, NOTHING_COMES, type Wanting } from './arrival.ts';
import { planArrival, type Elsewhere, type PlannedArrival } from './arrive.ts';
import type { CommitOptions, CommitResult } from './commit.ts';
import { exclusively } from './exclusively.ts';
import { forgetFetched } from './fetch-contents.ts';
import { goOn } from './go-on.ts';
import type { Look } from './look.ts';
import { movesOfCommit } from './moves-between.ts';
import { recordAndLook } from './record-and-look.ts';
import type { Repository } from './repository.ts';

export interface BringOptions extends Omit<CommitOptions, 'report'> {
  /** Told of each change that the commit at the beginning records. */
  readonly reportOwn: CommitOptions['report'];
}

export interface Got {
  readonly own: CommitResult;
  readonly plan: Plan;
  readonly applied: Applied | undefined;
  readonly problems: readonly Problem[];
}

/** What is to come, and from where. */
export interface Supply {
  readonly wanting: Wanting;
  readonly elsewhere: Elsewhere;
  /** Brings contents to this machine that are on another one; says what did not come. Not asked on a dry run. */
  readonly fetch?: (planned: PlannedArrival) => Promise<readonly Problem[]>;
  /** What finding them meets; it may grow until all is planned. */
  readonly problems?: readonly Problem[];
}

/** Begins as `commit` does, so that nothing comes into the place of what a person just made. */
export async function bring(
  repository: Repository,
  command: string,
  options: BringOptions,
  supplyFor: (seen: Look) => Promise<Supply>,
): Promise<Got> {
  return exclusively(repository, command, async (alone) => {
    const recording = { ...options, report: options.reportOwn };
    const { own, seen } = await recordAndLook(repository, alone, recording);
    const { wanting, elsewhere, fetch, problems: met = [] } = await supplyFor(seen);
    const planned = planArrival(seen, arrivalOf(seen, NOTHING_COMES, wanting));
    const { plan } = planned;
    const problems = [...met, ...plan.problems];
    if (options.dryRun) return { own, plan, applied: undefined, problems };
    problems.push(...((await fetch?.(planned)) ?? []));
    const moves = movesOfCommit([], []);
    const way = { command, to: seen.head, texts: [], moves, report: () => undefined };
    const done = await goOn(seen, way, planned, elsewhere);
    if (fetch !== undefined) forgetFetched(repository);
    return { own, plan, applied: done.applied, problems: [...problems, ...done.problems] };
  });
}
