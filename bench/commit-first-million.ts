/** The first `commit` of a million small files. */

import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Benchmark, Contest } from './tools/benchmark.ts';
import { expectClean } from './tools/dbk.ts';
import { firstCommit } from './tools/first-commit.ts';
import { gitCommand, gitEnvironment, initGit, sync } from './tools/peers.ts';
import { makeSmallFiles } from './tools/tree.ts';

function prepare(folder: string, files: number): Contest {
  const tree = join(folder, 'tree');
  mkdirSync(tree);
  makeSmallFiles(tree, files, true);
  const words = (...command: readonly string[]): string =>
    gitCommand('"$GIT"', '"$TREE"', ...command).join(' ');
  const environment: Record<string, string> = { ...gitEnvironment, TREE: tree };
  let round = 0;
  return {
    peer: {
      label: 'git add && git commit',
      command: ['sh', '-c', `${words('add', '-A')} && ${words('commit', '-q', '-m', 'all')}`],
      environment,
      // A new `.git` for each run; the old ones stay until the end, because deleting slows down who writes next.
      before: () => {
        const gitFolder = join(folder, `git-${round++}`);
        environment['GIT'] = gitFolder;
        initGit(gitFolder, tree);
        sync();
      },
    },
    dbk: firstCommit(tree),
    check: () => expectClean(tree, files),
  };
}

export const commitFirstMillion: Benchmark = {
  name: 'commit-first-million',
  work: 'the first `commit`, 1,000,000 small files in 10,000 directories, against `git add && git commit`',
  files: 1_000_000,
  gigabytes: 36,
  ratio: 0.25,
  megabytes: 700,
  needs: { git: 'git' },
  prepare,
};
