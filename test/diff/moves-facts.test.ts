import { test } from 'node:test';
import assert from 'node:assert/strict';
import { MoveFacts } from '../../src/diff/move-facts.ts';
import type { RepositoryPath } from '../../src/model/path.ts';

/** What the lines say of all paths there were and are; each way must say the same. */
function read(lines: readonly string[], before: string, now: string): string[] {
  const [wasThere, isThere] = [new Set(before.split(' ')), new Set(now.split(' '))];
  const moved = lines.map((line) => {
    const [from, to] = line.split(' > ') as [string, string];
    return { from, to };
  });
  const facts = new MoveFacts(moved, {
    wasThere: (path) => wasThere.has(path),
    isThere: (path) => isThere.has(path),
  });
  const there = [...wasThere].flatMap((path) => {
    const to = facts.forwards(path as RepositoryPath);
    return to === undefined ? [] : [`${path} > ${to}`];
  });
  const back = [...isThere].flatMap((path) => {
    const from = facts.backwards(path as RepositoryPath);
    return from === undefined ? [] : [`${from} > ${path}`];
  });
  assert.deepEqual(back.sort(), there.sort(), lines.join(', '));
  return there;
}

test('lines say where paths went', () => {
  const rows: [what: string, lines: string[], before: string, now: string, expected: string[]][] = [
    ['nothing', [], 'a', 'a', []],
    ['a line of its own', ['a > b'], 'a', 'b', ['a > b']],
    ['a folder', ['d/ > e/'], 'd/a d/x/b', 'e/a e/x/b', ['d/a > e/a', 'd/x/b > e/x/b']],
    ['not what only begins alike', ['d/ > e/'], 'da d/a', 'ea e/a', ['d/a > e/a']],
    ['not what was removed or added', ['d/ > e/'], 'd/a d/b', 'e/a e/c', ['d/a > e/a']],
    ['not what is still there', ['d/ > e/'], 'd/a d/b', 'd/a e/a e/b', ['d/b > e/b']],
    ['not onto what was there', ['d/ > e/'], 'd/a d/b e/a', 'e/a e/b', ['d/b > e/b']],
    ['a line of its own first', ['d/ > e/', 'd/a > f'], 'd/a d/b', 'e/a e/b f', ['d/a > f', 'd/b > e/b']],
    ['also into it', ['d/ > e/', 'f > e/a'], 'd/a d/b f', 'e/a e/b', ['d/b > e/b', 'f > e/a']],
    ['the longest line', ['d/ > e/', 'd/x/ > f/'], 'd/a d/x/a', 'e/a f/a', ['d/a > e/a', 'd/x/a > f/a']],
    ['and no other one', ['d/ > e/', 'd/x/ > f/'], 'd/x/a', 'e/x/a', []],
    ['a swap', ['d/ > e/', 'e/ > d/'], 'd/a e/a', 'd/a e/a', ['d/a > e/a', 'e/a > d/a']],
    ['but for what stayed', ['d/ > e/', 'd/a > d/a', 'e/ > d/'], 'd/a e/a', 'd/a e/a', []],
    [
      'a swap of what was on one side only',
      ['d/ > e/', 'e/ > d/'],
      'd/a e/b',
      'd/b e/a',
      ['d/a > e/a', 'e/b > d/b'],
    ],
    ['a chain', ['d/ > e/', 'e/ > f/'], 'd/a e/a', 'e/a f/a', ['d/a > e/a', 'e/a > f/a']],
    ['a chain that ends too early', ['d/ > e/', 'e/ > f/'], 'd/a e/a', 'e/a', []],
    ['a chain that begins too late', ['d/ > e/', 'e/ > f/'], 'e/a', 'e/a f/a', []],
    ['a chain that ends in a line', ['d/ > e/', 'e/a > b'], 'd/a e/a', 'e/a b', ['d/a > e/a', 'e/a > b']],
    ['a chain that begins in a line', ['b > d/a', 'd/ > e/'], 'b d/a', 'd/a e/a', ['b > d/a', 'd/a > e/a']],
    ['into itself', ['a/ > a/a/'], 'a/f a/a/f', 'a/a/f a/a/a/f', ['a/a/f > a/a/a/f', 'a/f > a/a/f']],
    ['out of itself', ['a/a/ > a/'], 'a/a/f a/a/a/f', 'a/f a/a/f', ['a/a/a/f > a/a/f', 'a/a/f > a/f']],
    ['two joined', ['d/ > f/', 'e/ > f/'], 'd/a e/b', 'f/a f/b', ['d/a > f/a', 'e/b > f/b']],
    ['folders too', ['d/ > e/'], 'd d/x d/x/a', 'e e/x e/x/a', ['d > e', 'd/x > e/x', 'd/x/a > e/x/a']],
    [
      'a name for a prototype',
      ['__proto__/ > e/'],
      '__proto__/constructor',
      'e/constructor',
      ['__proto__/constructor > e/constructor'],
    ],
  ];
  for (const [what, lines, before, now, expected] of rows)
    assert.deepEqual(read(lines, before, now), expected, what);
});

test('a folder that was there before is no other one, unless it moved away itself', () => {
  const facts = (lines: string[], existing: boolean): MoveFacts =>
    new MoveFacts(
      lines.map((line) => ({ from: line.split(' > ')[0]!, to: line.split(' > ')[1]! })),
      { wasThere: () => existing, isThere: () => true },
    );
  const e = 'e' as RepositoryPath;
  assert.equal(facts(['d/ > e/'], true).backwards(e), undefined);
  assert.equal(facts(['d/ > e/'], false).backwards(e), 'd');
  assert.equal(facts(['d/ > e/', 'e/ > d/'], true).backwards(e), 'd');
});

test('a chain as long as the list of lines is read in one go', () => {
  const length = 5000;
  const lines = Array.from({ length }, (_, i) => ({ from: `${i}/`, to: `${i + 1}/` }));
  const known = (first: number, last: number) => (path: string) => {
    const number = Number(path.split('/')[0]);
    return number >= first && number <= last;
  };
  const existence = { wasThere: known(0, length - 1), isThere: known(1, length) };
  const facts = new MoveFacts(lines, existence);
  for (const i of lines.keys()) assert.equal(facts.forwards(`${i}/a` as RepositoryPath), `${i + 1}/a`);
  const broken = new MoveFacts(lines, { ...existence, isThere: known(1, length - 1) });
  for (const i of lines.keys()) assert.equal(broken.forwards(`${i}/a` as RepositoryPath), undefined);
  for (const i of lines.keys()) assert.equal(broken.backwards(`${i}/a` as RepositoryPath), undefined);
});
