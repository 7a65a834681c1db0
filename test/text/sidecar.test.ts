import { test } from 'node:test';
import assert from 'node:assert/strict';
import { line } from '../../src/model/value.ts';
import { parseByPeople } from '../../src/text/people.ts';
import { joinFront, splitFront } from '../../src/text/sidecar-front.ts';
import {
  conflictsOf,
  effectiveField,
  effectiveFields,
  LONGEST_SIDECAR,
  parseSidecar,
  writeExtracted,
  type Sidecar,
} from '../../src/text/sidecar.ts';
import { removeFromField, replaceExtracted, setField } from '../../src/text/sidecar-edit.ts';
import { TextError } from '../../src/text/problems.ts';
import { readPeople } from '../../src/text/yaml-people.ts';
import { assertRefused } from './refusals.ts';
import type { ContentId } from '../../src/model/id.ts';

const ID = '4b'.repeat(32) as ContentId;

/** The text of FORMAT's example. */
const AIRBAG = `---
title: Airbag            # as on the sleeve
rating: 5
people:
  - colin
  - thom
extracted:
  of: ${ID}
  by: "music 1, music-metadata 11.16"
  artist: Radiohead
  duration: "284.4"
  title: airbag
---
Bought in Oxford in 1997. The first pressing has a longer gap.
---
Another.
`;

const EDITS: readonly ((text: string) => unknown)[] = [
  (text) => setField(text, 'a', ['b', 'c'], readPeople),
  (text) => setField(text, 'zz', 'b', readPeople),
  (text) => removeFromField(text, 'a', 'b', readPeople),
  (text) => replaceExtracted(text, { of: ID, by: 'x', fields: new Map() }, readPeople),
];

function said({ fields, extracted, prose }: Sidecar): unknown {
  return [Array.from(fields), extracted === undefined ? undefined : extracted.by, prose];
}

test('a sidecar says fields, what was extracted, and prose, with their lines', () => {
  const sidecar = parseSidecar(AIRBAG);
  assert.deepEqual(
    { ...sidecar, places: undefined },
    {
      fields: new Map<string, unknown>([
        ['title', 'Airbag'],
        ['rating', 5],
        ['people', ['colin', 'thom']],
      ]),
      extracted: {
        of: ID,
        by: 'music 1, music-metadata 11.16',
        fields: new Map([
          ['artist', 'Radiohead'],
          ['duration', '284.4'],
          ['title', 'airbag'],
        ]),
      },
      prose: 'Bought in Oxford in 1997. The first pressing has a longer gap.\n---\nAnother.\n',
      proseLine: 14,
      lines: new Map([
        ['title', 2],
        ['rating', 3],
        ['people', 4],
        ['extracted', 7],
      ]),
      places: undefined,
    },
  );
});

test('what stands above wins over what was extracted', () => {
  const sidecar = parseSidecar(AIRBAG);
  const rows = ['title', 'artist', 'rating', 'nothing'].map((key) => effectiveField(sidecar, key));
  assert.deepEqual(rows, ['Airbag', 'Radiohead', 5, undefined]);
  assert.deepEqual(Array.from(effectiveFields(sidecar)), [
    ['title', 'Airbag'],
    ['rating', 5],
    ['people', ['colin', 'thom']],
    ['artist', 'Radiohead'],
    ['duration', '284.4'],
  ]);
});

test('every layout of a person that YAML takes says the same, by lines or by the library', async () => {
  const rows: readonly (readonly [text: string, said: unknown])[] = [
    ['', [[], undefined, '']],
    ['about a\n', [[], undefined, 'about a\n']],
    ['\ufeffabout a', [[], undefined, 'about a']],
    ['Note: bought\n---\nthere\n', [[], undefined, 'Note: bought\n---\nthere\n']],
    ['---\n---\n', [[], undefined, '']],
    ['---\n---', [[], undefined, '']],
    ['---\n---\n\n  prose \n', [[], undefined, '\n  prose \n']],
    ['\ufeff---\r\nrating: 5\r\n---\r\nOne\r\n', [[['rating', 5]], undefined, 'One\r\n']],
    ['---\r\nrating: 5\n---\nlone\rreturn', [[['rating', 5]], undefined, 'lone\rreturn']],
    ["---\n# nothing\ntitle: 'it''s'\n---\n", [[['title', "it's"]], undefined, '']],
    ['---\ntags: [a, "b", 3]\nlive: true\ngain: -7.5\n---\n',
      [[['tags', ['a', 'b', 3]], ['live', 'true'], ['gain', '-7.5']], undefined, '']],
    ['---\npeople:\n- colin\n- {name: thom}\n---\n',
      [[['people', ['colin', line([['name', 'thom']])]]], undefined, '']],
    ['---\nabout: |\n  one\n\n  # two\nempty:\n---\n', [[['about', 'one\n\n# two\n'], ['empty', '']], undefined, '']],
    ['---\n__proto__: 1\nconstructor: 2\n---\n', [[['__proto__', 1], ['constructor', 2]], undefined, '']],
    [`---\nextracted: {by: x, of: ${ID}}\nbelow: 1\n---\n`, [[['below', 1]], 'x', '']],
  ]; // prettier-ignore
  for (const [text, expected] of rows) {
    assert.deepEqual(said(await parseByPeople(parseSidecar, text)), expected, text);
    assert.deepEqual(said(parseSidecar(text, readPeople)), expected, text);
    assert.equal(joinFront(splitFront(text)), text);
  }
});

test('a sidecar that is wrong is refused with its line', () => {
  assertRefused(
    (text) => parseSidecar(text, readPeople),
    [
      ['---\ntitle: a\n', 'text/front-matter', 1, /does not end/],
      ['---', 'text/front-matter', 1, /does not end/],
      ['---\ntitle: a\n --- \n', 'text/front-matter', 1, /does not end/],
      ['---js\nx\n---\n', 'text/front-matter', 1, /exactly '---'/],
      ['--- \ntitle: a\n---\n', 'text/front-matter', 1, /exactly '---'/],
      ['\n\n---\ntitle: a\n---\n', 'text/front-matter', 3, /exactly '---'/],
      ['---\n{title: a}\n---\n', 'text/front-matter', 2, /not fields/],
      ['---\n# a\n- title\n---\n', 'text/front-matter', 3, /not fields/],
      ['---\ntitle\n---\n', 'text/yaml', 2, /./],
      ['---\n\n  title: a\n---\n', 'text/indentation', 3, /blanks/],
      ['---\na: 1\n\tb: 2\n---\n', 'text/tab', 3, /tab/],
      ["---\n\n# x\na: 'x'\nb:\n\t c: 1\n---\n", 'text/tab', 6, /tab/],
      ['---\ntitle: a\n<<<<<<< ours\nb: 1\n---\n', 'text/merge-marker', 3, /merge/],
      ["---\nt: 'a'\n<<<<<<< ours\nb: 1\n---\n", 'text/merge-marker', 3, /merge/],
      [
        '---\na: 1\n---\nprose\n<<<<<<< ours\na\n=======\nb\n>>>>>>> theirs\n',
        'text/merge-marker',
        5,
        /merge/,
      ],
      ['<<<<<<< ours\n---\n=======\n---\n>>>>>>> theirs\n', 'text/merge-marker', 1, /merge/],
      ['---\na: &x 1\nb: *x\n---\n', 'text/alias', 2, /anchors/],
      ['---\na: 1\nb: *x\n---\n', 'text/alias', 3, /aliases/],
      ['---\na: !!str 1\n---\n', 'text/tag', 2, /tags/],
      ['---\n%YAML 1.1\na: 1\n---\n', 'text/directive', 2, /directives/],
      ['---\na: 1\n...\n---\n', 'text/document-marker', 3, /'\.\.\.'/],
      ['---\na: 1\n<<: {b: 1}\n---\n', 'text/merge-key', 3, /'<<'/],
      ['---\na: 1\nb: 2\na: 3\n---\n', 'text/duplicate-key', 4, /'a' is here twice/],
      ["---\na: 1\n'a': 3\n---\n", 'text/duplicate-key', 3, /'a' is here twice/],
      ['---\na: 1\ndbk: 2\n---\n', 'text/misplaced-key', 3, /'dbk'/],
      ['---\na: "x\n---\n', 'text/yaml', undefined, /quote/],
      ['---\na: x\u0007\n---\n', 'text/control', 2, /control/],
      ['---\na: x\ry: 1\n---\n', 'text/control', 2, /control/],
      ['---\na: x\n---\nprose\n\0', 'text/control', 5, /control/],
      [`---\na: ${'['.repeat(40)}${']'.repeat(40)}\n---\n`, 'text/too-deep', 2, /32 levels/],
      ['x'.repeat(LONGEST_SIDECAR + 1), 'text/too-long', undefined, /1048576 bytes/],
      ['é'.repeat(LONGEST_SIDECAR / 2 + 1), 'text/too-long', undefined, /1048576 bytes/],
      ['---\nextracted: 5\n---\n', 'text/wrong-value', 2, /not a map/],
      ['---\na: 1\nextracted:\n  by: x\n---\n', 'text/missing-key', 3, /'of' is missing/],
      ['---\nextracted:\n  by: x\n  of: 5\n---\n', 'text/wrong-value', 4, /hexadecimal/],
    ],
  );
});

/** Texts of about so many characters that are as hard to read as they can be. */
function hostile(size: number): string[] {
  const bomb = Array.from({ length: 30 }, (_, i) => `a${i}: &a${i} [*a${i - 1}, *a${i - 1}]`).join('\n');
  const front = (body: string): string => `---\n${body}\n---\n`;
  return [
    front(bomb),
    front(`a: "${'x'.repeat(size)}"`),
    front(`a: ${'x'.repeat(size)}`),
    front(`a: ${'"'.repeat(size)}`),
    front(`a: ${'\\'.repeat(size)}`),
    front(`a: "${'\\'.repeat(size)}`),
    front(`a: ${'['.repeat(size)}`),
    front(`a: ${'{a: '.repeat(size / 4)}`),
    front(`${'- '.repeat(size / 2)}a`),
    front(`a:\n ${'- '.repeat(size / 2)}a`),
    front(`${'? '.repeat(size / 2)}a`),
    front(`a:${' '.repeat(size)}b`),
    front(`${' '.repeat(size)}:`),
    front(`a${' '.repeat(size)}`),
    front(`a${'\t'.repeat(size)}:`),
    front(`'${"''".repeat(size / 2)}`),
    front('a: 1\n'.repeat(size / 5)),
    front(Array.from({ length: 60_000 }, (_, i) => `k${i}: ${i}`).join('\n')),
    front('\n'.repeat(size)),
    front('#\n'.repeat(size / 2)),
    front('\r'.repeat(size)),
    front(`a: |\n${' \n'.repeat(size / 2)}`),
    front(`a:\n${'  - b\n'.repeat(size / 6)}`),
    '---\n'.repeat(size / 4),
    '<<<<<<< a\n'.repeat(size / 10),
    '<<<<<<< a\n=======\n'.repeat(size / 20),
    `---\n---\n${'\0'.repeat(size)}`,
    ' '.repeat(size),
    '-'.repeat(size),
  ];
}

test('hostile sidecars are refused or read, and changed or not, soon and by nothing but a TextError', () => {
  const attempt = (edit: () => unknown, text: string): void => {
    try {
      edit();
    } catch (error) {
      if (!(error instanceof TextError)) throw new Error(`not for ${text.slice(0, 20)}`, { cause: error });
    }
  };
  for (const text of hostile(1_000_000)) {
    attempt(() => assert.equal(joinFront(splitFront(text)), text), text);
    attempt(() => parseSidecar(text, readPeople), text);
  }
  for (const text of hostile(30_000)) for (const edit of EDITS) attempt(() => edit(text), text);
});

test('a removed value in a conflict is a plain ~, a text of that character is not', () => {
  const text =
    '---\na:\n  conflict:\n    base: "~"\n    laptop: ~ # "~"\n    nas: "~"\nb: {conflict: {base: ~, nas: ~}}\nc: ~\n---\n';
  const sidecar = parseSidecar(text, readPeople);
  assert.deepEqual(
    Array.from(conflictsOf(sidecar)),
    [
      ['a', { kind: 'conflict', base: '~', values: new Map([['laptop', undefined], ['nas', '~']]) }],
      ['b', { kind: 'conflict', values: new Map([['nas', undefined]]) }],
    ], // prettier-ignore
  );
  assert.equal(sidecar.fields.get('c'), '~');
});

test('what is no conflict stays the value that it is', () => {
  const rows = ['5', '{conflict: 3}', '{conflict: {}}', '{conflict: {base: 3}}', '{conflict: {Laptop!: 3}}'];
  rows.push('{conflict: {nas: 3}, more: 1}', '{conflicts: {nas: 3}}', '[conflict]', '{conflict: [nas]}');
  for (const row of rows)
    assert.deepEqual(Array.from(conflictsOf(parseSidecar(`---\na: ${row}\n---\n`, readPeople))), [], row);
});

test('what was extracted is canonical, and has no fields by the names of its own two', () => {
  const fields = new Map<string, string | string[]>([
    ['title', 'Airbag'],
    ['artist', ['Radiohead', 'a: b']],
  ]);
  assert.equal(
    writeExtracted({ of: ID, by: 'music 1', fields }),
    `extracted:\n  of: ${ID}\n  by: music 1\n  artist:\n    - Radiohead\n    - "a: b"\n  title: Airbag\n`,
  );
  for (const key of ['of', 'by'])
    assert.throws(() => writeExtracted({ of: ID, by: 'x', fields: new Map([[key, 'a']]) }), TextError);
});
