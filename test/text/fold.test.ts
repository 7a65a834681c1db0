import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import fc from 'fast-check';
import { canonicalDecomposition, fold } from '../../src/text/fold.ts';

const PYTHON = '/usr/bin/python3';
const SEED = 20261122;

/** Marks, letters that fold to several, Hangul parts and syllables, a surrogate for a byte, and ordinary letters. */
const PIECES = [
  ...'aAſßẞİıΣςσϊΰᾳᾼ\u0345\u0301\u0323\u0327\u0308\u05b0\u05bc\u064b\u0e38\u1100\u1161\u11a8가각힣ﬁﬆꭰᏰ≮Å',
  '\u{1d15e}',
  '\u{2f800}',
  '\u{10400}',
  '\u{1e900}',
  '\udcff',
  'k',
];
const marked = fc.array(fc.constantFrom(...PIECES), { maxLength: 12 }).map((pieces) => pieces.join(''));

function* codePoints(): Iterable<number> {
  for (let code = 0; code < 0x110000; code++) if (code < 0xd800 || code > 0xdfff) yield code;
}

/** The output of a Python that has exactly the tables of Unicode 14.0, or why there is none. */
function python(script: string[], input = ''): string | { readonly missing: string } {
  const version = spawnSync(PYTHON, ['-c', 'import unicodedata; print(unicodedata.unidata_version)']);
  if (String(version.stdout).trim() !== '14.0.0') return { missing: 'needs a Python with Unicode 14.0' };
  const run = spawnSync(PYTHON, script, { input, encoding: 'utf8', maxBuffer: 1 << 26 });
  assert.equal(run.stderr, '');
  return run.stdout;
}

test('names fold as the contract says', () => {
  const rows: [name: string, folded: string][] = [
    ['', ''],
    ['README.md', 'readme.md'],
    ['already plain', 'already plain'],
    ['É', 'e\u0301'],
    ['E\u0301', 'e\u0301'],
    ['STRASSE', 'strasse'],
    ['Straße', 'strasse'],
    ['STRAẞE', 'strasse'],
    ['\u212a', 'k'], // the Kelvin sign
    ['manifeﬆ.yaml', 'manifest.yaml'],
    ['ΟΔΟΣ', 'οδοσ'],
    ['οδος', 'οδοσ'],
    ['İ', 'i\u0307'],
    ['ı', 'ı'],
    ['각', '\u1100\u1161\u11a8'],
    ['가', '\u1100\u1161'],
    ['ꭰ', 'Ꭰ'], // Cherokee folds upwards
    ['a\u0301\u0323', 'a\u0323\u0301'], // marks in canonical order
    ['α\u0345\u0301', 'α\u0301ι'], // ordered before the iota becomes a letter
    ['ᾄ', 'α\u0313\u0301ι'],
    ['\u{10400}', '\u{10428}'],
    ['\u{2f800}', '\u4e3d'],
    ['A\udcff\udcc3B', 'a\udcff\udcc3b'], // bytes stay
    ['a\u200cb', 'ab'], // file systems that fold leave out what shows nothing
    ['❤\ufe0f', '❤'],
    ['\u00ad', ''],
  ];
  assert.deepEqual(
    rows.map(([name]) => [name, fold(name)]),
    rows,
  );
});

test('the decomposition is that of an engine that knows Unicode 14.0 or later', () => {
  const differing: number[] = [];
  for (const code of codePoints()) {
    const text = String.fromCodePoint(code);
    if (canonicalDecomposition(text) !== text.normalize('NFD')) differing.push(code);
  }
  // Of what later versions assigned, only scripts of Unicode 16 decompose: Todhri, Tulu-Tigalari, Gurung Khema, Kirat Rai.
  const later = [
    [0x105c0, 0x105ff],
    [0x11380, 0x113ff],
    [0x16100, 0x1613f],
    [0x16d40, 0x16d7f],
  ] as const;
  assert.deepEqual(
    differing.filter((code) => !later.some(([first, last]) => code >= first && code <= last)),
    [],
  );
  fc.assert(
    fc.property(marked, (text) => canonicalDecomposition(text) === text.normalize('NFD')),
    { seed: SEED, numRuns: 3000 },
  );
});

test('a fold does not depend on how a name is composed, and is decomposed itself', () => {
  fc.assert(
    fc.property(marked, (text) => {
      assert.equal(fold(text.normalize('NFC')), fold(text));
      assert.equal(fold(text.normalize('NFD')), fold(text));
      assert.equal(fold(text).normalize('NFD'), fold(text));
    }),
    { seed: SEED, numRuns: 2000 },
  );
});

test('every code point, and marks in any order, fold as in Python', (t) => {
  const samples = fc.sample(marked, { seed: SEED, numRuns: 3000 });
  const texts = [...Array.from(codePoints(), (code) => String.fromCodePoint(code)), ...samples];
  // Python does not know this property; the engine does, and it has not changed since Unicode 14.
  const ignorable = Array.from(codePoints()).filter((code) => /\p{DI}/u.test(String.fromCodePoint(code)));
  const script = `
import json, sys, unicodedata
samples, ignorable = json.load(sys.stdin)
drop = dict.fromkeys(ignorable)
def fold(text):
    text = text.translate(drop)
    return unicodedata.normalize('NFD', unicodedata.normalize('NFD', text).casefold())
texts = [chr(code) for code in range(0x110000) if not 0xD800 <= code <= 0xDFFF] + samples
json.dump([[i, fold(text)] for i, text in enumerate(texts) if fold(text) != text], sys.stdout)
`;
  const output = python(['-c', script], JSON.stringify([samples, ignorable]));
  if (typeof output !== 'string') return t.skip(output.missing);
  const mine = texts.map((text, i) => [i, fold(text)] as const).filter(([i, folded]) => folded !== texts[i]);
  assert.equal(JSON.stringify(mine), JSON.stringify(JSON.parse(output)));
});

test('the table is what its generator prints', (t) => {
  if (!existsSync('fixtures/fold-table.py') || !existsSync('src/text/fold-table.ts')) {
    return t.skip('needs the sources in the working directory');
  }
  const output = python(['fixtures/fold-table.py']);
  if (typeof output !== 'string') return t.skip(output.missing);
  assert.equal(output, readFileSync('src/text/fold-table.ts', 'utf8'));
});
