/** `sync` of two repositories that are equal, against a `status` in each: it has to look at all files of both, and once. */

import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Benchmark, Contest, Side } from './tools/benchmark.ts';
import { dbkCommand, expectClean, makeRepository } from './tools/dbk.ts';
import { run, sync } from './tools/peers.ts';
import { makeSmallFiles } from './tools/tree.ts';

function prepare(folder: string, files: number): Contest {
  const [tree, copy] = [join(folder, 'tree'), join(folder, 'copy')] as const;
  mkdirSync(tree);
  makeSmallFiles(tree, files, true);
  makeRepository(tree);
  run(dbkCommand(tree, 'clone', '-q', tree, copy));
  // What was written a moment ago is read once more, and then no more.
  run(dbkCommand(tree, 'sync', copy));
  sync();
  const both = [dbkCommand(tree, 'status'), dbkCommand(copy, 'status')];
  const command: Side['command'] = [
    'sh',
    '-c',
    '"$1" "$2" "$3" "$4" "$5" && "$6" "$7" "$8" "$9" "${10}"',
    'sh',
    ...both.flat(),
  ];
  return {
    peer: { label: 'two dbk status', command },
    dbk: { label: 'dbk sync', command: dbkCommand(tree, 'sync', copy) },
    check: () => {
      expectClean(tree, files);
      expectClean(copy, files);
    },
  };
}

export const syncNothingMillion: Benchmark = {
  name: 'sync-nothing-million',
  work: '`sync` with nothing to do on 1,000,000 files each side, against a `status` in each',
  files: 1_000_000,
  gigabytes: 16,
  ratio: 1.2,
  needs: {},
  prepare,
};
