/** `dbk diff`: what is different between two states. */

import { diff } from '../../flow/diff.ts';
import { FILES_FROM } from '../command.ts';
import { EXIT, type ExitCode } from '../exit.ts';
import { exitAfter, type Work } from '../work.ts';
import { commitsAndPaths } from './commits-and-paths.ts';
import { showDifference } from './difference.ts';
import type { Entry } from './entry.ts';

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
  const request = await commitsAndPaths(work, repository, { command: 'diff', most: 2 });
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
