/** `dbk diff`: what is different between two states. */

import { diff } from '../../flow/diff.ts';
import { namedCommit } from '../../flow/named-commit.ts';
import type { Repository } from '../../flow/repository.ts';
import type { CommitId } from '../../model/id.ts';
import type { RepositoryPath } from '../../model/path.ts';
import { Refusal } from '../../model/problem.ts';
import { FILES_FROM } from '../command.ts';
import { EXIT, type ExitCode } from '../exit.ts';
import { exitAfter, type Work } from '../work.ts';
import { showDifference } from './difference.ts';
import type { Entry } from './entry.ts';
import { pathsOf, standing } from './paths.ts';
import * as problems from './problems.ts';

export const DIFF: Entry = {
  name: 'diff',
  group: 'daily',
  summary: 'Show what is different between commits, or between a commit and the disk',
  description: [
    `Without commits: between the newest one and the files as they are now. With A: between A and the files as they are. With A and B: between these two, however far apart. With paths: only what is at or below them.`,
    `First what changed in words, then as a unified diff of the index. Commits are written as 'dbk help show' says; where a word could also be a path, '--' stands between them.`,
  ],
  usage: '[A [B]] [PATH…]',
  arguments: [{ name: 'PATH', optional: true, many: true }],
  options: [
    { name: 'exit-code', type: 'flag', summary: 'exit with 1 if there are differences' },
    { name: 'summary', type: 'flag', summary: 'show no unified diff' },
    ...FILES_FROM,
  ],
  examples: [
    { line: 'dbk diff', says: 'What a commit would record' },
    { line: 'dbk diff HEAD~2 HEAD', says: 'What the last two commits changed' },
    {
      line: 'dbk diff --summary HEAD^ -- Music',
      says: 'What changed in one folder since the last commit but one',
    },
  ],
  also: ['compare', 'delta'],
  run,
};

async function run(work: Work): Promise<ExitCode> {
  const repository = await work.open();
  const request = await requestOf(work, repository);
  const difference = await work.uncut(() => diff(repository, request));
  let changes = 0;
  await work.paged(async (output) => {
    const parts = { summary: true, patch: !work.given.flag('summary') };
    const counts = await showDifference(work, output, difference, parts);
    changes = counts.changes;
    if (!work.isJson) return;
    work.report(difference.problems);
    work.summary({ ...counts.json, from: request.from ?? repository.commits.readHead(), to: request.to });
  });
  if (!work.isJson) work.report(difference.problems);
  if (changes === 0 && !work.isJson) work.note('no differences');
  const code = exitAfter(difference.problems);
  return code === EXIT.done && changes > 0 && work.given.flag('exit-code') ? EXIT.no : code;
}

interface Request {
  readonly from?: CommitId;
  readonly to?: CommitId;
  readonly paths: readonly RepositoryPath[];
}

async function requestOf(work: Work, repository: Repository): Promise<Request> {
  const { operands, beforeDashes } = work.given;
  const words = operands.slice(0, beforeDashes ?? operands.length);
  const isCommit = (word: string): boolean => {
    if (beforeDashes !== undefined) return true;
    if (!LIKE_A_COMMIT.test(word)) return false;
    if (standing(repository, work.directory, word)) throw new Refusal('usage', problems.commitOrPath(word));
    return true;
  };
  let count = 0;
  while (count < words.length && isCommit(words[count]!)) count += 1;
  if (count > 2) throw new Refusal('usage', problems.tooManyCommits(words[2]!));
  const [from, to] = words.slice(0, count).map((word) => namedCommit(repository, word));
  const paths = await pathsOf(work, repository, operands.slice(count), { from, to });
  return { paths, ...(from !== undefined && { from }), ...(to !== undefined && { to }) };
}

/** What can be a commit; anything else is a path. */
const LIKE_A_COMMIT = /^(?:HEAD|[0-9a-f]{4,64})(?:\^[0-9]?|~[0-9]{0,9})*$/i;
