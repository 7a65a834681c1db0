/** Arguments that are commits first and paths then: `[A [B]] [PATH…]`. */

import { namedCommit } from '../../flow/named-commit.ts';
import type { Repository } from '../../flow/repository.ts';
import type { CommitId } from '../../model/id.ts';
import type { RepositoryPath } from '../../model/path.ts';
import { Refusal } from '../../model/problem.ts';
import type { Work } from '../work.ts';
import { pathsOf, standing } from './paths.ts';
import * as problems from './problems.ts';

export interface CommitsAndPaths {
  readonly from?: CommitId;
  readonly to?: CommitId;
  readonly paths: readonly RepositoryPath[];
}

/** What can be a commit; anything else is a path. */
const LIKE_A_COMMIT = /^(?:HEAD|[0-9a-f]{4,64})(?:\^[0-9]?|~[0-9]{0,9})*$/i;

/** Refuses ('usage') what could be either, and commits beyond `most`; `skip` arguments are something else. */
export async function commitsAndPaths(
  work: Work,
  repository: Repository,
  { command, most, skip = 0 }: { readonly command: string; readonly most: 1 | 2; readonly skip?: number },
): Promise<CommitsAndPaths> {
  const { given } = work;
  const operands = given.operands.slice(skip);
  const beforeDashes = given.beforeDashes === undefined ? undefined : Math.max(0, given.beforeDashes - skip);
  const words = operands.slice(0, beforeDashes ?? operands.length);
  const isCommit = (word: string): boolean => {
    if (beforeDashes !== undefined) return true;
    if (!LIKE_A_COMMIT.test(word)) return false;
    if (standing(repository, work.directory, word)) throw new Refusal('usage', problems.commitOrPath(word));
    return true;
  };
  let count = 0;
  while (count < words.length && isCommit(words[count]!)) count += 1;
  if (count > most) throw new Refusal('usage', problems.tooManyCommits(command, words[most]!, most));
  const [from, to] = words.slice(0, count).map((word) => namedCommit(repository, word));
  const paths = await pathsOf(work, repository, operands.slice(count), { from, to });
  return { paths, ...(from !== undefined && { from }), ...(to !== undefined && { to }) };
}
