/** Which differences between what is shown and what is meant are none. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseInstant } from '../../src/model/instant.ts';
import { FAITHFUL, POOREST, showsMode, showsTime } from '../../src/model/rendering.ts';

const TIMES: readonly (readonly [shown: string, meant: string, onFat: boolean])[] = [
  ['2020-01-01T00:00:01Z', '2020-01-01T00:00:01Z', true],
  ['2020-01-01T00:00:00Z', '2020-01-01T00:00:01.999999999Z', true],
  ['2020-01-01T00:00:02Z', '2020-01-01T00:00:00.000000001Z', true],
  ['2020-01-01T00:00:02Z', '2020-01-01T00:00:00Z', false],
  ['2020-01-01T00:00:00Z', '2020-01-01T00:00:02Z', false],
  ['1980-01-01T00:00:00Z', '1970-01-01T00:00:00Z', true],
  ['1980-01-01T00:00:02Z', '1970-01-01T00:00:00Z', false],
  ['2107-12-31T23:59:58Z', '2200-01-01T00:00:00Z', true],
];

for (const [shown, meant, onFat] of TIMES) {
  test(`${shown} ${onFat ? 'is' : 'is not'} how FAT shows ${meant}`, () => {
    const [a, b] = [parseInstant(shown)!, parseInstant(meant)!];
    assert.equal(showsTime(POOREST, a, b), onFat);
    assert.equal(showsTime(FAITHFUL, a, b), shown === meant);
  });
}

test('permission bits that are not kept are as they are meant', () => {
  assert.ok(showsMode(POOREST, 0o777, 0o600));
  assert.ok(!showsMode(FAITHFUL, 0o777, 0o600));
});
