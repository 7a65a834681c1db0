/** The programs that dbk is measured against, set up so that they do the same work and nothing else. */

import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Side } from './benchmark.ts';

/** Runs a command that is not measured; one that fails is an error. */
export function run(command: Side['command'], environment: Readonly<Record<string, string>> = {}): string {
  const [program, ...words] = command;
  const result = spawnSync(program, words, {
    encoding: 'utf8',
    env: { ...process.env, ...environment },
    maxBuffer: 2 ** 30,
  });
  if (result.error) throw result.error;
  if (result.status !== 0) {
    throw new Error(`${command.slice(0, 6).join(' ')} failed: ${result.stderr.trim()}`);
  }
  return result.stdout;
}

export function isInstalled(program: string): boolean {
  return spawnSync(program, ['--version'], { stdio: 'ignore' }).error === undefined;
}

/** Writes to the disk what waits to be written, so that nobody pays for what another one left behind. */
export function sync(): void {
  run(['sync']);
}

/** No settings of the person or the machine. */
export const gitEnvironment = { GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_SYSTEM: '/dev/null' } as const;

/**
 * A git command on a work tree whose `.git` stands elsewhere, so that neither tool sees the other's folder.
 *
 * Git as it is without settings, but that it starts no work in the background. The untracked cache is off, as by
 * default.
 */
export function gitCommand(gitFolder: string, tree: string, ...words: readonly string[]): Side['command'] {
  const settings = [
    'gc.auto=0',
    'maintenance.auto=false',
    'core.untrackedCache=false',
    'feature.manyFiles=false',
  ];
  const person = ['user.name=bench', 'user.email=bench@example.org'];
  const options = [...settings, ...person].flatMap((setting) => ['-c', setting]);
  return ['git', `--git-dir=${gitFolder}`, `--work-tree=${tree}`, ...options, ...words];
}

export function initGit(gitFolder: string, tree: string): void {
  run(['git', 'init', '-q', '--bare', gitFolder], gitEnvironment);
  run(gitCommand(gitFolder, tree, 'config', 'core.bare', 'false'), gitEnvironment);
  writeFileSync(join(gitFolder, 'info', 'exclude'), '/.dbk\n');
}

/** All files added and committed, and looked at once more, so that its index is older than none of them. */
export function makeGitRepository(gitFolder: string, tree: string): void {
  initGit(gitFolder, tree);
  run(gitCommand(gitFolder, tree, 'add', '-A'), gitEnvironment);
  run(gitCommand(gitFolder, tree, 'commit', '-q', '-m', 'all'), gitEnvironment);
  const left = run(gitCommand(gitFolder, tree, 'status', '--porcelain'), gitEnvironment);
  if (left !== '') throw new Error(`git status is not clean: ${left.slice(0, 200)}`);
}

/** `b3sum` of the files of a tree, in one process. */
export function b3sumOf(tree: string, listFile: string): Side {
  const names = run(['find', tree, '-name', '.dbk', '-prune', '-o', '-type', 'f', '-print0']);
  writeFileSync(listFile, names);
  return { label: 'b3sum', command: ['xargs', '-0', '-a', listFile, '-s', '2000000', 'b3sum'], before: sync };
}
