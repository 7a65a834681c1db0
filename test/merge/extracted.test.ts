import { test } from 'node:test';
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { chooseExtracted, compareVersions } from '../../src/merge/extracted.ts';
import type { ContentId } from '../../src/model/id.ts';
import { writeExtracted, type Extracted } from '../../src/text/sidecar.ts';
import { SEED } from '../text/arbitrary.ts';

test('versions compare as numbers, part by part', () => {
  const inOrder = [
    '',
    '1',
    'movies 1',
    'music',
    'music 2',
    'music 02',
    'music 9',
    'music 9, music-metadata 11.9',
    'music 9, music-metadata 11.16',
    'music 10',
    'music 10.1',
    'music 12345678901234567890',
    'music 12345678901234567891',
    'music ten',
  ];
  // Equal numbers are told apart by their bytes.
  const sorted = inOrder.toSorted(compareVersions);
  assert.deepEqual(sorted, inOrder.toSpliced(4, 2, 'music 02', 'music 2'));
  for (const a of inOrder)
    for (const b of inOrder) {
      assert.equal(Math.sign(compareVersions(a, b)), -Math.sign(compareVersions(b, a)) + 0);
      assert.equal(compareVersions(a, b) === 0, a === b);
    }
});

const A = 'a1'.repeat(32) as ContentId;
const B = 'b2'.repeat(32) as ContentId;
const C = 'c3'.repeat(32) as ContentId;

/** `a2x`: read from A by version 2, and says x. */
function block(name: string | undefined): Extracted | undefined {
  if (name === undefined) return undefined;
  const of = { a: A, b: B, c: C }[name[0]!]!;
  return { of, by: `music ${name[1]}`, fields: new Map([['title', name.slice(2)]]) };
}

test('the block of the merged content stays, of two the higher version', () => {
  const none = undefined;
  const rows: readonly (readonly [
    base: string | undefined,
    ours: string | undefined,
    theirs: string | undefined,
    of: ContentId | undefined,
    expected: string | undefined,
  ])[] = [
    [none, 'a1', 'a2', A, 'a2'],
    ['a1', 'a3', 'a2', A, 'a3'],
    ['a1', 'a3', 'a2', B, 'a3'],
    ['a1', 'a3', 'a2', none, 'a3'],
    [none, 'a1x', 'a1z', A, 'a1x'],
    // An unchanged side gives way, and a block that went is gone.
    ['a1', 'a2', 'a1', A, 'a2'],
    ['a1', none, 'a1', A, none],
    ['a2', 'a1', 'a2', A, 'a1'],
    ['a1', none, 'a2', A, 'a2'],
    // Different contents.
    ['a1', 'b1', 'a1', B, 'b1'],
    ['a1', 'b1', 'c1', C, 'c1'],
    ['a1', 'b9', 'c1', C, 'c1'],
    ['a1', 'b1', 'a1', A, 'a1'],
    ['a1', 'b1', 'c2', A, 'c2'],
    ['a1', 'b1', 'c2', none, 'c2'],
  ];
  for (const [base, ours, theirs, of, expected] of rows) {
    const three = { base: block(base), ours: block(ours), theirs: block(theirs) };
    const label = [base, ours, theirs, of?.[0]].join(' ');
    assert.deepEqual(chooseExtracted(three, of), block(expected), label);
    assert.deepEqual(
      chooseExtracted({ base: three.base, ours: three.theirs, theirs: three.ours }, of),
      block(expected),
      label,
    );
  }
});

test('of three blocks for one content the same stays in every order', () => {
  const some = fc.constantFrom('a1x', 'a1y', 'a2x', 'a10x', 'a9x').map(block);
  fc.assert(
    fc.property(some, some, some, (a, b, c) => {
      const choose = (ours?: Extracted, theirs?: Extracted): Extracted | undefined =>
        chooseExtracted({ base: undefined, ours, theirs }, A);
      assert.equal(writeExtracted(choose(choose(a, b), c)!), writeExtracted(choose(a, choose(b, c))!));
    }),
    { seed: SEED, numRuns: 200 },
  );
});
