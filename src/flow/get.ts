/** Brings named paths here that are absent, from any repository that is at hand and has them. */

import { childOf, isWithin, type RepositoryPath } from '../model/path.ts';
import type { Problem } from '../model/problem.ts';
import type { Transport } from '../sync/transport.ts';
import type { Wanting } from './arrival.ts';
import type { Elsewhere, PlannedArrival } from './arrive.ts';
import { bring, type BringOptions, type Got } from './bring.ts';
import { fetchContents } from './fetch-contents.ts';
import { refuseElsewhere } from './here.ts';
import type { Repository } from './repository.ts';

export type { Got } from './bring.ts';

export interface GetOptions extends BringOptions {
  readonly paths: readonly RepositoryPath[];
  /** Where the contents may be, the likeliest first. */
  readonly from: readonly Transport[];
}

/** Begins as `commit` does. Rules stay as they are. */
export async function get(repository: Repository, options: GetOptions): Promise<Got> {
  const { paths, from } = options;
  refuseElsewhere(repository);
  const elsewhere: Elsewhere = function* (path, wanted) {
    for (const transport of from) yield* transport.localSources(path, wanted);
  };
  const fetch = async (planned: PlannedArrival): Promise<readonly Problem[]> => {
    const problems: Problem[] = [];
    for (const transport of from) problems.push(...(await fetchContents(repository, transport, planned)));
    return problems;
  };
  const wanting = named(paths);
  return bring(repository, 'get', options, async () => ({ wanting, elsewhere, fetch }));
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
