/** The first `commit` of big files: eight of 512 MiB. */

import type { Benchmark } from './tools/benchmark.ts';
import { againstB3sum } from './tools/first-commit.ts';
import { makeHugeFiles } from './tools/tree.ts';

export const commitFirstHuge: Benchmark = {
  name: 'commit-first-huge',
  work: 'the first `commit`, 8 files of 512 MiB, against `b3sum` of the same files',
  files: 8,
  gigabytes: 5,
  ratio: 1.2,
  needs: { b3sum: 'b3sum' },
  prepare: againstB3sum((tree, files) => makeHugeFiles(tree, files, 512 * 1024 * 1024)),
};
