/** Who hashes what, and in which order. */

import { test } from 'node:test';
import assert from 'node:assert/strict';
import { loadBlake3 } from '../../src/disk/blake3.ts';
import { nodeDisk } from '../../src/disk/disk.ts';
import { emptyContents } from '../../src/scan/contents.ts';
import type { Colleague } from '../../src/scan/crew.ts';
import { hashTogether } from '../../src/scan/hash-together.ts';
import type { FromWorker, ToWorker } from '../../src/scan/messages.ts';
import { tree } from '../tools/tree.ts';

const MIB = 1024 * 1024;

/** The jobs in the order in which they were done; sizes are only what is believed of them. */
async function orderOf(
  root: string,
  sizes: readonly number[],
  colleague?: () => Colleague,
): Promise<readonly number[]> {
  await loadBlake3();
  const order: number[] = [];
  await hashTogether({
    disk: nodeDisk,
    jobs: {
      count: sizes.length,
      absolute: () => `${root}/file`,
      size: (job) => sizes[job]!,
      previous: () => undefined,
    },
    colleague,
    interrupted: () => false,
    tell: () => undefined,
    done: (first, { outcomes }) => order.push(...Array.from(outcomes, (_, i) => first + i)),
  });
  return order;
}

test('big files are begun first, the biggest before all; the others keep their order', async (t) => {
  const root = tree(t, { file: 'content' });
  const sizes = [3, 100 * MIB, 4, 5, 200 * MIB, 17 * MIB, 100 * MIB, 6];
  assert.deepEqual(await orderOf(root, sizes), [4, 1, 6, 0, 2, 3, 5, 7]);
  assert.deepEqual(await orderOf(root, [3, 17 * MIB, 1]), [0, 1, 2]);
});

test('what only waits for the other thread is taken back by one that has nothing left', async (t) => {
  const root = tree(t, { file: 'content' });
  const given: number[] = [];
  const answers: FromWorker[] = [];
  /** Begins the first batch that it is given, and no other. */
  const slow = {
    bytes: 0,
    resetBytes: () => undefined,
    take: () => undefined,
    post: (message: ToWorker) => {
      if (message.kind !== 'hash') return;
      given.push(message.batch);
      if (given.length > 1) return;
      assert.equal(Atomics.exchange(message.begun, message.batch, 1), 0);
      answers.push({ kind: 'hashed', batch: message.batch, contents: emptyContents(1) });
    },
    next: async () => answers.shift()!,
  };
  const order = await orderOf(root, new Array<number>(4).fill(17 * MIB), () => slow as never as Colleague);
  assert.deepEqual(
    [given, order],
    [
      [0, 1],
      [2, 3, 1, 0],
    ],
  );
});
