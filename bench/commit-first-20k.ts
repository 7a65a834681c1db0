/** The first `commit` of what a photo folder looks like to a disk: 20,000 files, 2 GB. */

import type { Benchmark } from './tools/benchmark.ts';
import { againstB3sum } from './tools/first-commit.ts';
import { makeMediumFiles } from './tools/tree.ts';

export const commitFirst20k: Benchmark = {
  name: 'commit-first-20k',
  work: 'the first `commit`, 20,000 files of 20 to 400 kB, 2 GB, against `b3sum` of the same files',
  files: 20_000,
  gigabytes: 3,
  ratio: 1.5,
  megabytes: 250,
  needs: { b3sum: 'b3sum' },
  prepare: againstB3sum(makeMediumFiles),
};
