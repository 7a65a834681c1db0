/** The program that is measured: the built one, as a person runs it. */

import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { run, sync } from './peers.ts';
import type { Side } from './benchmark.ts';

const program = fileURLToPath(new URL('../../bin/dbk.js', import.meta.url));

export function isBuilt(): boolean {
  return existsSync(program);
}

/** A command of dbk in a repository; words as on the command line. */
export function dbkCommand(folder: string, ...words: readonly string[]): Side['command'] {
  return [process.execPath, program, '-C', folder, ...words];
}

/** Makes a folder a repository and commits it. */
export function makeRepository(folder: string): void {
  run(dbkCommand(folder, 'init'));
  run(dbkCommand(folder, 'commit', '-q', '-m', 'all'));
}

/**
 * A repository as `init` leaves it, and nothing left to write to the disk.
 *
 * A `.dbk` that was there is put beside the tree until the end: deleting slows down who writes next.
 */
export function freshRepository(folder: string): void {
  const own = join(folder, '.dbk');
  if (existsSync(own)) renameSync(own, mkdtempSync(`${folder}-dbk-`));
  run(dbkCommand(folder, 'init'));
  sync();
}

/** The last line that a command says with `--json`. */
export function summaryOf(folder: string, ...words: readonly string[]): Readonly<Record<string, unknown>> {
  const [command, ...rest] = dbkCommand(folder, ...words, '--json');
  const result = spawnSync(command, rest, { encoding: 'utf8', maxBuffer: 2 ** 30 });
  if (result.status !== 0) throw new Error(`dbk ${words.join(' ')} failed: ${result.stderr.trim()}`);
  return JSON.parse(result.stdout.trimEnd().split('\n').at(-1)!) as Record<string, unknown>;
}

/** Throws unless the repository holds so many files and nothing has changed since its commit. */
export function expectClean(folder: string, files: number): void {
  const { type, files: counted, added, changed, removed, moved } = summaryOf(folder, 'status');
  const found = JSON.stringify({ type, files: counted, added, changed, removed, moved });
  const expected = JSON.stringify({ type: 'summary', files, added: 0, changed: 0, removed: 0, moved: 0 });
  if (found !== expected) throw new Error(`dbk status says ${found}, not ${expected}`);
}
