import { test } from 'node:test';
import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Commit } from '../../src/model/commit.ts';
import type { CommitId, ContentId } from '../../src/model/id.ts';
import { cleanMessage, commitDirectory, parseCommit, writeCommit } from '../../src/text/commit.ts';
import { isPlainUnicode } from '../../src/text/names.ts';
import { TextError } from '../../src/text/problems.ts';
import { someCommit } from './arbitrary-formats.ts';
import { SEED, someText } from './arbitrary.ts';
import { assertRefused, type Refusal } from './refusals.ts';

const INDEX = '3f2a'.repeat(16) as ContentId;
const CHANGES = '77b0'.repeat(16) as ContentId;
const PARENT = '9c1d'.repeat(16) as CommitId;
const NOTHING = { added: 0, changed: 0, moved: 0, removed: 0, metadata: 0 };

const FIRST: Commit = {
  parents: [],
  index: INDEX,
  changes: CHANGES,
  author: 'Ada',
  repository: 'laptop',
  date: '2026-11-22T19:20:11+01:00',
  moved: [],
  forgotten: [],
  summary: NOTHING,
  message: '',
};

const FIRST_TEXT = `dbk: commit 1
parents: []
index: ${INDEX}
changes: ${CHANGES}
author: Ada
repository: laptop
date: "2026-11-22T19:20:11+01:00"
moved: []
forgotten: []
summary: {added: 0, changed: 0, moved: 0, removed: 0, metadata: 0}
message: ""
`;

test('a commit is written as the specification shows', () => {
  const commit: Commit = {
    ...FIRST,
    parents: [PARENT],
    author: 'Ada <ada@example.org>',
    moved: [{ from: 'Pictures/unsorted/iceland/', to: 'Pictures/2026/Iceland/', by: 'content' }],
    forgotten: ['a%b', 'tmp/'],
    summary: { added: 14, changed: 3, moved: 204, removed: 0, metadata: 3 },
    message: 'Sorted the Iceland pictures.\n\n  all of them\n',
    more: new Map([['signature', 'x']]),
  };
  const text = `dbk: commit 1
parents:
  - ${PARENT}
index: ${INDEX}
changes: ${CHANGES}
author: "Ada <ada@example.org>"
repository: laptop
date: "2026-11-22T19:20:11+01:00"
moved:
  - {from: Pictures/unsorted/iceland/, to: Pictures/2026/Iceland/, by: content}
forgotten:
  - "a%25b"
  - tmp/
summary: {added: 14, changed: 3, moved: 204, removed: 0, metadata: 3}
message: |
  Sorted the Iceland pictures.

    all of them
signature: x
`;
  assert.equal(writeCommit(commit), text);
  assert.deepEqual(parseCommit(text), commit);
  assert.equal(writeCommit(FIRST), FIRST_TEXT);
  assert.deepEqual(parseCommit(FIRST_TEXT), FIRST);
});

test('moves are sorted by their targets and forgotten paths by bytes', () => {
  const moved = [
    { from: 'b', to: 'x', by: 'content', parent: 2 },
    { from: 'a', to: 'é', by: 'hand' },
    { from: 'b', to: 'x', by: 'inode' },
    { from: 'a', to: 'x', by: 'content' },
    { from: 'a', to: 'Z', by: 'content', parent: 1 },
  ] as const;
  const { moved: sorted, forgotten } = parseCommit(
    writeCommit({ ...FIRST, moved, forgotten: ['b', 'a/', 'a'] }),
  );
  assert.deepEqual(
    sorted.map(({ from, to, parent }) => [from, to, parent]),
    [
      ['a', 'Z', undefined],
      ['a', 'x', undefined],
      ['b', 'x', undefined],
      ['b', 'x', 2],
      ['a', 'é', undefined],
    ],
  );
  assert.deepEqual(forgotten, ['a', 'a/', 'b']);
});

test('a message is cleaned', () => {
  const rows: readonly (readonly [string, string])[] = [
    ['', ''],
    ['\n \n\t\n', ''],
    ['a', 'a\n'],
    ['a\n', 'a\n'],
    ['a\n\n\n', 'a\n'],
    ['\n\na', 'a\n'],
    ['a  \t\nb \n', 'a\nb\n'],
    ['  a\n', '  a\n'],
    ['a\r\nb\rc', 'a\nb\nc\n'],
    ['a\n\n\nb', 'a\n\n\nb\n'],
    [
      'a\u0000\u0007\u001b[31m\u2028\ufeff\u202e\ud800',
      `a${'\ufffd'.repeat(2)}\ufffd[31m${'\ufffd'.repeat(4)}\n`,
    ],
    ['a\u00a0\n', 'a\u00a0\n'],
    [' '.repeat(100_000), ''],
  ];
  for (const [message, expected] of rows)
    assert.equal(cleanMessage(message), expected, JSON.stringify(message));
});

test('a clean message is clean', () => {
  const wild = fc.oneof(
    someText,
    fc.string({ unit: 'binary' }),
    fc.string({ unit: fc.constantFrom('a', ' ', '\n', '\r', '\t', '\u2028') }),
  );
  fc.assert(
    fc.property(wild, (message) => {
      const clean = cleanMessage(message);
      assert.equal(cleanMessage(clean), clean);
      assert.ok(isPlainUnicode(clean));
      assert.equal(parseCommit(writeCommit({ ...FIRST, message })).message, clean);
    }),
    { seed: SEED, numRuns: 1000 },
  );
});

test('a commit stands in a directory that says when, where and which', () => {
  const id = '9f2c41ab37d0f1e2'.repeat(4) as CommitId;
  const rows: readonly (readonly [string, string])[] = [
    ['2026-11-22T19:20:11+01:00', '2026/20261122T182011Z-laptop-9f2c41ab37d0f1e2'],
    ['2026-12-31T23:30:00-05:00', '2027/20270101T043000Z-laptop-9f2c41ab37d0f1e2'],
    ['0001-01-01T00:00:00+00:00', '0001/00010101T000000Z-laptop-9f2c41ab37d0f1e2'],
  ];
  for (const [date, expected] of rows)
    assert.equal(commitDirectory({ date, repository: 'laptop' }, id), expected);
});

test('every commit is read back as it was written', () => {
  fc.assert(
    fc.property(someCommit, (commit) => {
      const text = writeCommit(commit);
      assert.deepEqual(parseCommit(text), commit, text);
      assert.equal(writeCommit(parseCommit(text)), text);
    }),
    { seed: SEED, numRuns: 500 },
  );
});

test('a commit that is changed in one place is refused, or is the one spelling of something else', () => {
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
    '%',
    '\\',
    '\t',
    '#',
    '/',
    '..',
    '- ',
  );
  fc.assert(
    fc.property(someCommit, fc.nat(), fc.nat(2), inserted, (commit, at, remove, insert) => {
      const canonical = writeCommit(commit);
      const place = at % canonical.length;
      const text = canonical.slice(0, place) + insert + canonical.slice(place + remove);
      try {
        assert.equal(writeCommit(parseCommit(text)), text);
      } catch (error) {
        if (!(error instanceof TextError)) throw error;
      }
    }),
    { seed: SEED, numRuns: 700 },
  );
});

test('what is broken is refused with code, line and reason', () => {
  const change = (from: string | RegExp, to: string) => FIRST_TEXT.replace(from, to);
  const moved = (line: string) => change('moved: []', `moved:\n  - {${line}}`);
  const rows: readonly Refusal[] = [
    [change('commit 1', 'commit 2'), 'text/newer', 1, /format 2/],
    [change('parents: []\n', ''), 'text/missing-key', 1, /'parents' is missing/],
    [change('[]', ''), 'text/not-canonical', 2, /./],
    [change('[]', '""'), 'text/not-canonical', 2, /which is 'parents: \[\]'/],
    [change('[]', '{}'), 'text/wrong-value', 2, /'parents' is not a list/],
    [change('parents: []', 'parents:\n  - 9c1d'), 'text/wrong-value', 3, /'parents' is not 64/],
    [change(INDEX, INDEX.toUpperCase()), 'text/wrong-value', 3, /'index' is not 64/],
    [change('author: Ada', 'author: "Ada"'), 'text/not-canonical', 5, /which is 'author: Ada'/],
    [change('author: Ada', 'author: ""'), 'text/wrong-value', 5, /'author' is not/],
    [change('author: Ada', 'author: Ada # x'), 'text/not-canonical', 5, /which is 'author: Ada'/],
    [change('laptop', 'Laptop'), 'text/wrong-value', 6, /'repository' is not the name of a repository/],
    [change('laptop', '../x'), 'text/wrong-value', 6, /'repository' is not/],
    [change('laptop', '"../x"'), 'text/wrong-value', 6, /'repository' is not/],
    [change('+01:00', 'Z'), 'text/wrong-value', 7, /'date' is not a date/],
    [change('+01:00', '-00:00'), 'text/wrong-value', 7, /'date' is not a date/],
    [change('11-22', '02-30'), 'text/wrong-value', 7, /'date' is not a date/],
    [
      change('2026-11-22T19', '9999-12-31T23').replace('+01:00', '-01:00'),
      'text/wrong-value',
      7,
      /'date' is not a date/,
    ],
    [change('"2026', '2026'), 'text/not-canonical', 7, /./],
    [moved('from: a, to: ../b, by: content'), 'text/not-canonical', 9, /./],
    [moved('from: a, to: "../b", by: content'), 'text/bad-path', 9, /'..\/b'/],
    [moved('from: /a, to: b, by: content'), 'text/bad-path', 9, /'\/a'/],
    [moved('from: a//, to: b, by: content'), 'text/bad-path', 9, /'a\/'/],
    [moved('from: a/.dbk/b, to: b, by: content'), 'text/bad-path', 9, /./],
    [moved('from: "a%2Fb", to: b, by: content'), 'text/bad-path', 9, /./],
    [moved('from: a, to: b, by: magic'), 'text/wrong-value', 9, /'by' is not one of content, inode/],
    [moved('from: a, by: content, to: b'), 'text/not-canonical', 9, /which is/],
    [moved('from: a, to: b, by: content, parent: 1'), 'text/wrong-value', 9, /'parent'/],
    [
      change('moved: []', 'moved:\n  - {from: a, to: b, by: name}\n  - {from: a, to: a, by: name}'),
      'text/not-canonical',
      9,
      /which is/,
    ],
    [change('forgotten: []', 'forgotten:\n  - b\n  - a'), 'text/not-canonical', 10, /which is ' {2}- a'/],
    [change('added: 0', 'added: "0"'), 'text/wrong-value', 10, /'added' is not a whole number/],
    [change('moved: 0', 'moved: 99999999999999999'), 'text/not-canonical', 10, /./],
    [change('message: ""', 'message: |\n  a \n'), 'text/not-canonical', 11, /./],
    [change('message: ""\n', 'message: |\n  a \n'), 'text/not-canonical', 12, /which is ' {2}a'/],
    [change('message: ""', 'message: a'), 'text/not-canonical', 11, /which is 'message: \|'/],
    [`${FIRST_TEXT}zz: 1\naa: 1\n`, 'text/not-canonical', 12, /which is 'aa: 1'/],
    [`${FIRST_TEXT}message: a\n`, 'text/duplicate-key', 12, /'message' is here twice/],
    [`${FIRST_TEXT}\n`, 'text/not-canonical', 12, /more lines than dbk would write/],
    [FIRST_TEXT.slice(0, -1), 'text/cut-off', 11, /line feed/],
    [FIRST_TEXT.replaceAll('\n', '\r\n'), 'text/line-end', 1, /carriage return/],
    [change('message:', '\tmessage:'), 'text/tab', 11, /tab/],
    [change('author: Ada', '<<<<<<< ours\nauthor: Ada\n======='), 'text/merge-marker', 5, /unfinished merge/],
  ];
  assertRefused(parseCommit, rows);
});
