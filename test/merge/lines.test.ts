import { test } from 'node:test';
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { lineChanges, linesOf } from '../../src/merge/line-changes.ts';
import { mergeLines, resolvePieces, uniteLines } from '../../src/merge/lines.ts';
import { SEED } from '../text/arbitrary.ts';
import { runsOf, seedLine } from '../tools/prove.ts';
import { mergedByGit, type ThreeTexts } from './lines-judge.ts';

/** What came of it, on one line: conflicts as `<base|ours|theirs>`. */
function said({ base, ours, theirs }: ThreeTexts): string {
  const merged = mergeLines(base, ours, theirs);
  if (merged.kind === 'merged') return merged.text;
  return resolvePieces(merged.pieces, (piece) => [
    `<${piece.base.join('')}|${piece.ours.join('')}|${piece.theirs.join('')}>`,
  ]);
}

test('changes apart from each other both apply; what touches is a conflict', () => {
  const rows: readonly (readonly [base: string, ours: string, theirs: string, expected: string])[] = [
    ['a\nb\nc\n', 'A\nb\nc\n', 'a\nb\nC\n', 'A\nb\nC\n'],
    ['a\nb\n', 'A\nb\n', 'a\nB\n', '<a\nb\n|A\nb\n|a\nB\n>'],
    ['a\nb\nc\n', 'b\nc\n', 'a\nb\n', 'b\n'],
    ['a\nb\nc\n', 'a\nx\nb\nc\n', 'a\nb\ny\nc\n', 'a\nx\nb\ny\nc\n'],
    ['a\n', 'a\nx\n', 'a\ny\n', 'a\n<|x\n|y\n>'],
    ['a\n', 'a\nx\n', 'a\nx\n', 'a\nx\n'],
    ['a\n', 'a\nx\ny\n', 'a\nx\nz\n', 'a\n<|x\ny\n|x\nz\n>'],
    ['a\nb\nc\nd\n', 'a\nB\nc\nD\n', 'a\nB\nc\nd\n', 'a\nB\nc\nD\n'],
    ['', 'x\n', '', 'x\n'],
    ['', 'x\n', 'y\n', '<|x\n|y\n>'],
    ['a\n', '', 'b\n', '<a\n||b\n>'],
    // Line ends are part of the lines.
    ['a\r\nb\r\nc\r\n', 'A\r\nb\r\nc\r\n', 'a\r\nb\r\nC\r\n', 'A\r\nb\r\nC\r\n'],
    ['a\nb\nc', 'A\nb\nc', 'a\nb\nC', 'A\nb\nC'],
    ['a\nb\nc\n', 'a\nb\nc', 'A\nb\nc\n', 'A\nb\nc'],
    ['a\nb\nc', 'a\nb\nc\nd', 'A\nb\nc', 'A\nb\nc\nd'],
    // A line that could have been added above or below is added where both sides can tell it from the other's.
    ['a\nb\nb\nc\n', 'a\nb\nb\nb\nc\n', 'A\nb\nb\nc\n', 'A\nb\nb\nb\nc\n'],
  ];
  for (const [base, ours, theirs, expected] of rows)
    assert.equal(said({ base, ours, theirs }), expected, JSON.stringify([base, ours, theirs]));
});

test('lines are united in the order of the first', () => {
  const rows: readonly (readonly [readonly string[], readonly string[], readonly string[]])[] = [
    [
      ['a\n', 'b\n'],
      ['b\n', 'c\n'],
      ['a\n', 'b\n', 'c\n'],
    ],
    [
      ['a\n', 'b'],
      ['b\r\n', 'c'],
      ['a\n', 'b', 'c'],
    ],
    [[], ['a'], ['a']],
  ];
  for (const [first, second, expected] of rows) assert.deepEqual(uniteLines(first, second), expected);
  assert.equal(
    resolvePieces([{ kind: 'lines', lines: ['a', 'b\n', 'c'] }], () => []),
    'a\nb\nc',
  );
  assert.equal(
    resolvePieces([{ kind: 'lines', lines: ['a', 'b\r\n'] }], () => []),
    'a\r\nb\r\n',
  );
});

/** Random numbers below a bound, the same for one seed (mulberry32). */
function dice(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) % below;
  };
}

/** A text and two that came from it by a few edits; `kinds` of lines, few of them stand often. */
function randomTexts(seed: number): ThreeTexts {
  const next = dice(seed);
  const kinds = [3, 8, 30, 1000][next(4)]!;
  const line = (): string => `${next(kinds)}${next(20) === 0 ? '\r' : ''}\n`;
  const base = Array.from({ length: next(next(3) === 0 ? 40 : 14) }, line);
  const edited = (): string => {
    const lines = base.slice();
    for (let edits = next(4); edits > 0; edits--) {
      const at = next(lines.length + 1);
      const come = Array.from({ length: next(4) }, line);
      if (next(6) === 0) lines.splice(at, 0, ...lines.slice(at, at + 1 + next(3)));
      else lines.splice(at, next(4), ...come);
    }
    return lines.join('').slice(0, next(8) === 0 ? -1 : undefined);
  };
  const end = next(8) === 0 ? -1 : undefined;
  return { base: base.join('').slice(0, end), ours: edited(), theirs: edited() };
}

/** How many lines go and come. */
function cost(before: string, after: string): number {
  return lineChanges(linesOf(before), linesOf(after)).reduce(
    (sum, { from, to, newFrom, newTo }) => sum + to - from + newTo - newFrom,
    0,
  );
}

test('git merge-file makes the same of the same texts', (t) => {
  if (spawnSync('git', ['--version']).status !== 0) return t.skip('needs git');
  const runs = runsOf(2000, 50_000);
  t.diagnostic(seedLine(runs));
  const folder = mkdtempSync(join(tmpdir(), 'dbk-test-lines-'));
  try {
    const texts = Array.from({ length: runs.count }, (_, i) => randomTexts(runs.first + i));
    const merged = mergedByGit(folder, texts);
    const count = { merged: 0, conflict: 0 };
    texts.forEach((three, i) => {
      const mine = mergeLines(three.base, three.ours, three.theirs);
      const git = merged[i]!;
      const isSame =
        mine.kind === 'merged' ? git.conflicts === 0 && git.text === mine.text : git.conflicts > 0;
      assert.ok(isSame, `DBK_SEED=${runs.first + i}: ${JSON.stringify({ ...three, mine, git })}`);
      count[mine.kind]++;
    });
    t.diagnostic(JSON.stringify(count));
    assert.ok(count.merged > runs.count / 4 && count.conflict > runs.count / 10);
  } finally {
    rmSync(folder, { recursive: true });
  }
}); // prettier-ignore

const someLines = fc
  .array(fc.constantFrom('a\n', 'b\n', 'c\n', 'd\r\n', '\n'), { maxLength: 12 })
  .chain((lines) => fc.constantFrom(lines.join(''), lines.join('').replace(/\r?\n$/, '')));

test('changes make one text of the other, with as few lines as there are', () => {
  fc.assert(
    fc.property(someLines, someLines, (before, after) => {
      const [old, now] = [linesOf(before), linesOf(after)];
      const lines: string[] = [];
      let at = 0;
      for (const { from, to, newFrom, newTo } of lineChanges(old, now)) {
        assert.ok((from > at || at === 0) && (to > from || newTo > newFrom));
        lines.push(...old.slice(at, from), ...now.slice(newFrom, newTo));
        at = to;
      }
      assert.equal([...lines, ...old.slice(at)].join(''), after);
      assert.equal(cost(before, after), old.length + now.length - 2 * longestCommon(old, now));
    }),
    { seed: SEED, numRuns: 1000 },
  );
});

/** The length of the longest common subsequence, by the table that everybody knows. */
function longestCommon(a: readonly string[], b: readonly string[]): number {
  let row = Array<number>(b.length + 1).fill(0);
  for (const line of a) {
    const next = [0];
    for (let j = 0; j < b.length; j++)
      next.push(line === b[j] ? row[j]! + 1 : Math.max(row[j + 1]!, next[j]!));
    row = next;
  }
  return row[b.length]!;
}

test('swapped sides give the same; a side that did nothing gives way; equal edits agree', () => {
  fc.assert(
    fc.property(someLines, someLines, someLines, (base, ours, theirs) => {
      const merged = mergeLines(base, ours, theirs);
      const swapped = mergeLines(base, theirs, ours);
      if (merged.kind === 'merged') assert.deepEqual(swapped, merged);
      else {
        assert.ok(swapped.kind === 'conflict');
        const back = swapped.pieces.map((piece) =>
          piece.kind === 'lines' ? piece : { ...piece, ours: piece.theirs, theirs: piece.ours },
        );
        assert.deepEqual(back, merged.pieces);
        for (const side of ['ours', 'theirs'] as const)
          assert.ok(!merged.pieces.some((piece) => piece.kind === 'conflict' && piece[side] === piece.base));
      }
      assert.deepEqual(mergeLines(base, ours, base), { kind: 'merged', text: ours });
      assert.deepEqual(mergeLines(base, ours, ours), { kind: 'merged', text: ours });
      // Merged once more with a side that is in it, nothing changes.
      if (merged.kind === 'merged')
        assert.deepEqual(mergeLines(ours, merged.text, ours), { kind: 'merged', text: merged.text });
    }),
    { seed: SEED, numRuns: 1000 },
  );
});

test('long texts that differ everywhere are no search without end', () => {
  const text = (seed: number): string => {
    const next = dice(seed);
    return Array.from({ length: 20_000 }, () => `${next(50)}\n`).join('');
  };
  assert.equal(mergeLines(text(1), text(2), text(3)).kind, 'conflict');
});
