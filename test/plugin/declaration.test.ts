import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PLUGINS } from '../../plugins/index.ts';
import type { TypeDeclaration } from '../../src/model/type-declaration.ts';
import { defineType, type FieldSpec, type TypePlugin } from '../../src/plugin/api.ts';
import { declarationOf } from '../../src/plugin/declared.ts';
import { isTextOf, wrongAnswer } from '../../src/plugin/field-values.ts';
import { takes, wrongPattern } from '../../src/plugin/file-patterns.ts';
import { problemsOfPlugin } from '../../src/plugin/plugin-check.ts';
import { registryOf } from '../../src/plugin/registry.ts';
import { parseType, writeType } from '../../src/text/types.ts';

const books = defineType({
  api: 1,
  name: 'books',
  version: 2,
  top: 'Books',
  merge: 'files',
  boundaries: [{ at: '{author}/{title}/' }, { marker: ['metadata.opf'] }],
  fields: {
    title: { of: 'entity', type: 'text', merge: 'one', doc: 'What it is called' },
    read: { of: 'entity', type: { oneOf: ['no', 'yes'] }, merge: 'one', doc: 'Whether you did' },
    score: { of: 'file', type: 'number', merge: 'max', min: 0.5, max: 10, doc: 'How good' },
    since: { of: 'file', type: 'date', merge: 'min', min: '1450', doc: 'When it came out' },
  },
}) as TypePlugin;

test('the declared half is what a type is, and its text gives it back', () => {
  const text = `dbk: type 1
version: 2
top: Books
merge: files
boundaries:
  - {at: "{author}/{title}/"}
  - {marker: [metadata.opf]}
fields:
  read: {of: entity, type: [no, yes], merge: one, doc: Whether you did}
  score: {of: file, type: number, merge: max, min: "0.5", max: 10, doc: How good}
  since: {of: file, type: date, merge: min, min: "1450", doc: When it came out}
  title: {of: entity, type: text, merge: one, doc: What it is called}
`;
  const plain = (one: string): string => one.replaceAll('"', '');
  assert.equal(plain(writeType(declarationOf(books))), plain(text));
  for (const plugin of [books, ...PLUGINS]) {
    const declared = declarationOf(plugin);
    assert.deepEqual(parseType(writeType(declared)), declared, plugin.name);
  }
});

test('a declaration that is read says the same of values as the plugin itself', () => {
  const { fields } = parseType(writeType(declarationOf(books)));
  const rows: readonly (readonly [string, unknown, string | undefined])[] = [
    ['score', 0.5, undefined],
    ['score', 0.4, 'is less than 0.5'],
    ['score', 11, 'is more than 10'],
    ['score', Infinity, 'is not a number'],
    ['score', '1', 'is not a number'],
    ['score', [1], 'is an array'],
    ['since', '1450-01-01', undefined],
    ['since', '1449', 'is less than 1450'],
    ['since', '1997-05-21T20:15:00.123+01:00', undefined],
    ['since', '1997-05-21T20:15', undefined],
    ['since', '1997-05-21T24:00', 'is not a date'],
    ['since', '2000-02-29', undefined],
    ['since', '1900-02-29', 'is not a date'],
    ['since', '1997-13', 'is not a date'],
    ['since', 1997, 'is not a date'],
    ['read', 'yes', undefined],
    ['read', 'maybe', 'is not one of no, yes'],
    ['title', 'Ünï 東京 😀', undefined],
    ['title', '', 'is empty; leave it out'],
    ['title', 'a\nb', 'has characters that no text holds'],
    ['title', '\ud800', 'has characters that no text holds'],
    ['title', null, 'is not a text'],
  ];
  for (const [name, value, wrong] of rows)
    assert.equal(wrongAnswer(fields.get(name)!, value), wrong, `${name} ${String(value)}`);
  assert.deepEqual(
    ['1', '0.5', '01', '', '11'].map((text) => isTextOf(fields.get('score')!, text)),
    [true, true, false, false, false],
  );
});

test('what is no plugin is refused with every reason', () => {
  const field = (changes: object): object => ({
    fields: { title: { ...books.fields['title'], ...changes } },
  });
  const rows: readonly (readonly [changes: object, reason: string])[] = [
    [{ api: 2 }, 'api is not 1'],
    [{ name: 'Books' }, "name is not lower-case letters, digits and '-'"],
    [{ name: '../x' }, "name is not lower-case letters, digits and '-'"],
    [{ version: 0 }, 'version is not a whole number from 1'],
    [{ version: 1.5 }, 'version is not a whole number from 1'],
    [{ top: '../Books' }, 'top is not a folder'],
    [{ top: 'Books/' }, 'top is not a folder'],
    [{ top: '' }, 'top is not a folder'],
    [{ merge: 'all' }, "merge is not 'files' or 'whole'"],
    [{ validate: 1 }, 'validate is not a function'],
    [{ boundaries: {} }, 'boundaries are not a list'],
    [{ boundaries: [] }, 'boundaries are none: no entity would ever begin'],
    [{ boundaries: [{ at: '/{a}' }] }, "boundary 1 is not a path such as '{artist}/{album}/'"],
    [{ boundaries: [{ at: '{a}/', marker: ['b'] }] }, "boundary 1 is neither 'at' nor 'marker'"],
    [{ boundaries: [{ marker: [] }] }, 'boundary 1 names no marker'],
    [{ boundaries: [{ marker: ['a/b'] }] }, 'boundary 1 has a marker that is not a name'],
    [{ boundaries: [{ marker: ['.dbk'] }] }, 'boundary 1 has a marker that is not a name'],
    [{ boundaries: [{ at: '{a}/' }, { at: '{a}/' }] }, 'boundary 2 stands there twice'],
    [{ fields: [] }, 'fields are not a table'],
    [{ fields: { extracted: books.fields['title'] } }, "field 'extracted' cannot be called so"],
    [{ fields: { 'my title': books.fields['title'] } }, "field 'my title' cannot be called so"],
    [{ fields: { title: 1 } }, "field 'title' is not a table"],
    [field({ of: 'album' }), "field 'title' is not of 'file' or 'entity'"],
    [field({ type: 'string' }), "field 'title' has no type"],
    [field({ type: { oneOf: [] } }), "field 'title' has no type"],
    [field({ type: { oneOf: ['a', 'a'] } }), "field 'title' has a word twice"],
    [field({ merge: 'any' }), "field 'title' does not merge as one of one, set, list, max, min, sum, prose"],
    [field({ merge: 'sum' }), "field 'title' is not a number and cannot merge as 'sum'"],
    [field({ merge: 'max' }), "field 'title' has no order and cannot merge as 'max'"],
    [field({ type: 'integer', merge: 'prose' }), "field 'title' is not text and cannot merge as 'prose'"],
    [field({ doc: 'Two\nlines' }), "field 'title' has no doc of one line without a full stop"],
    [field({ min: 1 }), "field 'title' has a bound, '1', that is not of its type"],
    [field({ type: 'integer', min: 1.5 }), "field 'title' has a bound, '1.5', that is not of its type"],
    [field({ type: 'integer', min: 2, max: 1 }), "field 'title' has a min above its max"],
    [{ usual: '*.epub' }, 'usual are not a list'],
    [{ usual: [1] }, "usual: '1' is not a text"],
    [{ usual: ['/a.epub'] }, "usual: '/a.epub' is a path, and not a name"],
    [{ usual: ['a/b'] }, "usual: 'a/b' has a '/' and does not begin with one"],
    [{ readers: {} }, 'readers are not a list'],
    [{ readers: [{ files: ['*.epub'] }] }, "readers 1 has no function 'read'"],
    [{ readers: [{ files: [], read() {} }] }, 'readers 1 names no files'],
    [{ mergers: [{ files: ['*.epub'], read() {} }] }, "mergers 1 has no function 'merge'"],
    [
      { mergers: [{ files: ['../a'], merge() {} }] },
      "mergers 1: '../a' has a '/' and does not begin with one",
    ],
    [
      { entityReaders: [{ files: ['a/b'], read() {} }] },
      "entityReaders 1: 'a/b' has a '/' and does not begin with one",
    ],
    [
      { entityReaders: [{ files: ['/../b'], read() {} }] },
      "entityReaders 1: '/../b' is not a name or a path",
    ],
    [
      { mediaIds: [{ name: 'size', level: 'work', files: ['*'], compute() {} }] },
      'media id 1 cannot be called so',
    ],
    [
      { mediaIds: [{ name: 'isbn', level: 'text', files: ['*'], compute() {} }] },
      "media id 1 is not of level 'payload' or 'work'",
    ],
    [{ mediaIds: [{ name: 'isbn', level: 'work', files: ['*'] }] }, "media id 1 has no function 'compute'"],
  ];
  for (const [changes, reason] of rows) {
    const reasons = problemsOfPlugin({ ...books, ...changes }).map((problem) => problem.reason);
    const name = 'name' in changes ? changes.name : 'books';
    assert.deepEqual(reasons, [`plugin '${String(name)}': ${reason}`]);
  }
  for (const value of [undefined, null, 1, 'x', [], () => 1]) assert.equal(problemsOfPlugin(value).length, 1);
  assert.deepEqual(problemsOfPlugin(books), []);
});

test('a pattern takes names, paths and folders', () => {
  const rows: readonly (readonly [pattern: string, taken: readonly string[], others: readonly string[]])[] = [
    ['*.flac', ['a.flac', 'A.FLAC', 'x/y/a.flac', '.flac'], ['a.flac.bak', 'a.flac/b']],
    ['/package.json', ['package.json', 'PACKAGE.json'], ['a/package.json', 'package.json/a']],
    ['package.json', ['package.json', 'a/package.json'], ['xpackage.json']],
    ['/.git/', ['.git/HEAD', '.git/a/b'], ['.git', 'a/.git/HEAD', '.gitx/a']],
    ['/a/*.b', ['a/x.b', 'a/.b'], ['a/x/y.b', 'x.b']],
    ['*a*b*', ['ab', 'xaxxbx', 'aab', 'abb'], ['ba', 'b']],
    ['*', ['', 'x', 'x/y'], []],
  ];
  for (const [pattern, taken, others] of rows) {
    assert.equal(wrongPattern(pattern), undefined);
    for (const path of taken) assert.ok(takes([pattern], path), `${pattern} takes ${path}`);
    for (const path of others) assert.ok(!takes([pattern], path), `${pattern} does not take ${path}`);
  }
  // Exponential for who tries each way.
  assert.ok(!takes([`${'*a'.repeat(60)}b`], 'a'.repeat(100_000)));
});

test('of two declarations of a type the higher version counts', () => {
  const version = (
    number: number,
    fields: Readonly<Record<string, FieldSpec>> = books.fields,
  ): TypePlugin => ({ ...books, version: number, fields });
  const recordedAs = (plugin: TypePlugin): ReadonlyMap<string, TypeDeclaration> =>
    new Map([['books', declarationOf(plugin)]]);
  const rows: readonly (readonly [
    what: string,
    plugins: readonly TypePlugin[],
    recorded: ReadonlyMap<string, TypeDeclaration>,
    said: string,
    problems: readonly string[],
  ])[] = [
    ['nothing', [], new Map(), '', []],
    ['a new one', [version(2)], new Map(), 'books 2 with its plugin, to write', []],
    ['the same', [version(2)], recordedAs(version(2)), 'books 2 with its plugin', []],
    ['a higher one', [version(3)], recordedAs(version(2)), 'books 3 with its plugin, to write', []],
    ['a lower one', [version(1)], recordedAs(version(2)), 'books 2', ['plugin/older']],
    [
      'another of one version',
      [version(2, {})],
      recordedAs(version(2)),
      'books 2 with its plugin',
      ['plugin/version-not-raised'],
    ],
    ['one without a plugin', [], recordedAs(version(2)), 'books 2', []],
    [
      'two of a name',
      [version(2), version(3)],
      new Map(),
      'books 2 with its plugin, to write',
      ['plugin/same-name'],
    ],
    ['a wrong one', [version(0)], recordedAs(version(1)), 'books 1', ['plugin/wrong']],
  ];
  for (const [what, plugins, recorded, said, problems] of rows) {
    const registry = registryOf(plugins, recorded);
    const types = [...registry.types.values()].map(
      ({ name, declared, plugin }) =>
        `${name} ${declared.version}${plugin ? ' with its plugin' : ''}${registry.unwritten.get(name) === declared ? ', to write' : ''}`,
    );
    assert.equal(types.join(), said, what);
    assert.deepEqual(
      registry.problems.map(({ code }) => code),
      problems,
      what,
    );
  }
  const more = new Map([['colour', 'red']]);
  const kept = registryOf([version(3)], new Map([['books', { ...declarationOf(version(2)), more }]]));
  assert.deepEqual(kept.unwritten.get('books')?.more, more, 'an unknown key stays');
});
