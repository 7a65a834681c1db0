import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inSteps } from '../../../src/cli/commands/in-steps.ts';

function* counting(to: number, said: string[]): Generator<number, string> {
  try {
    for (let number = 1; number <= to; number++) yield number;
    return 'all';
  } finally {
    said.push('cleared away');
  }
}

test('a flow runs to its end, or to where it is enough, and clears away in any case', async () => {
  const rows: [most: number, taken: number, result: string | undefined][] = [
    [0, 0, 'all'],
    [200, 200, 'all'],
    [100, 2, undefined],
  ];
  for (const [most, enough, result] of rows) {
    const said: string[] = [];
    let taken = 0;
    const found = await inSteps(counting(most, said), () => ++taken < enough || enough === most);
    assert.deepEqual([found, taken, said], [result, enough, ['cleared away']]);
  }
  const said: string[] = [];
  const failing = (): boolean => {
    throw new Error('full');
  };
  await assert.rejects(inSteps(counting(3, said), failing), /full/);
  assert.deepEqual(said, ['cleared away']);
});

test('signals come through while it runs', async () => {
  let came = 0;
  const timer = setImmediate(() => (came = taken));
  let taken = 0;
  await inSteps(counting(10_000, []), () => (taken += 1) > 0);
  clearImmediate(timer);
  assert.ok(came > 0 && came < 10_000);
});
