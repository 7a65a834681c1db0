/** Line differences: their form, and that they are as small as they can be. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { hunksOf, type Hunk } from '../../src/text/lines.ts';

const NO_NEWLINE = '\\ No newline at end of file\n';

test('differences have the form that git gives them', () => {
  const rows: [before: string, after: string, shown: string][] = [
    ['', '', ''],
    ['a\n', 'a\n', ''],
    [numbers(2000), numbers(2000), ''],
    ['', 'a\n', '@@ -0,0 +1,1 @@\n+a\n'],
    ['a\nb\n', '', '@@ -1,2 +0,0 @@\n-a\n-b\n'],
    ['a\n', 'b\n', '@@ -1,1 +1,1 @@\n-a\n+b\n'],
    ['\n', '\n\n', '@@ -1,1 +1,2 @@\n \n+\n'],
    ['a\nb\n', 'c\nd\n', '@@ -1,2 +1,2 @@\n-a\n-b\n+c\n+d\n'],
    ['a', 'a\n', `@@ -1,1 +1,1 @@\n-a\n${NO_NEWLINE}+a\n`],
    ['a\n', 'a', `@@ -1,1 +1,1 @@\n-a\n+a\n${NO_NEWLINE}`],
    ['a\nb', 'c\nb', `@@ -1,2 +1,2 @@\n-a\n+c\n b\n${NO_NEWLINE}`],
    ['', 'a', `@@ -0,0 +1,1 @@\n+a\n${NO_NEWLINE}`],
    ['a\r\nb\r\n', 'a\r\nb\n', '@@ -1,2 +1,2 @@\n a\r\n-b\r\n+b\n'],
    ['a\rb\n', 'a\rc\n', '@@ -1,1 +1,1 @@\n-a\rb\n+a\rc\n'],
    ['a\u2028b\n', 'a\u2028c\n', '@@ -1,1 +1,1 @@\n-a\u2028b\n+a\u2028c\n'],
    ['-a\n', '+a\n', '@@ -1,1 +1,1 @@\n--a\n++a\n'],
    ['1\n2\n3\n4\n5\n', '1\n2\n3\n4\n6\n', '@@ -2,4 +2,4 @@\n 2\n 3\n 4\n-5\n+6\n'],
    ['1\n2\n3\n4\n5\n', '0\n1\n2\n3\n4\n5\n', '@@ -1,3 +1,4 @@\n+0\n 1\n 2\n 3\n'],
    // Six unchanged lines between two changes: one hunk; seven: two.
    [numbers(8), changed(8, 1, 8), '@@ -1,8 +1,8 @@\n-1\n+x\n 2\n 3\n 4\n 5\n 6\n 7\n-8\n+x\n'],
    [
      numbers(9),
      changed(9, 1, 9),
      '@@ -1,4 +1,4 @@\n-1\n+x\n 2\n 3\n 4\n@@ -6,4 +6,4 @@\n 6\n 7\n 8\n-9\n+x\n',
    ],
  ];
  for (const [before, after, expected] of rows) assert.equal(shown(hunksOf(before, after)), expected);
});

test('of the entries of a manifest, those in both texts are kept', () => {
  const rows: [before: string[], after: string[], changes: string][] = [
    [['files:', '  a: {}'], ['files:', '  a: {}', '  b: {}'], '+  b: {}\n'],
    [['files:', '  a: {}'], [], '-files:\n-  a: {}\n'],
    [
      ['files:', '  a: {x: 1}', '  b: {}'],
      ['files:', '  a: {x: 2}', '  b: {}'],
      '-  a: {x: 1}\n+  a: {x: 2}\n',
    ],
    // By the bytes of the names, not of the lines: a, "b c", b%0A, d.
    [
      ['files:', '  a: {}', '  "b%0A": {}', '  "b c": {}', '  d: {}'],
      ['files:', '  "b c": {}', '  d: {}', '  "\\"": {}'],
      '-  a: {}\n-  "b%0A": {}\n+  "\\"": {}\n',
    ],
    [
      ['files:', '  "é": {}', '  "%FF": {}'],
      ['files:', '  "\u{1f3b5}": {}', '  "%FF": {}'],
      '-  "é": {}\n+  "\u{1f3b5}": {}\n',
    ],
    [['files:', '  "\\"": {}', '  A: {}'], ['files:', '  A: {}'], '-  "\\"": {}\n'],
    [
      ['owner: ada', 'directories:', '  "A%~00000000": A', 'files:', '  x: {}'],
      ['directories:', '  "A%~00000000": A', '  B: B', 'files:', '  x: {}'],
      '-owner: ada\n+  B: B\n',
    ],
    [['directories:', '  A: A'], ['files:', '  A: A'], '-directories:\n+files:\n-  A: A\n+  A: A\n'],
  ];
  for (const [before, after, expected] of rows) {
    const hunks = hunksOf(manifest(before), manifest(after));
    assert.deepEqual(changesIn(hunks), expected.split('\n').sort().join('\n'));
  }
});

test('any two texts: the hunks make one of the other, and no line goes or comes without need', () => {
  const line = fc.constantFrom('a', 'b', 'c', '', 'dbk: manifest 1', '  k: v', 'files:', '-', '\\ No');
  const text = fc
    .tuple(fc.array(line, { maxLength: 30 }), fc.boolean())
    .map(([lines, complete]) => lines.join('\n') + (complete ? '\n' : ''));
  fc.assert(
    fc.property(text, text, (before, after) => {
      const hunks = hunksOf(before, after);
      assert.equal(made(before, hunks), after);
      const count = hunks.reduce((sum, hunk) => sum + hunk.text.match(/^[-+]/gm)!.length, 0);
      if (!before.startsWith('dbk: ')) assert.equal(count, distance(linesOf(before), linesOf(after)));
    }),
    { seed: 9, numRuns: 2000 },
  );
});

test('any two manifests: what goes is in the old one alone, what comes in the new one alone', () => {
  const names = fc.uniqueArray(fc.constantFrom(...'abcdefghijklmnopqrstuvwxyz'), { maxLength: 26 });
  const text = fc
    .tuple(names, names, fc.constantFrom('755', '700'), fc.array(fc.nat(1), { minLength: 26, maxLength: 26 }))
    .map(([folders, files, mode, values]) =>
      manifest([
        `mode: ${mode}`,
        ...(folders.length > 0
          ? ['directories:', ...folders.sort().map((name) => `  ${name}: ${name}`)]
          : []),
        ...(files.length > 0
          ? ['files:', ...files.sort().map((name, i) => `  ${name}: {x: ${values[i]}}`)]
          : []),
      ]),
    );
  fc.assert(
    fc.property(text, text, (before, after) => {
      const hunks = hunksOf(before, after);
      assert.equal(made(before, hunks), after);
      const [old, now] = [linesOf(before), linesOf(after)];
      const expected = [
        ...old.filter((line) => !now.includes(line)).map((line) => `-${line}`),
        ...now.filter((line) => !old.includes(line)).map((line) => `+${line}`),
      ];
      assert.equal(changesIn(hunks), ['', ...expected.map((line) => line.trimEnd())].sort().join('\n'));
    }),
    { seed: 9, numRuns: 1000 },
  );
});

test('what differs in more than a thousand lines is replaced as a whole, but for its ends', () => {
  const [before, after] = ['old', 'new'].map((word) =>
    ['first', ...Array.from({ length: 700 }, (_, i) => (i === 350 ? 'same' : word + i)), 'last', ''].join(
      '\n',
    ),
  ) as [string, string];
  const hunks = hunksOf(before, after);
  assert.deepEqual(
    hunks.map(({ oldStart, oldCount, newStart, newCount }) => [oldStart, oldCount, newStart, newCount]),
    [[1, 702, 1, 702]],
  );
  assert.equal(made(before, hunks), after);
  assert.equal(hunks[0]!.text.match(/^ /gm)!.length, 2);
});

test('the last line of a manifest may lack its line feed', () => {
  const [before, after] = ['  a: {}\n  b: {}', '  b: {}'].map((text) => `dbk: manifest 1\nfiles:\n${text}`);
  assert.equal(changesIn(hunksOf(before!, after!)), '\n-  a: {}');
});

test('a manifest of 200,000 entries is compared at once, however many differ', () => {
  const entries = (count: number, value: (i: number) => number | undefined): string[] =>
    Array.from({ length: count }, (_, i) => [String(i).padStart(6, '0'), value(i)] as const)
      .filter(([, x]) => x !== undefined)
      .map(([name, x]) => `  f${name}: {x: ${x}}`);
  const text = (value: (i: number) => number | undefined): string =>
    manifest(['directories:', ...entries(5000, value), 'files:', ...entries(200_000, value)]);
  const before = text(() => 0);
  const after = text((i) => (i % 3 === 0 ? 1 : i % 100 === 7 ? undefined : 0));
  const hunks = hunksOf(before, after);
  assert.equal(hunks.length, 1);
  assert.equal(hunks[0]!.text.match(/^-/gm)!.length, 1667 + 34 + 66_667 + 1334);
  assert.equal(made(before, hunks), after);
});

function numbers(count: number): string {
  return changed(count);
}

function changed(count: number, ...lines: number[]): string {
  return Array.from({ length: count }, (_, i) => `${lines.includes(i + 1) ? 'x' : i + 1}\n`).join('');
}

function manifest(lines: readonly string[]): string {
  return ['dbk: manifest 1', ...lines].map((line) => `${line}\n`).join('');
}

function shown(hunks: readonly Hunk[]): string {
  return hunks
    .map(({ oldStart, oldCount, newStart, newCount, text }) => {
      return `@@ -${oldStart},${oldCount} +${newStart},${newCount} @@\n${text}`;
    })
    .join('');
}

/** Lines that go and come, sorted. */
function changesIn(hunks: readonly Hunk[]): string {
  const lines = hunks.flatMap(({ text }) => text.split('\n')).filter((line) => /^[-+]/.test(line));
  return ['', ...lines].sort().join('\n');
}

function linesOf(text: string): string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}

/** What hunks make of a text, in the plainest way. */
function made(text: string, hunks: readonly Hunk[]): string {
  const old = linesOf(text);
  let result: string[] = [];
  let at = 0;
  for (const { oldStart, oldCount, newStart, newCount, text: body } of hunks) {
    const first = oldStart - (oldCount === 0 ? 0 : 1);
    result = result.concat(old.slice(at, first));
    assert.equal(result.length, newStart - (newCount === 0 ? 0 : 1));
    assert.deepEqual(side(body, '-'), old.slice(first, first + oldCount));
    const lines = side(body, '+');
    assert.equal(lines.length, newCount);
    result = result.concat(lines);
    at = first + oldCount;
  }
  return [...result, ...old.slice(at)].join('');
}

function side(body: string, sign: string): string[] {
  const lines = linesOf(body);
  return lines
    .map((line, i) => (lines[i + 1] === NO_NEWLINE ? line.slice(0, -1) : line))
    .filter((line) => line[0] === sign || line[0] === ' ')
    .map((line) => line.slice(1));
}

/** How many lines must go and come at least, by the textbook's table. */
function distance(old: readonly string[], now: readonly string[]): number {
  let row = now.map((_, j) => j + 1);
  row.unshift(0);
  for (const [i, a] of old.entries()) {
    const next = [i + 1];
    for (const [j, b] of now.entries()) next.push(a === b ? row[j]! : 1 + Math.min(row[j + 1]!, next[j]!));
    row = next;
  }
  return row.at(-1)!;
}
