/** The merge of two sides of a large tree, each with a thousand changes, against `git merge-tree`. */

import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Benchmark, Contest } from './tools/benchmark.ts';
import { contentOf, fileAt, stepsOf } from './tools/merge-plan.ts';
import { gitEnvironment, run, sync } from './tools/peers.ts';

const program = fileURLToPath(new URL('./tools/merge-trees.js', import.meta.url));

/** Beyond what the program holds already: the states, of which it opens what differs. */
const SECONDS = 1;
const MEGABYTES = 700;

interface Found {
  readonly landed: number;
  readonly conflicts: number;
  readonly seconds: number;
  readonly bytes: number;
}

function importCommits(repository: string, files: number): void {
  run(['git', 'init', '-q', '--bare', repository], gitEnvironment);
  run(['git', '-C', repository, 'config', 'merge.directoryRenames', 'true'], gitEnvironment);
  const head = (name: string, from?: string): string =>
    `commit refs/heads/${name}\ncommitter a <a> 0 +0000\ndata 0\n${from === undefined ? '' : `from ${from}\n`}`;
  const put = (path: string, content: string): string => `M 644 inline ${path}\ndata 64\n${content}\n`;
  const input = [head('base')];
  for (let file = 0; file < files; file++) input.push(put(fileAt(file), contentOf(file)));
  for (const side of ['ours', 'theirs'] as const) {
    input.push(head(side, 'refs/heads/base'));
    for (const { path, content } of stepsOf(side, files))
      input.push(content === undefined ? `D ${path}\n` : put(path, content));
  }
  const command = ['-C', repository, 'fast-import', '--quiet'];
  const result = spawnSync('git', command, { input: input.join(''), encoding: 'utf8' });
  if (result.status !== 0) throw new Error(`git fast-import failed: ${result.stderr}`);
}

function prepare(folder: string, files: number): Contest {
  const repository = join(folder, 'git');
  mkdirSync(repository);
  importCommits(repository, files);
  sync();
  return {
    peer: {
      label: 'git merge-tree',
      command: ['git', '-C', repository, 'merge-tree', '--write-tree', 'ours', 'theirs'],
      environment: gitEnvironment,
    },
    dbk: {
      label: 'dbk mergeTrees',
      command: [process.execPath, '--expose-gc', program, folder, String(files)],
    },
    check: () => check(folder),
  };
}

function check(folder: string): void {
  const found = JSON.parse(readFileSync(join(folder, 'found'), 'utf8')) as Found;
  const { landed, conflicts, seconds, bytes } = found;
  if (conflicts > 0 || landed === 0) throw new Error(`${conflicts} conflicts, ${landed} things`);
  const isMet = seconds <= SECONDS && bytes <= MEGABYTES * 1e6;
  const told = `the merge itself ${seconds.toFixed(3)} s, ${Math.round(bytes / 1e6)} MB beyond its input`;
  console.log(`  ${told}; goal ${SECONDS} s, ${MEGABYTES} MB: ${isMet ? 'met' : 'MISSED'}`);
}

export const mergeMillion: Benchmark = {
  name: 'merge-million',
  work: 'the merge of two sides with 1,000 changes each in 1,000,000 files, starting included, against `git merge-tree`',
  files: 1_000_000,
  gigabytes: 2,
  ratio: 8,
  needs: { git: 'git' },
  prepare,
};
