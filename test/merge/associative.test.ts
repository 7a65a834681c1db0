import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { loadBlake3 } from '../../src/disk/blake3.ts';
import { runsOf, seedLine } from '../tools/prove.ts';
import { fileOf, literal, RandomTree, randomOf } from './random-trees.ts';
import { commitOf, pulled, type Commit } from './repositories.ts';
import { forgetContents, literalOf, stateOf } from './trees.ts';

before(() => loadBlake3());

/** Three that changed something since one commit. */
function sidesOf(seed: number): [Commit, Commit, Commit] {
  const random = randomOf(seed);
  let files = 0;
  const tree = new RandomTree(new Map(), random, () => fileOf(seed, files++), []);
  for (let i = 2 + Math.floor(random() * 16); i > 0; i--) tree.add();
  const plain = literal(tree);
  const start = commitOf([], stateOf(plain));
  const side = (): Commit => {
    const known = new Map(Object.entries(plain).map(([path, content], id) => [path, { id, content }]));
    const own = new RandomTree(known, random, () => fileOf(seed, files++), []);
    for (let i = 1 + Math.floor(random() * 3); i > 0; i--) own.change();
    return commitOf([start], stateOf(literal(own)));
  };
  return [side(), side(), side()];
}

const treeOf = ({ state }: Commit): Record<string, string> => literalOf(state.all);

/** Of its files; a folder with nothing in it has none. */
const contentsOf = (commit: Commit): string[] =>
  [...new Set(Object.values(treeOf(commit)))].filter(Boolean).sort();

/** Whether a folder that there was is gone, so that what others put into it goes along or stays. */
function hasLostFolder({ parents, state }: Commit): boolean {
  return [...parents[0]!.state.all.keys()].some((folder) => !state.all.has(folder));
}

/** Whether a file was moved onto another one, by a person or a merge: what is an edit there to one is a move to the next. */
function hasOverwritten(start: Commit, side: Commit): boolean {
  const [was, is] = [treeOf(start), treeOf(side)];
  const known = new Set(Object.values(was));
  return Object.entries(is).some(([path, content]) => {
    const before = was[path];
    return before !== undefined && before !== content && known.has(content);
  });
}

const runs = runsOf(20_000, 1_000_000);

/**
 * It can be so far: where a folder went is asked of one side, with what it has left in it, so the order counts where
 * folders go. There the files are the same, at other places.
 */
test(`where nothing conflicts, three meet in any order: ${seedLine(runs)}`, () => {
  const met = { files: 0, places: 0 };
  for (let seed = runs.first; seed < runs.first + runs.count; seed++) {
    if (seed % 1_000 === 0) forgetContents();
    const [a, b, c] = sidesOf(seed);
    const pairs = [pulled(a, b), pulled(b, c), pulled(a, c)] as const;
    const all = [pulled(pairs[0], c), pulled(pairs[1], a), pulled(pairs[2], b)] as const;
    if ([...pairs, ...all].some(({ conflicts }) => conflicts > 0)) continue;
    if ([a, b, c, ...pairs].some((side) => hasOverwritten(a.parents[0]!, side))) continue;
    met.files++;
    for (const other of all.slice(1)) assert.deepEqual(contentsOf(other), contentsOf(all[0]), `seed ${seed}`);
    if ([a, b, c].some(hasLostFolder)) continue;
    met.places++;
    for (const other of all.slice(1)) assert.deepEqual(treeOf(other), treeOf(all[0]), `seed ${seed}`);
  }
  assert.ok(met.files > runs.count / 10 && met.places > runs.count / 10, JSON.stringify(met));
});
