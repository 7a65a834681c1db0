/**
 * How the tests are run: `npm test`, all of them; `npm test -- text/names store`, the files whose path contains
 * one of these words. Options go to Node's runner (`npm test -- --test-name-pattern=umlaut`).
 */

// A test that is skipped proves nothing, so skips are counted as failures where nobody expected them:
//  - its reason has to say what is missing: 'needs b3sum';
//  - where DBK_EXPECTED_SKIPS is set (`.ci/run` does, and installs the tools), the reason has to be listed there,
//    one reason a line.

import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Skip } from './skips.ts';

/** A file of tests that takes longer hangs; none should take a tenth of it. */
const LONGEST_MILLISECONDS = 240_000;

const tests = fileURLToPath(new URL('../', import.meta.url));
const words = process.argv.slice(2).filter((argument) => !argument.startsWith('-'));
const options = process.argv.slice(2).filter((argument) => argument.startsWith('-'));

function chosenFiles(): string[] {
  const all = readdirSync(tests, { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('.test.js'),
  );
  const wanted = (file: string): boolean => words.length === 0 || words.some((word) => file.includes(word));
  return all
    .filter(wanted)
    .sort()
    .map((file) => join(tests, file));
}

function runNode(files: readonly string[], skips: string): number {
  const result = spawnSync(
    process.execPath,
    [
      '--test',
      `--test-concurrency=${Math.min(2, availableParallelism())}`,
      `--test-timeout=${LONGEST_MILLISECONDS}`,
      '--test-reporter=spec',
      '--test-reporter-destination=stdout',
      `--test-reporter=${join(tests, 'tools/skips.js')}`,
      `--test-reporter-destination=${skips}`,
      ...options,
      ...files,
    ],
    { stdio: 'inherit' },
  );
  return result.status ?? 1;
}

function readSkips(path: string): Skip[] {
  if (!existsSync(path)) return [];
  const lines = readFileSync(path, 'utf8').split('\n');
  return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as Skip);
}

/** The skips nobody expected; the expected ones are told as well, so that nobody takes them for tests that passed. */
function judgeSkips(skips: readonly Skip[]): number {
  const list = process.env['DBK_EXPECTED_SKIPS']?.split('\n').map((line) => line.trim());
  const isExpected = ({ reason }: Skip): boolean =>
    list ? reason !== '' && list.includes(reason) : reason.startsWith('needs ');
  let unexpected = 0;
  for (const skip of skips) {
    const expected = isExpected(skip);
    if (!expected) unexpected++;
    const place = relative(tests, skip.file).replace(/\.js$/, '.ts');
    console.log(
      `${expected ? 'skipped' : 'SKIPPED AND NOT EXPECTED'}: ${place}: ${skip.name}: ${skip.reason}`,
    );
  }
  return unexpected;
}

const files = chosenFiles();
if (files.length === 0) {
  console.error(`no test file below 'test' has ${words.map((word) => `'${word}'`).join(' or ')} in its path`);
  process.exitCode = 2;
} else {
  const folder = mkdtempSync(join(tmpdir(), 'dbk-test-'));
  try {
    const list = join(folder, 'skips');
    const status = runNode(files, list);
    const unexpected = judgeSkips(readSkips(list));
    process.exitCode = status === 0 && unexpected > 0 ? 1 : status;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
