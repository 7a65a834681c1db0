import { test } from 'node:test';
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { instantOf, type Instant } from '../../src/model/instant.ts';
import type { ContentId } from '../../src/model/id.ts';
import type { Entry, FileEntry, Manifest } from '../../src/model/manifest.ts';
import { nameOfBytes, type Name } from '../../src/model/name.ts';
import { line, type Value } from '../../src/model/value.ts';
import { manifestLine, parseManifest, parseVersion, writeManifest } from '../../src/text/manifest.ts';
import { TextError } from '../../src/text/problems.ts';
import { someManifest } from './arbitrary-formats.ts';
import { SEED, someInstant } from './arbitrary.ts';
import { plainlyByLibrary } from './plainly.ts';
import { assertRefused, type Refusal } from './refusals.ts';

const HASH = '4b227777d4dd1fc61c6f884f48641d02b4d121d3fd328cb08b5531fcacdabf8a' as ContentId;
const MTIME = '1997-05-21T00:00:00.123456789Z' as Instant;
const FILE: FileEntry = { kind: 'file', blake3: HASH, size: 31415926, mtime: MTIME, mode: 0o644 };
const REST = `{blake3: ${HASH}, size: 31415926, mtime: "${MTIME}", mode: 644}`;

function manifest(files: readonly (readonly [string, Entry])[], more: Partial<Manifest> = {}): Manifest {
  return { mode: 0o755, files: new Map(files as [Name, Entry][]), ...more };
}

test('a manifest is written as the specification shows', () => {
  const album = manifest(
    [
      ['01 Airbag.flac', { ...FILE, more: new Map([['flac', '9c1d']]) }],
      ['newest.flac', { kind: 'link', target: '01 Airbag.flac' }],
    ],
    {
      entity: { id: '01jdb3k2x9q4n8v7', type: 'music' },
      owner: 'ada',
      group: 'users',
      directories: new Map([['Aaaa%~1f2e3d4c', `A${'a'.repeat(27)}` as Name]]),
    },
  );
  const text = [
    'dbk: manifest 1',
    'entity: {id: 01jdb3k2x9q4n8v7, type: music}',
    'mode: 755',
    'owner: ada',
    'group: users',
    'directories:',
    '  "Aaaa%~1f2e3d4c": Aaaaaaaaaaaaaaaaaaaaaaaaaaaa',
    'files:',
    `  01 Airbag.flac: ${REST.slice(0, -1)}, flac: 9c1d}`,
    '  newest.flac: {link: 01 Airbag.flac}',
    '',
  ].join('\n');
  assert.equal(writeManifest(album), text);
  assert.deepEqual(parseManifest(text), album);
});

test('another version of a text says what it says by itself', () => {
  const law = fc.property(someManifest, someManifest, fc.func(fc.nat(3)), (one, two, choose) => {
    // A version that keeps lines of the other, changes some and has some of its own.
    const files = new Map(one.files);
    for (const [name, entry] of one.files) {
      const choice = choose(name);
      if (choice === 0) files.delete(name);
      else if (choice === 1 && entry.kind === 'file') files.set(name, { ...entry, mode: entry.mode ^ 1 });
    }
    for (const [name, entry] of two.files) files.set(name, entry);
    const like = { text: writeManifest(one), manifest: parseManifest(writeManifest(one)) };
    const text = writeManifest({ ...two, files });
    const version = parseVersion(text, like);
    assert.deepEqual(version, parseManifest(text));
    assert.deepEqual([...version.files.keys()], [...parseManifest(text).files.keys()]);
  });
  fc.assert(law, { seed: SEED, numRuns: 300 });
});

test('entries that two versions say alike are the same objects', () => {
  const file = (name: string, size: number): [string, Entry] => [name, { ...FILE, size }];
  const one = manifest([file('a', 1), file('b', 2), file('c', 3), file('e', 5)]);
  const two = manifest([file('a', 1), file('b', 20), file('c', 3), file('d', 4), file('e', 5)]);
  const like = { text: writeManifest(one), manifest: parseManifest(writeManifest(one)) };
  const { files } = parseVersion(writeManifest(two), like);
  const shared = [...files].filter(([name, entry]) => like.manifest.files.get(name) === entry);
  assert.deepEqual(
    shared.map(([name]) => name),
    ['a', 'c', 'e'],
  );
});

test('a version that is no manifest is refused, whatever the other one is', () => {
  const file = (name: string): string => `  ${name}: ${REST}\n`;
  const text = (...lines: string[]): string => `dbk: manifest 1\nmode: 755\nfiles:\n${lines.join('')}`;
  const like = {
    text: text(file('a'), file('b'), file('c')),
    manifest: parseManifest(text(file('a'), file('b'), file('c'))),
  };
  for (const lines of [
    ['a', 'a'],
    ['b', 'a'],
    ['a', 'c', 'b'],
    ['a', 'b', 'b'],
    ['c', 'a'],
  ])
    assert.throws(() => parseVersion(text(...lines.map(file)), like), TextError, lines.join());
});

test('each line has the one spelling of the table', () => {
  const attributes = {
    owner: 'ada',
    group: '1000',
    acl: 'user:bob:r--',
    xattrs: new Map([
      ['user.b', 'AA=='],
      ['user.a', ''],
    ]),
  };
  const rows: readonly (readonly [string, Entry, string])[] = [
    ['a', FILE, `a: ${REST}`],
    ['644', FILE, `"644": ${REST}`],
    ['é', FILE, `"é": ${REST}`],
    ['100%\n', FILE, `"100%25%0A": ${REST}`],
    ['"\\', FILE, `"\\"\\\\": ${REST}`],
    [nameOfBytes(Uint8Array.of(0x66, 0xfc)), FILE, `"f%FC": ${REST}`],
    ['__proto__', FILE, `__proto__: ${REST}`],
    ['a', { ...FILE, mode: 0, size: 0 }, `a: ${REST.replace('31415926', '0').replace('644', '0')}`],
    ['a', { ...FILE, mode: 0o7777 }, `a: ${REST.replace('644', '7777')}`],
    ['a', { ...FILE, mtime: instantOf(0n) }, `a: ${REST.replace(MTIME, '1970-01-01T00:00:00Z')}`],
    [
      'a',
      { ...FILE, mtime: instantOf(-(2n ** 63n) * 10n) },
      `a: ${REST.replace(MTIME, '@-92233720369.452241920')}`,
    ],
    [
      'a',
      { ...FILE, same: '0123456789abcdef' },
      `a: ${REST.slice(0, -1)}, same: "0123456789abcdef"}`.replaceAll(
        '"0123456789abcdef"',
        '0123456789abcdef',
      ),
    ],
    [
      'a',
      {
        ...FILE,
        ...attributes,
        same: '1111111111111111',
        entity: { id: '01jdb3k2x9q4n8v7', type: 'movie' },
        more: new Map<string, Value>([
          ['flac', '9c'],
          ['zz', line([['b', 1]])],
        ]),
      },
      `a: ${REST.slice(0, -1)}, same: "1111111111111111", acl: "user:bob:r--", entity: {id: 01jdb3k2x9q4n8v7, type: movie}, ` +
        'flac: 9c, group: "1000", owner: ada, xattrs: {user.a: "", user.b: "AA=="}, zz: {b: 1}}',
    ],
    ['l', { kind: 'link', target: '../a b/c' }, 'l: {link: "../a b/c"}'],
    [
      'l',
      { kind: 'link', target: nameOfBytes(Uint8Array.of(0xff)), owner: 'ada' },
      'l: {link: "%FF", owner: ada}',
    ],
    // A hash that a reader would take for a number, and one that only begins so.
    [
      'a',
      { ...FILE, blake3: '1'.repeat(64) as ContentId },
      `a: ${REST.replace(HASH, `"${'1'.repeat(64)}"`)}`,
    ],
    [
      'a',
      { ...FILE, blake3: `0b${'1'.repeat(62)}` as ContentId },
      `a: ${REST.replace(HASH, `"0b${'1'.repeat(62)}"`)}`,
    ],
    [
      'a',
      { ...FILE, blake3: `0b${'1'.repeat(61)}f` as ContentId },
      `a: ${REST.replace(HASH, `0b${'1'.repeat(61)}f`)}`,
    ],
    [
      'a',
      { ...FILE, blake3: `0b${'1'.repeat(61)}b` as ContentId },
      `a: ${REST.replace(HASH, `0b${'1'.repeat(61)}b`)}`,
    ],
    [
      'a',
      { ...FILE, blake3: `${'1'.repeat(32)}e${'1'.repeat(31)}` as ContentId },
      `a: ${REST.replace(HASH, `"${'1'.repeat(32)}e${'1'.repeat(31)}"`)}`,
    ],
  ];
  for (const [name, entry, expected] of rows) {
    assert.equal(manifestLine(name as Name, entry), expected);
    const whole = manifest([[name, entry]]);
    const text = `dbk: manifest 1\nmode: 755\nfiles:\n  ${expected}\n`;
    assert.equal(writeManifest(whole), text);
    assert.deepEqual(parseManifest(text), whole);
    assert.equal(plainlyByLibrary(text, '1.1')[0], 'm', text);
  }
});

test('what is not in the order of bytes is put in it', () => {
  const names = ['b', 'a', 'é', 'Z', '\u{1f600}', '\uffe0', 'a\udcff', 'a b'];
  const text = writeManifest(manifest(names.map((name) => [name, FILE])));
  assert.deepEqual(
    [...parseManifest(text).files.keys()],
    ['Z', 'a', 'a b', 'a\udcff', 'b', 'é', '\uffe0', '\u{1f600}'],
  );
});

test('a file that was not read is not written', () => {
  const { blake3: _, ...unread } = FILE;
  assert.throws(() => manifestLine('a' as Name, unread), /not read/);
});

test('every manifest is read back as it was written', () => {
  fc.assert(
    fc.property(someManifest, (whole) => {
      const text = writeManifest(whole);
      const back = parseManifest(text);
      assert.deepEqual(back, whole, text);
      assert.deepEqual([...back.files.keys()], [...whole.files.keys()]);
      assert.equal(writeManifest(back), text);
    }),
    { seed: SEED, numRuns: 500 },
  );
});

test('every time is read back as it was written', () => {
  fc.assert(
    fc.property(someInstant, (mtime) => {
      const whole = manifest([['a', { ...FILE, mtime }]]);
      assert.deepEqual(parseManifest(writeManifest(whole)), whole);
    }),
    { seed: SEED, numRuns: 2000 },
  );
});

test('a manifest that is changed in one place is refused, or is the one spelling of something else', () => {
  const inserted = fc.constantFrom(
    '',
    ' ',
    '\n',
    '"',
    '0',
    'a',
    ':',
    ',',
    '}',
    '{',
    '%',
    '\\',
    '\t',
    '#',
    ' # x',
    '%41',
    '\r',
  );
  fc.assert(
    fc.property(
      someManifest,
      fc.oneof(fc.nat(40), fc.nat()),
      fc.nat(2),
      inserted,
      (whole, at, remove, insert) => {
        const canonical = writeManifest(whole);
        const place = at % canonical.length;
        const text = canonical.slice(0, place) + insert + canonical.slice(place + remove);
        try {
          assert.equal(writeManifest(parseManifest(text)), text);
        } catch (error) {
          if (!(error instanceof TextError)) throw error;
        }
      },
    ),
    { seed: SEED, numRuns: 1500 },
  );
});

test('what is broken is refused with code, line and reason', () => {
  const head = 'dbk: manifest 1\nmode: 755\n';
  const lines = (...all: readonly string[]) => `${head}files:\n${all.map((one) => `  ${one}\n`).join('')}`;
  const a = `a: ${REST}`;
  const b = `b: ${REST}`;
  const rows: readonly Refusal[] = [
    ['dbk: manifest 2\nfoo\n', 'text/newer', 1, /format 2.*reads format 1/],
    ['dbk: commit 1\nmode: 755\n', 'text/wrong-kind', 1, /'dbk: manifest 1'/],
    ['dbk: manifest 1\n', 'text/missing-key', 1, /'mode' is missing/],
    [`${head}files:\n`, 'text/not-canonical', 3, /./],
    [`${head}files: {}\n`, 'text/not-canonical', 3, /./],
    [`${head}directories: {}\n`, 'text/misplaced-key', 3, /'directories'/],
    ['dbk: manifest 1 # x\nmode: 755\n', 'text/not-canonical', 1, /which is 'dbk: manifest 1'/],
    ['dbk: manifest 1\nmode: 755 # x\n', 'text/not-canonical', 2, /which is 'mode: 755'/],
    ['dbk: manifest 1\nmode: 0755\n', 'text/wrong-value', 2, /'mode' is not/],
    ['dbk: manifest 1\nmode: 789\n', 'text/wrong-value', 2, /octal/],
    ['dbk: manifest 1\nmode: 10000\n', 'text/wrong-value', 2, /octal/],
    ['dbk: manifest 1\nmode: "755"\n', 'text/wrong-value', 2, /'mode' is not/],
    ['dbk: manifest 1\nowner: ada\nmode: 755\n', 'text/not-canonical', 2, /which is 'mode: 755'/],
    ['dbk: manifest 1\nmode: 755\nmode: 755\n', 'text/duplicate-key', 3, /'mode' is here twice/],
    ['dbk: manifest 1\nmode: 755\ndbk: a\n', 'text/duplicate-key', 3, /'dbk' is here twice/],
    ['dbk: manifest 1\nentity: {id: x, type: music}\nmode: 755\n', 'text/wrong-value', 2, /entity's id/],
    [`${head}directories:\n  "a/b": c\n`, 'text/bad-name', 4, /'a\/b'/],
    [`${head}directories:\n  a: ..\n`, 'text/bad-name', 4, /'\.\.'/],
    [`${head}directories:\n  b: x\n  a: x\n`, 'text/not-canonical', 4, /which is ' {2}a: x'/],
    [lines(b, a), 'text/order', 5, /'a' is not in its place/],
    [lines(a, a), 'text/duplicate-key', 5, /'a' is here twice/],
    [`${lines(a)}group: users\n`, 'text/not-canonical', 5, /./],
    [`${lines(a)}\n`, 'text/not-canonical', 5, /./],
    [`${head}files:\n# x\n  ${a}\n`, 'text/not-canonical', 4, /./],
    [lines(a).slice(0, -1), 'text/cut-off', 4, /line feed/],
    [lines(a).slice(0, -9), 'text/cut-off', 4, /line feed/],
    [lines(a).replaceAll('\n', '\r\n'), 'text/line-end', 1, /carriage return/],
    [`\ufeff${lines(a)}`, 'text/byte-order-mark', 1, /byte order mark/],
    [lines(a, b).replace('  b', '\tb'), 'text/tab', 5, /tab/],
    [lines(a, b).replace('  b', '   b'), 'text/indentation', 5, /blanks/],
    [lines(a, b).replace('  b', ' b'), 'text/not-canonical', 5, /./],
    [`${lines(a)}<<<<<<< HEAD\n  ${b}\n`, 'text/merge-marker', 5, /unfinished merge/],
    [lines(`"a": ${REST}`), 'text/not-canonical', 4, /which is/],
    [lines(`644: ${REST}`), 'text/not-canonical', 4, /./],
    [lines(`"..": ${REST}`), 'text/bad-name', 4, /'\.\.'/],
    [lines(`".": ${REST}`), 'text/bad-name', 4, /'\.'/],
    [lines(`"": ${REST}`), 'text/bad-name', 4, /''/],
    [lines(`.dbk: ${REST}`), 'text/bad-name', 4, /'\.dbk'/],
    [lines(`a/b: ${REST}`), 'text/bad-name', 4, /'a\/b'/],
    [lines(`"a%2fb": ${REST}`), 'text/bad-name', 4, /spelling/],
    [lines(`"a%2Fb": ${REST}`), 'text/bad-name', 4, /spelling/],
    [lines(`"a%00": ${REST}`), 'text/bad-name', 4, /spelling/],
    [lines(`"a%41": ${REST}`), 'text/bad-name', 4, /spelling/],
    [lines(`"100%": ${REST}`), 'text/bad-name', 4, /spelling/],
    [lines(`"é%C3": ${REST}`, `"é%C3%A9": ${REST}`), 'text/bad-name', 5, /spelling/],
    [lines(`${'x'.repeat(256)}: ${REST}`), 'text/not-canonical', 4, /./],
    [lines(`"${'é'.repeat(128)}": ${REST}`), 'text/bad-name', 4, /folder can hold/],
    [lines(a.replace('4b22', '4B22')), 'text/wrong-value', 4, /'blake3' is not 64/],
    [lines(a.replace('4b22', '4b2')), 'text/wrong-value', 4, /'blake3' is not 64/],
    [lines(a.replace(HASH, `"${HASH}"`)), 'text/not-canonical', 4, /which is/],
    [lines(a.replace(HASH, '1'.repeat(64))), 'text/not-canonical', 4, /./],
    [lines(a.replace('31415926', '031')), 'text/not-canonical', 4, /./],
    [lines(a.replace('31415926', '9007199254740992')), 'text/wrong-value', 4, /'size' is not a whole number/],
    [lines(a.replace('31415926', '-1')), 'text/not-canonical', 4, /./],
    [lines(a.replace('31415926', '"31415926"')), 'text/wrong-value', 4, /'size'/],
    [lines(a.replace(MTIME, '1997-05-21')), 'text/wrong-value', 4, /'mtime' is not a time/],
    [lines(a.replace(MTIME, '1997-02-29T00:00:00Z')), 'text/wrong-value', 4, /'mtime' is not a time/],
    [lines(a.replace(MTIME, '1997-04-31T00:00:00Z')), 'text/wrong-value', 4, /'mtime' is not a time/],
    [lines(a.replace(MTIME, '1997-04-30T24:00:00Z')), 'text/wrong-value', 4, /'mtime' is not a time/],
    [lines(a.replace(MTIME, '1997-04-30T00:00:00.5Z')), 'text/wrong-value', 4, /'mtime' is not a time/],
    [
      lines(a.replace(MTIME, '1997-04-30T00:00:00.000000000Z')),
      'text/wrong-value',
      4,
      /'mtime' is not a time/,
    ],
    [lines(a.replace(MTIME, '@0')), 'text/wrong-value', 4, /'mtime' is not a time/],
    [lines(a.replace('644', '888')), 'text/wrong-value', 4, /'mode' is not/],
    [lines(a.replace('644', '10000')), 'text/wrong-value', 4, /'mode' is not/],
    [lines(a.replace('644', '0644')), 'text/not-canonical', 4, /./],
    [lines(a.replace(', mode: 644', '')), 'text/missing-key', 4, /'mode' is missing/],
    [
      lines(a.replace('size: 31415926, ', '').replace('}', ', size: 31415926}')),
      'text/not-canonical',
      4,
      /which is/,
    ],
    [lines(a.replace('}', ', zz: 1, flac: 2}')), 'text/not-canonical', 4, /which is/],
    [lines(a.replace('}', ', same: xyz}')), 'text/wrong-value', 4, /'same'/],
    [lines(a.replace('}', ', xattrs: {a: "*"}}')), 'text/wrong-value', 4, /base64/],
    [lines(a.replace('}', ', flac: 1, flac: 2}')), 'text/duplicate-key', 4, /'flac' is here twice/],
    [lines(a.replace('}', '} ')), 'text/not-canonical', 4, /./],
    [lines(a.replace('}', '} # x')), 'text/not-canonical', 4, /./],
    [lines(a.replace('}', '')), 'text/unclosed', 4, /not closed/],
    [lines('a: {link: b, mode: 644}'), 'text/misplaced-key', 4, /'mode' does not belong here/],
    [lines('a: {link: ""}'), 'text/wrong-value', 4, /'link'/],
    [lines('a: {}'), 'text/missing-key', 4, /'blake3' is missing/],
    [lines('a: b'), 'text/not-canonical', 4, /./],
    [lines(`a: &x ${REST}`), 'text/not-canonical', 4, /./],
    [lines(`a: ${'{a: '.repeat(100_000)}`), 'text/too-deep', 4, /32/],
    [lines('x'.repeat(10_000_000)), 'text/not-canonical', 4, /./],
  ];
  assertRefused(parseManifest, rows);
});
