/** The pairing of moves alone: everything in a large tree has moved and was shuffled, against `git diff -M100%`. */

import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Benchmark, Contest } from './tools/benchmark.ts';
import { gitEnvironment, run, sync } from './tools/peers.ts';

const program = fileURLToPath(new URL('./tools/pair-moves.js', import.meta.url));

/** Beyond what the program holds already: the two lists of files. */
const SECONDS = 2;
const MEGABYTES = 300;

/** A prime, so that this shuffles every other number of files. */
const STEP = 7919;

interface Found {
  readonly moves: number;
  readonly seconds: number;
  readonly bytes: number;
}

/** `PATH TAB CONTENT`, each content once: every folder is gone, and its files are all over the new ones. */
function lists(files: number): readonly [before: string[], now: string[]] {
  if (files % STEP === 0) throw new Error(`${files} files cannot be shuffled`);
  const before: string[] = [];
  const now: string[] = [];
  for (let i = 0; i < files; i++) {
    const place = (i * STEP) % files;
    const content = i.toString(16).padStart(64, '0');
    before.push(`Archive/${i % 2000}/IMG_${i}.jpg\t${content}`);
    now.push(`Pictures/${place % 3000}/IMG_${place}.jpg\t${content}`);
  }
  return [before, now];
}

function importTrees(repository: string, trees: readonly (readonly string[])[]): void {
  run(['git', 'init', '-q', '--bare', repository], gitEnvironment);
  const commits = trees.map((lines, tree) => {
    const files = lines
      .map((line) => line.split('\t'))
      .map(([path, text]) => `M 644 inline ${path}\ndata 64\n${text}`);
    return `commit refs/heads/${tree}\ncommitter a <a> 0 +0000\ndata 0\ndeleteall\n${files.join('\n')}\n\n`;
  });
  const command = ['-C', repository, 'fast-import', '--quiet'];
  const result = spawnSync('git', command, { input: commits.join(''), encoding: 'utf8' });
  if (result.status !== 0) throw new Error(`git fast-import failed: ${result.stderr}`);
}

function prepare(folder: string, files: number): Contest {
  const trees = lists(files);
  const repository = join(folder, 'git');
  mkdirSync(repository);
  importTrees(repository, trees);
  trees.forEach((lines, tree) => writeFileSync(join(folder, String(tree)), `${lines.join('\n')}\n`));
  sync();
  const words = ['diff', '--raw', '-M100%', '-l0', '0', '1'];
  return {
    peer: {
      label: 'git diff -M100%',
      command: ['git', '-C', repository, ...words],
      environment: gitEnvironment,
    },
    dbk: { label: 'dbk findMoves', command: [process.execPath, '--expose-gc', program, folder] },
    check: () => check(folder, files),
  };
}

function check(folder: string, files: number): void {
  const found = JSON.parse(readFileSync(join(folder, 'found'), 'utf8')) as Found;
  const { moves, seconds, bytes } = found;
  if (moves !== files) throw new Error(`${moves} of ${files} files were found`);
  const isMet = seconds <= SECONDS && bytes <= MEGABYTES * 1e6;
  const told = `the pairing itself ${seconds.toFixed(3)} s, ${Math.round(bytes / 1e6)} MB beyond its input`;
  console.log(`  ${told}; goal ${SECONDS} s, ${MEGABYTES} MB: ${isMet ? 'met' : 'MISSED'}`);
}

export const movesShuffled: Benchmark = {
  name: 'moves-shuffled',
  work: 'pairing 200,000 files that moved and were shuffled at once, starting and reading included, against `git diff -M100%`',
  files: 200_000,
  gigabytes: 1,
  ratio: 4,
  needs: { git: 'git' },
  prepare,
};
