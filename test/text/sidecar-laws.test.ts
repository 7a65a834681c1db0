/** What holds of every sidecar, however strangely a person wrote it; PyYAML is the judge of what is written. */

import { test } from 'node:test';
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import type { Value } from '../../src/model/value.ts';
import { writeField } from '../../src/text/field-conflict.ts';
import { TextError } from '../../src/text/problems.ts';
import {
  addToField,
  removeField,
  removeFromField,
  replaceExtracted,
  setField,
} from '../../src/text/sidecar-edit.ts';
import { joinFront, splitFront } from '../../src/text/sidecar-front.ts';
import { parseSidecar, writeExtracted, type Extracted, type Sidecar } from '../../src/text/sidecar.ts';
import { readPeople } from '../../src/text/yaml-people.ts';
import { writeEntry } from '../../src/text/yaml-write.ts';
import { SEED, shortEnough, someContent, someFlow, someLine, someText, someValue } from './arbitrary.ts';
import { plainly, type Plain } from './plainly.ts';
import { Choices, restyle } from './restyle.ts';

const PYTHON = '/usr/bin/python3';
const RUNS = { seed: SEED, numRuns: 250 };
const RESERVED: readonly string[] = ['dbk', 'extracted', 'of', 'by'];

interface Piece {
  readonly key: string;
  readonly value: Value;
  readonly text: string;
}

/** A sidecar of which is known where each field begins and ends. */
interface Written {
  readonly before: string;
  readonly pieces: readonly Piece[];
  readonly after: string;
  /** Between pieces, the first before all: blank lines and comments. */
  readonly between: readonly string[];
}

const someKey = shortEnough(someText).filter((key) => !RESERVED.includes(key));

const someList = fc.array(someFlow, { minLength: 1, maxLength: 4 });

/** One field as a person or dbk may write it, without comments of its own before it. */
const somePiece: fc.Arbitrary<Piece> = fc
  .tuple(
    someKey,
    fc.oneof(someValue, someList),
    fc.boolean(),
    fc.array(fc.nat(59), { minLength: 1, maxLength: 12 }),
  )
  .map(([key, value, isCanonical, numbers]) => {
    if (isCanonical) return { key, value, text: writeEntry(key, value) };
    const styled = restyle('x', new Map([[key, value]]), new Choices(numbers));
    const text = styled.split('\n').slice(2).join('\n');
    return { key, value, text: text.replace(/^# a comment: \{\n\n/, '') };
  });

const someWritten: fc.Arbitrary<Written> = fc
  .record({
    mark: fc.constantFrom('', '\ufeff'),
    end: fc.constantFrom('\n', '\r\n'),
    pieces: fc.uniqueArray(somePiece, { maxLength: 4, selector: ({ key }) => key }),
    between: fc.array(fc.constantFrom('', '\n', '# a comment\n', '\n\n# one: {\n\n'), { minLength: 5, maxLength: 5 }),
    prose: fc.constantFrom('', 'prose', '\n---\nprose\n', 'lone\rreturn\n'),
  })
  .map(({ mark, end, pieces, between, prose }) => {
    const of = (text: string): string => (end === '\n' ? text : text.replaceAll('\n', end));
    // Blank lines behind a block that keeps them would be part of it.
    const gaps = between.map((gap, i) => (pieces[i - 1]?.text.includes('|') ? '' : of(gap)));
    return {
      before: `${mark}---${end}`,
      pieces: pieces.map((piece) => ({ ...piece, text: of(piece.text) })),
      between: gaps,
      after: `---${end}${prose}`,
    };
  }); // prettier-ignore

function textOf({ before, pieces, between, after }: Written, less?: number): string {
  const lines = pieces.map(({ text }, i) => `${between[i]}${i === less ? '' : text}`);
  return `${before}${lines.join('')}${between[pieces.length]}${after}`;
}

function said({ fields, extracted, prose }: Sidecar): unknown {
  const lines = Array.from(fields, ([key, value]) => [key, writeField(key, value)] as const);
  return [new Map(lines), extracted === undefined ? '' : writeExtracted(extracted), prose];
}

function saidWith(sidecar: Sidecar, key: string, value: Value | undefined): unknown {
  const fields = new Map(sidecar.fields);
  if (value === undefined) fields.delete(key);
  else fields.set(key, value);
  return said({ ...sidecar, fields });
}

/** Whether one text is the other with something at one place. */
function isInsertion(before: string, after: string): boolean {
  let start = 0;
  while (start < before.length && before[start] === after[start]) start++;
  let end = 0;
  while (end < before.length - start && before.at(-1 - end) === after.at(-1 - end)) end++;
  return start + end === before.length;
}

/** What an edit gives; undefined where it is refused. */
function tried<T>(edit: () => T): T | undefined {
  try {
    return edit();
  } catch (error) {
    if (error instanceof TextError) return undefined;
    throw error;
  }
}

test('a field that is set is read again, and every byte outside its lines stays', () => {
  fc.assert(
    fc.property(someWritten, someKey, someValue, fc.nat(9), (written, newKey, value, number) => {
      const text = textOf(written);
      const before = parseSidecar(text, readPeople);
      const at = written.pieces.length === 0 ? -1 : number % (written.pieces.length + 1) - 1;
      const { key } = written.pieces[at] ?? { key: newKey };
      const after = setField(text, key, value, readPeople);
      assert.deepEqual(said(parseSidecar(after, readPeople)), saidWith(before, key, value), text);
      const index = written.pieces.findIndex((piece) => piece.key === key);
      assert.ok(isInsertion(textOf(written, index), after), JSON.stringify([text, after]));
      assert.equal(setField(after, key, value, readPeople), after);
    }),
    RUNS,
  ); // prettier-ignore
});

test('a field that goes takes its lines with it and nothing else', () => {
  fc.assert(
    fc.property(someWritten, fc.nat(9), (written, number) => {
      fc.pre(written.pieces.length > 0);
      const at = number % written.pieces.length;
      const expected = textOf(written, at);
      const after = removeField(textOf(written), written.pieces[at]!.key, readPeople);
      if (after === undefined) assert.match(expected, /^\ufeff?---\s*---\s*$/);
      else assert.equal(after, expected);
    }),
    RUNS,
  );
});

test('a member that comes and goes again leaves a list as it was', () => {
  fc.assert(
    fc.property(someWritten, fc.array(someFlow, { maxLength: 3 }), someFlow, someKey, (written, list, member, key) => {
      const text = textOf(written);
      const { fields } = parseSidecar(text, readPeople);
      fc.pre(!fields.has(key));
      const before = list.reduce<string>((all, one) => addToField(all, key, one, readPeople), text);
      const members = parseSidecar(before, readPeople).fields.get(key) ?? [];
      fc.pre(Array.isArray(members));
      const isNew = !list.some((one) => writeField('', one) === writeField('', member));
      fc.pre(isNew);
      const added = addToField(before, key, member, readPeople);
      assert.ok(isInsertion(before, added));
      const expected = saidWith(parseSidecar(text, readPeople), key, [...(members as Value[]), member]);
      assert.deepEqual(said(parseSidecar(added, readPeople)), expected);
      const taken = removeFromField(added, key, member, readPeople);
      if (taken === undefined) assert.match(before, /^\ufeff?---\s*---\s*$/);
      else assert.equal(taken, before);
    }),
    RUNS,
  ); // prettier-ignore
});

test('a list that a person laid out takes a member and gives it back, and the rest stays', () => {
  let count = 0;
  fc.assert(
    fc.property(someWritten, someFlow, (written, member) => {
      const text = textOf(written);
      const before = parseSidecar(text, readPeople);
      for (const [index, { key, value }] of written.pieces.entries()) {
        if (!Array.isArray(value) || value.length === 0) continue;
        count++;
        const added = addToField(text, key, member, readPeople);
        const isNew = added !== text;
        const members: Value[] = isNew ? [...(value as Value[]), member] : value;
        assert.deepEqual(said(parseSidecar(added, readPeople)), saidWith(before, key, members));
        assert.ok(isInsertion(textOf(written, index), added));
        const taken = removeFromField(added, key, member, readPeople);
        if (isNew) assert.deepEqual(said(parseSidecar(taken!, readPeople)), said(before));
      }
    }),
    RUNS,
  );
  assert.ok(count > 100, `only ${count} lists`);
});

const someExtracted: fc.Arbitrary<Extracted> = fc.record({
  of: someContent,
  by: someLine,
  fields: fc
    .uniqueArray(fc.tuple(someKey, someValue), { maxLength: 3, selector: ([key]) => key })
    .map((entries) => new Map(entries)),
});

test('what was extracted is replaced twice as once, and nothing of the person changes', () => {
  const someBlock = fc.constantFrom(
    '',
    'extracted:\n',
    'extracted: [\n  &x "\n',
    '"extracted": {a: 1}\n  b\n',
  );
  fc.assert(
    fc.property(someWritten, someExtracted, someBlock, (written, extracted, block) => {
      const text = textOf({ ...written, after: block + written.after });
      const before = parseSidecar(textOf(written), readPeople);
      const after = replaceExtracted(text, extracted, readPeople)!;
      assert.deepEqual(said(parseSidecar(after, readPeople)), said({ ...before, extracted }));
      assert.ok(isInsertion(textOf(written), after));
      assert.equal(replaceExtracted(after, extracted, readPeople), after);
      const without = replaceExtracted(after, undefined, readPeople);
      if (without === undefined) assert.match(textOf(written), /^\ufeff?---\s*---\s*$/);
      else assert.equal(without, textOf(written));
    }),
    RUNS,
  );
});

const NASTY = [
  ['- ', '-', ': ', ':', 'a', 'b: ', 'a: 1\n', '\n', '\n', '\n  ', ' ', '  ', '\t', '\r', '\r\n', '"', "'", '#', ' # c'],
  ['|', '>', '|+\n', '{', '}', '[', ']', ',', '&x ', '*x', '!t ', '%', '? ', '<<: ', '~', '\\', '---', '---\n', '...\n'],
  ['extracted:', '\nextracted:\n  ', 'conflict:', '{conflict: {nas: ~}}', '\0', '\u2028', '\ufeff', '😀', '\ud800'],
].flat(); // prettier-ignore

const someNasty = fc
  .tuple(
    fc.constantFrom('', '---\n', '\ufeff---\r\n'),
    fc.array(fc.constantFrom(...NASTY), { maxLength: 25 }),
  )
  .map(([first, pieces]) => first + pieces.join('') + (first === '' ? '' : '\n---\nprose\n'));

test('no text is anything but read or refused, and none loses a byte', () => {
  let count = 0;
  fc.assert(
    fc.property(someNasty, someFlow, someExtracted, (text, value, extracted) => {
      tried(() => assert.equal(joinFront(splitFront(text)), text));
      const before = tried(() => parseSidecar(text, readPeople));
      const set = tried(() => setField(text, 'zz', value, readPeople));
      if (set !== undefined) {
        count++;
        assert.ok(before !== undefined && isInsertion(text, set), text);
        assert.deepEqual(said(parseSidecar(set, readPeople)), saidWith(before, 'zz', value));
      }
      const changed = tried(() => setField(text, 'a', value, readPeople));
      if (changed !== undefined)
        assert.deepEqual(said(parseSidecar(changed, readPeople)), saidWith(before!, 'a', value));
      tried(() => addToField(text, 'a', value, readPeople));
      tried(() => removeFromField(text, 'a', '1', readPeople));
      const replaced = tried(() => replaceExtracted(text, extracted, readPeople));
      if (replaced !== undefined && before !== undefined)
        assert.deepEqual(said(parseSidecar(replaced, readPeople)), said({ ...before, extracted }));
    }),
    { seed: SEED, numRuns: 2000 },
  );
  assert.ok(count > 300, `only ${count} were read`);
});

/** Reads a JSON list of texts, gives the front matter's values in the shape of plainly.ts. */
const SCRIPT = `
import json, sys, yaml
def plain(value):
    if type(value) is str: return ['t', value]
    if type(value) is int: return ['n', value]
    if type(value) is list: return ['l', [plain(one) for one in value]]
    if type(value) is dict: return ['m', [[plain(key), plain(one)] for key, one in value.items()]]
    return ['?', type(value).__name__ + ' ' + repr(value)]
def read(text):
    try: return plain(yaml.safe_load(text))
    except Exception as error: return ['?', str(error)]
json.dump([read(text) for text in json.load(sys.stdin)], sys.stdout)
`;

test('PyYAML reads what is written as it was meant', (t) => {
  if (spawnSync(PYTHON, ['-c', 'import yaml'], { timeout: 20_000 }).status !== 0)
    return t.skip('needs PyYAML');
  const cases = fc
    .sample(fc.tuple(fc.uniqueArray(somePiece, { maxLength: 4, selector: ({ key }) => key }), fc.boolean(), someExtracted), { seed: SEED, numRuns: 200 })
    .map(([pieces, isMarked, extracted]) => {
      const first = isMarked ? '\ufeff---\r\n---\r\n' : undefined;
      const set = pieces.reduce<string | undefined>((text, { key, value }) => setField(text, key, value, readPeople), first);
      return [replaceExtracted(set, extracted, readPeople)!, pieces, extracted] as const;
    }); // prettier-ignore
  const { stdout, stderr, status } = spawnSync(PYTHON, ['-c', SCRIPT], {
    input: JSON.stringify(cases.map(([text]) => splitFront(text).lines.join(''))),
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    env: { PYTHONIOENCODING: 'utf-8', PYTHONUTF8: '1' },
  });
  assert.equal(status, 0, stderr);
  const found = JSON.parse(stdout) as Plain[];
  cases.forEach(([text, pieces, { of, by, fields }], i) => {
    const read = new Map<string, Value>([['of', of], ['by', by], ...sorted(fields)]);
    const extracted: Value = { kind: 'block', map: read };
    const map = new Map<string, Value>([...pieces.map(({ key, value }) => [key, value] as const), ['extracted', extracted]]);
    assert.deepEqual(found[i], plainly({ kind: 'block', map }), text);
  }); // prettier-ignore
});

function sorted(fields: ReadonlyMap<string, Value>): [string, Value][] {
  const bytes = (key: string): Buffer => Buffer.from(key);
  return Array.from(fields).sort(([a], [b]) => Buffer.compare(bytes(a), bytes(b)));
}
