/** `commit` after a folder was renamed, against the `status` that finds the same rename: nothing is read again. */

import { existsSync, mkdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import type { Benchmark, Contest } from './tools/benchmark.ts';
import { dbkCommand, expectClean, makeRepository, summaryOf } from './tools/dbk.ts';
import { sync } from './tools/peers.ts';
import { makeSmallFiles } from './tools/tree.ts';

/** The renamed folder holds this part of all files. */
const PART = 20;

function prepare(folder: string, files: number): Contest {
  const tree = join(folder, 'tree');
  const places = [join(tree, 'before'), join(tree, 'after')] as const;
  const inside = Math.floor(files / PART);
  mkdirSync(places[0], { recursive: true });
  makeSmallFiles(tree, files - inside, true);
  makeSmallFiles(places[0], inside, true);
  makeRepository(tree);
  let recorded: string = places[0];
  /** So that the folder stands where the last commit has not seen it. */
  const rename = (): void => {
    const other = recorded === places[0] ? places[1] : places[0];
    if (existsSync(recorded)) renameSync(recorded, other);
    sync();
  };
  const renameToCommit = (): void => {
    rename();
    recorded = recorded === places[0] ? places[1] : places[0];
  };
  return {
    peer: { label: 'dbk status', command: dbkCommand(tree, 'status'), before: rename },
    dbk: {
      label: 'dbk commit',
      command: dbkCommand(tree, 'commit', '-q', '-m', 'moved'),
      before: renameToCommit,
    },
    check: () => {
      expectClean(tree, files);
      renameToCommit();
      const { moved, removed, hashed } = summaryOf(tree, 'commit', '-m', 'moved');
      const found = JSON.stringify({ moved, removed, hashed });
      const expected = JSON.stringify({ moved: inside, removed: 0, hashed: 0 });
      if (found !== expected) throw new Error(`dbk commit says ${found}, not ${expected}`);
    },
  };
}

export const commitAfterRename: Benchmark = {
  name: 'commit-after-rename',
  work: '`commit` after renaming a folder of 5,000 files among 100,000, against `status` of the same',
  files: 100_000,
  gigabytes: 1,
  ratio: 1.5,
  pairs: 11,
  needs: {},
  prepare,
};
