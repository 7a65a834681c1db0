/** `clone` of a photo folder to another one: every file checked by its hash and flushed, against what copies unchecked. */

import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Benchmark, Contest, Side } from './tools/benchmark.ts';
import { dbkCommand, expectClean, makeRepository } from './tools/dbk.ts';
import { run } from './tools/peers.ts';
import { makeMediumFiles } from './tools/tree.ts';

/** What earlier runs made stays: removing it slows down who writes next. */
const idle = (): void => void run(['sync']);

function prepare(folder: string, files: number, peer: Pick<Side, 'label' | 'command'>): Contest {
  const tree = join(folder, 'tree');
  mkdirSync(tree);
  makeMediumFiles(tree, files);
  makeRepository(tree);
  // Copied by the peer as what it is for the person: without what dbk wrote.
  run(['sh', '-c', 'mkdir "$0" && cp -a "$1"/top* "$0"', join(folder, 'plain'), tree]);
  return {
    peer: { ...peer, folder, before: idle },
    dbk: {
      label: 'dbk clone',
      command: ['sh', '-c', 'exec "$@" "copy of dbk-$$"', 'sh', ...dbkCommand(folder, 'clone', '-q', tree)],
      folder,
      before: idle,
    },
    check: () => {
      const clone = join(folder, 'checked');
      run(dbkCommand(folder, 'clone', '-q', tree, clone));
      expectClean(clone, files);
    },
  };
}

const COMMON = { files: 20_000, gigabytes: 40, megabytes: 250 };

export const clone20k: Benchmark = {
  ...COMMON,
  name: 'clone-20k',
  work: '`clone` of 20,000 files, 2 GB, checked and flushed, against `cp -a` and `sync -f`',
  ratio: 1.1,
  needs: { cp: 'coreutils' },
  prepare: (folder, files) =>
    prepare(folder, files, {
      label: 'cp -a; sync -f',
      command: ['sh', '-c', 'cp -a plain "copy-$$" && sync -f "copy-$$"'],
    }),
};

export const clone20kRsync: Benchmark = {
  ...COMMON,
  name: 'clone-20k-rsync',
  work: 'the same against `rsync -a`, which neither checks nor flushes',
  ratio: 0.6,
  needs: { rsync: 'rsync' },
  prepare: (folder, files) =>
    prepare(folder, files, { label: 'rsync -a', command: ['sh', '-c', 'rsync -a plain/ "copy-$$"'] }),
};
