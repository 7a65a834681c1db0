/** `status` with nothing changed, and `git status` on the same files. */

import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Contest } from './benchmark.ts';
import { dbkCommand, expectClean, makeRepository } from './dbk.ts';
import { gitCommand, gitEnvironment, makeGitRepository } from './peers.ts';
import { makeSmallFiles } from './tree.ts';

export function statusOnGit(folder: string, files: number, perDirectory?: number): Contest {
  const tree = join(folder, 'tree');
  const gitFolder = join(folder, 'git');
  mkdirSync(tree);
  makeSmallFiles(tree, files, false, perDirectory);
  makeGitRepository(gitFolder, tree);
  makeRepository(tree);
  expectClean(tree, files);
  return {
    peer: {
      label: 'git status',
      command: gitCommand(gitFolder, tree, 'status'),
      environment: gitEnvironment,
    },
    dbk: { label: 'dbk status', command: dbkCommand(tree, 'status') },
    check: () => expectClean(tree, files),
  };
}
