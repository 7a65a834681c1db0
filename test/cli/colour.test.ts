import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ColourChoice } from '../../src/cli/colour.ts';
import { isColoured, paletteOf } from '../../src/cli/colour.ts';

test('the flag decides, then NO_COLOR, then FORCE_COLOR, then the terminal', () => {
  const rows: [ColourChoice, boolean, Record<string, string>, boolean][] = [
    ['auto', true, {}, true],
    ['auto', false, {}, false],
    ['auto', true, { TERM: 'dumb' }, false],
    ['auto', true, { NO_COLOR: '1' }, false],
    ['auto', true, { NO_COLOR: '' }, true],
    ['auto', false, { FORCE_COLOR: '1' }, true],
    ['auto', false, { FORCE_COLOR: '' }, false],
    ['auto', true, { FORCE_COLOR: '0' }, false],
    ['auto', true, { FORCE_COLOR: 'false' }, false],
    ['auto', true, { NO_COLOR: '1', FORCE_COLOR: '1' }, false],
    ['always', false, { NO_COLOR: '1', TERM: 'dumb' }, true],
    ['never', true, { FORCE_COLOR: '1' }, false],
  ];
  for (const [choice, isTTY, env, expected] of rows) {
    assert.equal(isColoured(choice, { isTTY }, env), expected, JSON.stringify([choice, isTTY, env]));
  }
});

test('without colour nothing is painted, with it each meaning has its own', () => {
  const { coloured, ...plain } = paletteOf(false);
  assert.equal(coloured, false);
  for (const paint of Object.values(plain)) assert.equal(paint('a'), 'a');
  const palette = paletteOf(true);
  assert.deepEqual(
    [palette.added('a'), palette.changed('a'), palette.gone('a'), palette.moved('a'), palette.heading('a')],
    ['\x1b[32ma\x1b[39m', '\x1b[33ma\x1b[39m', '\x1b[31ma\x1b[39m', '\x1b[36ma\x1b[39m', '\x1b[1ma\x1b[22m'],
  );
});
