/** What holds of every merge of sidecars, however they were written; PyYAML is the judge of what is merged. */

import { test } from 'node:test';
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { mergeFields } from '../../src/merge/fields.ts';
import { linesOf } from '../../src/merge/line-changes.ts';
import { mergeSidecars, type SidecarQuestion } from '../../src/merge/sidecars.ts';
import type { Value } from '../../src/model/value.ts';
import type { ContentId } from '../../src/model/id.ts';
import type { Declared } from '../../src/text/field-check.ts';
import { isConflict, writeField, type FieldValue } from '../../src/text/field-conflict.ts';
import { TextError } from '../../src/text/problems.ts';
import { removeField, replaceExtracted, setField } from '../../src/text/sidecar-edit.ts';
import { joinFront, splitFront } from '../../src/text/sidecar-front.ts';
import { parseSidecar } from '../../src/text/sidecar.ts';
import { readPeople } from '../../src/text/yaml-people.ts';
import { SEED, someFlow } from '../text/arbitrary.ts';
import { plainly, type Plain } from '../text/plainly.ts';
import { runsOf, seedLine } from '../tools/prove.ts';
import { declaration, MEANS, swapped, swapSides } from './means.ts';

const PYTHON = '/usr/bin/python3';

const DECLARED: Declared = {
  of: 'file',
  fields: new Map([
    ['rating', declaration('one', 'integer')],
    ['tags', declaration('set')],
    ['order', declaration('list')],
    ['plays', declaration('sum', 'integer')],
    ['best', declaration('max', 'number')],
    ['notes', declaration('prose')],
  ]),
};

const members = fc.uniqueArray(fc.constantFrom<Value>('a', 'b', 'c', 'd e', '# f', 7), { maxLength: 4 });
const lines = fc
  .array(fc.constantFrom('one', 'two', ' three', '# four', ''), { maxLength: 4 })
  .map((all) => all.join('\n'));

const someField: fc.Arbitrary<readonly [string, Value]> = fc.oneof(
  fc.tuple(fc.constant('rating'), fc.nat(3)),
  fc.tuple(fc.constant('tags'), members),
  fc.tuple(fc.constant('order'), members),
  fc.tuple(fc.constant('plays'), fc.nat(5)),
  fc.tuple(fc.constant('best'), fc.constantFrom<Value>(1, 2, '2.5', '-1')),
  fc.tuple(fc.constant('notes'), lines),
  fc.tuple(fc.constantFrom('title', 'x y'), someFlow),
); // prettier-ignore

type Edit = (text: string) => string | undefined;

/** One thing that a person or dbk does to a sidecar; what the text does not allow is left out. */
const someEdit: fc.Arbitrary<Edit> = fc.oneof(
  { weight: 4, arbitrary: someField.map(([key, value]): Edit => (text) => setField(text, key, value, readPeople)) },
  { weight: 1, arbitrary: someField.map(([key]): Edit => (text) => removeField(text, key, readPeople)) },
  {
    weight: 2,
    arbitrary: fc.tuple(fc.nat(20), fc.constantFrom('# mine\n', '# {\n', '\n', '# theirs\n')).map(
      ([at, line]): Edit => (text) => {
        const front = splitFront(text);
        return joinFront({ ...front, lines: front.lines.toSpliced(at, 0, front.opening === '' ? '' : line) });
      },
    ),
  },
  {
    weight: 2,
    arbitrary: fc.tuple(fc.nat(6), fc.constantFrom('Prose.\n', 'More.\n', '\n', '')).map(
      ([at, line]): Edit => (text) => {
        const front = splitFront(text);
        return joinFront({ ...front, prose: linesOf(front.prose).toSpliced(at, 1, line).join('') });
      },
    ),
  },
  {
    weight: 1,
    arbitrary: fc.tuple(fc.constantFrom('a1', 'b2'), fc.nat(2)).map(
      ([of, by]): Edit => (text) =>
        replaceExtracted(text, { of: of.repeat(32) as ContentId, by: `music ${by}`, fields: new Map([['title', of]]) }, readPeople),
    ),
  },
  { weight: 1, arbitrary: fc.constant<Edit>((text) => text.replace(/\r?\n/g, '\r\n')) },
); // prettier-ignore

function edited(text: string, edits: readonly Edit[]): string {
  return edits.reduce((before, edit) => {
    try {
      const after = edit(before) ?? before;
      parseSidecar(after, readPeople);
      return after;
    } catch (error) {
      if (error instanceof TextError) return before;
      throw error;
    }
  }, text);
}

const someEdits = fc.array(someEdit, { maxLength: 4 });

const someQuestion: fc.Arbitrary<SidecarQuestion> = fc
  .tuple(fc.boolean(), fc.array(someEdit, { maxLength: 6 }), someEdits, someEdits, fc.constantFrom('a1', 'b2', undefined))
  .map(([isThere, edits, ours, theirs, of]) => {
    const base = edited('---\n---\n', edits);
    return {
      base: isThere ? base : undefined,
      ours: edited(base, ours),
      theirs: edited(base, theirs),
      declared: DECLARED,
      of: of?.repeat(32) as ContentId | undefined,
    };
  }); // prettier-ignore

function said(text: string): Map<string, string> {
  const { fields } = parseSidecar(text, readPeople);
  return new Map(Array.from(fields, ([key, value]) => [key, writeField(key, value)]));
}

/** As sets have no order: members sorted, whatever the field. */
function loosely(fields: ReadonlyMap<string, FieldValue>): unknown {
  const sorted = Array.from(fields, ([key, value]): [string, unknown] => [
    key,
    Array.isArray(value) ? (value as Value[]).map((member) => JSON.stringify(plainly(member))).sort() : writeField(key, value),
  ]);
  return new Map(sorted.sort(([a], [b]) => (a < b ? -1 : 1)));
} // prettier-ignore

test('every merge of sidecars keeps the laws', (t) => {
  const runs = runsOf(1200, 40_000);
  t.diagnostic(seedLine(runs));
  const count = { clean: 0, conflict: 0, unsettled: 0 };
  fc.assert(
    fc.property(someQuestion, (question) => {
      const merged = mergeSidecars(question, MEANS);
      // Swapped sides, with their labels, give the same.
      assert.deepEqual(
        mergeSidecars({ ...question, ...swapped(question) }, swapSides(MEANS)),
        merged,
      );
      const { base, ours, theirs } = question as SidecarQuestion & { readonly ours: string; readonly theirs: string };
      const again = (one: Partial<SidecarQuestion>): unknown => mergeSidecars({ ...question, ...one }, MEANS);
      // A side that did nothing gives way; merging again with a side that is in it changes nothing.
      assert.deepEqual(again({ theirs: base }), { text: ours, conflicts: [] });
      assert.deepEqual(again({ theirs: ours }), { text: ours, conflicts: [] });
      assert.deepEqual(again({ base: ours, ours: merged.text, theirs: ours }), { text: merged.text, conflicts: [] });
      assert.deepEqual(again({ base: theirs, ours: theirs, theirs: merged.text }), { text: merged.text, conflicts: [] });
      // What is kept is a text that somebody wrote, and is there only if something has to be looked at.
      assert.equal(merged.kept === undefined, merged.conflicts.length === 0);
      assert.ok(merged.kept === undefined || merged.kept === ours || merged.kept === theirs);
      count[merged.conflicts.length === 0 ? 'clean' : 'conflict']++;
      if (ours === theirs || ours === base || theirs === base) return;
      // The fields are what the policies give.
      const read = (text: string | undefined): ReadonlyMap<string, FieldValue> =>
        text === undefined ? new Map() : parseSidecar(text, readPeople).fields;
      const expected = mergeFields({ base: read(base), ours: read(ours), theirs: read(theirs) }, DECLARED, MEANS);
      // But where no beginning can be edited so: then one text is taken as it stands.
      const isTaken = (merged.text === ours || merged.text === theirs) && merged.conflicts[0]?.field === '';
      if (isTaken && !isDeepStrictEqual(loosely(read(merged.text)), loosely(expected))) count.unsettled++;
      else assert.deepEqual(loosely(read(merged.text)), loosely(expected));
      for (const [key, value] of expected)
        if (isConflict(value) && !isTaken) assert.ok(merged.conflicts.some(({ field }) => field === key || field === ''));
    }),
    { seed: runs.first === 1 ? SEED : runs.first, numRuns: runs.count },
  );
  t.diagnostic(JSON.stringify(count));
  assert.ok(count.clean > runs.count / 4 && count.conflict > runs.count / 10);
  assert.ok(count.unsettled < runs.count / 50);
}); // prettier-ignore

/** Reads a JSON list of texts, gives the front matter's values in the shape of plainly.ts. */
const SCRIPT = `
import json, sys, yaml
def plain(value):
    if type(value) is str: return ['t', value]
    if type(value) is int: return ['n', value]
    if value is None: return ['~']
    if type(value) is list: return ['l', [plain(one) for one in value]]
    if type(value) is dict: return ['m', [[plain(key), plain(one)] for key, one in value.items()]]
    return ['?', type(value).__name__ + ' ' + repr(value)]
def read(text):
    try: return plain(yaml.safe_load(text))
    except Exception as error: return ['?', str(error)]
json.dump([read(text) for text in json.load(sys.stdin)], sys.stdout)
`;

test('PyYAML reads what is merged as the values that it should say', (t) => {
  if (spawnSync(PYTHON, ['-c', 'import yaml'], { timeout: 20_000 }).status !== 0)
    return t.skip('needs PyYAML');
  const texts = fc
    .sample(someQuestion, { seed: SEED, numRuns: 400 })
    .map((question) => mergeSidecars(question, MEANS).text)
    .filter((text) => text !== undefined && said(text).size > 0) as string[];
  const { stdout, stderr, status } = spawnSync(PYTHON, ['-c', SCRIPT], {
    input: JSON.stringify(texts.map((text) => splitFront(text).lines.join(''))),
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    env: { PYTHONIOENCODING: 'utf-8', PYTHONUTF8: '1' },
  });
  assert.equal(status, 0, stderr);
  const found = JSON.parse(stdout) as Plain[];
  texts.forEach((text, i) => assert.deepEqual(found[i], expectedOf(text), text));
  assert.ok(texts.length > 200);
});

function expectedOf(text: string): unknown {
  const { fields, extracted } = parseSidecar(text, readPeople);
  const entries: [string, unknown][] = Array.from(fields, ([key, value]) => [key, plainOf(value)]);
  if (extracted !== undefined) {
    const block = new Map<string, Value>([['of', extracted.of], ['by', extracted.by], ...extracted.fields]);
    // It stands where its line does.
    const at = Array.from(parseSidecar(text, readPeople).lines).sort(([, a], [, b]) => a - b).findIndex(([key]) => key === 'extracted');
    entries.splice(at, 0, ['extracted', plainly({ kind: 'block', map: block })]);
  }
  return ['m', entries.map(([key, value]) => [['t', key], value])];
} // prettier-ignore

function plainOf(value: FieldValue): unknown {
  if (!isConflict(value)) return plainly(value);
  const lines: [string, unknown][] = value.base === undefined ? [] : [['base', plainly(value.base)]];
  for (const [label, one] of value.values) lines.push([label, one === undefined ? ['~'] : plainly(one)]);
  return [
    'm',
    [
      [
        ['t', 'conflict'],
        ['m', lines.map(([key, one]) => [['t', key], one])],
      ],
    ],
  ];
}
