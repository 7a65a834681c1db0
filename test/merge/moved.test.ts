import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { MoveFacts } from '../../src/diff/move-facts.ts';
import { digest, loadBlake3 } from '../../src/disk/blake3.ts';
import { contentOf } from '../../src/merge/entries.ts';
import { movedAgainst, movedOfMerge } from '../../src/merge/moved.ts';
import { entryAt, SIDES, type MergeQuestion, type SideName } from '../../src/merge/state.ts';
import { mergeTrees, type MergedTree } from '../../src/merge/tree.ts';
import { childOf, type RepositoryPath } from '../../src/model/path.ts';
import { runsOf, seedLine } from '../tools/prove.ts';
import { randomQuestion } from './random-questions.ts';
import { forgetContents, mergeStates, questionOf, type Literal, type LiteralState } from './trees.ts';

before(() => loadBlake3());

interface Case {
  readonly says: string;
  readonly base: Literal;
  readonly ours: Literal;
  readonly theirs: Literal;
  readonly moved: readonly string[];
}

const CASES: readonly Case[] = [
  {
    says: 'what the other side moved has moved against this one',
    base: { a: '1', k: '0' },
    ours: { b: '1', k: '0' },
    theirs: { a: '1', k: '2' },
    moved: ['a -> b content 2'],
  },
  {
    says: 'a folder is one line, and what is new goes along with it',
    base: { 'p/a': '1', 'p/b': '2' },
    ours: { 'q/a': '1', 'q/b': '2' },
    theirs: { 'p/a': '1', 'p/b': '2', 'p/n': '3' },
    moved: ['p/ -> q/ content 2'],
  },
  {
    says: 'each parent has its own lines',
    base: { a: '1', b: '2' },
    ours: { c: '1', b: '2' },
    theirs: { a: '1', d: '2' },
    moved: ['a -> c content 2', 'b -> d content 1'],
  },
  {
    says: 'a content that gave way has moved to its other name',
    base: { a: '1' },
    ours: { a: '2' },
    theirs: { a: '3' },
    moved: ['a -> a (conflict 813e9b72) content 1'],
  },
  {
    says: 'what both moved alike has moved against neither',
    base: { a: '1' },
    ours: { b: '1' },
    theirs: { b: '1' },
    moved: [],
  },
];

for (const { says, moved, ...trees } of CASES) {
  test(says, () => {
    const question = questionOf(trees);
    const lines = movedOfMerge(question, mergeTrees(question, digest), SIDES);
    assert.deepEqual(
      lines.map(({ from, to, by, parent = 1 }) => `${from} -> ${to} ${by} ${parent}`),
      moved,
    );
  });
}

const filesOf = (state: LiteralState): Set<string> =>
  new Set(
    [...state.all].flatMap(([path, { files }]) => [...files.keys()].map((name) => childOf(path, name))),
  );

function contentAt(state: LiteralState, path: RepositoryPath): string {
  return contentOf(entryAt(state, path)!);
}

/** Where each file of a side is by the lines, against where it landed. */
function check(question: MergeQuestion, merged: MergedTree, result: LiteralState, side: SideName): void {
  const lines = movedAgainst(question, merged, side);
  const [was, is] = [filesOf(question[side].after as LiteralState), filesOf(result)];
  const facts = new MoveFacts(lines, {
    wasThere: (path) => was.has(path),
    isThere: (path) => is.has(path),
  });
  const files = merged.landed.filter(({ what }) => what === 'file');
  for (const { path, [side]: from } of files) {
    if (from === undefined) continue;
    // The same bytes stand there; it was put elsewhere as well.
    if (is.has(from) && contentAt(result, from) === contentAt(question[side].after as LiteralState, from))
      continue;
    // Of several that became one thing only one can have a line.
    const isShared = files.some(
      (other) => other.path === path && other[side] !== undefined && other[side] !== from,
    );
    if (!isShared) assert.equal(facts.forwards(from) ?? from, path, `${side}: ${from}`);
  }
  assert.equal(new Set(lines.map(({ from }) => from)).size, lines.length);
  for (const { from, to } of lines) {
    const isThere = to.endsWith('/') ? result.all.has(to.slice(0, -1) as RepositoryPath) : is.has(to);
    assert.ok(isThere || from === to, `${from} -> ${to}`);
  }
}

const runs = runsOf(2_000, 100_000);

test(`the lines say where everything landed, and nothing else: ${seedLine(runs)}`, () => {
  for (let seed = runs.first; seed < runs.first + runs.count; seed++) {
    if (seed % 1_000 === 0) forgetContents();
    const question = randomQuestion(seed);
    const { merged, state } = mergeStates(question);
    try {
      for (const side of SIDES) check(question, merged, state, side);
    } catch (error) {
      throw new Error(`seed ${seed}: ${(error as Error).message}`, { cause: error });
    }
  }
});
