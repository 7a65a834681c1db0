/** Random trees and random moves: every commit explains every path once. DBK_RUNS=1000 for more runs. */

import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import { join } from 'node:path/posix';
import { before, test } from 'node:test';
import { loadBlake3 } from '../../src/disk/blake3.ts';
import { Editor } from '../property/edits.ts';
import { randomFrom, type Random } from '../text/random-trees.ts';
import { Workbench } from '../tools/repository.ts';
import { linesIn, temporary } from '../tools/tree.ts';
import { init } from '../../src/flow/init.ts';
import { checkExplained, checkPatches } from './moves-laws.ts';
import { statusOf } from './moves-person.ts';

const RUNS = Number(process.env['DBK_RUNS'] ?? 40);
const FIRST_SEED = Number(process.env['DBK_SEED'] ?? 1);
const COMMITS = 4;

before(() => loadBlake3());

/** Sidecars of some recorded files, written where they stand; each says which file it was made for. */
function writeSidecars(root: string, random: Random): void {
  const tree = join(root, '.dbk/index/tree');
  for (const path of fs.readdirSync(tree, { recursive: true, encoding: 'utf8' })) {
    if (!path.endsWith('manifest.yaml') || random(3) > 0) continue;
    fs.writeFileSync(
      join(tree, path.replace(/manifest\.yaml$/, '$.metadata')),
      `about ${path} ${random(1000)}\n`,
    );
  }
}

async function run(root: string, seed: number, done: string[]): Promise<void> {
  const random = randomFrom(seed);
  fs.mkdirSync(root);
  const bench = new Workbench(root, { age: random(3) === 0 ? 'young' : 'settled' });
  await init(bench.context, { folder: root, name: 'kestrel', guard: 'none' });
  const editor = new Editor(root, random);
  for (let i = 0; i < 8; i++) done.push(editor.edit());
  const { commits } = bench.repository;
  for (let commit = 0; commit < COMMITS; commit++) {
    for (let edits = random(6); edits >= 0; edits--) {
      done.push(editor.edit());
      if (random(4) === 0) {
        done.push('status');
        await statusOf(bench);
      }
    }
    const parent = commits.readHead();
    const confirmDeletions = random(3) > 0;
    done.push(confirmDeletions ? 'commit' : 'commit without deletions');
    await bench.commit({ confirmDeletions });
    const head = commits.readHead()!;
    if (head !== parent) checkExplained(bench.repository, head);
    if (!confirmDeletions) continue;
    assert.deepEqual(bench.recorded(), linesIn(root));
    assert.deepEqual(await statusOf(bench), []);
    if (commit < COMMITS - 1 && random(2) === 0) writeSidecars(root, random);
  }
  checkPatches(bench.repository);
}

test('whatever moves, every commit explains every path once, and the index is what is there', async (t) => {
  const scratch = temporary(t);
  for (let seed = FIRST_SEED; seed < FIRST_SEED + RUNS; seed++) {
    const done: string[] = [];
    const root = join(scratch, String(seed));
    try {
      await run(root, seed, done);
    } catch (error) {
      const what = done.map((line) => `  ${JSON.stringify(line)}`).join('\n');
      throw new Error(`with DBK_SEED=${seed} DBK_RUNS=1, after:\n${what}\n${(error as Error).stack}`, {
        cause: error,
      });
    }
    fs.rmSync(root, { recursive: true });
  }
});
