import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { shownLines, shownPath, shownText } from '../../src/cli/shown.ts';

const SEED = 20261122;
/** What a terminal must never get from a name. */
const HOSTILE = /[\0-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]|[\ud800-\udfff]/u;

test('a path is shown as it is, or in quotes with the escapes of the format', () => {
  const rows: [string, string][] = [
    ['Music/a.flac', 'Music/a.flac'],
    ['100% sure.txt', '100% sure.txt'],
    ['日本/ä e\u0301 😀.jpg', '日本/ä e\u0301 😀.jpg'],
    [`it's`, `it's`],
    [`'a'`, `''a''`],
    ['a\nb', `'a%0Ab'`],
    ['50%\nb', `'50%25%0Ab'`],
    ['\x1b]0;title\x07', `'%1B]0;title%07'`],
    ['\x9b31m', `'%C2%9B31m'`],
    ['gpj.\u202eexe', `'gpj.%E2%80%AEexe'`],
    ['a\udcff', `'a%FF'`],
    ['\ud83d', `'%EF%BF%BD'`],
    [' a', `' a'`],
    ['a ', `'a '`],
    ['a\u00a0', `'a\u00a0'`],
    ['a/ b', 'a/ b'],
    ['', '.'],
    ['-rf', '-rf'],
  ];
  for (const [path, expected] of rows) assert.equal(shownPath(path), expected, JSON.stringify(path));
  assert.equal(shownPath('a', 'directory'), 'a/');
  assert.equal(shownPath('a ', 'directory'), `'a /'`);
  assert.equal(shownPath('a\n', 'directory'), `'a%0A/'`);
  assert.equal(shownPath('', 'directory'), './');
});

const piece = fc.constantFrom(
  'a',
  ' ',
  `'`,
  '%',
  '0A',
  '\n',
  '\x1b',
  '\x85',
  '\u202e',
  '\udc80',
  '\udcff',
  '\ud83d\ude00',
  '日',
  '/',
  '\u2028',
  '\ufeff',
);
const path = fc.string({ unit: piece, minLength: 1, maxLength: 6 }).filter((text) => text !== '.');

test('nothing hostile is ever shown, and no two paths are shown alike', () => {
  const seen = new Map<string, string>();
  fc.assert(
    fc.property(path, (name) => {
      const shown = shownPath(name);
      assert.doesNotMatch(shown, HOSTILE);
      assert.doesNotMatch(shownText(name), HOSTILE);
      assert.doesNotMatch(shownLines(name).replaceAll('\n', ''), HOSTILE);
      assert.equal(seen.get(shown) ?? name, name);
      seen.set(shown, name);
    }),
    { seed: SEED, numRuns: 5000 },
  );
});

test('a text of lines keeps its lines', () => {
  assert.equal(shownLines('a\tb\nc\x1b[31m\r\n100%'), 'a\tb\nc%1B[31m%0D\n100%');
  assert.equal(shownText('a\tb\nc'), 'a%09b%0Ac');
});
