import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { fits, sizeOf } from '../../src/flow/find-compare.ts';
import { foldWords, holdsWords } from '../../src/flow/find-fold.ts';
import { takesName, takesPath } from '../../src/flow/find-glob.ts';
import { fieldsAsked, testOf, type Thing, type Whole } from '../../src/flow/find-match.ts';
import { parseQuery, type Query } from '../../src/flow/find-query.ts';
import { writtenOf, type Written } from '../../src/flow/find-record.ts';
import type { RepositoryPath } from '../../src/model/path.ts';
import { Refusal } from '../../src/model/problem.ts';
import { readPeople } from '../../src/text/yaml-people.ts';
import { parseSidecar } from '../../src/text/sidecar.ts';

const parse = (text: string): Query => parseQuery(text, (typed) => typed as RepositoryPath);

function written(text: string): Written {
  return writtenOf(parseSidecar(text, readPeople));
}

const OF = `${'ab'.repeat(32)}`;
const ALBUM: Whole = {
  path: 'Music/Rock/Beatles/Abbey Road' as RepositoryPath,
  id: '01jdb3k2x9q4n8v7',
  written: written('---\nlabel: Apple\nrating: 3\n---\n\nThe last one they recorded.\n'),
  inPath: () => new Map([['artist', 'Beatles']]),
};
const THINGS: readonly Thing[] = [
  thing('Pictures/2014 Rome/Größe.JPG', {
    size: 5_000_000,
    type: 'pictures',
    written: written(
      [
        '---',
        'people: [Anna Smith, "Łukasz"]',
        'rating: 4',
        'taken: 2014-05-21T10:00:00+02:00',
        'place: {city: Roma, lat: "41.9"}',
        'title: Fontana di Trevi',
        'mood: {conflict: {nas: glad, laptop: tired}}',
        'extracted:',
        `  of: ${OF}`,
        '  by: pictures 1',
        '  rating: 1',
        '  camera: Canon EOS 5D',
        '---',
        '',
        'Ein Café am Brunnen.',
        '',
      ].join('\n'),
    ),
  }),
  thing('Pictures/2014 Rome/b.cr2', {
    size: 20_000_000,
    type: 'pictures',
    written: written('---\nrating: 5\ntaken: 2016\n---\n'),
  }),
  thing('Pictures/2014 Rome', { kind: 'folder', type: 'pictures' }),
  thing('Music/Rock/Beatles/Abbey Road/1.flac', {
    size: 30,
    type: 'music',
    whole: ALBUM,
    written: written('---\nyear: 1969\nlabel: EMI\n---\n'),
  }),
  thing('Music/Rock/Beatles/Abbey Road', {
    kind: 'folder',
    type: 'music',
    whole: ALBUM,
    written: ALBUM.written,
  }),
  thing('a (1).txt', { size: 0, time: Date.UTC(2026, 10, 1) / 1000 }),
  thing('.bashrc', { size: 7 }),
  thing('or', { kind: 'link' }),
];

function thing(path: string, more: Partial<Thing>): Thing {
  return {
    path: path as RepositoryPath,
    kind: 'file',
    type: '',
    written: undefined,
    whole: undefined,
    isRecorded: true,
    ...more,
  };
}

const [GROSS, RAW, ROME, SONG, ABBEY, PAREN, BASH, OR] = THINGS.map(({ path }): string => path) as [
  string,
  string,
  string,
  string,
  string,
  string,
  string,
  string,
];
const REST = [PAREN, BASH, OR];

const ROWS: readonly (readonly [query: string, ...found: string[]])[] = [
  ['größe', GROSS],
  ['GROSSE', GROSS],
  ['groß', GROSS],
  ['trevi', GROSS],
  ['CAFE brunnen', GROSS],
  ['"cafe am brunnen"', GROSS],
  ['"am cafe"'],
  ['rome', ROME],
  ['recorded', SONG, ABBEY],
  ['abbey', SONG, ABBEY],
  ['rome or abbey', ROME, SONG, ABBEY],
  ['"or" is:link', OR],
  ['people:anna', GROSS],
  ['people:"anna smith"', GROSS],
  ['people:"smith anna"'],
  ['people:ann'],
  ['people:ann*', GROSS],
  ['people=anna'],
  ['people="ANNA smith"', GROSS],
  ['people:lukasz', GROSS],
  ['title:trevi', GROSS],
  ['place:roma', GROSS],
  ['place.city:roma', GROSS],
  ['place.lat>41.5', GROSS],
  ['place.lat<-3'],
  ['mood:glad mood:tired', GROSS],
  ['rating>=4', GROSS, RAW],
  ['rating>4', RAW],
  ['rating:1'],
  ['rating:4', GROSS],
  ['rating=4', GROSS],
  ['rating:3..4', GROSS, SONG, ABBEY],
  ['rating:..3', SONG, ABBEY],
  ['rating:5..', RAW],
  ['rating:*', GROSS, RAW, SONG, ABBEY],
  ['Rating>4', RAW],
  ['-rating:* -is:folder', ...REST],
  ['camera:canon', GROSS],
  ['taken:2014', GROSS],
  ['taken:2014-05', GROSS],
  ['taken:2014-06'],
  ['taken:2014..2016', GROSS, RAW],
  ['taken:2014..2015', GROSS],
  ['taken>2014', RAW],
  ['taken<=2014', GROSS],
  ['taken<2014-05-22', GROSS],
  ['taken:2014-05-21T08:00:00Z..2014-05-21T08:00:00Z', GROSS],
  ['taken>2014-05-21T08:00:00Z', RAW],
  ['year:1969', SONG],
  ['year<1970', SONG],
  ['label:emi', SONG],
  ['label:apple', ABBEY],
  ['artist:beatles', SONG, ABBEY],
  ['type:pictures', GROSS, RAW, ROME],
  ['type:*', GROSS, RAW, ROME, SONG, ABBEY],
  ['-type:*', ...REST],
  ['is:folder', ROME, ABBEY],
  ['is:entity', ABBEY],
  ['is:link', OR],
  ['entity:01jdb', SONG, ABBEY],
  ['in:Pictures is:file', GROSS, RAW],
  ['in:Pictures/2014'],
  ['in:"Pictures/2014 Rome"', GROSS, RAW],
  ['path:Pictures/*/*.jpg', GROSS],
  ['path:**/*.flac', SONG],
  ['path:Music/**', SONG, ABBEY],
  ['path:*.txt', PAREN],
  ['name:*.cr2', RAW],
  ['name:rome', ROME],
  ['name:"rome"'],
  ['name:?.cr2', RAW],
  ['ext:jpg', GROSS],
  ['ext:.JPG', GROSS],
  ['ext:bashrc'],
  ['size>10M', RAW],
  ['size:1M..10M', GROSS],
  ['size=0', PAREN],
  ['size>4.7MiB', GROSS, RAW],
  ['modified:2026-11', PAREN],
  ['modified<2026'],
  ['(rating>4 or year:1969) not in:Music', RAW],
  ['rating>4 or year:1969 in:Music', RAW, SONG],
  ['is:file and not (in:Pictures OR in:Music)', PAREN, BASH],
  ['not not is:link', OR],
  ['a(1)'],
  ['"a (1)"', PAREN],
  ['(1)', GROSS, ROME, SONG, PAREN],
];

test('a query finds what it says', () => {
  for (const [query, ...found] of ROWS) {
    const matches = testOf(parse(query), new Set());
    assert.deepEqual(
      THINGS.filter(matches).map(({ path }) => path),
      found,
      query,
    );
  }
});

test('what is no query is said with its place and what to do', () => {
  const said = (query: string): string => {
    try {
      parse(query);
    } catch (error) {
      assert.ok(
        error instanceof Refusal && error.kind === 'usage' && error.problem.hint !== undefined,
        query,
      );
      assert.equal(error.problem.code, 'flow/bad-query');
      return error.problem.reason.replace(`cannot read the query '${query}', `, '');
    }
    return 'read';
  };
  const rows: readonly (readonly [string, string])[] = [
    ['', 'at its end: something is missing'],
    ['  ', 'at its end: something is missing'],
    ['rome (or', `at character 7: something is missing before 'or'`],
    ['(rome', `at character 1: '(' is not closed`],
    ['rome)', `at character 5: ')' closes nothing`],
    ['a or', 'at its end: something is missing'],
    ['or a', `at character 1: something is missing before 'or'`],
    ['a and or b', `at character 7: something is missing before 'or'`],
    ['()', `at character 2: something is missing before ')'`],
    ['not', 'at its end: something is missing'],
    ['ü "rome', 'at character 3: the quotes are not closed'],
    ['""', 'at character 1: there is nothing to look for'],
    ['title:', `at its end: 'title:' has no value`],
    ['title: x', `at character 7: 'title:' has no value`],
    ['rating>good', `at character 8: 'good' is neither a number nor a date`],
    ['rating:1..good', `at character 11: 'good' is neither a number nor a date`],
    ['taken>=2014-13', `at character 8: '2014-13' is neither a number nor a date`],
    ['a:..', `at character 3: '..' has no end`],
    ['size:big', `at character 6: 'big' is no size`],
    ['size>1iB', `at character 6: '1iB' is no size`],
    ['modified:yesterday', `at character 10: 'yesterday' is no date`],
    ['is:album', `at character 4: 'album' is no kind of thing`],
    ['path>a', `at character 5: 'path' has no order, so '>' says nothing of it`],
    [`${'('.repeat(200)}a`, 'at character 102: it is nested too deeply'],
    [`${'-'.repeat(2000)}a`, 'at character 102: it is nested too deeply'],
  ];
  for (const [query, reason] of rows) assert.equal(said(query), reason, query);
  for (const query of ['title:wait..what', 'a-b', '2014', '- a', 'a:b:c', '🙂', 'x:"a\\"b"'])
    assert.equal(said(query), 'read');
});

test('any text is a query or is refused as one', () => {
  const pieces = fc.array(
    fc.constantFrom('(', ')', '"', '-', ' ', 'or', 'not', 'a', ':', '>=', '..', '\\', 'size', '*', 'ü'),
  );
  const any = fc.oneof(
    fc.string({ unit: 'binary' }),
    pieces.map((all) => all.join('')),
  );
  const property = fc.property(any, (text) => {
    try {
      const matches = testOf(parse(text), new Set());
      for (const each of THINGS) matches(each);
    } catch (error) {
      assert.ok(error instanceof Refusal, String(error));
    }
  });
  fc.assert(property, { numRuns: 2000 });
});

test('a name is found by any part of it in quotes, in any case', () => {
  const property = fc.property(fc.string({ minLength: 1 }), fc.nat(), fc.nat(), (name, from, length) => {
    const characters = Array.from(name.replaceAll('/', '_'));
    const start = from % characters.length;
    const part = characters.slice(start, start + 1 + (length % characters.length)).join('');
    fc.pre(foldWords(part) !== '');
    const query = parse(`"${part.toUpperCase().replace(/["\\]/g, '\\$&')}"`);
    // One letter of capitals may be two of small ones; the judge is the folded text itself.
    const expected = foldWords(characters.join('')).includes(foldWords(part.toUpperCase()));
    assert.equal(testOf(query, new Set())(thing(characters.join(''), {})), expected);
  });
  fc.assert(property);
});

test('folding twice is folding once', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) =>
      assert.equal(foldWords(foldWords(text)), foldWords(text)),
    ),
  );
  const same = [
    ['Straße', 'STRASSE', 'strasse'],
    ['Øre', 'ore'],
    ['Ångström', 'angstrom', 'A\u030angstro\u0308m'],
    ['ΟΔΟΣ', 'οδος', 'οδοσ'],
    ['İstanbul', 'istanbul', 'ISTANBUL'],
    ['ﬁne', 'fine'],
    ['e\u0301te\u0301', 'ÉTÉ', 'ete'],
    ['soft\u00adhyphen', 'softhyphen'],
  ];
  for (const words of same) assert.deepEqual(new Set(words.map(foldWords)).size, 1, words[0]);
});

test('words are whole words', () => {
  const rows: readonly (readonly [string, string, boolean])[] = [
    ['anna smith', 'anna', true],
    ['joanna, anna', 'anna', true],
    ['joanna', 'anna', false],
    ['annabel', 'anna', false],
    ['sea-side', 'sea', true],
    ['𝔸b', 'b', false],
    ['c++ and c', 'c++', true],
    ['', '', false],
  ];
  for (const [text, words, expected] of rows)
    assert.equal(holdsWords(text, words), expected, `${text} ${words}`);
});

test('patterns are what regular expressions make of them', () => {
  const name = fc.string({ unit: fc.constantFrom('a', 'b', '*', '?'), maxLength: 8 });
  const plain = fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 8 });
  const asName = (pattern: string): string => pattern.replaceAll('?', '[^/]').replace(/\*+/g, '[^/]*');
  fc.assert(
    fc.property(name, plain, (pattern, text) =>
      assert.equal(takesName(pattern, text), new RegExp(`^${asName(pattern)}$`, 'u').test(text)),
    ),
  );
  const component = fc.constantFrom('a', 'b', '?', '*', 'a*', '**');
  const pattern = fc.array(component, { minLength: 1, maxLength: 5 });
  const path = fc.array(fc.constantFrom('a', 'b', 'ab'), { minLength: 1, maxLength: 5 });
  const asPath = (parts: readonly string[]): string => {
    const [first, ...rest] = parts;
    if (first === undefined) return '';
    if (first !== '**') return `/${asName(first)}${asPath(rest)}`;
    return rest.length === 0 ? '(?:/[^/]+)+' : `(?:/[^/]+)*${asPath(rest)}`;
  };
  fc.assert(
    fc.property(pattern, path, (wanted, names) => {
      const judge = new RegExp(`^${asPath(wanted)}$`).test(`/${names.join('/')}`);
      assert.equal(takesPath(wanted.join('/'), names.join('/')), judge);
    }),
    { numRuns: 2000 },
  );
});

test('a hostile pattern takes no longer than it is long', () => {
  assert.equal(takesName(`${'*a'.repeat(5000)}b`, 'a'.repeat(10_000)), false);
  assert.equal(takesPath(`${'**/a/'.repeat(2000)}b`, Array(4000).fill('a').join('/')), false);
});

test('numbers compare as numbers', () => {
  const number = fc.double({ noNaN: true, min: -1e6, max: 1e6 }).map((value) => Number(value.toFixed(3)) + 0);
  fc.assert(
    fc.property(number, number, (value, bound) => {
      const compare = (operator: string) =>
        (parse(`x${operator}${bound}`) as Query & { kind: 'field' }).compare;
      assert.equal(fits(String(value), compare('>=')), value >= bound);
      assert.equal(fits(String(value), compare('<')), value < bound);
      assert.equal(fits(String(value), compare('=')), value === bound);
    }),
  );
});

test('sizes have units of a thousand, or of 1024 where they say so', () => {
  const rows = [
    ['0', 0],
    ['4096', 4096],
    ['1k', 1000],
    ['1.5MB', 1_500_000],
    ['2GiB', 2 ** 31],
    ['3T', 3e12],
  ] as const;
  for (const [text, bytes] of rows) assert.equal(sizeOf(text)?.number, bytes);
  for (const text of ['', 'x', '-1', '1iB', '1 k', '1e3']) assert.equal(sizeOf(text), undefined);
});

test('the fields that are asked for are those that may be told', () => {
  assert.deepEqual([...fieldsAsked(parse('a:1 (B>2 or c:*) -d:1 rome'))], ['a', 'b', 'c']);
});
