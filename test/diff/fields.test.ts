import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { diffFields, sameSaid, type FieldsSaid } from '../../src/diff/fields.ts';
import type { FieldChange, FieldSaid, NotAgreed } from '../../src/model/change.ts';
import { block, line, type Value } from '../../src/model/value.ts';

type Said = Readonly<Record<string, FieldSaid>>;

const said = (fields: Said, read?: Readonly<Record<string, Value>>): FieldsSaid => ({
  fields: new Map(Object.entries(fields)),
  ...(read && { extracted: { fields: new Map(Object.entries(read)) } }),
});
const conflict = (values: Readonly<Record<string, Value | undefined>>, base?: Value): NotAgreed => ({
  kind: 'conflict',
  values: new Map(Object.entries(values)),
  ...(base !== undefined && { base }),
});
/** `+f`, `-f`, `f`, `f +a -b`; what was read in brackets. */
const words = ({ field, before, after, members, isRead }: FieldChange): string => {
  const sign = before === undefined ? '+' : after === undefined ? '-' : '';
  const list = [...(members?.added ?? []).map((each) => ` +${String(each)}`)];
  list.push(...(members?.removed ?? []).map((each) => ` -${String(each)}`));
  return isRead === true ? `(${sign}${field}${list.join('')})` : sign + field + list.join('');
};

test('which fields changed', () => {
  const rows: [what: string, before: FieldsSaid | undefined, after: FieldsSaid | undefined, string[]][] = [
    ['nothing and nothing', undefined, undefined, []],
    ['nothing and no fields', undefined, said({}), []],
    ['a new sidecar', undefined, said({ b: 1, a: 2 }), ['+b', '+a']],
    ['one that is gone', said({ b: 1, a: 2 }), undefined, ['-b', '-a']],
    ['equal fields in another order', said({ a: 1, b: 2 }), said({ b: 2, a: 1 }), []],
    ['another value', said({ a: 1 }), said({ a: 2 }), ['a']],
    ['a number that becomes a text', said({ a: 1 }), said({ a: '1' }), ['a']],
    ['no value', said({ a: '' }), said({}), ['-a']],
    ['what came stands before what went', said({ a: 1, c: 1 }), said({ c: 1, b: 1 }), ['+b', '-a']],
    ['members', said({ a: ['x', 'y'] }), said({ a: ['y', 'z'] }), ['a +z -x']],
    ['a member between others', said({ a: ['x', 'z'] }), said({ a: ['x', 'y', 'z'] }), ['a +y']],
    ['all members', said({ a: ['x'] }), said({ a: ['y'] }), ['a +y -x']],
    ['no members any more', said({ a: ['x'] }), said({ a: [] }), ['a -x']],
    ['members in another order', said({ a: ['x', 'y'] }), said({ a: ['y', 'x'] }), ['a']],
    ['another order and one more', said({ a: ['x', 'y'] }), said({ a: ['y', 'x', 'z'] }), ['a']],
    ['a member twice', said({ a: ['x'] }), said({ a: ['x', 'x'] }), ['a']],
    ['a value that becomes a list', said({ a: 'x' }), said({ a: ['x'] }), ['a']],
    ['a map in another layout', said({ a: block([['x', 1]]) }), said({ a: line([['x', 1]]) }), []],
    ['a map with other entries', said({ a: line([['x', 1]]) }), said({ a: line([['x', 2]]) }), ['a']],
    ['a map and the text of it', said({ a: line([['x', 1]]) }), said({ a: '{"x":1}' }), ['a']],
    ['a conflict that arises', said({ a: 1 }), said({ a: conflict({ nas: 2, laptop: 3 }, 1) }), ['a']],
    ['the same conflict', said({ a: conflict({ x: 2, y: 3 }) }), said({ a: conflict({ y: 3, x: 2 }) }), []],
    [
      'removed, or a tilde',
      said({ a: conflict({ x: '~' }) }),
      said({ a: conflict({ x: undefined }) }),
      ['a'],
    ],
    ['what was read', said({}, { a: 1, b: 1 }), said({}, { b: 2, c: 3 }), ['(b)', '(+c)', '(-a)']],
    ['read and then written', said({}, { a: 1 }), said({ a: 1 }, { a: 1 }), ['+a']],
    ['a name that objects have', said({}), said({ constructor: 1 }), ['+constructor']],
  ];
  for (const [what, before, after, expected] of rows)
    assert.deepEqual(diffFields(before, after).map(words), expected, what);
});

const scalar = fc.oneof(fc.integer({ min: 0, max: 3 }), fc.constantFrom('', 'a', 'b', '~', '1'));
const value: fc.Arbitrary<Value> = fc.oneof(
  scalar,
  fc.array(scalar, { maxLength: 4 }),
  fc.array(fc.tuple(fc.constantFrom('x', 'y'), scalar), { maxLength: 2 }).map((entries) => line(entries)),
);
const fields = fc.dictionary(fc.constantFrom('a', 'b', 'c', 'constructor'), value);

test('what was there and what changed give what is there', () => {
  fc.assert(
    fc.property(fields, fields, (before, after) => {
      const made = new Map<string, FieldSaid>(Object.entries(before));
      const changes = diffFields(said(before), said(after));
      for (const change of changes) {
        assert.ok(sameSaid(made.get(change.field), change.before));
        if (change.after === undefined) made.delete(change.field);
        else made.set(change.field, change.after);
      }
      assert.deepEqual([...made.keys()].sort(), Object.keys(after).sort());
      for (const [field, now] of Object.entries(after)) assert.ok(sameSaid(made.get(field), now));
      assert.deepEqual(diffFields(said(after), said(after)), []);
    }),
    { seed: 4, numRuns: 500 },
  );
});

test('members that came and went are those in which the lists differ', () => {
  const list = fc.uniqueArray(scalar, { maxLength: 5 });
  fc.assert(
    fc.property(list, list, (before, after) => {
      const [change] = diffFields(said({ a: before }), said({ a: after }));
      if (change?.members === undefined) return;
      const { added, removed } = change.members;
      assert.deepEqual(
        new Set([...before.filter((each) => !removed.includes(each)), ...added]),
        new Set<Value>(after),
      );
      assert.ok(added.length + removed.length > 0);
    }),
    { seed: 4, numRuns: 500 },
  );
});
