import { test } from 'node:test';
import assert from 'node:assert/strict';
import { block, line, type Value } from '../../src/model/value.ts';
import { makeConflict } from '../../src/text/field-conflict.ts';
import {
  addToField,
  removeField,
  removeFromField,
  replaceExtracted,
  setField,
} from '../../src/text/sidecar-edit.ts';
import { readPeople } from '../../src/text/yaml-people.ts';
import { assertRefused } from './refusals.ts';
import type { Extracted } from '../../src/text/sidecar.ts';
import type { ContentId } from '../../src/model/id.ts';

const ID = '4b'.repeat(32) as ContentId;
const READ: Extracted = {
  of: ID,
  by: 'music 1',
  fields: new Map<string, Value>([['artist', ['Radiohead']]]),
};
const BLOCK = `extracted:\n  of: ${ID}\n  by: music 1\n  artist:\n    - Radiohead\n`;

type Edit = (text: string | undefined) => string | undefined;
type Row = readonly [what: string, edit: Edit, before: string | undefined, after: string | undefined];

const set =
  (key: string, value: Value): Edit =>
  (text) =>
    setField(text, key, value, readPeople);
const add =
  (key: string, member: Value): Edit =>
  (text) =>
    addToField(text, key, member, readPeople);
const take =
  (key: string, member: Value): Edit =>
  (text) =>
    removeFromField(text, key, member, readPeople);
const remove =
  (key: string): Edit =>
  (text) =>
    removeField(text, key, readPeople);
const extract =
  (extracted: Extracted | undefined): Edit =>
  (text) =>
    replaceExtracted(text, extracted, readPeople);

const front = (body: string): string => `---\n${body}---\nprose\n`;

function check(rows: readonly Row[]): void {
  for (const [what, edit, before, after] of rows) assert.equal(edit(before), after, what);
}

test('a field is set in its own lines, with the comment, the key and the line ends as they were', () => {
  check([
    ['no sidecar yet', set('a', 1), undefined, '---\na: 1\n---\n'],
    ['an empty one', set('a', 1), '', '---\na: 1\n---\n'],
    ['prose alone', set('a', 1), 'prose', '---\na: 1\n---\nprose'],
    ['prose with a mark and CRLF', set('a', 1), '\ufeffp\r\n', '\ufeff---\r\na: 1\r\n---\r\np\r\n'],
    ['no fields yet', set('a', 1), front('# b\n'), front('# b\na: 1\n')],
    ['no end of line', set('a', 1), '---\n---', '---\na: 1\n---'],
    ['CRLF', set('a', ['x', 'q']), '\ufeff---\r\nb: 1\r\n---\r\n', '\ufeff---\r\nb: 1\r\na:\r\n  - x\r\n  - q\r\n---\r\n'],
    ['before what was extracted', set('a', 1), front(`b: 1\n${BLOCK}`), front(`b: 1\na: 1\n${BLOCK}`)],
    ['a comment behind', set('a', 'x: y'), front('a: 1   # c: "d"\nb: 2\n'), front('a: "x: y"   # c: "d"\nb: 2\n')],
    ['a quoted value', set('a', 2), front('a: "x # y" # c\n'), front('a: 2 # c\n')],
    ['a quoted value', set('a', 2), front("a: 'it''s # y' # c\n"), front('a: 2 # c\n')],
    ['an apostrophe', set('a', 2), front("a: it's # c\n"), front('a: 2 # c\n')],
    ['an apostrophe in brackets', set('a', 2), front("a: [it's, 'x # y'] # c\n"), front('a: 2 # c\n')],
    ['no blank before #', set('a', 2), front('a: x#y # c\n'), front('a: 2 # c\n')],
    ['a quoted key', set('a', 2), front("'a' :   1\n"), front("'a' : 2\n")],
    ['an odd key', set('C#', 2), front('C#: 1 # c\n'), front('C#: 2 # c\n')],
    ['a key that needs quotes', set('a: b', 2), front('"a: b": 1 # c\n'), front('"a: b": 2 # c\n')],
    ['what it has already', set('a', 'x'), front('a: "x"   \n'), front('a: "x"   \n')],
    ['a list for a scalar', set('a', ['x']), front('a: 1 # c\nb: 2\n'), front('a: # c\n  - x\nb: 2\n')],
    ['a scalar for a list', set('a', 1), front('a: # c\n  - x\n  # d\n\n# e\nb: 2\n'), front('a: 1 # c\n  # d\n\n# e\nb: 2\n')],
    ['comments between', set('a', 1), front('a:\n  # d\n  - x\nb: 2\n'), front('  # d\na: 1\nb: 2\n')],
    ['brackets over lines', set('a', ['x']), front('a: [y, # c\n  z\n  ]\nb: 2\n'), front('a: # c\n  - x\nb: 2\n')],
    ['a text over lines', set('a', 1), front('a: one\n  two\n\n  three\nb: 2\n'), front('a: 1\nb: 2\n')],
    ['a literal block', set('a', 1), front('a: |\n  # one\n\n  two\n\n# c\nb: 2\n'), front('a: 1\n\n# c\nb: 2\n')],
    ['one that keeps blank lines', set('a', 1), front('a: |+\n  one\n\n\nb: 2\n'), front('a: 1\nb: 2\n')],
    ['to a literal block', set('a', 'x\ny\n'), front('a: 1\nb: 2\n'), front('a: |\n  x\n  y\nb: 2\n')],
    ['where blank lines follow', set('a', 'x\n\n'), front('a: 1\n\n\nb: 2\n'), front('a: "x\\n\\n"\n\n\nb: 2\n')],
    ['a map with a literal block', set('a', 1), front('a: # c\n  x: |\n    # one\n\n  # d\n  q: 1\nb: 2\n'), front('  # d\na: 1 # c\nb: 2\n')],
    ['a list that ends in a literal block', set('a', 1), front('a:\n  - x\n  - |\n    # one\n\n    # two\n\n# c\nb: 2\n'), front('a: 1\n\n# c\nb: 2\n')],
    ['a list without indentation', set('a', ['x', 'z']), front('a:\n- x\n- y # c\nb: 2\n'), front('a:\n- x\n- z\nb: 2\n')],
    ['an explicit key', set('a', 2), front('? a\n: 1\nb: 2\n'), front('a: 2\nb: 2\n')],
    ['a map', set('a', block([['x', 1]])), front('a: {x: 2} # c\n'), front('a: # c\n  x: 1\n')],
    ['a map on a line', set('a', line([['x', 1]])), front('a:\n  x: 2\n'), front('a: {x: 1}\n')],
    ['names of prototypes', set('__proto__', 1), front('constructor: 1\n'), front('constructor: 1\n__proto__: 1\n')],
  ]); // prettier-ignore
});

test('a conflict is set, and gives way to what a person chooses', () => {
  const conflict = makeConflict(3, [
    { repository: 'nas', id: '11', value: undefined },
    { repository: 'laptop', id: '22', value: ['a', 'b'] },
  ]);
  const before = front('rating: 3 # mine\nb: 1\n');
  const written = front('rating: # mine\n  conflict:\n    base: 3\n    laptop: [a, b]\n    nas: ~\nb: 1\n');
  assert.equal(setField(before, 'rating', conflict, readPeople), written);
  assert.equal(setField(written, 'rating', conflict, readPeople), written);
  assert.equal(setField(written, 'rating', 4, readPeople), front('rating: 4 # mine\nb: 1\n'));
});

test('a field goes with its lines, and a sidecar that says nothing more goes too', () => {
  check([
    ['none', remove('a'), undefined, undefined],
    ['no such field', remove('a'), front('b: 1\n'), front('b: 1\n')],
    ['one line', remove('a'), front('# x\na: 1 # c\n\nb: 1\n'), front('# x\n\nb: 1\n')],
    ['a list', remove('a'), front('a:\n  - x\n  # d\n  - y\n# c\nb: 1\n'), front('# c\nb: 1\n')],
    ['the last', remove('a'), '---\na: 1\n---\n', undefined],
    ['the last with blanks', remove('a'), '\ufeff---\r\n\r\na: 1\r\n---\r\n\r\n', undefined],
    ['a comment stays', remove('a'), '---\n# c\na: 1\n---\n', '---\n# c\n---\n'],
    ['prose stays', remove('a'), front('a: 1\n'), front('')],
    ['what was extracted stays', remove('a'), front(`a: 1\n${BLOCK}`), front(BLOCK)],
    ['that is no field', remove('extracted'), front(BLOCK), front(BLOCK)],
  ]);
});

test('a member comes and goes on a line of its own', () => {
  check([
    ['no sidecar yet', add('a', 'x'), undefined, '---\na:\n  - x\n---\n'],
    ['no field yet', add('a', 'x'), front('b: 1\n'), front('b: 1\na:\n  - x\n')],
    ['at the end', add('a', 'z'), front('a:   # c\n    -  x\n    # d\n    -  y # e\n    # f\n\nb: 1\n'),
      front('a:   # c\n    -  x\n    # d\n    -  y # e\n    -  z\n    # f\n\nb: 1\n')],
    ['it is there', add('a', 'q'), front("a: [x, 'q']\n"), front("a: [x, 'q']\n")],
    ['to brackets', add('a', 'q'), front('a: [x] # c\n'), front('a: # c\n  - x\n  - q\n')],
    ['to no members', add('a', 'q'), front('a: []\n'), front('a:\n  - q\n')],
    ['to nothing', add('a', 'q'), front('a:\n'), front('a:\n  - q\n')],
    ['to a single value', add('a', 'q'), front('a: x # c\n'), front('a: # c\n  - x\n  - q\n')],
    ['to a literal in a list', add('a', 'q'), front('a:\n  - |\n    x\n'), front('a:\n  - "x\\n"\n  - q\n')],
    ['to what was extracted', add('artist', 'Thom'), front(BLOCK), front(`artist:\n  - Radiohead\n  - Thom\n${BLOCK}`)],
    ['gone', take('a', 'x'), front('a:\n  # c\n  - x # d\n  - y\nb: 1\n'), front('a:\n  # c\n  - y\nb: 1\n')],
    ['from brackets', take('a', 'x'), front('a: [x, p, q]\n'), front('a:\n  - p\n  - q\n')],
    ['not there', take('a', 'x'), front('a: [y]\n'), front('a: [y]\n')],
    ['no sidecar', take('a', 'x'), undefined, undefined],
    ['the last', take('a', 'x'), front('a:\n  - x\nb: 1\n'), front('b: 1\n')],
    ['the last of all', take('a', 'x'), '---\na:\n  - x\n---\n', undefined],
    ['a single value', take('a', 'x'), front('a: x\nb: 1\n'), front('b: 1\n')],
    ['of what was extracted', take('artist', 'Radiohead'), front(BLOCK), front(`artist: []\n${BLOCK}`)],
    ['a number is no text', take('a', '1'), front('a: [1]\n'), front('a: [1]\n')],
  ]); // prettier-ignore
});

test('what was extracted is replaced where it stands, whatever stood in it', () => {
  check([
    ['no sidecar yet', extract(READ), undefined, `---\n${BLOCK}---\n`],
    ['nothing to say', extract(undefined), undefined, undefined],
    ['prose alone', extract(READ), 'prose\n', front(BLOCK)],
    ['at the end', extract(READ), front('a: 1\n# c\n'), front(`a: 1\n# c\n${BLOCK}`)],
    ['again', extract(READ), front(`a: 1\n${BLOCK}b: 2\n`), front(`a: 1\n${BLOCK}b: 2\n`)],
    ['CRLF', extract(READ), '---\r\na: 1\r\n---\r\n', `---\r\na: 1\r\n${BLOCK.replaceAll('\n', '\r\n')}---\r\n`],
    ['another', extract(READ), front('extracted:\n  of: 5\n  by: x\n# c\n\nb: 2\n'), front(`${BLOCK}# c\n\nb: 2\n`)],
    ['broken', extract(READ), front('a: 1\nextracted: [\n\n  *x &y "\n\t- :\n\n# c\nb: 2\n'), front(`a: 1\n${BLOCK}\n# c\nb: 2\n`)],
    ['its blank lines', extract(READ), front('extracted:\n  of: x\n\n# c\n  by: y\nb: 2\n'), front(`${BLOCK}b: 2\n`)],
    ['gone', extract(undefined), front(`a: 1\n${BLOCK}b: 2\n`), front('a: 1\nb: 2\n')],
    ['gone, and nothing left', extract(undefined), `---\n${BLOCK}---\n`, undefined],
    ['none was there', extract(undefined), front('a: 1\n'), front('a: 1\n')],
  ]); // prettier-ignore
});

test('what cannot be changed safely is refused with its line', () => {
  const rows = [
    ['---\na: 1\nb: &x 2\n---\n', 'text/alias', 3, /anchors/],
    ['---\na: 1\n b: 2\n---\n', 'text/yaml', undefined, /./],
    ['---\na: 1\n', 'text/front-matter', 1, /does not end/],
    ['---\n? a # why\n: 1\n---\n', 'text/uneditable', 2, /'a'/],
  ] as const;
  assertRefused((text) => setField(text, 'a', 5, readPeople), rows);
  const literal = '---\nb: |\n  x\na: 1\n  # c\n---\n';
  const uneditable = [literal, 'text/uneditable', 4, /'a'/] as const;
  assertRefused((text) => removeField(text, 'a', readPeople) ?? '', [uneditable]);
  assertRefused(
    (text) => replaceExtracted(text, READ, readPeople) ?? '',
    [
      ['---\nextracted:\n  of: *x\n  by: a\nb: &x 1\n---\n', 'text/alias', 5, /anchors/],
      ['---\nextracted:\n- a\nb: 1\n---\n', 'text/front-matter', 3, /not fields/],
      [
        '---\nb: 1\nextracted: 1\nc: 1\nextracted: 2\n---\n',
        'text/duplicate-key',
        5,
        /'extracted' is here twice/,
      ],
    ],
  );
  const long = `---\n---\n${'x'.repeat(1024 * 1024 - 10)}`;
  assertRefused(
    (text) => setField(text, 'a', 'x', readPeople),
    [[long, 'text/too-long', undefined, /bytes/]],
  );
  for (const key of ['extracted', 'dbk'])
    assertRefused(
      (text) => setField(text, key, 1),
      [['', 'text/reserved-field', undefined, /cannot be called/]],
    );
  assertRefused((text) => setField(text, 'a', 'x\0'), [['', 'text/control', undefined, /control/]]);
  assertRefused(
    (text) => addToField(text, 'a', 'x', readPeople),
    [
      [front('a: {x: 1}\n'), 'text/not-a-list', 2, /is a map/],
      [front('a: {conflict: {nas: 1}}\n'), 'text/not-a-list', 2, /is a conflict/],
    ],
  );
});
