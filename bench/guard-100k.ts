/**
 * What the guard adds to hashing: a hard link and two looks for each file, in two threads as a scan has them, against
 * `cp -al` of the same tree. What hashing and the guard cost together is measured by commit-first-20k.
 */

import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Benchmark } from './tools/benchmark.ts';
import { run } from './tools/peers.ts';
import { makeSmallFiles } from './tools/tree.ts';

const program = fileURLToPath(new URL('./tools/guard-all.js', import.meta.url));

export const guard100k: Benchmark = {
  name: 'guard-100k',
  work: 'a guard for 100,000 files whose hashes are known, against `cp -al`',
  files: 100_000,
  gigabytes: 3,
  ratio: 1.2,
  megabytes: 250,
  needs: { cp: 'coreutils' },
  prepare: (folder, files) => {
    const tree = join(folder, 'tree');
    mkdirSync(tree);
    makeSmallFiles(tree, files, true);
    // What earlier runs made stays: removing it slows down who writes next.
    const idle = (): void => void run(['sync']);
    return {
      peer: {
        label: 'cp -al',
        command: ['sh', '-c', `cp -al tree "copy-$$"`],
        folder,
        before: idle,
      },
      dbk: {
        label: 'guard',
        command: ['sh', '-c', `exec "$0" "$1" tree "guard-$$" ${files}`, process.execPath, program],
        folder,
        before: idle,
      },
    };
  },
};
