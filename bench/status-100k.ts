/** `status`, a hundred thousand files, nothing changed. */

import type { Benchmark } from './tools/benchmark.ts';
import { statusOnGit } from './tools/status-on-git.ts';

export const status100k: Benchmark = {
  name: 'status-100k',
  work: '`status`, 100,000 files in 1,000 directories, nothing changed, against `git status`',
  files: 100_000,
  gigabytes: 1,
  ratio: 1.2,
  pairs: 11,
  needs: { git: 'git' },
  prepare: (folder, files) => statusOnGit(folder, files),
};
