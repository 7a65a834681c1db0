/**
 * Two to four repositories in which people work at random, which pull, push, drop and are killed at random moments.
 * No content is ever lost, and when all have met all, all are equal. DBK_RUNS=1000 for more, DBK_SEED=N from there.
 */

import assert from 'node:assert/strict';
import { join } from 'node:path/posix';
import { before, test } from 'node:test';
import { loadBlake3 } from '../../src/disk/blake3.ts';
import { runsOf, seedLine } from '../tools/prove.ts';
import { temporary } from '../tools/tree.ts';
import { World } from './world.ts';

const STEPS = 25;
const usual = Number(process.env['DBK_RUNS'] ?? 120);
const runs = runsOf(usual, 10_000);

before(() => loadBlake3());

async function logOf(folder: string, seed: number): Promise<readonly string[]> {
  const world = new World(folder, seed);
  try {
    await world.begin();
    for (let step = 0; step < STEPS; step++) await world.step();
    await world.end();
  } catch (error) {
    throw new Error(`${String(error)}\nDBK_SEED=${seed} DBK_RUNS=1\n${world.log.join('\n')}`, {
      cause: error,
    });
  }
  return world.log;
}

test('whatever many repositories do and however they die, nothing is lost and they become equal', async (t) => {
  t.diagnostic(seedLine(runs));
  const folder = temporary(t);
  for (let seed = runs.first; seed < runs.first + runs.count; seed++) {
    const log = await logOf(join(folder, `${seed}`), seed);
    if (seed % 20 === 0) assert.deepEqual(await logOf(join(folder, `${seed} again`), seed), log);
  }
});
