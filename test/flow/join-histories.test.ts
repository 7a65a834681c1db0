/** Merges of real commits: the scenarios, both ways round, and repositories that pull from each other. */

import assert from 'node:assert/strict';
import { join } from 'node:path/posix';
import { before, test, type TestContext } from 'node:test';
import { digest, loadBlake3 } from '../../src/disk/blake3.ts';
import { joinHistories, type MergedIndex } from '../../src/flow/join-histories.ts';
import { writeMerge } from '../../src/flow/write-merge.ts';
import type { CommitId } from '../../src/model/id.ts';
import type { EntityReference, Entry, Manifest } from '../../src/model/manifest.ts';
import type { Instant } from '../../src/model/instant.ts';
import { compareBytes, type Name } from '../../src/model/name.ts';
import { childOf, ROOT, type RepositoryPath } from '../../src/model/path.ts';
import type { Commits } from '../../src/store/commits.ts';
import { recordedIds } from '../../src/store/texts.ts';
import { parseConflict } from '../../src/text/conflict.ts';
import { fileOf, literal, RandomTree, randomOf } from '../merge/random-trees.ts';
import { literalOf, sideOf, stateOf, stateOfManifests, type LiteralState } from '../merge/trees.ts';
import { dateOf, emptyRepository, indexOf, quick, temporary } from '../store/fixture.ts';
import { readScenarios, type Scenario, type ScenarioState } from '../tools/scenario.ts';
import { runsOf, seedLine } from '../tools/prove.ts';
import { allTexts, commitTexts, manifestsOfTexts, textsOf } from './joined.ts';

before(() => loadBlake3());

function commitsFor(t: TestContext, name: string): Commits {
  return emptyRepository(join(temporary(t), name), quick);
}

function idsOf(commits: Commits, id: CommitId): { path: string; id: never }[] {
  const ids = [...recordedIds(commits, id)].sort(([a], [b]) => compareBytes(a, b));
  return ids.map(([path, text]) => ({ path, id: text as never }));
}

function merged(commits: Commits, ours: CommitId, theirs: CommitId): MergedIndex {
  const joined = joinHistories(commits, ours, theirs);
  assert.equal(joined.kind, 'merged');
  return (joined as Extract<typeof joined, { kind: 'merged' }>).merged;
}

function written(commits: Commits, ours: CommitId, theirs: CommitId): CommitId {
  return writeMerge(commits, merged(commits, ours, theirs), idsOf(commits, ours));
}

function asState(it: ScenarioState): LiteralState {
  const entities = new Map<string, EntityReference>(
    it.entities.map(({ path, id, type, was }) => [path, { id, type, ...(was.length > 0 && { was }) }]),
  );
  const all = new Map<RepositoryPath, Manifest>();
  for (const [path, manifest] of stateOf(Object.fromEntries(it.tree)).all) {
    const files = new Map<Name, Entry>();
    for (const [name, entry] of manifest.files) {
      const at = childOf(path, name);
      const [mode, time, entity] = [it.modes.get(at), it.times.get(at), entities.get(at)];
      const said = {
        ...(mode && { mode }),
        ...(time && { mtime: time as Instant }),
        ...(entity && { entity }),
      };
      files.set(name, entry.kind === 'file' ? { ...entry, ...said } : entry);
    }
    const line = path === ROOT ? '' : `${path}/`;
    const [mode, entity] = [it.modes.get(line), entities.get(line)];
    all.set(path, { ...manifest, ...(mode && { mode }), ...(entity && { entity }), files });
  }
  return stateOfManifests(all);
}

/** What a type says of which an entity is one whole. */
function typeText(merge: 'files' | 'whole', top: string): string {
  return `dbk: type 1\nversion: 1\ntop: ${top}\nmerge: ${merge}\nboundaries: []\nfields: {}\n`;
}

interface Side {
  readonly state: LiteralState;
  readonly edited: readonly string[];
}

function wholeState(
  { state, edited }: Side,
  types: ReadonlyMap<string, string>,
  note: string,
): ReturnType<typeof textsOf> {
  const sidecars = new Map(edited.map((path) => [path, `---\nnote: ${note}\n---\n`]));
  return textsOf({ manifests: state.all, sidecars, others: types });
}

for (const scenario of readScenarios()) {
  test(`${scenario.name.replaceAll('-', ' ')}, as commits`, (t) => {
    const commits = commitsFor(t, 'one');
    const { ours, theirs, expected } = commitScenario(commits, scenario);
    const ids = [written(commits, ours, theirs), written(commits, theirs, ours)];
    assert.equal(ids[0], ids[1], 'whoever merges makes the same commit');
    const texts = [...allTexts(commits, ids[0]!)];
    const manifests = new Map(texts.filter(([path]) => path.endsWith('/manifest.yaml')));
    assert.deepEqual(manifests, new Map([...textsOf({ manifests: expected.all })]));
    const conflicts = texts
      .filter(([path]) => path.startsWith('conflicts/'))
      .map(([, text]) => parseConflict(text));
    const lines = conflicts.map(({ kind, paths }) => `${kind} ${paths.join(' | ')}`);
    assert.deepEqual(lines.sort(), [...scenario.conflicts].sort());
  });
}

function commitScenario(
  commits: Commits,
  { states, wholes }: Scenario,
): { readonly ours: CommitId; readonly theirs: CommitId; readonly expected: LiteralState } {
  const base = asState(states.base);
  const types = new Map(wholes.map((name) => [`types/${name}.yaml`, typeText('whole', name)]));
  const first = commitTexts(commits, wholeState({ state: base, edited: [] }, types, ''), { parents: [] });
  const side = (name: 'ours' | 'theirs', second: number): CommitId => {
    const state = asState(states[name]);
    const { moved, edited } = states[name];
    return commitTexts(commits, wholeState({ state, edited }, types, name), {
      parents: [first],
      moved: sideOf(base, state, moved).moves.facts,
      repository: name,
      date: `2026-11-23T00:00:0${second}+00:00`,
    });
  };
  return { ours: side('ours', 1), theirs: side('theirs', 2), expected: asState(states.expected) };
}

interface World {
  readonly commits: Commits;
  readonly heads: CommitId[];
  readonly random: () => number;
  readonly start: CommitId;
  second: number;
  contents: number;
}

const MOST_ROUNDS = 10;

function pull(world: World, to: number, from: number): void {
  const { commits, heads } = world;
  const [ours, theirs] = [heads[to]!, heads[from]!];
  const joined = joinHistories(commits, ours, theirs);
  if (joined.kind === 'forward') heads[to] = theirs;
  if (joined.kind === 'merged') heads[to] = writeMerge(commits, joined.merged, idsOf(commits, ours));
}

/** A person changes files and what is written about them; what moved is said. */
function change(world: World, seed: number, at: number): void {
  const { commits, heads, random } = world;
  const texts = allTexts(commits, heads[at]!);
  const state = stateOfManifests(treeOf(texts));
  const was = literalOf(state.all);
  const files = Object.entries(was).filter(([path]) => !path.endsWith('/'));
  const known = new Map(files.map(([path, content], id) => [path, { id, content }]));
  const tree = new RandomTree(known, random, () => fileOf(seed, 10_000 + world.contents++), []);
  for (let i = 1 + Math.floor(random() * 3); i > 0; i--) tree.change();
  const after = stateOf(literal(tree));
  const side = sideOf(state, after);
  const written = new Map<string, string>();
  for (const [path, text] of sidecarsOf(texts, state)) {
    const to = side.moves.outOf(path)?.to.path ?? path;
    if (tree.files.has(to)) written.set(to, text);
  }
  for (const path of tree.files.keys()) {
    if (random() > 0.2) continue;
    const field = ['rating', 'title', 'tags'][Math.floor(random() * 3)]!;
    const value = field === 'tags' ? `\n  - t${Math.floor(random() * 4)}` : ` v${Math.floor(random() * 4)}`;
    const others = (written.get(path) ?? '---\n---\n')
      .split('\n')
      .filter((line) => line !== '' && line !== '---');
    const rest = others.join('\n').includes('conflict:')
      ? []
      : others.filter((line) => !/^ {2}- /.test(line));
    const lines = rest.filter((line) => !line.startsWith(`${field}:`) && !line.startsWith('tags:'));
    written.set(path, `---\n${[...lines, `${field}:${value}`].join('\n')}\n---\n`);
  }
  const others = new Map([...texts].filter(([path]) => !path.startsWith('tree/')));
  const next = textsOf({ manifests: after.all, sidecars: written, others });
  heads[at] = commitTexts(commits, next, {
    parents: [heads[at]!],
    moved: side.moves.facts,
    repository: `r${at}`,
    date: dateOf(world.second++),
  });
}

function treeOf(texts: ReadonlyMap<string, string>): Map<RepositoryPath, Manifest> {
  const found = [...manifestsOfTexts(texts)].map(
    ([path, manifest]) => [path.slice('tree/'.length) as RepositoryPath, manifest] as const,
  );
  return new Map(found.map(([path, manifest]) => [path === ('tree' as string) ? ROOT : path, manifest]));
}

/** The trees of these tests have only names that stand as they are in the mirror. */
function* sidecarsOf(
  texts: ReadonlyMap<string, string>,
  state: LiteralState,
): Generator<[RepositoryPath, string]> {
  for (const [path, { files }] of state.all)
    for (const name of files.keys()) {
      const at = childOf(path, name);
      const text = texts.get(`tree/${path === ROOT ? '' : `${path}/`}$${name}.metadata`);
      if (text !== undefined) yield [at, text];
    }
}

function live(t: TestContext, seed: number): void {
  const random = randomOf(seed);
  const commits = commitsFor(t, `s${seed}`);
  const start = commitTexts(commits, textsOf({ manifests: stateOf({}).all }), { parents: [] });
  const heads = Array.from({ length: random() < 0.6 ? 3 : 4 }, () => start);
  const world: World = { commits, heads, random, start, second: 1, contents: 0 };
  const someone = (): number => Math.floor(random() * heads.length);
  change(world, seed, 0);
  heads.fill(heads[0]!);
  for (let steps = 4 + Math.floor(random() * 8); steps > 0; steps--) {
    if (random() < 0.55) change(world, seed, someone());
    else pull(world, someone(), someone());
  }
  for (let rounds = 0; new Set(heads).size > 1; rounds++) {
    assert.ok(rounds < MOST_ROUNDS, 'they never agree');
    for (const to of heads.keys()) for (const from of heads.keys()) if (to !== from) pull(world, to, from);
  }
  const texts = allTexts(commits, heads[0]!);
  const digests = new Map([...texts].map(([path, text]) => [path, digest(text)]));
  assert.equal(commits.readCommit(heads[0]!).index, indexOf(texts), 'the index is what the letter says');
  assert.deepEqual(new Map(idsOf(commits, heads[0]!).map(({ path, id }) => [path, id])), digests);
}

const runs = runsOf(60, 2_000);

test(`repositories with sidecars that pull from each other end equal: ${seedLine(runs)}`, (t) => {
  for (let seed = runs.first; seed < runs.first + runs.count; seed++) {
    try {
      live(t, seed);
    } catch (error) {
      throw new Error(`seed ${seed}: ${(error as Error).message}`, { cause: error });
    }
  }
});
