/** `merge` of a commit that others made, up to where the disk is changed, against the `status` that looks for changes. */

import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Benchmark, Contest } from './tools/benchmark.ts';
import { dbkCommand, makeRepository, summaryOf } from './tools/dbk.ts';
import { run, sync } from './tools/peers.ts';
import { makeSmallFiles, pathOf } from './tools/tree.ts';

/** So many files each side changes. */
const CHANGES = 1000;

/** Which file a side changes as its n-th. */
type Chosen = (side: number, n: number, files: number) => number;

/** Each in a folder of its own: the most texts that so many changes can touch. */
const spread: Chosen = (side, n, files) => Math.floor((n * 2 + side) * (files / CHANGES / 2));
/** As people work: some folders with much in them. */
const near: Chosen = (side, n, files) => Math.floor(files / 2) * side + n;

/** As editors save: a new file in the place of the old one, which the guard keeps. */
function change(tree: string, side: number, files: number, chosen: Chosen): void {
  for (let n = 0; n < Math.min(CHANGES, files / 4); n++) {
    const path = join(tree, pathOf(chosen(side, n, files)));
    writeFileSync(`${path}~`, `side ${side} wrote ${n}\n`);
    renameSync(`${path}~`, path);
  }
}

function prepare(folder: string, files: number, chosen: Chosen): Contest {
  const tree = join(folder, 'tree');
  mkdirSync(tree);
  makeSmallFiles(tree, files, true);
  makeRepository(tree);
  change(tree, 1, files, chosen);
  run(dbkCommand(tree, 'commit', '-q', '-m', 'theirs'));
  const theirs = String(summaryOf(tree, 'log', '-n', '1')['head']);
  run(dbkCommand(tree, 'undo', '-y'));
  run(dbkCommand(tree, 'restore', '-y', '.'));
  change(tree, 0, files, chosen);
  run(dbkCommand(tree, 'commit', '-q', '-m', 'ours'));
  run(dbkCommand(tree, 'status', '-q'));
  sync();
  return {
    peer: { label: 'dbk status', command: dbkCommand(tree, 'status') },
    dbk: { label: 'dbk merge', command: dbkCommand(tree, 'merge', '-n', theirs) },
    check: () => {
      const { how, conflicts } = summaryOf(tree, 'merge', '-n', theirs);
      if (how !== 'merged' || conflicts !== 0)
        throw new Error(`${String(how)}, ${String(conflicts)} conflicts`);
    },
  };
}

/** `status` takes 1.7 s, so half as much again is a second. */
const COMMON = { files: 1_000_000, gigabytes: 8, ratio: 1.6, megabytes: 870, needs: {} };

export const mergeCommitsMillion: Benchmark = {
  ...COMMON,
  name: 'merge-commits-million',
  work: '`merge -n` of a commit, 1,000 changes a side in ten folders of 1,000,000 files, against `status`',
  prepare: (folder, files) => prepare(folder, files, near),
};

export const mergeCommitsSpread: Benchmark = {
  ...COMMON,
  name: 'merge-commits-spread',
  work: 'the same with each change in a folder of its own',
  prepare: (folder, files) => prepare(folder, files, spread),
};
