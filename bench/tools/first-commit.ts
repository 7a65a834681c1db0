/** The first `commit` of a folder: index and history are written to a `.dbk` that `init` has just made. */

import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Benchmark, Contest, Side } from './benchmark.ts';
import { dbkCommand, expectClean, freshRepository } from './dbk.ts';
import { b3sumOf } from './peers.ts';

/** `commit` alone is timed; before each run `.dbk` is taken away, `init` makes it anew, and the disk is idle. */
export function firstCommit(tree: string): Side {
  return {
    label: 'dbk commit',
    command: dbkCommand(tree, 'commit', '-q', '-m', 'all'),
    before: () => freshRepository(tree),
  };
}

/** Against `b3sum` of the same files, from a warm cache. */
export function againstB3sum(make: (tree: string, files: number) => void): Benchmark['prepare'] {
  return (folder, files): Contest => {
    const tree = join(folder, 'tree');
    mkdirSync(tree);
    make(tree, files);
    return {
      peer: b3sumOf(tree, join(folder, 'list')),
      dbk: firstCommit(tree),
      check: () => expectClean(tree, files),
    };
  };
}
