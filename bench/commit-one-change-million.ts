/** `commit` after one file of a million changed, against the `status` that finds the same change. */

import { appendFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Benchmark, Contest } from './tools/benchmark.ts';
import { dbkCommand, expectClean, makeRepository } from './tools/dbk.ts';
import { sync } from './tools/peers.ts';
import { makeSmallFiles, pathOf } from './tools/tree.ts';

function prepare(folder: string, files: number): Contest {
  const tree = join(folder, 'tree');
  mkdirSync(tree);
  makeSmallFiles(tree, files, true);
  makeRepository(tree);
  const change = (): void => {
    appendFileSync(join(tree, pathOf(Math.floor(files / 2))), 'one more line\n');
    sync();
  };
  return {
    peer: { label: 'dbk status', command: dbkCommand(tree, 'status'), before: change },
    dbk: { label: 'dbk commit', command: dbkCommand(tree, 'commit', '-q', '-m', 'one'), before: change },
    check: () => expectClean(tree, files),
  };
}

export const commitOneChangeMillion: Benchmark = {
  name: 'commit-one-change-million',
  work: '`commit` after one change in 1,000,000 files, against `status` of the same change',
  files: 1_000_000,
  gigabytes: 8,
  ratio: 1.3,
  needs: {},
  prepare,
};
