import assert from 'node:assert/strict';
import { test } from 'node:test';
import { counted, shownCount, shownDuration, shownSize } from '../../src/cli/quantities.ts';

test('counts have separators, and nouns their number', () => {
  const rows: [number, string][] = [
    [0, '0'],
    [999, '999'],
    [1000, '1,000'],
    [12041, '12,041'],
    [1_000_000, '1,000,000'],
  ];
  for (const [count, expected] of rows) assert.equal(shownCount(count), expected);
  assert.deepEqual(
    [counted(0, 'file'), counted(1, 'file'), counted(12041, 'file')],
    ['0 files', '1 file', '12,041 files'],
  );
});

test('sizes are decimal and never more than seven characters', () => {
  const rows: [number, string][] = [
    [0, '0 B'],
    [999, '999 B'],
    [1000, '1.0 kB'],
    [1234, '1.2 kB'],
    [99_949, '99.9 kB'],
    [99_950, '100 kB'],
    [999_499, '999 kB'],
    [999_500, '1.0 MB'],
    [31_415_926, '31.4 MB'],
    [3_200_000_000, '3.2 GB'],
    [Number.MAX_SAFE_INTEGER, '9.0 PB'],
    [1e24, '1000000 EB'],
  ];
  for (const [bytes, expected] of rows) assert.equal(shownSize(bytes), expected, String(bytes));
});

test('durations are shown as a clock shows them', () => {
  const rows: [number, string][] = [
    [0, '0:00'],
    [0.4, '0:00'],
    [40, '0:40'],
    [59.6, '1:00'],
    [3599, '59:59'],
    [3723, '1:02:03'],
    [-1, '0:00'],
  ];
  for (const [seconds, expected] of rows) assert.equal(shownDuration(seconds), expected, String(seconds));
});
