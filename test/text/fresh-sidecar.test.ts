import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { PLUGINS } from '../../plugins/index.ts';
import type { RepositoryPath } from '../../src/model/path.ts';
import type { FieldDeclaration } from '../../src/model/type-declaration.ts';
import { declarationOf } from '../../src/plugin/declared.ts';
import { checkFields, unknownFields, type Declared } from '../../src/text/field-check.ts';
import { freshSidecar } from '../../src/text/fresh-sidecar.ts';
import { parseSidecar } from '../../src/text/sidecar.ts';
import { readPeople } from '../../src/text/yaml-people.ts';

const PYTHON = '/usr/bin/python3';
const path = (text: string): RepositoryPath => text as RepositoryPath;

const EVERY: Declared = {
  of: 'file',
  fields: new Map<string, FieldDeclaration>([
    ['about', { of: 'file', type: 'text', merge: 'prose', doc: 'What there is to say' }],
    ['cover', { of: 'file', type: 'boolean', merge: 'one', doc: 'Whether it is the cover' }],
    ['depth', { of: 'file', type: 'number', merge: 'one', min: -1.5, doc: 'In metres' }],
    ['folder only', { of: 'entity', type: 'text', merge: 'one', doc: 'Not of a file' }],
    ['kind', { of: 'file', type: ['still', 'moving'], merge: 'one', doc: 'Which of\nthe two' }],
    ['rating', { of: 'file', type: 'integer', merge: 'one', min: 1, max: 5, doc: 'Your rating' }],
    ['taken', { of: 'file', type: 'date', merge: 'one', doc: 'When' }],
    ['where: exactly', { of: 'file', type: 'number', merge: 'list', max: 90, doc: '' }],
    ['words', { of: 'file', type: 'text', merge: 'set', doc: 'Words # to find it by' }],
  ]),
};

const FRESH = `---
# About the file 'Pictures/100%25 %0A.jpg'.
# Take away the '#' before a field and write its value behind the colon.
# Whatever else there is to say goes below the last '---'.
camera: "007"
# about:                # What there is to say
# cover:                # Whether it is the cover (true or false)
# depth:                # In metres (a number, -1.5 or more)
# kind:                 # Which of the two (one of still, moving)
rating: 4               # Your rating (a whole number, 1 to 5)
# taken:                # When (a date, as 1997, 1997-05 or 1997-05-21)
# "where: exactly": []  # (one or more, as [one, two]; each a number, 90 or less)
words: [night sea]      # Words # to find it by (one or more, as [one, two])
---
`;

test('a fresh sidecar shows every field that is declared, and what is known', () => {
  const known = new Map([
    ['camera', '007'],
    ['rating', '4'],
    ['words', 'night sea'],
  ]);
  const text = freshSidecar(EVERY, { path: path('Pictures/100% \n.jpg'), kind: 'file' }, known);
  assert.equal(text, FRESH);
  assert.deepEqual(
    parseSidecar(text, readPeople).fields,
    new Map<string, unknown>([
      ['camera', '007'],
      ['rating', 4],
      ['words', ['night sea']],
    ]),
  );
});

test('without known values a fresh sidecar says nothing, and a value of several lines says all of them', () => {
  const headOf = (text: string): string => text.split('\n')[1]!;
  const rows: [kind: 'file' | 'folder' | 'entity', at: string, head: string][] = [
    ['file', 'a', "# About the file 'a'."],
    ['folder', 'a/b', "# About the folder 'a/b'."],
    ['entity', 'a/b', "# About 'a/b'."],
    ['folder', '', '# About all that is here.'],
  ];
  for (const [kind, at, head] of rows) {
    for (const declared of [EVERY, { of: 'file', fields: new Map() } as const]) {
      const text = freshSidecar(declared, { path: path(at), kind });
      assert.equal(headOf(text), head);
      const { fields, prose } = parseSidecar(text);
      assert.deepEqual([fields.size, prose], [0, '']);
    }
  }
  const long = freshSidecar(EVERY, { path: path('a'), kind: 'file' }, new Map([['about', 'one\n# two\n']]));
  assert.equal(parseSidecar(long).fields.get('about'), 'one\n# two\n');
});

const VALUES: Readonly<Record<string, string>> = {
  text: 'some words',
  integer: '3',
  number: '2.5',
  boolean: 'true',
  date: '1997-05',
};

/** What a person does: the '#' goes, a value comes behind the colon or between the brackets. */
function filledIn(text: string, declared: Declared): string {
  let filled = text;
  for (const [key, { of, type, min }] of declared.fields) {
    if (of !== declared.of) continue;
    const value = typeof type === 'object' ? type[0]! : type === 'integer' ? String(min ?? 3) : VALUES[type]!;
    filled = filled.replace(new RegExp(`^# (${key}: )\\[\\]`, 'm'), `$1[${value}]`);
    filled = filled.replace(new RegExp(`^# (${key}:) `, 'm'), `$1 ${value} `);
  }
  return filled;
}

test('each line becomes a field of its kind when the # is taken away, also to PyYAML', (t) => {
  const texts: string[] = [];
  for (const plugin of PLUGINS) {
    for (const of of ['file', 'entity'] as const) {
      const declared = { of, fields: declarationOf(plugin).fields };
      const text = filledIn(freshSidecar(declared, { path: path('x'), kind: of }), declared);
      const sidecar = parseSidecar(text, readPeople);
      const names = [...declared.fields].filter(([, field]) => field.of === of).map(([name]) => name);
      assert.deepEqual([...sidecar.fields.keys()], names);
      assert.deepEqual([...checkFields(sidecar, declared), ...unknownFields(sidecar, declared)], []);
      texts.push(text);
    }
  }
  const read =
    'import json, sys, yaml; json.dump([list((next(yaml.safe_load_all(t)) or {}).keys()) for t in json.load(sys.stdin)], sys.stdout)';
  const { status, stdout } = spawnSync(PYTHON, ['-c', read], {
    input: JSON.stringify(texts),
    encoding: 'utf8',
  });
  if (status !== 0) return t.skip('needs PyYAML');
  assert.deepEqual(
    JSON.parse(stdout),
    texts.map((text) => [...parseSidecar(text, readPeople).fields.keys()]),
  );
});
