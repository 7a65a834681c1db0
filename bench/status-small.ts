/** `status` in a small repository, against Node doing nothing: what starting costs. */

import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { sampleLibrary } from '../fixtures/sample/library.ts';
import { writeSample } from '../fixtures/sample/write.ts';
import type { Benchmark, Contest } from './tools/benchmark.ts';
import { dbkCommand, expectClean, makeRepository } from './tools/dbk.ts';

/** dbk counts symlinks with the files. */
const sampleFiles = [...sampleLibrary().values()].filter((thing) => !('directory' in thing)).length;

function prepare(folder: string): Contest {
  const tree = join(folder, 'tree');
  mkdirSync(tree);
  writeSample(tree);
  makeRepository(tree);
  return {
    peer: { label: 'node -e 0', command: [process.execPath, '-e', '0'] },
    dbk: { label: 'dbk status', command: dbkCommand(tree, 'status') },
    check: () => expectClean(tree, sampleFiles),
  };
}

export const statusSmall: Benchmark = {
  name: 'status-small',
  work: '`status` in the sample library, nothing changed, against `node -e 0`',
  files: sampleFiles,
  isFixed: true,
  gigabytes: 0.01,
  ratio: 1.5,
  pairs: 31,
  needs: {},
  prepare,
};
