import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { FieldDeclaration } from '../../src/model/type-declaration.ts';
import { matchAt, parseAt } from '../../src/plugin/at-pattern.ts';

const date: FieldDeclaration = { of: 'entity', type: 'date', merge: 'one', doc: 'A date' };
const FIELDS = new Map<string, FieldDeclaration>([
  ['a', { ...date, type: 'text' }],
  ['b', { ...date, type: 'text' }],
  ['c', { ...date, type: 'text' }],
  ['date', date],
]);

test('a path gives what stands for the braces', () => {
  const rows: readonly (readonly [pattern: string, path: string, found: string | undefined])[] = [
    ['{a}/', 'x', 'a=x'],
    ['{a}', 'x', 'a=x'],
    ['{a}/', 'x/y', undefined],
    ['{a}/{b}/', 'x/y', 'a=x b=y'],
    ['{a}/{b}/', 'x', undefined],
    ['{a} - {b}', 'x - y - z', 'a=x - y b=z'],
    ['{a} - {b}', 'x -', undefined],
    ['{a} - {b}', ' - y', undefined],
    ['{a}-{b}-{c}', 'x-y-z', 'a=x b=y c=z'],
    ['{a}-{b}-{c}', 'x--z', undefined],
    ['{a}-{b}-{c}', '--x--y--', 'a=--x- b=y c=-'],
    ['({a})', '(x)', 'a=x'],
    ['({a})', '()', undefined],
    ['({a})', '(', undefined],
    ['x{a}x', 'x', undefined],
    ['x{a}x', 'xx', undefined],
    ['{a}.MKV', 'A.mkv', 'a=A'],
    ['{a}.mkv', 'A.MKV', 'a=A'],
    ['{a}.mkv', '.mkv', undefined],
    ['É{a}', 'éx', undefined],
    ['Albums', 'ALBUMS', ''],
    ['{date} {a}', '1997 x', 'date=1997 a=x'],
    ['{date} {a}', '1997-05-21 x y', undefined],
    ['{date}, {a}', '1997-05-21, x y', 'date=1997-05-21 a=x y'],
    ['{date} {a}', 'Rome x', undefined],
    ['{date}', '1997-02-29', undefined],
    ['{unknown}/{a}', 'x/y', 'a=y'],
    ['{a}', '\udcff', ''],
  ];
  for (const [pattern, path, found] of rows) {
    const match = matchAt(parseAt(pattern)!, path.split('/'), FIELDS);
    const said = match && Array.from(match, ([name, text]) => `${name}=${text}`).join(' ');
    assert.equal(said, found, `${pattern} on ${path}`);
  }
});

test('what is no pattern is none', () => {
  const wrong = [
    '',
    '/',
    '{',
    '}',
    '{a',
    '{a}}',
    '{}',
    '{A}',
    '{a}{b}',
    '{a}/{a}/',
    '/{a}',
    '{a}//',
    './{a}',
    '../{a}',
    '{a b}',
    'a\0',
    'x'.repeat(1001),
  ];
  for (const text of wrong) assert.equal(parseAt(text), undefined, text);
  assert.deepEqual([parseAt('{a}/')?.kind, parseAt('{a}')?.kind], ['directory', 'file']);
});

test('law: what is put together matches', () => {
  const word = fc.string({ minLength: 1, maxLength: 5, unit: fc.constantFrom('x', '-', ' ', '(', 'É') });
  fc.assert(
    fc.property(word, word, word, word, (before, x, between, y) => {
      const pattern = parseAt(`${before}{a}${between}{b}`)!;
      const match = matchAt(pattern, [`${before}${x}${between}${y}`], FIELDS)!;
      assert.equal(`${before}${match.get('a')}${between}${match.get('b')}`, `${before}${x}${between}${y}`);
    }),
    { seed: 20261123 },
  );
});
