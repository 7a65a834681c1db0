/** `status`, a million files, nothing changed. */

import type { Benchmark } from './tools/benchmark.ts';
import { statusOnGit } from './tools/status-on-git.ts';

export const statusMillion: Benchmark = {
  name: 'status-million',
  work: '`status`, 1,000,000 files in 10,000 directories, nothing changed, against `git status`',
  files: 1_000_000,
  gigabytes: 7,
  ratio: 0.6,
  megabytes: 200,
  needs: { git: 'git' },
  prepare: (folder, files) => statusOnGit(folder, files),
};

/** Folders as small as most people's are: who lists every folder pays for each. */
export const statusMillionSmallFolders: Benchmark = {
  ...statusMillion,
  name: 'status-million-small-folders',
  work: '`status`, 1,000,000 files in 100,000 directories, nothing changed, against `git status`',
  prepare: (folder, files) => statusOnGit(folder, files, 10),
};
