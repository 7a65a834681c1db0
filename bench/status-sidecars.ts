/** `status`, a million files and something written about each, nothing changed. */

import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { Benchmark, Contest } from './tools/benchmark.ts';
import { dbkCommand, expectClean } from './tools/dbk.ts';
import { gitCommand, gitEnvironment, makeGitRepository, run } from './tools/peers.ts';
import { makeSmallFiles, pathOf } from './tools/tree.ts';

/** git knows the files alone: it has nothing to say about them. */
function prepare(folder: string, files: number): Contest {
  const tree = join(folder, 'tree');
  const gitFolder = join(folder, 'git');
  mkdirSync(tree);
  makeSmallFiles(tree, files, false);
  makeGitRepository(gitFolder, tree);
  run(dbkCommand(tree, 'init'));
  makeSidecars(tree, files);
  run(dbkCommand(tree, 'commit', '-q', '-m', 'all'));
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

/** What a person might write about each file, as their own editor would put it there. */
function makeSidecars(tree: string, count: number): void {
  const index = join(tree, '.dbk', 'index', 'tree');
  for (let at = 0; at < count; at++) {
    const path = join(index, pathOf(at));
    const folder = dirname(path);
    if (at % 100 === 0) mkdirSync(folder, { recursive: true });
    const file = openSync(join(folder, `$${basename(path)}.metadata`), 'wx');
    writeSync(file, `---\nrating: ${1 + (at % 5)}\ntags: [sea, night]\n---\n\nNumber ${at}.\n`);
    closeSync(file);
  }
}

export const statusSidecars: Benchmark = {
  name: 'status-sidecars',
  work: '`status`, 1,000,000 files with 1,000,000 sidecars, nothing changed, against `git status` of the files',
  files: 1_000_000,
  gigabytes: 12,
  ratio: 1.2,
  needs: { git: 'git' },
  prepare,
};
