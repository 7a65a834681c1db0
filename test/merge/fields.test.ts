import { test } from 'node:test';
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { isSameField, mergeField, mergeFields } from '../../src/merge/fields.ts';
import type { Maybe, ThreeValues } from '../../src/merge/means.ts';
import { block, line, type Value } from '../../src/model/value.ts';
import type { FieldDeclaration } from '../../src/model/type-declaration.ts';
import { isConflict, writeField, type FieldConflict } from '../../src/text/field-conflict.ts';
import { parseSidecar } from '../../src/text/sidecar.ts';
import { readPeople } from '../../src/text/yaml-people.ts';
import { SEED, someFlow } from '../text/arbitrary.ts';
import { declaration, digest, MEANS, swapped, swapSides } from './means.ts';

/** A value as it stands in a sidecar, a conflict on one line. */
function said(value: Maybe): string {
  if (value === undefined) return 'none';
  const written = writeField('a', value).trimEnd();
  return written.replace(/^a:\n? */, '').replace(/\n */g, ', ');
}

function conflict(
  base: Value | undefined,
  lines: Readonly<Record<string, Value | undefined>>,
): FieldConflict {
  return { kind: 'conflict', ...(base !== undefined && { base }), values: new Map(Object.entries(lines)) };
}

type Row = readonly [
  declared: FieldDeclaration | undefined,
  base: Maybe,
  ours: Maybe,
  theirs: Maybe,
  expected: string,
];

function check(rows: readonly Row[]): void {
  for (const [declared, base, ours, theirs, expected] of rows) {
    const three = { base, ours, theirs };
    const label = [declared?.merge, base, ours, theirs].map((one) => JSON.stringify(one)).join(' ');
    assert.equal(said(mergeField(three, declared, MEANS)), expected, label);
    assert.equal(said(mergeField(swapped(three), declared, swapSides(MEANS))), expected, `${label}, swapped`);
  }
}

const none = undefined;
const one = declaration('one');
const set = declaration('set');
const list = declaration('list');
const prose = declaration('prose');
const max = declaration('max', 'number');
const min = declaration('min', 'integer');
const latest = declaration('max', 'date');
const earliest = declaration('min', 'date');
const sum = declaration('sum', 'integer');

test('each policy says what becomes of a field that both sides changed', () => {
  check([
    [one, 3, 4, 3, '4'],
    [one, 3, 4, 4, '4'],
    [one, 3, 4, 5, 'conflict:, base: 3, laptop: 4, nas: 5'],
    [one, 3, none, 5, 'conflict:, base: 3, laptop: ~, nas: 5'],
    [one, none, 4, 5, 'conflict:, laptop: 4, nas: 5'],
    [one, 3, none, 3, 'none'],
    [one, 4, '4', 5, 'conflict:, base: 4, laptop: "4", nas: 5'],
    [none, 3, 4, 5, 'conflict:, base: 3, laptop: 4, nas: 5'],
    [one, ['a'], ['a', 'b'], ['a', 'c'], 'conflict:, base: [a], laptop: [a, b], nas: [a, c]'],
    [list, ['a'], ['a', 'b'], ['a', 'c'], 'conflict:, base: [a], laptop: [a, b], nas: [a, c]'],
    [list, ['a'], ['a', 'b'], ['a'], '- a, - b'],
    // Additions and removals of single members.
    [set, ['a', 'b'], ['a', 'b', 'd'], ['b', 'c'], '- b, - c, - d'],
    [none, ['a', 'b'], ['a', 'b', 'd'], ['b', 'c'], '- b, - c, - d'],
    [set, none, ['b', 'a'], ['c', 'a'], '- a, - b, - c'],
    [set, ['c', 'a'], ['c', 'a', 'b'], ['a', 'c'], '- a, - c, - b'],
    [set, ['a', 'b', 'c'], ['b', 'a', 'c'], ['c', 'b', 'a'], '- b, - a, - c'],
    [set, ['a', 'b'], ['a'], ['b'], '[]'],
    [set, ['a', 'b'], ['a'], none, 'none'],
    [set, ['a', 'b'], [], none, 'none'],
    [set, ['a', 'b'], [], ['a'], '[]'],
    [none, ['a'], ['a', 'b'], none, '- b'],
    [set, 'a', ['a', 'b'], 'c', '- b, - c'],
    [set, ['1'], [1, '1'], ['1', 'x'], '- "1", - 1, - x'],
    [set, ['a'], line([['a', 1]]), ['a', 'b'], 'conflict:, base: [a], laptop: {a: 1}, nas: [a, b]'],
    [none, 'a', ['a', 'b'], 'c', 'conflict:, base: a, laptop: [a, b], nas: c'],
    // Numbers other than whole ones from 0 on are texts.
    [max, 3, 4, '4.5', '"4.5"'],
    [max, 3, '10', '9.5', '"10"'],
    [max, 3, '-2', '-10', '"-2"'],
    [max, 3, 4, '4.0', '4'],
    [max, 3, '1e1', 9, '"1e1"'],
    [max, 5, 3, 4, '4'],
    [max, 3, none, 4, '4'],
    [max, 3, 'many', 4, 'conflict:, base: 3, laptop: many, nas: 4'],
    [min, 5, 3, 4, '3'],
    [min, 5, '-3', 4, '"-3"'],
    [latest, 1996, '1997-05', '1997-05-21', '"1997-05-21"'],
    [latest, 1996, 1997, '1997-01-01', '"1997-01-01"'],
    [earliest, 1999, 1997, '1997-05-21', '1997'],
    [earliest, 1999, '1997-05-21T10:00:00+02:00', '1997-05-21T09:00:00Z', '"1997-05-21T10:00:00+02:00"'],
    [latest, 1996, 'May', '1997-05-21', 'conflict:, base: 1996, laptop: May, nas: "1997-05-21"'],
    [declaration('max', 'text'), 'a', 'b', 'c', 'conflict:, base: a, laptop: b, nas: c'],
    [declaration('max', ['low', 'high']), none, 'low', 'high', 'conflict:, laptop: low, nas: high'],
    [sum, 5, 7, 6, '8'],
    [sum, 5, 7, 7, '7'],
    [sum, none, 3, 4, '7'],
    [sum, 5, none, 7, '2'],
    [sum, 5, 3, 1, '"-1"'],
    [sum, '0.1', '0.3', '0.25', '"0.45"'],
    [sum, '0.5', 1, 1.0, '1'],
    [sum, '0.5', '1.5', 2, '3'],
    [sum, 0, Number.MAX_SAFE_INTEGER, 1, '"9007199254740992"'],
    [sum, 5, 'six', 7, 'conflict:, base: 5, laptop: six, nas: 7'],
    [prose, 'a\nb\nc\n', 'A\nb\nc\n', 'a\nb\nC\n', '|, A, b, C'],
    [prose, 'a\nb\n', 'A\nb\n', 'B\nb\n', 'conflict:, base: "a\\nb\\n", laptop: "A\\nb\\n", nas: "B\\nb\\n"'],
    [prose, 'a', none, 'b', 'conflict:, base: a, laptop: ~, nas: b'],
  ]); // prettier-ignore
});

test('a conflict waits until somebody decides, and a decision holds', () => {
  const both = conflict(3, { laptop: 4, nas: 5 });
  const three = conflict(3, { desk: 6, laptop: 4, nas: 5 });
  check([
    // A side that decided wins over one that did nothing.
    [one, both, 5, both, '5'],
    [one, both, none, both, 'none'],
    [max, both, 4, both, '4'],
    // Two decisions are a new question, about these two.
    [one, both, 4, 5, 'conflict:, base: 3, laptop: 4, nas: 5'],
    [one, both, 4, 7, 'conflict:, base: 3, laptop: 4, nas: 7'],
    [one, both, 7, 7, '7'],
    // What comes new waits; what was decided does not come back.
    [one, both, 7, three, 'conflict:, base: 3, desk: 6, laptop: 7'],
    [one, both, conflict(3, { laptop: 4, nas: 5, phone: 8 }), three, 'conflict:, base: 3, desk: 6, laptop: 4, nas: 5, phone: 8'],
    [one, three, conflict(3, { laptop: 4, nas: 5 }), conflict(3, { desk: 6, nas: 5 }), '5'],
    [one, three, conflict(3, { laptop: 4 }), conflict(3, { desk: 6, nas: 5 }), 'conflict:, base: 3, desk: 6, laptop: 4, nas: 5'],
    // A conflict that came from elsewhere unites with a change.
    [one, 3, both, 6, `conflict:, base: 3, laptop: 4, nas: 5, "nas#${digest('6').slice(0, 4)}": 6`],
    [one, 3, both, 5, 'conflict:, base: 3, laptop: 4, nas: 5'],
    [one, 3, both, none, `conflict:, base: 3, laptop: 4, nas: 5, "nas#${digest('~').slice(0, 4)}": ~`],
    [one, 3, conflict(3, { desk: 6, nas: 5 }), both, 'conflict:, base: 3, desk: 6, laptop: 4, nas: 5'],
    [set, ['a'], conflict(none, { desk: line([]), nas: ['b'] }), ['c'], `conflict:, base: [a], desk: {}, nas: [b], "nas#${digest('[c]').slice(0, 4)}": [c]`],
  ]); // prettier-ignore
});

test('two sides of one repository have labels that differ, even with one id', () => {
  const side = MEANS.sides.ours;
  const means = { ...MEANS, sides: { ours: side, theirs: { ...side, id: '9'.repeat(64) } } };
  assert.equal(
    said(mergeField({ base: 3, ours: 4, theirs: 5 }, one, means)),
    'conflict:, base: 3, laptop: 4, "laptop#9999": 5',
  );
  const alone = { ...MEANS, sides: { ours: side, theirs: side } };
  const three = { base: 3, ours: 4, theirs: 5 };
  const merged = said(mergeField(three, one, alone));
  assert.match(merged, /^conflict:, base: 3, laptop: [45], "laptop#[0-9a-f]{4}": [45]$/);
  assert.equal(said(mergeField(swapped(three), one, alone)), merged);
});

test('fields of other things are not declared, and fields keep their order', () => {
  const fields = (entries: Readonly<Record<string, Value>>): ReadonlyMap<string, Value> =>
    new Map(Object.entries(entries));
  const three = {
    base: fields({ a: 1, plays: 1, gone: 1 }),
    ours: fields({ z: 1, plays: 2, a: 1, gone: 1 }),
    theirs: fields({ a: 1, b: 2, plays: 3 }),
  };
  const declared = { of: 'file', fields: new Map([['plays', sum]]) } as const;
  assert.deepEqual(
    Array.from(mergeFields(three, declared, MEANS)),
    Object.entries({ z: 1, plays: 4, a: 1, b: 2 }),
  );
  const other = mergeFields(three, { ...declared, of: 'entity' }, MEANS);
  assert.equal(said(other.get('plays')), 'conflict:, base: 1, laptop: 2, nas: 3');
});

test('a set has no order, a list has one', () => {
  const rows: readonly (readonly [Maybe, Maybe, FieldDeclaration | undefined, boolean])[] = [
    [['a', 'b'], ['b', 'a'], set, true],
    [['a', 'b'], ['b', 'a'], undefined, true],
    [['a', 'b'], ['b', 'a'], list, false],
    [['a', 'b'], ['a', 'b', 'a'], set, false],
    [['a'], 'a', set, false],
    [undefined, [], set, false],
    [block([['a', 1], ['b', 2]]), line([['b', 2], ['a', 1]]), one, true],
  ]; // prettier-ignore
  for (const [a, b, declared, expected] of rows) assert.equal(isSameField(a, b, declared), expected);
});

const RUNS = { seed: SEED, numRuns: 400 };

const someMember = fc.constantFrom<Value>('a', 'b', 'c', 1, '1');
const someList = fc.uniqueArray(someMember, { maxLength: 4 });
const someNumber = fc.constantFrom<Value>(0, 1, 2, 10, '-1', '0.5', '1.0', '2.50', '1e1');
const someDate = fc.constantFrom<Value>(
  1997,
  '1997',
  '1997-01',
  '1997-01-01',
  '1997-01-01T00:00:00Z',
  '1998-02',
  1996,
);
const someProse = fc
  .array(fc.constantFrom('a\n', 'b\n', 'c\n'), { maxLength: 5 })
  .map((lines) => lines.join(''));
const someConflict = fc
  .uniqueArray(fc.tuple(fc.constantFrom('laptop', 'nas', 'desk', 'nas#1234'), fc.option(fc.constantFrom<Value>(1, 2, 'a'), { nil: undefined })), { minLength: 1, maxLength: 3, selector: ([label]) => label })
  .map((lines): FieldConflict => ({ kind: 'conflict', base: 3, values: new Map(lines) })); // prettier-ignore

const POLICIES: readonly (readonly [FieldDeclaration | undefined, fc.Arbitrary<Value>])[] = [
  [one, fc.constantFrom<Value>(1, 2, 'a')],
  [undefined, fc.oneof(someFlow, someList)],
  [set, fc.oneof({ weight: 5, arbitrary: someList }, { weight: 1, arbitrary: someMember })],
  [list, someList],
  [max, someNumber],
  [min, someNumber],
  [latest, someDate],
  [earliest, someDate],
  [sum, someNumber],
  [prose, someProse],
];

function maybe(value: fc.Arbitrary<Value>): fc.Arbitrary<Maybe> {
  return fc.oneof(
    { weight: 6, arbitrary: value },
    { weight: 1, arbitrary: fc.constant(undefined) },
    { weight: 1, arbitrary: someConflict },
  );
}

test('swapped sides agree, an unchanged side gives way, equal edits agree, and merging again changes nothing', () => {
  for (const [declared, value] of POLICIES) {
    const merge = (base: Maybe, ours: Maybe, theirs: Maybe): string =>
      said(mergeField({ base, ours, theirs }, declared, MEANS));
    fc.assert(
      fc.property(maybe(value), maybe(value), maybe(value), (base, ours, theirs) => {
        const three: ThreeValues<Maybe> = { base, ours, theirs };
        const merged = mergeField(three, declared, MEANS);
        assert.equal(said(mergeField(swapped(three), declared, swapSides(MEANS))), said(merged));
        assert.equal(merge(base, ours, base), said(ours));
        assert.equal(merge(base, base, theirs), said(theirs));
        assert.equal(merge(base, ours, ours), said(ours));
        assert.equal(merge(ours, merged, ours), said(merged));
        assert.equal(merge(theirs, theirs, merged), said(merged));
        // What is merged can be written, and is read again as it was.
        if (merged === undefined) return;
        const text = `---\n${writeField('a', merged)}---\n`;
        const read = parseSidecar(text, readPeople).fields.get('a');
        assert.equal(said(read), said(merged));
        assert.equal(isConflict(read), isConflict(merged));
      }),
      RUNS,
    );
  }
});

test('sets, sums and extremes do not care in which order three changes come together', () => {
  for (const [declared, value] of POLICIES) {
    if (declared === undefined || !['set', 'max', 'min', 'sum'].includes(declared.merge)) continue;
    const values = declared === sum ? value : fc.option(value, { nil: undefined });
    fc.assert(
      fc.property(values, values, values, values, (base, a, b, c) => {
        const merge = (x: Maybe, y: Maybe): Maybe =>
          mergeField({ base, ours: x, theirs: y }, declared, MEANS);
        const [ab, bc] = [merge(a, b), merge(b, c)];
        const [left, right] = [merge(ab, c), merge(a, bc)];
        // Of a set, the order of what came and stayed may differ; equal increments are one, so that a sum cares.
        if (declared === set) assert.deepEqual(members(left), members(right));
        else if (declared !== sum) assert.equal(said(left), said(right));
        else if (new Set([a, b, c, ab, bc].map(said)).size === 5) assert.equal(Number(left), Number(right));
      }),
      RUNS,
    );
  }
});

function members(value: Maybe): string[] {
  return said(value) === 'none' ? [] : said(Array.isArray(value) ? value : [value as Value]).split(', ').sort();
} // prettier-ignore

test('every value of a side is in the conflict, and no other', () => {
  fc.assert(
    fc.property(maybe(fc.nat(3)), maybe(fc.nat(3)), maybe(fc.nat(3)), (base, ours, theirs) => {
      const merged = mergeField({ base, ours, theirs }, one, MEANS);
      const valuesOf = (value: Maybe): string[] =>
        (isConflict(value) ? Array.from(value.values.values()) : [value]).map((each) => said(each));
      const known = new Set([...valuesOf(ours), ...valuesOf(theirs)]);
      for (const value of valuesOf(merged)) assert.ok(known.has(value));
      if (!isConflict(base) && isConflict(merged) && said(ours) !== said(base) && said(theirs) !== said(base))
        assert.equal(new Set(valuesOf(merged)).size, known.size);
    }),
    RUNS,
  );
}); // prettier-ignore
