import { test } from 'node:test';
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { block, line, type Value } from '../../src/model/value.ts';
import { TextError } from '../../src/text/problems.ts';
import { readPeople } from '../../src/text/yaml-people.ts';
import { readLines, type Parsed } from '../../src/text/yaml-read.ts';
import { isPlain, writeFlow, writeScalar, writeText } from '../../src/text/yaml-write.ts';
import { entriesOf, SEED, someText, someValue } from './arbitrary.ts';
import { everyText, NASTY_BLOCKS, NASTY_TEXTS } from './nasty.ts';
import { plainlyByLibrary, plainText } from './plainly.ts';
import { assertRefused, type Refusal } from './refusals.ts';

const DEEP = 100_000;

function textOf(entries: Iterable<readonly [string, Value]>): string {
  return writeText('test', entries);
}

/** The text is read back by lines, and by the library as YAML 1.1 and 1.2, as what was written. */
function assertReadAlike(entries: readonly (readonly [string, Value])[]): void {
  const text = textOf(entries);
  const { root } = readLines(text, 'test');
  assert.deepEqual(root, block(entries), text);
  assert.equal(textOf(root.map), text);
  const expected = plainText('test', root.map);
  assert.deepEqual(plainlyByLibrary(text, '1.2'), expected, text);
  assert.deepEqual(plainlyByLibrary(text, '1.1'), expected, text);
}

test('every scalar has the one spelling of the table', () => {
  const rows: readonly (readonly [Value, string])[] = [
    ['a', 'a'],
    ['', '""'],
    [644, '644'],
    ['644', '"644"'],
    [0, '0'],
    [Number.MAX_SAFE_INTEGER, '9007199254740991'],
    ['01 Airbag.flac', '01 Airbag.flac'],
    ['Pictures/2026/Iceland/', 'Pictures/2026/Iceland/'],
    ['say "hi" \\', '"say \\"hi\\" \\\\"'],
    ['two\nlines', '"two\\nlines"'],
    ['tab\there', '"tab\there"'],
    ['😀', '"😀"'],
    ['x'.repeat(128), 'x'.repeat(128)],
    ['x'.repeat(129), `"${'x'.repeat(129)}"`],
    [line([['a', [1, 'b', line([])]]]), '{a: [1, b, {}]}'],
  ];
  for (const [value, expected] of rows) assert.equal(writeFlow(value), expected);
});

test('a text is plain only where no reader takes it for something else', () => {
  const plain = [
    'a',
    'A1',
    '.git',
    '._DS_Store',
    '_1',
    '/',
    '1a',
    '0ba',
    '0b1f',
    '0o1a',
    'e5a',
    'a - b',
    'yess',
    '1 a',
    'a+b',
  ];
  const quoted = [
    'e5',
    'E10',
    '.e5',
    '._1',
    '1e5',
    '0b1',
    '0o7',
    '0xg',
    'No',
    'a.',
    'a-',
    'a  b',
    ' a',
    '1.5',
    'a:b',
    '(a)',
  ];
  assert.deepEqual([...plain, ...quoted].filter(isPlain), plain);
});

test('what no text may hold is not written', () => {
  for (const code of [
    0, 8, 0x0b, 0x0d, 0x1f, 0x7f, 0x85, 0x9f, 0x61c, 0x200e, 0x2028, 0x202e, 0x2066, 0xfeff, 0xfffe, 0xd800,
    0xdcff,
  ]) {
    const character = String.fromCharCode(code);
    assert.throws(() => writeScalar(`a${character}`), TextError, code.toString(16));
    assert.throws(() => textOf([['a', `a${character}\n`]]), TextError, code.toString(16));
  }
  for (const number of [-1, 0.5, Number.NaN, Infinity, 2 ** 53])
    assert.throws(() => writeScalar(number), RangeError);
  assert.throws(() => textOf([['k'.repeat(1001), 1]]), TextError);
});

test('a value has at most 32 levels, written and read', () => {
  let deepest: Value = 'a';
  for (let level = 2; level <= 32; level++) deepest = block([['k', deepest]]);
  assertReadAlike([['k', deepest]]);
  assert.throws(() => textOf([['k', block([['k', deepest]])]]), TextError);
});

test('nasty texts are read alike by all readers, wherever they stand', () => {
  for (const text of [...NASTY_TEXTS, ...NASTY_BLOCKS]) {
    assertReadAlike([
      ['value', text],
      ['list', [text, line([[text, text]]), [text]]],
      ['below', block([[text, text]])],
    ]);
  }
});

test('every short text of what numbers are made of is a text to all readers', () => {
  assertReadAlike([['all', everyText('01eExXoObB._+- :', 3)]]);
  assertReadAlike([['all', everyText('0b1e._+', 4)]]);
  assertReadAlike([['below', block(everyText('yYnNoOeE~=.01', 2).map((text) => [text, text]))]]);
});

test('every combination of blanks, tabs and line feeds is read alike by all readers', () => {
  const texts = everyText('a \n\t', 5);
  assertReadAlike(texts.map((text, i) => [`k${i}`, text]));
  for (const text of texts) assertReadAlike([['a', block([['b', text]])]]);
  assertReadAlike([['all', texts]]);
});

test('every value is read back as it was written, and alike by all readers', () => {
  fc.assert(fc.property(entriesOf(someValue), assertReadAlike), { seed: SEED, numRuns: 500 });
});

test('the line reader takes comments, empty lines and easy text as YAML readers do', () => {
  const text = [
    'dbk: test 1   # kind and version',
    '# a comment',
    '',
    'author: Ada Lovelace, <ada@example.org> # and another',
    'free: 10%',
    'list: [a, "b", 3] # three',
    'below:  # a map',
    '  # inside',
    '',
    '  yes: no',
    '  on: 1.50',
    '   ',
    'many:',
    '  - it\'s "fine"',
    '# between',
    '  - {a: b}   ',
    'last: |',
    '  # text',
    '',
    '  text',
    '# the end',
    '',
  ].join('\n');
  const expected = block([
    ['author', 'Ada Lovelace, <ada@example.org>'],
    ['free', '10%'],
    ['list', ['a', 'b', 3]],
    [
      'below',
      block([
        ['yes', 'no'],
        ['on', '1.50'],
      ]),
    ],
    ['many', ['it\'s "fine"', line([['a', 'b']])]],
    ['last', '# text\n\ntext\n'],
  ]);
  // `yes` and `on` are no keys that dbk writes plain.
  const taken = text.replace('  yes:', '  "yes":').replace('  on:', '  "on":');
  assert.deepEqual(readLines(taken, 'test').root, expected);
  for (const it of [text, taken]) assert.deepEqual(readPeople(it, 'test').root, expected);
});

test('values that people write in other ways are the same values', () => {
  const expected = block([
    ['name', 'laptop'],
    [
      'keep',
      block([
        ['age', '30d'],
        ['commits', 5],
      ]),
    ],
    ['list', ['a', 'b']],
    ['line', line([['a', line([['b', ['c', '']]])]])],
    ['text', 'two\nlines\n'],
    ['none', ''],
    ['big', '9007199254740992'],
    ['octal', '0644'],
  ]);
  const rows = [
    'dbk: test 1\nname: laptop\nkeep:\n    age: 30d\n    commits: 5\nlist:\n- a\n- b\nline: {a: {b: [c, ""]}}\ntext: "two\\nlines\\n"\nnone:\nbig: 9007199254740992\noctal: 0644\n',
    "'dbk': 'test 1'\n\"name\": 'laptop'\nkeep:\n      age: '30d'\n      commits:    5\nlist: [a,\n  b]\nline: {a: {b: [c, '']}}\ntext: |2\n  two\n  lines\nnone: ''\nbig: 9007199254740992\noctal: '0644'",
    '\ufeffdbk: test 1\r\nname:\r\n  laptop\r\nkeep:\r\n age: 30d\r\n commits: 5\r\nlist:\r\n - a\r\n - "\\x62"\r\nline:\r\n  {a: {b: [c, ]}}\r\ntext: >\r\n  two\r\n\r\n  lines\r\nnone: ""\r\nbig: 9007199254740992\r\noctal: "0644"\r\n'.replace(
      '[c, ]',
      "[c, '']",
    ),
    '{dbk: test 1, name: laptop}',
  ];
  for (const row of rows.slice(0, 3)) assert.deepEqual(readPeople(row, 'test').root, expected, row);
  assert.deepEqual(readPeople(rows[3]!, 'test').root, block([['name', 'laptop']]));
});

test('the line reader never takes a text for something else than the library does', () => {
  const insertions = fc.constantFrom(
    ' ',
    '  ',
    '\n',
    ':',
    ': ',
    '#',
    ' #',
    '"',
    "'",
    '-',
    '- ',
    '|',
    '>',
    '{',
    '}',
    '[',
    ']',
    ',',
    ', ',
    '\\',
    '\t',
    'a',
    '1',
    '?',
    '&a ',
    '*a',
    '!',
    '%',
    '~',
  );
  const change = fc.record({
    at: fc.nat(),
    remove: fc.nat(2),
    insert: fc.oneof(fc.constant(''), insertions),
  });
  let taken = 0;
  fc.assert(
    fc.property(
      entriesOf(someValue),
      fc.array(change, { minLength: 1, maxLength: 3 }),
      (entries, changes) => {
        const canonical = textOf(entries);
        let text = canonical;
        for (const { at, remove, insert } of changes) {
          const place = 'dbk: test 1\n'.length + (at % Math.max(1, text.length - 11));
          text = text.slice(0, place) + insert + text.slice(place + remove);
        }
        const read = attempt(() => readLines(text, 'test'));
        if (read === undefined) return;
        taken++;
        assert.deepEqual(readPeople(text, 'test').root, read.root, text);
      },
    ),
    { seed: SEED, numRuns: 3000 },
  );
  assert.ok(taken > 500, `only ${taken} were taken`);
});

test('what is broken is refused with code, line and reason', () => {
  const rows: readonly Refusal[] = [
    ['', 'text/wrong-kind', 1, /not 'dbk: test 1'/],
    ['a: b\n', 'text/wrong-kind', 1, /first line/],
    ['dbk: other 1\n', 'text/wrong-kind', 1, /first line/],
    ['dbk: test 0\n', 'text/wrong-kind', 1, /first line/],
    [
      'dbk: test 2\nwhatever\t{',
      'text/newer',
      1,
      /this test was written by a newer dbk \(format 2\); this dbk reads format 1/,
    ],
    ['\ufeffdbk: test 1\n', 'text/byte-order-mark', 1, /byte order mark/],
    ['dbk: test 1\r\na: b\r\n', 'text/line-end', 1, /carriage return/],
    ['dbk: test 1\na: b\nc: d\re\n', 'text/line-end', 3, /carriage return/],
    ['dbk: test 1\na: b', 'text/cut-off', 2, /does not end with a line feed/],
    ['dbk: test 1\na: b\ndbk: test 1\n', 'text/duplicate-key', 3, /'dbk' is here twice/],
    ['dbk: test 1\na: b\na: c\n', 'text/duplicate-key', 3, /'a' is here twice/],
    ['dbk: test 1\na: {b: 1, b: 2}\n', 'text/duplicate-key', 2, /'b' is here twice/],
    ['dbk: test 1\n\ta: b\n', 'text/tab', 2, /tab/],
    ['dbk: test 1\na:\n  b: c\n \td: e\n', 'text/tab', 4, /tab/],
    ['dbk: test 1\n a: b\n', 'text/indentation', 2, /wrong number of blanks/],
    ['dbk: test 1\na:\n   b: c\n', 'text/indentation', 3, /wrong number of blanks/],
    ['dbk: test 1\na: b\n<<<<<<< HEAD\nb: c\n', 'text/merge-marker', 3, /unfinished merge/],
    ['dbk: test 1\na: b\n=======\n', 'text/merge-marker', 3, /unfinished merge/],
    ['dbk: test 1\na: "b\n', 'text/unclosed', 2, /not closed/],
    ['dbk: test 1\na: {b: c\n', 'text/unclosed', 2, /not closed/],
    ['dbk: test 1\na: "b\u0007"\n', 'text/control', 2, /no text may hold/],
    ['dbk: test 1\na: b # \u202e\n', 'text/control', 2, /no text may hold/],
    ['dbk: test 1\na: |\n  b\u2028\n', 'text/control', 2, /no text may hold/],
    [`dbk: test 1\n${'k'.repeat(1001)}: b\n`, 'text/not-canonical', 2, /not a line as dbk writes it/],
    [`dbk: test 1\n"${'k k'.repeat(400)}": b\n`, 'text/long-key', 2, /1000 characters/],
    [`dbk: test 1\na: ${'['.repeat(DEEP)}\n`, 'text/too-deep', 2, /32 levels/],
    [`dbk: test 1\na: ${'{a: '.repeat(DEEP)}\n`, 'text/too-deep', 2, /32 levels/],
    [`dbk: test 1\n${nested(DEEP / 100)}`, 'text/too-deep', 33, /32 levels/],
    [`dbk: test 1\n${'x'.repeat(20_000_000)}\n`, 'text/not-canonical', 2, /not a line/],
    [`dbk: test 1\na: "${'\\"'.repeat(5_000_000)}\n`, 'text/unclosed', 2, /not closed/],
    ['dbk: test 1\na: "b"# c\n', 'text/not-canonical', 2, /not a line/],
    ['dbk: test 1\na: {}# c\n', 'text/not-canonical', 2, /not a line/],
    ['dbk: test 1\na: &x b\n', 'text/not-canonical', 2, /not a line/],
    ['dbk: test 1\na: *x\n', 'text/not-canonical', 2, /not a line/],
    ['dbk: test 1\na: !!str b\n', 'text/not-canonical', 2, /not a line/],
    ['dbk: test 1\n<<: {a: b}\n', 'text/not-canonical', 2, /not a line/],
    ['dbk: test 1\n---\na: b\n', 'text/not-canonical', 2, /not a line/],
    ['dbk: test 1\na:\nb: c\n', 'text/not-canonical', 2, /not a line/],
    ['dbk: test 1\na: b: c\n', 'text/not-canonical', 2, /not a line/],
    ['dbk: test 1\na: b\n  c\n', 'text/indentation', 3, /blanks/],
    ['dbk: test 1\na: |\n  b\n\n', 'text/not-canonical', 2, /not a line/],
    ['dbk: test 1\na: |\n   b\n', 'text/not-canonical', 2, /not a line/],
    ['dbk: test 1\na: |+\n  b\n', 'text/not-canonical', 2, /not a line/],
    ['dbk: test 1\na: >\n  b\n', 'text/not-canonical', 2, /not a line/],
    ['dbk: test 1\na: {b: c,d: e}\n', 'text/not-canonical', 2, /not a line/],
    ["dbk: test 1\na: 'b'\n", 'text/not-canonical', 2, /not a line/],
    ['dbk: test 1\na: "\\t"\n', 'text/not-canonical', 2, /not a line/],
  ];
  assertRefused((text) => readLines(text, 'test'), rows);
});

test("what is dangerous in a person's YAML is refused with code, line and reason", () => {
  const rows: readonly Refusal[] = [
    ['', 'text/wrong-kind', 1, /not 'dbk: test 1'/],
    ['- a\n', 'text/wrong-kind', 1, /first line/],
    ['a: b\n', 'text/wrong-kind', 1, /first line/],
    ['dbk: "test 2"\n', 'text/newer', 1, /written by a newer dbk/],
    ['dbk: test 1\na: &x b\n', 'text/alias', 2, /anchors and aliases/],
    ['dbk: test 1\n\na: *x\n', 'text/alias', 3, /anchors and aliases/],
    [`dbk: test 1\na: [${'&a b, '.repeat(90_000)}c]\n`, 'text/alias', 2, /anchors and aliases/],
    ['dbk: test 1\na: !!binary aGk=\n', 'text/tag', 2, /tags/],
    ['dbk: test 1\na: ! b\n', 'text/tag', 2, /tags/],
    ['%YAML 1.1\n---\ndbk: test 1\n', 'text/directive', 1, /directives/],
    ['---\ndbk: test 1\n', 'text/document-marker', 1, /'---'/],
    ['dbk: test 1\n---\na: b\n', 'text/document-marker', 2, /'---'/],
    ['dbk: test 1\n...\n', 'text/document-marker', 2, /'---'/],
    ['dbk: test 1\n<<: {a: b}\n', 'text/merge-key', 2, /merge key/],
    ["dbk: test 1\na: 'b'\n'a': c\n", 'text/duplicate-key', 3, /'a' is here twice/],
    ['dbk: test 1\na: {b: 1,\n  "b": 2}\n', 'text/duplicate-key', 3, /'b' is here twice/],
    ['dbk: test 1\n"\\u0064bk": test 1\n', 'text/duplicate-key', 2, /'dbk' is here twice/],
    ['dbk: test 1\n? [a]\n: b\n', 'text/yaml', 2, /key/],
    ['dbk: test 1\na: "\\u0007"\n', 'text/control', 2, /no text may hold/],
    ['dbk: test 1\na: b\u0000\n', 'text/control', 2, /no text may hold/],
    ['dbk: test 1\na: b\rc\n', 'text/control', 2, /no text may hold/],
    ['dbk: test 1\na: "\\ud800"\n', 'text/control', 2, /no text may hold/],
    ['dbk: test 1\na: b: c\n', 'text/yaml', 2, /nested mappings/],
    ['dbk: test 1\na: "b\n', 'text/yaml', undefined, /./],
    ['dbk: test 1\na: [b\n', 'text/yaml', undefined, /./],
    ['dbk: test 1\n\ta: b\n', 'text/yaml', 2, /./],
    ['dbk: test 1\na: {b: c}}\n', 'text/yaml', 2, /./],
    [`dbk: test 1\na: ${'['.repeat(DEEP)}\n`, 'text/too-deep', 2, /32 levels/],
    [`dbk: test 1\na: ${'{a: '.repeat(DEEP)}\n`, 'text/too-deep', 2, /32 levels/],
    [`dbk: test 1\na:\n  ${'- '.repeat(DEEP)}a\n`, 'text/too-deep', 3, /32 levels/],
    [`dbk: test 1\n${'? '.repeat(DEEP)}a\n`, 'text/too-deep', 2, /32 levels/],
    [`dbk: test 1\n${nested(1000)}`, 'text/too-deep', undefined, /32 levels/],
    [`dbk: test 1\n${nested(40)}`, 'text/too-deep', undefined, /32 levels/],
    [`dbk: test 1\na: ${'x'.repeat(1024 * 1024)}\n`, 'text/too-long', undefined, /1048576 bytes/],
    [`dbk: test 1\na: ${'é'.repeat(600_000)}\n`, 'text/too-long', undefined, /1048576 bytes/],
    [`dbk: test 1\na:\n${'- a\n'.repeat(200_000)}`, 'text/too-long', undefined, /too many values/],
    [`dbk: test 1\na: "${'x'.repeat(1_000_000)}\n`, 'text/yaml', undefined, /./],
    [`dbk: test 1\na: "${'\\A'.repeat(500_000)}"\n`, 'text/yaml', 2, /backslash/],
    ['dbk: test 1\na: "\\U00110000"\n', 'text/yaml', 2, /backslash/],
    [`dbk: test 1\n"${'k k'.repeat(400)}":\n  b\n`, 'text/yaml', 2, /1024/],
    [`dbk: test 1\n? "${'k k'.repeat(400)}"\n: b\n`, 'text/long-key', undefined, /1000 characters/],
  ];
  assertRefused((text) => readPeople(text, 'test'), rows);
});

test('whatever people write is read or refused, and never fails otherwise', () => {
  const wild = fc.oneof(
    someText,
    fc.string({ unit: 'binary', maxLength: 40 }),
    fc
      .array(
        fc.constantFrom(
          'a',
          ': ',
          '\n',
          '  ',
          '- ',
          '"',
          "'",
          '{',
          '}',
          '[',
          ']',
          ', ',
          '|\n',
          '>\n',
          '#',
          '?',
          '&',
          '*',
          '!',
          '%',
          '---\n',
          '\t',
          '<<',
        ),
        { maxLength: 20 },
      )
      .map((all) => all.join('')),
  );
  fc.assert(
    fc.property(wild, (text) => {
      for (const read of [readLines, readPeople]) attempt(() => read(`dbk: test 1\n${text}`, 'test'));
    }),
    { seed: SEED, numRuns: 3000 },
  );
  assert.equal(({} as Record<string, unknown>)['a'], undefined);
});

function nested(levels: number): string {
  return Array.from({ length: levels }, (_, level) => `${' '.repeat(2 * level)}k:\n`).join('');
}

/** Undefined where it is refused. */
function attempt(read: () => Parsed): Parsed | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof TextError) return undefined;
    throw error;
  }
}
