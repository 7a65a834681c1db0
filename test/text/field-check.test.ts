import { test } from 'node:test';
import assert from 'node:assert/strict';
import type { Problem } from '../../src/model/problem.ts';
import {
  checkFields,
  fieldsOutside,
  unknownFields,
  valueOfText,
  type Declared,
} from '../../src/text/field-check.ts';
import { parseSidecar } from '../../src/text/sidecar.ts';
import type { FieldDeclaration } from '../../src/model/type-declaration.ts';
import { readPeople } from '../../src/text/yaml-people.ts';

const field = (more: Partial<FieldDeclaration>): FieldDeclaration => ({
  of: 'file',
  type: 'text',
  merge: 'one',
  doc: '',
  ...more,
});

const MUSIC: Declared = {
  of: 'file',
  fields: new Map<string, FieldDeclaration>([
    ['title', field({})],
    ['rating', field({ type: 'integer', min: 1, max: 5 })],
    ['gain', field({ type: 'number', min: '-7.5', max: 10 })],
    ['live', field({ type: 'boolean' })],
    ['bought', field({ type: 'date', min: '1900', max: '2026-11-22' })],
    ['media', field({ type: ['cd', 'vinyl', '78'] })],
    ['tags', field({ merge: 'set' })],
    ['takes', field({ type: 'integer', merge: 'list', min: 1 })],
    ['about', field({ merge: 'prose' })],
    ['genre', field({ of: 'entity' })],
    ['constructor', field({ type: 'integer' })],
  ]),
};

function said(problems: readonly Problem[]): string[] {
  return problems.map(({ code, place, reason }) => `${place?.line} ${code.replace('text/', '')}: ${reason}`);
}

test('a field is what its type declares, or its line is named', () => {
  const rows: readonly (readonly [body: string, ...problems: string[]])[] = [
    ['title: 1984\nrating: 5\ngain: -7.5\nlive: true\nbought: 1997-05-21\nmedia: vinyl\ntags: [a, 1]\ntakes: [1, 2]'],
    ['rating: "5"\ngain: 0.25e1\nlive: false\nbought: 1997\nmedia: 78\ntags: a\ntakes: 1\nabout: |\n  a\n  b'],
    ['bought: 2026-11-22T10:00'],
    ['bought: 2026'],
    ['rating:\nlive:\nbought: ""\ntags: []'],
    ['other: {a: 1}\ngenre: {a: 1}\nrating: {conflict: {nas: x}}'],
    ['# c\nrating: five', "3 wrong-field: 'rating' is 'five', not a whole number"],
    ['rating: 4.5', "2 wrong-field: 'rating' is '4.5', not a whole number"],
    ['rating: 0', "2 out-of-bounds: 'rating' is '0', less than 1"],
    ['rating: 6', "2 out-of-bounds: 'rating' is '6', more than 5"],
    ['rating: -1', "2 out-of-bounds: 'rating' is '-1', less than 1"],
    ['rating: [1, 2]', "2 wrong-field: 'rating' is a list, not a whole number"],
    ['rating: {a: 1}', "2 wrong-field: 'rating' is a map, not a whole number"],
    ['gain: 1,5', "2 wrong-field: 'gain' is '1,5', not a number"],
    ['gain: -7.6\nlive: 1', "2 out-of-bounds: 'gain' is '-7.6', less than -7.5", "3 wrong-field: 'live' is '1', not true or false"],
    ['live: yes', "2 wrong-field: 'live' is 'yes', not true or false"],
    ['media: tape', "2 wrong-field: 'media' is 'tape', not one of cd, vinyl, 78"],
    ['takes:\n  - 1\n  # c\n  - x\n  - 0', "5 wrong-field: 'takes' is 'x', not a whole number", "6 out-of-bounds: 'takes' is '0', less than 1"],
    ['tags:\n  - a\n  - {b: 1}\n  - [c]', "4 wrong-field: 'tags' is a map, not a text", "5 wrong-field: 'tags' is a list in a list, not a text"],
    ['tags: {a: 1}', "2 wrong-field: 'tags' is a map, not a text"],
    ['constructor: a', "2 wrong-field: 'constructor' is 'a', not a whole number"],
    ['bought: 1899-12-31', "2 out-of-bounds: 'bought' is '1899-12-31', less than 1900"],
    ['bought: 2026-11-23T00:00:00Z', "2 out-of-bounds: 'bought' is '2026-11-23T00:00:00Z', more than 2026-11-22"],
  ]; // prettier-ignore
  for (const [body, ...expected] of rows) {
    const problems = checkFields(parseSidecar(`---\n${body}\n---\n`, readPeople), MUSIC);
    assert.deepEqual(said(problems), expected, body);
    assert.ok(problems.every(({ severity }) => severity === 'warning'));
  }
});

test('a date is a year, a month, a day that there is, or an instant', () => {
  const right = ['1997', '1997-05', '1997-05-31', '2000-02-29', '2024-02-29', '1997-05-21T10:00'];
  right.push('1997-05-21T10:00:59.123456789Z', '1997-05-21T23:59:00+02:00');
  const wrong = [
    '97',
    '19970521',
    '1997-13',
    '1997-5',
    '1997-04-31',
    '1900-02-29',
    '2023-02-29',
    '1997-05-00',
  ];
  wrong.push(
    '1997-05-21T24:00',
    '1997-05-21 10:00',
    '1997-05T10:00',
    'May 1997',
    '1997-05-21T10:00+2',
    '-1997',
  );
  const isDate = (text: string): boolean =>
    checkFields(parseSidecar(`---\nbought: "${text}"\n---\n`, readPeople), MUSIC).length === 0;
  assert.deepEqual([...right, ...wrong].filter(isDate), right);
});

test('what no type declares is named and refused by nobody', () => {
  const sidecar = parseSidecar('---\ntitle: a\nratng: 5\n# c\ngenre: b\n---\n');
  assert.deepEqual(said(unknownFields(sidecar, MUSIC)), [
    "3 unknown-field: no type declares the field 'ratng'",
    "5 unknown-field: no type declares the field 'genre'",
  ]);
  assert.deepEqual(said(unknownFields(sidecar, { ...MUSIC, of: 'entity' })).length, 2);
  assert.ok(unknownFields(sidecar, MUSIC).every(({ severity }) => severity === 'note'));
});

test('fields without the lines around front matter are named, prose is not', () => {
  const rows: readonly (readonly [text: string, ...lines: number[]])[] = [
    ['rating: 5\n', 1],
    ['\n\nrating: 5\n', 3],
    ['\ufeffrating:\r\n', 1],
    ['---\n# c\n---\nrating: 5\n', 4],
    ['---\ntitle: a\n---\nrating: 5\n'],
    ['Note: rating: 5\n'],
    ['rating:5\n'],
    ['rating\n'],
    [''],
  ];
  for (const [text, ...lines] of rows) {
    const problems = fieldsOutside(parseSidecar(text), MUSIC);
    assert.deepEqual(problems.map(({ place }) => place?.line), lines, text); // prettier-ignore
  }
});

test('a text of a command line is the value that a person would have written', () => {
  const fields = MUSIC.fields;
  const rows = [
    ['5', undefined, 5],
    ['5', 'rating', 5],
    ['1984', 'title', '1984'],
    ['78', 'media', '78'],
    ['007', undefined, '007'],
    ['-5', 'gain', '-5'],
    ['9007199254740993', undefined, '9007199254740993'],
    ['', undefined, ''],
  ] as const;
  for (const [text, key, value] of rows)
    assert.equal(valueOfText(text, key === undefined ? undefined : fields.get(key)), value);
});
