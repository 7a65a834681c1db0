import { test } from 'node:test';
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { mergeOtherText } from '../../src/merge/other-texts.ts';
import type { MergedText, Text } from '../../src/merge/texts.ts';
import type { CommitId, ContentId } from '../../src/model/id.ts';
import type { RepositoryPath } from '../../src/model/path.ts';
import { conflictId, parseConflict, writeConflict, type Conflict } from '../../src/text/conflict.ts';
import { parseType, writeType } from '../../src/text/types.ts';
import { parseSidecar } from '../../src/text/sidecar.ts';
import { readPeople } from '../../src/text/yaml-people.ts';
import { SEED } from '../text/arbitrary.ts';
import { digest, MEANS, swapped, swapSides } from './means.ts';

function merge(path: string, base: Text, ours: Text, theirs: Text): MergedText {
  const merged = mergeOtherText(path, { base, ours, theirs }, MEANS);
  assert.deepEqual(mergeOtherText(path, swapped({ base, ours, theirs }), swapSides(MEANS)), merged);
  return merged;
}

function lowerOf(a: string, b: string): readonly [lower: string, higher: string] {
  return digest(a) < digest(b) ? [a, b] : [b, a];
}

test('of two declarations of a type the higher version stays', () => {
  const type = (version: number, top = 'Music'): string =>
    writeType({ version, top, merge: 'files', boundaries: [], fields: new Map() });
  const [lower] = lowerOf(type(2), type(2, 'Sound'));
  const rows: readonly (readonly [base: Text, ours: Text, theirs: Text, expected: Text])[] = [
    [undefined, type(1), type(2), type(2)],
    [type(1), type(10), type(9), type(10)],
    [undefined, type(2), type(2, 'Sound'), lower],
    [type(2), type(1), type(2), type(1)],
    [type(1), undefined, type(2), type(2)],
    [type(1), undefined, type(1), undefined],
    [undefined, 'dbk: type 1\nnone\n', type(1), type(1)],
  ];
  for (const [base, ours, theirs, expected] of rows)
    assert.deepEqual(merge('types/music.yaml', base, ours, theirs), { text: expected, conflicts: [] });
  assert.equal(parseType(type(2)).version, 2);
});

test('rules of what to ignore: by lines, and of both where both changed the same', () => {
  const rows: readonly (readonly [base: Text, ours: Text, theirs: Text, expected: (lower: string) => string])[] = [
    ['a\nb\nc\n', 'a\nb\nc\nd\n', 'x\na\nb\nc\n', () => 'x\na\nb\nc\nd\n'],
    ['a\n', 'a\n*.tmp\n', 'a\n*.bak\n', (lower) => (lower.includes('tmp') ? 'a\n*.tmp\n*.bak\n' : 'a\n*.bak\n*.tmp\n')],
    ['a\n', 'a\nb\nc', 'a\nc\nd', (lower) => (lower.includes('b') ? 'a\nb\nc\nd' : 'a\nc\nd\nb\n')],
    [undefined, 'a\nb\n', 'b\nc\n', (lower) => (lower.includes('a') ? 'a\nb\nc\n' : 'b\nc\na\n')],
    ['a\n', '', 'b\n', () => 'b\n'],
    ['a\n', undefined as unknown as string, 'b\n', () => 'b\n'],
  ]; // prettier-ignore
  for (const [base, ours, theirs, expected] of rows) {
    const lower = ours === undefined ? '' : lowerOf(ours, theirs!)[0];
    for (const path of ['ignore', 'ignore.d/Music/$rules'])
      assert.deepEqual(merge(path, base, ours, theirs), { text: expected(lower), conflicts: [] });
  }
});

test('no rule that a side has added is lost, and none comes from elsewhere', () => {
  const someRules = fc
    .array(fc.constantFrom('*.tmp', '!a', 'b/', '# c', ''), { maxLength: 6 })
    .map((lines) => lines.map((line) => `${line}\n`).join(''));
  fc.assert(
    fc.property(someRules, someRules, someRules, (base, ours, theirs) => {
      const linesOf = (text: string): Set<string> => new Set(text.split('\n'));
      const merged = linesOf(merge('ignore', base, ours, theirs).text!);
      for (const rule of linesOf(ours + theirs)) assert.ok(merged.has(rule) || linesOf(base).has(rule));
      for (const rule of merged) assert.ok(linesOf(ours + theirs).has(rule));
      assert.equal(merge('ignore', base, ours, base).text, ours);
    }),
    { seed: SEED, numRuns: 300 },
  );
}); // prettier-ignore

test('people are sidecars without a type', () => {
  assert.deepEqual(
    merge(
      'people/ada.metadata',
      '---\nname: Ada\nborn: 1815\nknown: [a]\n---\n',
      '---\nname: Ada L.\nborn: 1815\nknown: [a, b]\n---\n',
      '---\nname: Ada\nborn: 1815\nknown: [a, c]\n---\n',
    ),
    {
      text: '---\nname: Ada L.\nborn: 1815\nknown:\n  - a\n  - b\n  - c\n---\n',
      conflicts: [],
    },
  );
});

const NEW: readonly (readonly [
  what: string,
  ours: string,
  theirs: string,
  text: RegExp,
  open: readonly string[],
])[] = [
  [
    'no more',
    'id: b2\nname: Ada',
    'id: a1\nname: Ada',
    /^---\nid: a1\nname: Ada\nwas:\n {2}- b2\n---\n$/,
    [],
  ],
  [
    'each something',
    'id: b2\nname: Ada\nalso: [A]\nwas: [c3]',
    'id: a1\nname: Ada\nborn: 1815\nalso: [B]',
    /^(?=[^]*\nid: a1\n)(?=[^]*\nwas:\n {2}- b2\n {2}- c3\n)(?=[^]*\nborn: 1815\n)(?=[^]*\n {2}- A\n {2}- B\n)/,
    [],
  ],
  [
    'what does not agree',
    'id: b2\nborn: 1815',
    'id: a1\nborn: 1816',
    /\nid:\n {2}conflict:\n/,
    ['born', 'id'],
  ],
  [
    'one id',
    'id: a1\nname: Ada',
    'id: a1\nname: Ada\nborn: 1815',
    /^---\nid: a1\nname: Ada\nborn: 1815\n---\n$/,
    [],
  ],
];

test('two who were added under one handle are one, unless something speaks against it', () => {
  for (const [what, ours, theirs, text, open] of NEW) {
    const [one, other] = [`---\n${ours}\n---\n`, `---\n${theirs}\n---\n`];
    const merged = merge('people/ada.metadata', undefined, one, other);
    assert.match(merged.text!, text, what);
    assert.deepEqual(
      merged.conflicts.map(({ field }) => field),
      open,
      what,
    );
    for (const side of [one, other])
      assert.deepEqual(merge('people/ada.metadata', side, merged.text, side), {
        text: merged.text,
        conflicts: [],
      });
  }
  // Of somebody whom both had, a changed id is an edit.
  const base = '---\nid: a1\n---\n';
  const merged = merge('people/ada.metadata', base, '---\nid: b2\n---\n', '---\nid: c3\n---\n');
  assert.deepEqual(merged.conflicts, [{ field: 'id' }]);
});

test('whichever of several machines that added one person meet first, it is one person with the same ids', () => {
  const id = fc.stringMatching(/^[a-f][0-9a-f]{3}$/);
  const person = fc.record({ id, also: fc.subarray(['A', 'B', 'C'], { minLength: 1 }) });
  const textOf = ({ id: own, also }: { id: string; also: string[] }): string =>
    `---\nid: ${own}\nname: Ada\nalso: [${also.join(', ')}]\n---\n`;
  const idsOf = (text: Text): unknown => {
    const { fields } = parseSidecar(text!);
    return [fields.get('id'), fields.get('was'), [...(fields.get('also') as string[])].sort()];
  };
  fc.assert(
    fc.property(
      fc.uniqueArray(person, { minLength: 3, maxLength: 3, selector: (each) => each.id }),
      (people) => {
        const [a, b, c] = people.map(textOf) as [string, string, string];
        const both = (one: Text, other: Text): Text => {
          const { text, conflicts } = merge('people/ada.metadata', undefined, one, other);
          assert.deepEqual(conflicts, []);
          return text;
        };
        const all = idsOf(both(both(a, b), c));
        assert.deepEqual(idsOf(both(a, both(b, c))), all);
        assert.deepEqual(idsOf(both(both(c, a), b)), all);
        assert.equal((all as string[])[0], people.map((each) => each.id).sort()[0]);
      },
    ),
    { seed: SEED, numRuns: 300 },
  );
});

const ID = 'a1'.repeat(32);

function conflict(more: Partial<Conflict> = {}): Conflict {
  return {
    kind: 'metadata',
    paths: ['Pictures/a.jpg' as RepositoryPath],
    ids: [ID as ContentId],
    field: 'rating',
    commits: ['b1'.repeat(32) as CommitId],
    ...more,
  };
}

test('a conflict that one side closed is closed; of two that are open nothing is lost', () => {
  const [b, c, d] = ['b1', 'c2', 'd3'].map((digits) => digits.repeat(32) as CommitId);
  const of = (more: Partial<Conflict> = {}): string => writeConflict(conflict(more));
  const path = `conflicts/${conflictId(conflict(), digest)}.yaml`;
  const rows: readonly (readonly [base: Text, ours: Text, theirs: Text, expected: Text])[] = [
    [undefined, of(), undefined, of()],
    [of(), undefined, of(), undefined],
    [of(), undefined, of({ kept: 'a' }), undefined],
    [undefined, of({ commits: [d!, b!] }), of({ commits: [c!, b!] }), of({ commits: [b!, c!, d!] })],
    [of(), of({ kept: 'a\n' }), of({ commits: [b!, c!] }), of({ commits: [b!, c!], kept: 'a\n' })],
    [
      of({ kept: 'a\nb\nc\n' }),
      of({ kept: 'A\nb\nc\n', commits: [b!, c!] }),
      of({ kept: 'a\nb\nC\n', commits: [b!, d!] }),
      of({ kept: 'A\nb\nC\n', commits: [b!, c!, d!] }),
    ],
    [of(), of({ more: new Map([['x', 1]]) }), of({ more: new Map([['y', 2]]) }), of({ more: new Map([['x', 1], ['y', 2]]) })],
    [of(), 'dbk: conflict 1\nkind: none\n', of({ kept: 'a' }), of({ kept: 'a' })],
  ]; // prettier-ignore
  for (const [base, ours, theirs, expected] of rows)
    assert.deepEqual(merge(path, base, ours, theirs), { text: expected, conflicts: [] });
  const [x, y] = [of({ kept: 'one\ntwo' }), of({ kept: 'three\ntwo' })];
  const kept = parseConflict(merge(path, undefined, x, y).text!).kept!;
  assert.deepEqual(kept.trimEnd().split('\n').sort(), ['one', 'three', 'two']);
  // The id is that of both.
  const merged = parseConflict(merge(path, undefined, x, of({ commits: [c!] })).text!, readPeople);
  assert.equal(`conflicts/${conflictId(merged, digest)}.yaml`, path);
});

test('the tree has its own rules', () => {
  const three = { base: undefined, ours: 'a', theirs: 'b' };
  assert.throws(() => mergeOtherText('tree/$a.metadata', three, MEANS), RangeError);
});
