import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import fc from 'fast-check';
import { bytesOfName, nameOfBytes, type Name } from '../../src/model/name.ts';
import type { RepositoryPath } from '../../src/model/path.ts';
import {
  cleanUnicode,
  escapeName,
  escapePath,
  escapeText,
  isComponent,
  isPlainUnicode,
  unescapeName,
  unescapePath,
  unescapeText,
} from '../../src/text/names.ts';

const PYTHON = '/usr/bin/python3';
const SEED = 20261122;

/** Characters at the edges of the rules, and bytes that are half of a character. */
const PIECES = [
  [
    ...'aZ0 .~$%/\\"\'<>:|?*#&-éß日\u0301\u{1f600}\0\t\n\r\x1f\x7f\x80\x85\x9f\xa0\u061c\u200c\u200d\u200e\u200f\u2027\u2028',
  ],
  [
    ...'\u2029\u202a\u202e\u202f\u2065\u2066\u2069\u206a\ufdd0\ufefe\ufeff\ufffd\ufffe\uffff\u{1fffe}\u{10ffff}',
  ],
  ['\udc80', '\udcff', '\udcc3', '\udce2', '\udced', '\udca0', '\udcf0', '%41', '%2F', '%zz', '%~deadbeef'],
].flat();
const anyBytes = fc.uint8Array({ minLength: 1, maxLength: 255 });
const oddBytes = fc
  .array(fc.constantFrom(...PIECES), { minLength: 1, maxLength: 40 })
  .map((pieces) => bytesOfName(pieces.join('')).slice(0, 255));
/** Bytes without NUL, as a link's target has them. */
const target = fc
  .oneof(anyBytes, oddBytes)
  .map((bytes) => nameOfBytes(bytes.map((byte) => (byte === 0 ? 1 : byte))));
const component = target.map((text) => text.replaceAll('/', '_') as Name).filter(isComponent);

test('a name has this spelling, and the spelling is this name', () => {
  const rows: [name: string, spelling: string][] = [
    ['a', 'a'],
    ['01 Airbag.flac', '01 Airbag.flac'],
    ['__proto__', '__proto__'],
    ['-rf', '-rf'],
    ['~', '~'],
    [' ', ' '],
    ['...', '...'],
    ['.DBK', '.DBK'],
    ['a\\b"c\'', 'a\\b"c\''],
    ['100%', '100%25'],
    ['%41', '%2541'],
    ['a%~deadbeef', 'a%25~deadbeef'],
    ['a\tb\nc\rd', 'a%09b%0Ac%0Dd'],
    ['\x01\x1f\x7f', '%01%1F%7F'],
    ['\x80\x85\x9f\xa0', '%C2%80%C2%85%C2%9F\xa0'],
    ['\u2027\u2028\u2029\u202f', '\u2027%E2%80%A8%E2%80%A9\u202f'],
    ['\ufeffa', '%EF%BB%BFa'],
    ['\ufffd\ufffe\uffff', '\ufffd%EF%BF%BE%EF%BF%BF'],
    ['\u061c\u200e\u200f', '%D8%9C%E2%80%8E%E2%80%8F'],
    ['\u202a\u202e\u2066\u2069', '%E2%80%AA%E2%80%AE%E2%81%A6%E2%81%A9'],
    ['\u200c\u200d\u2065\u206a', '\u200c\u200d\u2065\u206a'],
    ['é e\u0301 日本 \u{1f600} \u{10ffff}', 'é e\u0301 日本 \u{1f600} \u{10ffff}'],
    ['caf\udce9', 'caf%E9'],
    ['\udcc3é\udca9', '%C3é%A9'],
    ['\udced\udca0\udc80', '%ED%A0%80'], // a surrogate in UTF-8 is no UTF-8
    ['\udcc0\udcaf', '%C0%AF'], // an overlong '/'
    ['a'.repeat(255), 'a'.repeat(255)],
    ['é'.repeat(127), 'é'.repeat(127)],
    ['日'.repeat(85), '日'.repeat(85)],
    ['\u{1f600}'.repeat(63), '\u{1f600}'.repeat(63)],
    ['%'.repeat(255), '%25'.repeat(255)],
    ['\udcff'.repeat(255), '%FF'.repeat(255)],
  ];
  assert.deepEqual(
    rows.map(([name, spelling]) => [unescapeName(spelling), escapeName(name)]),
    rows,
  );
});

test('what is no spelling of a name is refused', () => {
  const rows: [why: string, text: string][] = [
    ['empty', ''],
    ['the folder itself', '.'],
    ['the folder above', '..'],
    ['the own folder', '.dbk'],
    ['an escaped dot', '%2E'],
    ['two components', 'a/b'],
    ['an escaped slash', 'a%2Fb'],
    ['an escaped NUL', 'a%00b'],
    ['NUL', 'a\0b'],
    ['a tab', 'a\tb'],
    ['a line feed', 'a\n'],
    ['a control', 'a\x80'],
    ['a bidirectional control', 'a\u202eb'],
    ['a BOM', '\ufeffa'],
    ['a lone surrogate', 'a\udcff'],
    ['a lone surrogate that is no byte', '\ud800'],
    ['half of a pair before an escape', '\ud83d%80'],
    ['a bare %', '100%'],
    ['a cut escape', 'a%2'],
    ['no digits', '%zz'],
    ['a mark', 'a%~deadbeef'],
    ['lower-case digits', '%e9'],
    ['an escaped letter', '%41'],
    ['an escaped character that needs none', 'caf%C3%A9'],
    ['256 bytes', 'a'.repeat(256)],
    ['256 bytes of two', 'é'.repeat(128)],
    ['258 bytes of three', '日'.repeat(86)],
    ['256 bytes of four', '\u{1f600}'.repeat(64)],
    ['256 bytes of escapes', '%FF'.repeat(256)],
  ];
  assert.deepEqual(
    rows.filter(([, text]) => unescapeName(text) !== undefined),
    [],
  );
});

test('paths and targets are spelled as names are', () => {
  const targets: [target: string, spelling: string][] = [
    ['/', '/'],
    ['..//.dbk/./x/', '..//.dbk/./x/'],
    ['../50%/\udcff\n', '../50%25/%FF%0A'],
    ['x'.repeat(4096), 'x'.repeat(4096)],
  ];
  const paths: [path: string, spelling: string][] = [
    ['', ''],
    ['Music', 'Music'],
    ['a/50%/\udcff', 'a/50%25/%FF'],
    [`${'é'.repeat(127)}/b`.repeat(30), `${'é'.repeat(127)}/b`.repeat(30)],
  ];
  assert.deepEqual(
    targets.map(([, spelling]) => unescapeText(spelling)),
    targets.map(([text]) => text),
  );
  assert.deepEqual(
    targets.map(([text]) => escapeText(text)),
    targets.map(([, spelling]) => spelling),
  );
  assert.deepEqual(
    paths.map(([path, spelling]) => [unescapePath(spelling), escapePath(path as RepositoryPath)]),
    paths,
  );
  const refused = [
    '/',
    '/a',
    'a/',
    'a//b',
    'a/../b',
    './a',
    'a/.dbk',
    '.dbk/a',
    'a%2Fb',
    'a/%2E.',
    'a/%00',
    '%',
  ];
  refused.push(`a/${'b'.repeat(256)}`);
  assert.deepEqual(
    refused.filter((text) => unescapePath(text) !== undefined),
    [],
  );
  assert.deepEqual(
    ['', 'a\0', 'a%00', '%41', '%'].filter((text) => unescapeText(text) !== undefined),
    [],
  );
});

test('plain Unicode is what section 2 can write', () => {
  const excluded = (code: number): boolean =>
    (code < 0x20 && code !== 9 && code !== 10) ||
    (code >= 0x7f && code <= 0x9f) ||
    [0x61c, 0x200e, 0x200f, 0x2028, 0x2029, 0xfeff, 0xfffe, 0xffff].includes(code) ||
    (code >= 0x202a && code <= 0x202e) ||
    (code >= 0x2066 && code <= 0x2069) ||
    (code >= 0xd800 && code <= 0xdfff);
  const wrong: number[] = [];
  for (let code = 0; code < 0x110000; code++) {
    const text = `a${String.fromCodePoint(code)}b`;
    const right =
      isPlainUnicode(text) === !excluded(code) &&
      cleanUnicode(text) === (excluded(code) ? 'a\ufffdb' : text) &&
      (code === 0x25 || escapeText(text).includes('%') === (excluded(code) || code === 9 || code === 10));
    if (!right) wrong.push(code);
  }
  assert.deepEqual(wrong, []);
});

test('every name comes back from its spelling, which is plain and on one line', () => {
  fc.assert(
    fc.property(component, (name) => {
      const spelling = escapeName(name);
      assert.equal(unescapeName(spelling), name);
      assert.equal(isPlainUnicode(spelling) && !/[\t\n]/.test(spelling), true);
      assert.equal(unescapePath(`${spelling}/${spelling}`), `${name}/${name}`);
    }),
    { seed: SEED, numRuns: 3000 },
  );
  fc.assert(
    fc.property(target, (text) => {
      assert.equal(unescapeText(escapeText(text)), text);
    }),
    { seed: SEED, numRuns: 1000 },
  );
});

test('a text that is taken is the spelling of what it gives', () => {
  const texts = fc.array(fc.constantFrom(...PIECES, '%C3', '%A9', '%25', '%0A', '%0a', '%F0'), {
    maxLength: 12,
  });
  fc.assert(
    fc.property(texts, (pieces) => {
      const text = pieces.join('');
      const name = unescapeName(text);
      if (name !== undefined) assert.equal(escapeName(name), text);
    }),
    { seed: SEED, numRuns: 5000 },
  );
});

test('spellings in double quotes are themselves to PyYAML', (t) => {
  const names = fc.sample(target, { seed: SEED, numRuns: 400 });
  const spellings = [...names, ...PIECES.filter((piece) => piece !== '\0')].map(escapeText);
  const yaml = spellings.map((text) => `- "${text.replace(/["\\]/g, '\\$&')}"\n`).join('');
  const script = 'import json, sys, yaml; json.dump(yaml.safe_load(sys.stdin.buffer.read()), sys.stdout)';
  const run = spawnSync(PYTHON, ['-c', script], { input: yaml, encoding: 'utf8', maxBuffer: 1 << 26 });
  if (run.error !== undefined || run.stderr.includes('ModuleNotFoundError')) return t.skip('needs PyYAML');
  assert.equal(run.stderr, '');
  assert.deepEqual(JSON.parse(run.stdout), spellings);
});
