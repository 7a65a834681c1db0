import { test } from 'node:test';
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import fc from 'fast-check';
import type { ContentId } from '../../src/model/id.ts';
import type { Value } from '../../src/model/value.ts';
import {
  makeConflict,
  uniteConflicts,
  writeField,
  type FieldConflict,
} from '../../src/text/field-conflict.ts';
import { conflictsOf, parseSidecar } from '../../src/text/sidecar.ts';
import { setField } from '../../src/text/sidecar-edit.ts';
import { readPeople } from '../../src/text/yaml-people.ts';
import { SEED, someFlow } from './arbitrary.ts';

const RUNS = { seed: SEED, numRuns: 500 };

/** Any hash does. */
const digest = (text: Uint8Array | string): ContentId =>
  createHash('sha256').update(text).digest('hex') as ContentId;

/** One that has the same first digits for all. */
const close = (text: Uint8Array | string): ContentId => `00000${digest(text).slice(5)}` as ContentId;

const LAPTOP = { repository: 'laptop', id: '1111222233334444' };
const NAS = { repository: 'nas', id: '5555666677778888' };

function linesOf(conflict: FieldConflict): string {
  return writeField('a', conflict).replace('a:\n  conflict:\n', '').replaceAll('    ', '').trimEnd();
}

test('a conflict has a line for each differing value', () => {
  const rows: readonly (readonly [base: Value | undefined, sides: Parameters<typeof makeConflict>[1], string])[] = [
    [3, [{ ...NAS, value: 5 }, { ...LAPTOP, value: 4 }], 'base: 3\nlaptop: 4\nnas: 5'],
    [undefined, [{ ...NAS, value: 5 }, { ...LAPTOP, value: 4 }], 'laptop: 4\nnas: 5'],
    [3, [{ ...NAS, value: undefined }, { ...LAPTOP, value: '~' }], 'base: 3\nlaptop: "~"\nnas: ~'],
    [3, [{ ...NAS, value: 4 }, { ...LAPTOP, value: 4 }], 'base: 3\nlaptop: 4'],
    [['a'], [{ ...NAS, value: ['a', 'b'] }, { ...LAPTOP, value: 'two\nlines\n' }], 'base: [a]\nlaptop: "two\\nlines\\n"\nnas: [a, b]'],
    [3, [{ ...NAS, value: 4 }, { ...NAS, id: '9999000011112222', value: 5 }], 'base: 3\nnas: 4\n"nas#9999": 5'],
    [3, [{ ...NAS, repository: 'base', value: 4 }], 'base: 3\n"base#5555": 4'],
  ]; // prettier-ignore
  for (const [base, sides, expected] of rows) assert.equal(linesOf(makeConflict(base, sides)), expected);
});

test('conflicts unite to the union of their lines', () => {
  const of = (
    base: Value | undefined,
    ...lines: (readonly [string, Value | undefined])[]
  ): FieldConflict => ({
    kind: 'conflict',
    ...(base === undefined ? {} : { base }),
    values: new Map(lines),
  });
  const four = digest('4').slice(0, 4);
  const rows: readonly (readonly [FieldConflict, FieldConflict, string])[] = [
    [of(3, ['laptop', 4]), of(3, ['nas', 5]), 'base: 3\nlaptop: 4\nnas: 5'],
    [of(3, ['laptop', 4]), of(undefined, ['laptop', 4], ['nas', undefined]), 'base: 3\nlaptop: 4\nnas: ~'],
    [of(3, ['nas', 4]), of(2, ['laptop', 4]), 'base: 2\nlaptop: 4'],
    [of(3, ['laptop', 3]), of(3, ['laptop', 4]), `base: 3\nlaptop: 3\n"laptop#${four}": 4`],
    [of(3, ['nas#1234', 3]), of(3, ['nas', 4]), 'base: 3\nnas: 4\n"nas#1234": 3'],
  ];
  for (const [a, b, expected] of rows) {
    assert.equal(linesOf(uniteConflicts(a, b, digest)), expected);
    assert.equal(linesOf(uniteConflicts(b, a, digest)), expected);
  }
  const three = uniteConflicts(
    uniteConflicts(of(1, ['a', 1]), of(1, ['a', 2]), close),
    of(1, ['a', 3]),
    close,
  );
  assert.deepEqual(Array.from(three.values.values()), [1, 2, 3]);
});

const someConflict: fc.Arbitrary<FieldConflict> = fc
  .tuple(
    fc.option(someFlow, { nil: undefined }),
    fc.uniqueArray(
      fc.tuple(
        fc.constantFrom('laptop', 'nas', 'nas#1234', 'base#1234', 'no', '1'),
        fc.option(fc.oneof(fc.constantFrom('~', 1, 2), someFlow), { nil: undefined }),
      ),
      { minLength: 1, maxLength: 4, selector: ([label]) => label },
    ),
  )
  .map(([base, lines]) => ({
    kind: 'conflict',
    ...(base === undefined ? {} : { base }),
    values: new Map(lines),
  }));

test('uniting is the same whichever way round, in any order, and twice', () => {
  for (const hash of [digest, close]) {
    const unite = (a: FieldConflict, b: FieldConflict): FieldConflict => uniteConflicts(a, b, hash);
    fc.assert(
      fc.property(someConflict, someConflict, someConflict, (a, b, c) => {
        const united = unite(a, b);
        assert.equal(linesOf(unite(b, a)), linesOf(united));
        assert.equal(linesOf(unite(united, a)), linesOf(united));
        assert.equal(linesOf(unite(united, c)), linesOf(unite(a, unite(b, c))));
        const said = (one: FieldConflict): Set<string> =>
          new Set(Array.from(one.values.values(), (value) => (value === undefined ? '' : writeField('', value))));
        assert.deepEqual(new Set([...said(united)].sort()), new Set([...said(a), ...said(b)].sort()));
      }),
      RUNS,
    ); // prettier-ignore
  }
});

test('a conflict is read from a sidecar as it was written, in any order of its lines', () => {
  fc.assert(
    fc.property(someConflict, (conflict) => {
      const text = setField(undefined, 'a', conflict, readPeople);
      const found = conflictsOf(parseSidecar(text, readPeople)).get('a')!;
      assert.equal(writeField('a', found), writeField('a', conflict));
      assert.deepEqual(new Set(found.values.keys()), new Set(conflict.values.keys()));
    }),
    RUNS,
  );
});
