import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { editDistance, nearest } from '../../src/model/nearest.ts';

test('a distance counts inserted, removed, replaced and swapped letters', () => {
  const rows: [string, string, number][] = [
    ['', '', 0],
    ['', 'abc', 3],
    ['status', 'status', 0],
    ['statsu', 'status', 1],
    ['tsatus', 'status', 1],
    ['kitten', 'sitting', 3],
    ['log', 'show', 3],
  ];
  for (const [a, b, expected] of rows) assert.equal(editDistance(a, b), expected, `${a} ${b}`);
});

test('a distance is symmetric, and no more than one edit away from what one edit makes', () => {
  const word = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 8 });
  fc.assert(
    fc.property(word, word, fc.nat(8), (a, b, at) => {
      assert.equal(editDistance(a, b), editDistance(b, a));
      assert.equal(editDistance(a, b) === 0, a === b);
      assert.equal(editDistance(a, a.slice(0, at) + 'x' + a.slice(at)), 1);
    }),
    { seed: 20261122, numRuns: 300 },
  );
});

test('only what is near is suggested', () => {
  const known = new Map(
    ['status', 'commit', 'config', 'ls', 'log', 'show', 'diff', 'why', '-q', '--json', '--quiet'].map(
      (word) => [word, word],
    ),
  );
  known.set('rm', 'forget');
  const rows: [string, string | undefined][] = [
    ['statsu', 'status'],
    ['st', 'status'],
    ['con', 'config'],
    ['comit', 'commit'],
    ['DIFF', 'diff'],
    ['lo', 'log'],
    ['lgo', 'log'],
    ['rm', 'forget'],
    ['--jsno', '--json'],
    ['--qiet', '--quiet'],
    ['-Q', '-q'],
    ['-x', undefined],
    ['x', undefined],
    ['', undefined],
    ['--', undefined],
    ['frobnicate', undefined],
    ['a'.repeat(100_000), undefined],
  ];
  for (const [typed, expected] of rows) assert.equal(nearest(typed, known), expected, typed.slice(0, 20));
});
