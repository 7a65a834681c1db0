import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { loadBlake3 } from '../../src/disk/blake3.ts';
import { runsOf, seedLine } from '../tools/prove.ts';
import { fileOf, literal, RandomTree, randomOf } from './random-trees.ts';
import { commitOf, pulled, type Commit } from './repositories.ts';
import { forgetContents, literalOf, stateOf, type Literal } from './trees.ts';

before(() => loadBlake3());

/** After so many rounds of pulls they are equal, or never. */
const MOST_ROUNDS = 10;

interface World {
  readonly heads: Commit[];
  readonly random: () => number;
  /** Contents that somebody made, and of which somebody took one out. */
  readonly made: Set<string>;
  readonly gone: Set<string>;
  readonly isGit: boolean;
  contents: number;
}

/** Some folders are repositories of git. */
function renamed(tree: Literal, from: string, to: string): Literal {
  const path = (text: string): string =>
    text
      .split('/')
      .map((name) => (name === from ? to : name))
      .join('/');
  return Object.fromEntries(Object.entries(tree).map(([text, content]) => [path(text), content]));
}

/** How often each content stands in a tree. */
function timesOf(tree: Literal): ReadonlyMap<string, number> {
  const times = new Map<string, number>();
  for (const content of Object.values(tree)) times.set(content, (times.get(content) ?? 0) + 1);
  return times;
}

/** A person changes something. */
function commit(world: World, seed: number, at: number): void {
  const { heads, random } = world;
  const head = heads[at]!;
  const was = literalOf(head.state.all);
  const plain = world.isGit ? renamed(was, '.git', 'd') : was;
  const files = Object.entries(plain).filter(([path]) => !path.endsWith('/'));
  const known = new Map(files.map(([path, content], id) => [path, { id, content }]));
  const tree = new RandomTree(known, random, () => fileOf(seed, 10_000 + world.contents++), []);
  for (let i = 1 + Math.floor(random() * 3); i > 0; i--) tree.change();
  const folders = Object.keys(plain).filter((path) => path.endsWith('/') && !isCrossed(path, literal(tree)));
  const after = { ...literal(tree), ...Object.fromEntries(folders.map((path) => [path, ''])) };
  const is = world.isGit ? renamed(after, 'd', '.git') : after;
  const [before, now] = [timesOf(was), timesOf(is)];
  for (const content of now.keys()) if (!before.has(content)) world.made.add(content);
  // Of what stands there twice one may be taken out here, and the other one elsewhere.
  for (const [content, times] of before) if ((now.get(content) ?? 0) < times) world.gone.add(content);
  heads[at] = commitOf([head], stateOf(is));
}

/** Whether a file stands where an empty folder was. */
function isCrossed(folder: string, files: Literal): boolean {
  return Object.keys(files).some((path) => folder.startsWith(`${path}/`));
}

function pull(world: World, to: number, from: number): void {
  world.heads[to] = pulled(world.heads[to]!, world.heads[from]!);
}

/** Everyone pulls from everyone, in any order. */
function pullAround(world: World): void {
  const { heads, random } = world;
  const pairs = heads.flatMap((_, to) =>
    heads.flatMap((_, from) => (from === to ? [] : [[to, from] as const])),
  );
  for (let left = pairs.length; left > 0; left--) {
    const [[to, from]] = pairs.splice(Math.floor(random() * left), 1) as [readonly [number, number]];
    pull(world, to, from);
  }
}

function worldOf(seed: number): World {
  const random = randomOf(seed);
  let files = 0;
  const tree = new RandomTree(new Map(), random, () => fileOf(seed, files++), []);
  for (let i = 2 + Math.floor(random() * 16); i > 0; i--) tree.add();
  const isGit = random() < 0.4;
  const world = { heads: [], random, made: new Set<string>(), gone: new Set<string>(), isGit, contents: 0 };
  const plain = literal(tree);
  const start = commitOf([], stateOf(isGit ? renamed(plain, 'd', '.git') : plain));
  const heads = Array.from({ length: random() < 0.6 ? 3 : 4 }, () => start);
  return { ...world, heads };
}

function live(seed: number): void {
  const world = worldOf(seed);
  const { heads, random } = world;
  const someone = (): number => Math.floor(random() * heads.length);
  for (let steps = 4 + Math.floor(random() * 10); steps > 0; steps--) {
    if (random() < 0.55) commit(world, seed, someone());
    else pull(world, someone(), someone());
  }
  let rounds = 0;
  while (new Set(heads.map(({ id }) => id)).size > 1) {
    assert.ok(rounds++ < MOST_ROUNDS, 'they never agree');
    pullAround(world);
  }
  const [head] = heads;
  pullAround(world);
  assert.ok(
    heads.every(({ id }) => id === head!.id),
    'they agree and go on making commits',
  );
  const now = new Set(Object.values(literalOf(head!.state.all)));
  const lost = [...world.made].filter((content) => !world.gone.has(content) && !now.has(content));
  assert.deepEqual(lost, [], 'something vanished that nobody took out');
}

const runs = runsOf(20_000, 1_000_000);

test(`three and four repositories that pull from each other end equal: ${seedLine(runs)}`, () => {
  for (let seed = runs.first; seed < runs.first + runs.count; seed++) {
    if (seed % 1_000 === 0) forgetContents();
    try {
      live(seed);
    } catch (error) {
      throw new Error(`seed ${seed}: ${(error as Error).message}`, { cause: error });
    }
  }
});
