import { test } from 'node:test';
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import type { CommitId, ContentId } from '../../src/model/id.ts';
import type { Instant } from '../../src/model/instant.ts';
import type { RepositoryPath } from '../../src/model/path.ts';
import {
  DEFAULT_CONFIG,
  parseConfig,
  setConfigLine,
  SETTINGS,
  settingOf,
  writeConfig,
  type Config,
} from '../../src/text/config.ts';
import { conflictId, parseConflict, writeConflict, type Conflict } from '../../src/text/conflict.ts';
import {
  parseHere,
  parseJournal,
  parseLock,
  writeHere,
  writeJournal,
  writeLock,
} from '../../src/text/journal.ts';
import { operationName, parseOperation, writeOperation } from '../../src/text/operation.ts';
import { parseByPeople } from '../../src/text/people.ts';
import { DEFAULT_POLICY, DEFAULT_POLICY_TEXT, parsePolicy, writePolicy } from '../../src/text/policy.ts';
import { TextError } from '../../src/text/problems.ts';
import { parseRepository, writeRepository, type RepositoryRecord } from '../../src/text/repository.ts';
import type { TypeDeclaration } from '../../src/model/type-declaration.ts';
import { parseType, writeType } from '../../src/text/types.ts';
import { readPeople } from '../../src/text/yaml-people.ts';
import { readLines } from '../../src/text/yaml-read.ts';
import { FORMATS } from './all-formats.ts';
import { SEED } from './arbitrary.ts';
import { plainlyByLibrary, plainText } from './plainly.ts';
import { assertRefused, type Refusal } from './refusals.ts';
import { Choices, restyle } from './restyle.ts';

const A = '4b22'.repeat(16) as ContentId;
const B = '9c1d'.repeat(16) as ContentId;
const HEAD = '77b0'.repeat(16) as CommitId;
const path = (text: string) => text as RepositoryPath;

const CONFIG: Config = {
  name: 'laptop',
  id: '5e6f7a8b9c0d1e2f',
  author: 'Ada <ada@example.org>',
  ...DEFAULT_CONFIG,
};

const CONFIG_TEXT = `dbk: config 1
name: laptop
id: 5e6f7a8b9c0d1e2f
author: "Ada <ada@example.org>"
guard: none
index: files
confirm: 1000
keep: {commits: 0, age: 30d, free: "10%"}
`;

test('every format is read back as it was written, and alike by all YAML readers', () => {
  for (const { kind, some, write, parse } of FORMATS) {
    fc.assert(
      fc.property(some, (value) => {
        const text = write(value);
        assert.deepEqual(parse(text), value, text);
        assert.equal(write(parse(text)), text);
        const expected = plainText(kind, readLines(text, kind).root.map);
        assert.deepEqual(plainlyByLibrary(text, '1.2'), expected, text);
        assert.deepEqual(plainlyByLibrary(text, '1.1'), expected, text);
      }),
      { seed: SEED, numRuns: 60 },
    );
  }
});

test('a text that people edit says the same in any layout', () => {
  for (const { kind, some, write, parse } of FORMATS.filter(({ isPeoples }) => isPeoples)) {
    fc.assert(
      fc.property(some, fc.array(fc.nat(59), { minLength: 1, maxLength: 40 }), (value, choices) => {
        const { map } = readLines(write(value), kind).root;
        const text = restyle(kind, map, new Choices(choices));
        assert.deepEqual(parse(text, readPeople), value, text);
      }),
      { seed: SEED, numRuns: 80 },
    );
  }
});

test('whatever is done to a text, it is read or refused', () => {
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
    '..',
    '- ',
    '{',
    '~',
  );
  for (const { some, write, parse } of FORMATS) {
    fc.assert(
      fc.property(some, fc.nat(), fc.nat(3), inserted, (value, at, remove, insert) => {
        const canonical = write(value);
        const place = at % canonical.length;
        const text = canonical.slice(0, place) + insert + canonical.slice(place + remove);
        for (const people of [undefined, readPeople]) {
          try {
            parse(text, people);
          } catch (error) {
            if (!(error instanceof TextError)) throw error;
          }
        }
      }),
      { seed: SEED, numRuns: 80 },
    );
  }
});

test('a type is written as the specification shows', () => {
  const type: TypeDeclaration = {
    version: 1,
    top: 'Music',
    merge: 'files',
    boundaries: [
      { kind: 'at', at: '{genre}/{artist}/{album}/' },
      { kind: 'marker', marker: ['.git', 'package.json'] },
    ],
    fields: new Map([
      ['rating', { of: 'file', type: 'integer', merge: 'one', min: 1, max: 5, doc: 'Your rating, 1 to 5' }],
    ]),
  };
  const text = `dbk: type 1
version: 1
top: Music
merge: files
boundaries:
  - {at: "{genre}/{artist}/{album}/"}
  - {marker: [.git, package.json]}
fields:
  rating: {of: file, type: integer, merge: one, min: 1, max: 5, doc: "Your rating, 1 to 5"}
`;
  assert.equal(writeType(type), text);
  assert.deepEqual(parseType(text), type);
});

test('a conflict is called by what it is about, whoever met it', () => {
  const conflict: Conflict = {
    kind: 'content',
    paths: [path('Pictures/a.jpg'), path('Pictures/a (conflict 9c1d2e3f).jpg')],
    ids: [A, B],
    field: '',
    commits: [HEAD],
    kept: '---\r\ntitle: 100 %\r\n---\r\n',
  };
  const about = `dbk: conflict 1
kind: content
paths:
  - Pictures/a.jpg
  - Pictures/a (conflict 9c1d2e3f).jpg
ids:
  - ${A}
  - ${B}
field: ""
`;
  const text = `${about}commits:
  - ${HEAD}
kept: |
  ---%0D
  title: 100 %25%0D
  ---%0D
`;
  assert.equal(writeConflict(conflict), text);
  assert.deepEqual(parseConflict(text), conflict);
  const digest = (bytes: string | Uint8Array) => (bytes === about ? A : B);
  assert.equal(conflictId(conflict, digest), A.slice(0, 16));
  assert.equal(conflictId({ ...conflict, commits: [], more: new Map([['a', 1]]) }, digest), A.slice(0, 16));
});

test('a repository is written as the specification shows', () => {
  const record: RepositoryRecord = {
    id: '5e6f7a8b9c0d1e2f',
    name: 'laptop',
    serial: 41,
    reach: [
      { kind: 'path', path: '/home/ada/Data', volume: '2b8c', label: 'data' },
      { kind: 'ssh', ssh: 'ssh://ada@nas:2222/srv/data', jump: ['gate'] },
      { kind: 'rclone', rclone: 'cloud:data' },
    ],
    volume: { id: '2b8c', label: 'data' },
    head: HEAD,
    want: [{ type: 'music' }, { field: 'rating', is: '>=4' }, { not: 'Pictures/raw/' }],
    verified: '2026-11-20T08:00:00Z' as Instant,
    free: 81234567890,
    trust: 'full',
    holds: HEAD,
    absent: ['Pictures/2014/'],
    missing: ['Pictures/a.jpg'],
    extra: [{ path: path('Adopted/b.jpg'), blake3: A }],
    older: [
      { path: path('Music/Old'), kind: 'directory', mode: 0o755 },
      {
        path: path('Music/c.flac'),
        kind: 'file',
        blake3: B,
        size: 3,
        mtime: '2020-01-01T00:00:00Z' as Instant,
        mode: 0o644,
      },
      { path: path('Music/newest'), kind: 'link', target: 'c.flac' },
    ],
    as: [{ path: path('Music/what?.flac'), as: 'Music/what%3F.flac' }],
  };
  const text = `dbk: repository 1
id: 5e6f7a8b9c0d1e2f
name: laptop
serial: 41
reach:
  - {path: /home/ada/Data, volume: 2b8c, label: data}
  - {ssh: "ssh://ada@nas:2222/srv/data", jump: [gate]}
  - {rclone: "cloud:data"}
volume: {id: 2b8c, label: data}
head: ${HEAD}
want:
  - {type: music}
  - {field: rating, is: ">=4"}
  - {not: Pictures/raw/}
verified: "2026-11-20T08:00:00Z"
free: 81234567890
trust: full
holds: ${HEAD}
absent:
  - Pictures/2014/
missing:
  - Pictures/a.jpg
extra:
  - {path: Adopted/b.jpg, blake3: ${A}}
older:
  - {path: Music/Old/, mode: 755}
  - {path: Music/c.flac, blake3: ${B}, size: 3, mtime: "2020-01-01T00:00:00Z", mode: 644}
  - {path: Music/newest, link: c.flac}
as:
  - {path: "Music/what?.flac", as: "Music/what%253F.flac"}
`;
  assert.equal(writeRepository(record), text);
  assert.deepEqual(parseRepository(text), record);
});

test('what a repository lists is sorted by the bytes of the paths', () => {
  const record = parseRepository(
    `dbk: repository 1\nid: 5e6f7a8b9c0d1e2f\nname: laptop\nserial: 1\nhead: ""\nwant: []\ntrust: none\nholds: ""\n` +
      `absent:\n  - b\n  - "%FF"\n  - "\u{1f600}"\n  - a/\n  - "\uffe0"\n` +
      `missing:\n  - b\n  - a\n` +
      `extra:\n  - {path: b, blake3: ${A}}\n  - {path: a, blake3: ${B}}\n` +
      `as:\n  - {path: b, as: c}\n  - {path: a, as: d}\n`,
  );
  const sorted = parseRepository(writeRepository(record));
  assert.deepEqual(sorted.absent, ['a/', 'b', '\uffe0', '\u{1f600}', '\udcff']);
  assert.deepEqual(sorted.missing, ['a', 'b']);
  assert.deepEqual(
    sorted.extra.map((one) => 'blake3' in one && one.blake3),
    [B, A],
  );
  assert.deepEqual(
    sorted.as.map((renamed) => renamed.as),
    ['d', 'c'],
  );
});

const time = (text: string): Instant => text as Instant;

test('an operation and a journal are written as the specification shows', () => {
  const steps = [
    { kind: 'move', from: path('a'), to: path('b') },
    { kind: 'keep', path: path('c'), blake3: A },
    { kind: 'write', path: path('c'), blake3: B, was: A },
    { kind: 'write', path: path('100%'), blake3: B },
    {
      kind: 'keep',
      path: path('d'),
      blake3: A,
      size: 3,
      mtime: time('2020-01-01T00:00:00Z'),
      mode: 0o644,
    },
    {
      kind: 'write',
      path: path('d'),
      blake3: B,
      size: 4,
      mtime: time('2020-01-01T00:00:00.000000001Z'),
      mode: 0o600,
      was: A,
    },
    { kind: 'unlink', path: path('l'), target: '../b\n' },
    { kind: 'link', path: path('l'), target: 'c' },
    { kind: 'make', path: path('m'), mode: 0o755 },
    { kind: 'remove', path: path('f'), mode: 0o700 },
    {
      kind: 'set',
      path: path('g'),
      mode: 0o644,
      mtime: time('2020-01-01T00:00:00Z'),
      was: { mode: 0o600, mtime: time('2021-01-01T00:00:00Z') },
    },
    { kind: 'set', path: path('h'), mode: 0o755, was: { mode: 0o700 } },
  ] as const;
  const stepLines = `steps:
  - {do: move, from: a, to: b}
  - {do: keep, path: c, blake3: ${A}}
  - {do: write, path: c, blake3: ${B}, was: ${A}}
  - {do: write, path: "100%25", blake3: ${B}}
  - {do: keep, path: d, blake3: ${A}, size: 3, mtime: "2020-01-01T00:00:00Z", mode: 644}
  - {do: write, path: d, blake3: ${B}, size: 4, mtime: "2020-01-01T00:00:00.000000001Z", mode: 600, was: ${A}}
  - {do: unlink, path: l, target: "../b%0A"}
  - {do: link, path: l, target: c}
  - {do: make, path: m, mode: 755}
  - {do: remove, path: f, mode: 700}
  - {do: set, path: g, mtime: "2020-01-01T00:00:00Z", mode: 644, was: {mtime: "2021-01-01T00:00:00Z", mode: 600}}
  - {do: set, path: h, mode: 755, was: {mode: 700}}
`;
  const operation = {
    command: 'commit',
    date: '2026-11-22T18:20:11Z' as Instant,
    before: '',
    after: HEAD,
    steps,
    undoes: '',
  } as const;
  const text = `dbk: operation 1
command: commit
date: "2026-11-22T18:20:11Z"
before: ""
after: ${HEAD}
${stepLines}undoes: ""
`;
  assert.equal(writeOperation(operation), text);
  assert.deepEqual(parseOperation(text), operation);
  assert.equal(operationName(operation, A), '20261122T182011Z-4b224b22');
  const aside = '0123456789abcdef';
  const begun = {
    command: 'undo',
    from: HEAD,
    to: '',
    steps: [],
    date: operation.date,
    undoes: 'x',
    aside,
  } as const;
  const begunText = `dbk: journal 1\ncommand: undo\nfrom: ${HEAD}\nto: ""\nsteps: []\ndate: "${operation.date}"\nundoes: x\naside: 0123456789abcdef\n`;
  assert.equal(writeJournal(begun), begunText);
  assert.deepEqual(parseJournal(begunText), begun);
  const journal = { command: 'pull', from: '', to: HEAD, steps } as const;
  const journalText = `dbk: journal 1\ncommand: pull\nfrom: ""\nto: ${HEAD}\n${stepLines}`;
  assert.equal(writeJournal(journal), journalText);
  assert.deepEqual(parseJournal(journalText), journal);
});

test('a lock and a place are written as the specification shows', () => {
  const holder = {
    host: 'ada-laptop',
    boot: '7e2f1c7e-0000-4000-8000-1234567890ab',
    pid: 4711,
    started: '123456',
    command: 'commit',
    since: '2026-11-22T18:20:11Z',
  };
  const text = `dbk: lock 1
host: ada-laptop
boot: 7e2f1c7e-0000-4000-8000-1234567890ab
pid: 4711
started: "123456"
command: commit
since: "2026-11-22T18:20:11Z"
`;
  assert.equal(writeLock(holder), text);
  assert.deepEqual(parseLock(text), holder);
  for (let end = 0; end < text.length; end++) assert.throws(() => parseLock(text.slice(0, end)), TextError);
  const here = { inode: '18446744073709551615', born: '2026-11-22T18:20:11Z' as Instant, volume: '' };
  assert.deepEqual(parseHere(writeHere(here)), here);
});

test('the policy that a repository begins with says nothing special, and costs no YAML library', () => {
  assert.deepEqual(parsePolicy(DEFAULT_POLICY_TEXT), DEFAULT_POLICY);
  assert.deepEqual(parsePolicy('dbk: policy 1\n'), DEFAULT_POLICY);
});

test('a policy is taken as people write it', async () => {
  const expected = {
    folders: new Map([
      [path('Music'), 'music'],
      [path('Fotos/Müller'), 'pictures'],
    ]),
    record: new Set(['owner', 'group']),
    copies: 2,
    groups: new Map([['home', ['laptop', 'nas']]]),
  };
  const rows = [
    'dbk: policy 1\nfolders:                 # which\n  Music: music\n  "Fotos/Müller": pictures\nrecord: [owner, group]\ncopies: 2\ngroups:\n  home: [laptop, nas]\n',
    'dbk: policy 1\nfolders:\n    Music/:   music\n    Fotos/Müller/: pictures\nrecord:\n- group\n- owner\ncopies:   2\ngroups: {home: [laptop,\n  nas]}',
  ];
  for (const row of rows) assert.deepEqual(await parseByPeople(parsePolicy, row), expected, row);
  assert.deepEqual(parsePolicy(writePolicy(parsePolicy(rows[0]!))), expected);
  assert.deepEqual(
    await parseByPeople(parsePolicy, 'dbk: policy 1\nfolders:\n  # Music: music\n'),
    DEFAULT_POLICY,
  );
  await assert.rejects(parseByPeople(parsePolicy, 'dbk: policy 1\nfolders: &a\n'), TextError);
});

test('a config is written as the specification shows, and what is absent has its value', () => {
  assert.equal(writeConfig(CONFIG), CONFIG_TEXT);
  assert.deepEqual(parseConfig(CONFIG_TEXT), CONFIG);
  const { author: _, ...nobody } = CONFIG;
  assert.deepEqual(parseConfig('dbk: config 1\nid: 5e6f7a8b9c0d1e2f\nname: laptop\n'), nobody);
  const shown = SETTINGS.map(({ key }) => settingOf(nobody, key));
  assert.deepEqual(shown, ['laptop', CONFIG.id, '', 'none', 'files', '1000', '0', '30d', '10%']);
});

test('one setting changes one line', () => {
  const own = [
    'dbk: config 1',
    '# mine',
    'id: 5e6f7a8b9c0d1e2f',
    'name: laptop   # the small one',
    'author: Ada <ada@example.org> # me',
    'keep:  # for how long',
    '    age: "30d"   # a month',
    '',
    "'guard': none",
    'wide:   {a:  1}',
  ];
  const changed = (line: number, text: string) =>
    `${own.map((old, i) => (i === line ? text : old)).join('\n')}\n`;
  const text = changed(-1, '');
  const rows: readonly (readonly [string, string, string, string])[] = [
    [CONFIG_TEXT, 'guard', 'links', CONFIG_TEXT.replace('guard: none', 'guard: links')],
    [CONFIG_TEXT, 'author', 'Bob', CONFIG_TEXT.replace('"Ada <ada@example.org>"', 'Bob')],
    [CONFIG_TEXT, 'confirm', '5', CONFIG_TEXT.replace('1000', '5')],
    [CONFIG_TEXT, 'keep.age', '1y', CONFIG_TEXT.replace('30d', '1y')],
    [CONFIG_TEXT, 'keep.free', '50G', CONFIG_TEXT.replace('"10%"', '50G')],
    [
      CONFIG_TEXT.replace(/keep.*\n/, ''),
      'keep.commits',
      '3',
      CONFIG_TEXT.replace(/keep.*\n/, 'keep: {commits: 3}\n'),
    ],
    [
      CONFIG_TEXT.replace(/author.*\n/, ''),
      'author',
      'yes',
      `${CONFIG_TEXT.replace(/author.*\n/, '')}author: "yes"\n`,
    ],
    [text, 'name', 'desk', changed(3, 'name: desk   # the small one')],
    [text, 'author', 'Ada # 2', changed(4, 'author: "Ada # 2" # me')],
    [text, 'keep.age', '1w', changed(6, '    age: 1w   # a month')],
    [text, 'keep.commits', '7', changed(6, '    commits: 7\n    age: "30d"   # a month')],
    [text, 'confirm', '1', `${text}confirm: 1\n`],
    [text.slice(0, -1), 'confirm', '1', `${text}confirm: 1\n`],
    [
      text.replaceAll('\n', '\r\n'),
      'name',
      'desk',
      changed(3, 'name: desk   # the small one').replaceAll('\n', '\r\n'),
    ],
  ];
  for (const [before, key, value, after] of rows)
    assert.equal(setConfigLine(before, key, value, readPeople), after);
  const refused: readonly (readonly [string, string, string, string])[] = [
    [CONFIG_TEXT, 'guard', 'maybe', 'text/wrong-value'],
    [CONFIG_TEXT, 'confirm', '1e3', 'text/wrong-value'],
    [CONFIG_TEXT, 'confirm', '-1', 'text/wrong-value'],
    [CONFIG_TEXT, 'keep.age', 'long', 'text/wrong-value'],
    [CONFIG_TEXT, 'name', '../x', 'text/wrong-value'],
    [CONFIG_TEXT, 'author', '', 'text/wrong-value'],
    [CONFIG_TEXT, 'author', 'a\u0007', 'text/control'],
    [CONFIG_TEXT, 'id', '0123456789abcdef', 'text/fixed-setting'],
    [CONFIG_TEXT, 'colour', 'red', 'text/unknown-setting'],
    [CONFIG_TEXT, '__proto__', 'red', 'text/unknown-setting'],
    [text, 'guard', 'links', 'text/uneditable'],
    [CONFIG_TEXT.replace(/author.*/, 'author: |\n  Ada\n  Bob'), 'author', 'Eve', 'text/uneditable'],
    ['{dbk: config 1, name: laptop, id: 5e6f7a8b9c0d1e2f}\n', 'guard', 'links', 'text/uneditable'],
    ['dbk: config 2\n', 'guard', 'links', 'text/newer'],
  ];
  for (const [before, key, value, code] of refused) {
    const isCode = (error: unknown) => error instanceof TextError && error.problem.code === code;
    assert.throws(() => setConfigLine(before, key, value, readPeople), isCode, `${key} ${value}`);
  }
});

test('what is broken is refused with code, line and reason', () => {
  const config = (line: string) => `dbk: config 1\nname: laptop\nid: 5e6f7a8b9c0d1e2f\n${line}\n`;
  const configs: readonly Refusal[] = [
    ['dbk: config 2\n', 'text/newer', 1, /format 2/],
    ['dbk: config 1\nname: laptop\n', 'text/missing-key', 1, /'id' is missing/],
    ['dbk: config 1\nname: Laptop\n', 'text/wrong-value', 2, /'name' is not the name/],
    ['dbk: config 1\nname: a\nid: 5e6f\n', 'text/wrong-value', 3, /'id' is not 16/],
    [config('guard: maybe'), 'text/wrong-value', 4, /'guard' is not one of none, links, reflinks/],
    [config('confirm: many'), 'text/wrong-value', 4, /'confirm' is not a whole number/],
    [config('keep: 30d'), 'text/wrong-value', 4, /'keep' is not a map/],
    [config('keep: {age: 1m}'), 'text/wrong-value', 4, /'age' is not a time/],
    [config('keep:\n   free: 100%'), 'text/wrong-value', 5, /'free' is not a share/],
    [config('a: *x'), 'text/alias', 4, /anchors and aliases/],
    [config('"name": b'), 'text/duplicate-key', 4, /'name' is here twice/],
  ];
  assertRefused((text) => parseConfig(text, readPeople), configs);
  const policies: readonly Refusal[] = [
    ['dbk: policy 1\nfolders:\n  ../x: music\n', 'text/bad-path', 3, /'\.\.\/x'/],
    ['dbk: policy 1\nfolders:\n  Music: music\n  Music/: music\n', 'text/duplicate-key', 4, /'Music\/'/],
    ['dbk: policy 1\nfolders: [a]\n', 'text/wrong-value', 2, /'folders' is not a map/],
    ['dbk: policy 1\nrecord: [owner, size]\n', 'text/wrong-value', 2, /one of owner, group, acl, xattrs/],
    ['dbk: policy 1\nrecord:\n  - owner\n  - size\n', 'text/wrong-value', 4, /one of owner/],
    ['dbk: policy 1\ncopies: two\n', 'text/wrong-value', 2, /'copies'/],
    ['dbk: policy 1\ngroups:\n  home: [Laptop]\n', 'text/wrong-value', 3, /'home' is not the name/],
    ['dbk: policy 1\n{\n', 'text/yaml', undefined, /./],
  ];
  assertRefused((text) => parsePolicy(text, readPeople), policies);
  const journal = `dbk: journal 1\ncommand: pull\nfrom: ""\nto: ${HEAD}\nsteps:\n`;
  const journals: readonly Refusal[] = [
    [journal.replace(HEAD, '""'), 'text/not-canonical', 5, /./],
    [
      `${journal.replace(HEAD, '"7"')}  - {do: move, from: a, to: b}\n`,
      'text/wrong-value',
      4,
      /'to' is not 64/,
    ],
    [`${journal}  - {do: make, path: a, mode: 9}\n`, 'text/wrong-value', 6, /'mode' is not permission bits/],
    [`${journal}  - {do: set, path: a, mode: 644}\n`, 'text/missing-key', 6, /'was'/],
    [`${journal}  - {do: link, path: a}\n`, 'text/missing-key', 6, /'target'/],
    [`${journal}  - {do: burn, path: a}\n`, 'text/wrong-value', 6, /'do' is not one of/],
    [`${journal}  - {do: move, from: a, to: "../b"}\n`, 'text/bad-path', 6, /'\.\.\/b'/],
    [`${journal}  - {do: move, from: a, to: .dbk/head}\n`, 'text/bad-path', 6, /./],
    [`${journal}  - {do: keep, path: a, blake3: ../../x}\n`, 'text/not-canonical', 6, /./],
    [`${journal}  - {do: keep, path: "", blake3: ${A}}\n`, 'text/bad-path', 6, /./],
    [`${journal}  - {do: move, to: b, from: a}\n`, 'text/not-canonical', 6, /which is/],
    [`${journal}  - move\n`, 'text/wrong-value', 6, /'steps' is not a map/],
  ];
  assertRefused(parseJournal, journals);
});

test('only one file loads the YAML library, and it is loaded on demand only', () => {
  const folder = new URL('../../src/text/', import.meta.url);
  const files = readdirSync(folder).filter((name) => /\.[jt]s$/.test(name) && !name.endsWith('.d.ts'));
  const importing = (specifier: RegExp) =>
    files
      .filter((name) => specifier.test(readFileSync(new URL(name, folder), 'utf8')))
      .map((name) => name.replace(/\.[jt]s$/, ''));
  assert.deepEqual(importing(/^(?:import|\} from) .*'yaml';$/m), ['yaml-people']);
  assert.deepEqual(importing(/from '\.\/yaml-people\.[jt]s'/), []);
  assert.deepEqual(importing(/import\('\.\/yaml-people\.[jt]s'\)/), ['people']);
});
