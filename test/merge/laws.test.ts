import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { digest, loadBlake3 } from '../../src/disk/blake3.ts';
import { contentOf } from '../../src/merge/entries.ts';
import { SIDES, type MergeQuestion, type Side } from '../../src/merge/state.ts';
import { mergeTrees, type Landed, type MergedTree } from '../../src/merge/tree.ts';
import { directoriesBelow } from '../../src/merge/wholes.ts';
import { compareBytes } from '../../src/model/name.ts';
import { childOf, nameOf, parentOf, ROOT, type RepositoryPath } from '../../src/model/path.ts';
import { runsOf, seedLine } from '../tools/prove.ts';
import { randomQuestion } from './random-questions.ts';
import { forgetContents, manifestsOf, sideOf, stateOfManifests, type LiteralState } from './trees.ts';

before(() => loadBlake3());

interface Case {
  readonly question: MergeQuestion;
  readonly merged: MergedTree;
  readonly result: LiteralState;
}

function caseOf(question: MergeQuestion): Case {
  const merged = mergeTrees(question, digest);
  return { question, merged, result: stateOfManifests(manifestsOf(question.base as LiteralState, merged)) };
}

const afterOf = (side: Side): LiteralState => side.after as LiteralState;

/** A side that did nothing. */
const idle = (state: LiteralState): Side => sideOf(state, state);

/** All there is to a tree, in one order. */
function spelled(state: LiteralState): string {
  const lines = [...state.all].map(([path, { files, ...itself }]) =>
    JSON.stringify([path, itself, [...files].sort(([a], [b]) => compareBytes(a, b))]),
  );
  return lines.sort(compareBytes).join('\n');
}

function contentsOf(state: LiteralState): Set<string> {
  const found = new Set<string>();
  for (const { files } of state.all.values()) for (const entry of files.values()) found.add(contentOf(entry));
  return found;
}

function filesOf(state: LiteralState): string[] {
  return [...state.all].flatMap(([path, { files }]) => [...files.keys()].map((name) => childOf(path, name)));
}

function expectSame(merged: Case, expected: LiteralState): void {
  assert.equal(spelled(merged.result), spelled(expected));
  assert.deepEqual(merged.merged.conflicts, []);
}

/** Each takes a random merge and fails where the law does not hold. */
const LAWS: Readonly<Record<string, (it: Case) => void>> = {
  'swapped sides make the same tree and the same conflicts': ({ question, merged, result }) => {
    const other = caseOf({ ...question, ours: question.theirs, theirs: question.ours });
    assert.equal(spelled(other.result), spelled(result));
    assert.deepEqual(other.merged.conflicts, merged.conflicts);
    const turned = other.merged.landed.map(({ ours, theirs, ...rest }): Landed => ({
      ...rest,
      ...(theirs !== undefined && { ours: theirs }),
      ...(ours !== undefined && { theirs: ours }),
    }));
    assert.deepEqual(turned.map(landedLine).sort(), merged.landed.map(landedLine).sort());
  },
  'a side that did nothing gives way': ({ question }) => {
    expectSame(caseOf({ ...question, theirs: idle(question.base as LiteralState) }), afterOf(question.ours));
    expectSame(caseOf({ ...question, ours: idle(question.base as LiteralState) }), afterOf(question.theirs));
  },
  'two sides that did the same agree': ({ question }) => {
    expectSame(caseOf({ ...question, theirs: question.ours }), afterOf(question.ours));
  },
  'merging the result again with a side changes nothing': ({ question, result }) => {
    for (const side of SIDES) {
      const after = afterOf(question[side]);
      const again = { ...question, base: after, ours: sideOf(after, result), theirs: idle(after) };
      expectSame(caseOf(again), result);
    }
  },
  'nothing vanishes that the other side did not delete or change': ({ question, result }) => {
    const [were, are] = [contentsOf(question.base as LiteralState), contentsOf(result)];
    const [mine, other] = SIDES.map((side) => contentsOf(afterOf(question[side]))) as [
      Set<string>,
      Set<string>,
    ];
    const lost = [...new Set([...mine, ...other])].filter(
      (content) => !are.has(content) && (!were.has(content) || (mine.has(content) && other.has(content))),
    );
    assert.deepEqual(lost, []);
  },
  'nothing comes that no side has': ({ question, result }) => {
    const had = new Set(SIDES.flatMap((side) => [...contentsOf(afterOf(question[side]))]));
    assert.deepEqual(
      [...contentsOf(result)].filter((content) => !had.has(content)),
      [],
    );
  },
  'no path is a file and a folder, and every folder stands in one': ({ result }) => {
    assert.deepEqual(
      filesOf(result).filter((path) => result.all.has(path as RepositoryPath)),
      [],
    );
    assert.deepEqual(
      [...result.all.keys()].filter((path) => path !== ROOT && !result.all.has(parentOf(path))),
      [],
    );
  },
  'equal bytes never conflict': ({ merged }) => {
    for (const { kind, ids } of merged.conflicts)
      assert.equal(new Set(ids).size, ids.length, `${kind} ${ids.join(' ')}`);
  },
  'no .git is half of one side and half of the other': ({ question, result }) => {
    const isGit = (path: RepositoryPath): boolean => nameOf(path) === '.git';
    for (const root of [...result.all.keys()].filter(isGit)) {
      const isIn = [...result.all.keys()].some((other) => isGit(other) && root.startsWith(`${other}/`));
      if (isIn) continue;
      // A folder that one side called so is as whole.
      const listing = listingOf(result, root);
      const isWhole = SIDES.some((side) => {
        const after = afterOf(question[side]);
        return [root, ...after.all.keys()].some((path) => listingOf(after, path) === listing);
      });
      assert.ok(isWhole, `${root}\n${listing}`);
    }
  },
  'an entity has one root and is in no other': ({ result }) => {
    const roots = [...result.all].filter(([, { entity }]) => entity !== undefined);
    const ids = roots.map(([, { entity }]) => entity!.id);
    assert.equal(new Set(ids).size, ids.length, ids.join(' '));
    for (const [path] of roots) assert.ok(!roots.some(([other]) => path.startsWith(`${other}/`)), path);
  },
  'what landed stands there, once, and comes from where it was': ({ question, merged, result }) => {
    const files = new Set(filesOf(result));
    const seen = new Set<string>();
    for (const { path, what, ours, theirs } of merged.landed) {
      assert.ok(what === 'file' ? files.has(path) : result.all.has(path), `${what} ${path}`);
      for (const [side, from] of [
        ['ours', ours],
        ['theirs', theirs],
      ] as const) {
        if (from === undefined) continue;
        const after = afterOf(question[side]);
        const key = `${what} ${side} ${from}`;
        assert.ok(!seen.has(key), `${key} landed twice`);
        seen.add(key);
        assert.ok(what === 'directory' ? after.all.has(from) : filesOf(after).includes(from), key);
      }
    }
  },
};

function landedLine(landed: Landed): string {
  return JSON.stringify([landed.what, landed.path, landed.base, landed.ours, landed.theirs]);
}

/** All that is in a folder, as one text. */
function listingOf(state: LiteralState, root: RepositoryPath): string {
  return [...directoriesBelow(state, root)]
    .flatMap(({ below, manifest }) => [
      `${below}/`,
      ...[...manifest.files].map(([name, entry]) => `${below}/${name} ${contentOf(entry)}`),
    ])
    .sort(compareBytes)
    .join('\n');
}

const runs = runsOf(20_000, 1_000_000);

function holdAll(seed: number): void {
  const it = caseOf(randomQuestion(seed));
  for (const [says, law] of Object.entries(LAWS)) {
    try {
      law(it);
    } catch (error) {
      throw new Error(`seed ${seed}: ${says}: ${(error as Error).message}`, { cause: error });
    }
  }
}

test(`laws over random trees: ${seedLine(runs)}`, () => {
  for (let seed = runs.first; seed < runs.first + runs.count; seed++) {
    if (seed % 1_000 === 0) forgetContents();
    holdAll(seed);
  }
});

/** A whole went beside and left behind what nobody had touched in it. */
const BROKEN_ONCE = [452368257];

test('what broke a law once does not again', () => {
  for (const seed of BROKEN_ONCE) holdAll(seed);
});
