import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { test } from 'node:test';
import fc from 'fast-check';
import { cutStart, twoColumns, widthOf, wrap } from '../../src/cli/layout.ts';

const SEED = 20261122;
/**
 * What the two tables may see differently: code points that Node's Unicode does not know; vowels and finals of
 * Hangul, which join the syllable before them; those that Unicode 16 made wide; and those whose width is
 * ambiguous (circled numbers, halves of flags), where too wide only cuts earlier.
 */
const DISPUTED =
  /[\p{Cn}\u1160-\u11ff\u2630-\u2637\u268a-\u268f\u3248-\u324f\u4dc0-\u4dff\u{1d300}-\u{1d376}\u{1f1e6}-\u{1f1ff}]/u;
const PYTHON = '/usr/bin/python3';

test('a width counts columns, not characters', () => {
  const rows: [string, number][] = [
    ['', 0],
    ['abc', 3],
    ['äöü', 3],
    ['a\u0301', 1],
    ['日本', 4],
    ['한글', 4],
    ['\u1112\u1161\u11ab', 2],
    ['ｆｕｌｌ', 8],
    ['😀', 2],
    ['𠀀', 2],
    ['…→', 2],
    ['a\u200db', 2],
  ];
  for (const [text, expected] of rows) assert.equal(widthOf(text), expected, text);
});

test('wide characters are those that Unicode calls wide, as far as they are assigned, and no others', (t) => {
  if (!existsSync(PYTHON)) return t.skip('needs python3');
  const script = `import unicodedata as u
SKIPPED = {'Cn', 'Cs', 'Co', 'Cc', 'Mn', 'Me', 'Cf'}
for c in range(0x300, 0x30000):
    if u.category(chr(c)) not in SKIPPED:
        print(c, 2 if u.east_asian_width(chr(c)) in 'WF' else 1)`;
  const result = spawnSync(PYTHON, ['-c', script], { encoding: 'utf8', maxBuffer: 1 << 26 });
  assert.equal(result.stderr, '');
  const wrong = result.stdout
    .trim()
    .split('\n')
    .map((line) => line.split(' ').map(Number) as [number, number])
    .map(([code, width]) => [String.fromCodePoint(code), width] as const)
    .filter(([character, width]) => !DISPUTED.test(character) && widthOf(character) !== width);
  assert.deepEqual(wrong, []);
});

test('of a text that is too wide the end stays', () => {
  const rows: [string, number, string][] = [
    ['abcdef', 6, 'abcdef'],
    ['abcdef', 5, '…cdef'],
    ['abcdef', 1, '…'],
    ['abcdef', 0, ''],
    ['日本語', 5, '…本語'],
    ['日本語', 4, '…語'],
    ['abe\u0301', 2, '…e\u0301'],
    ['aaae\u0301', 1, '…'],
    ['😀😀', 3, '…😀'],
  ];
  for (const [text, width, expected] of rows)
    assert.equal(cutStart(text, width), expected, `${text} ${width}`);
});

test('a cut text never takes more than its width', () => {
  const text = fc.string({
    unit: fc.constantFrom('a', 'ä', '日', '😀', '\u0301', '\u200d', '/'),
    maxLength: 20,
  });
  fc.assert(
    fc.property(text, fc.nat(20), (whole, width) => {
      const cut = cutStart(whole, width);
      assert.ok(widthOf(cut) <= width);
      if (widthOf(whole) <= width) assert.equal(cut, whole);
      else if (width > 0) assert.ok(whole.endsWith(cut.slice(1)) && cut.startsWith('…'));
    }),
    { seed: SEED, numRuns: 1000 },
  );
});

test('lines break at blanks, and rows stand below each other', () => {
  assert.deepEqual(wrap('one two three', 7), ['one two', 'three']);
  assert.deepEqual(wrap('incomprehensible', 7), ['incomprehensible']);
  assert.deepEqual(wrap('', 7), ['']);
  const rows: [string, string][] = [
    ['a', 'first words'],
    ['abcdefgh', 'next'],
    ['日本', 'x'],
  ];
  assert.deepEqual(twoColumns(rows, { indent: 2, left: 6, width: 14 }), [
    '  a     first',
    '        words',
    '  abcdefgh',
    '        next',
    '  日本  x',
  ]);
});
