import assert from 'node:assert/strict';
import { before, test, type TestContext } from 'node:test';
import fc from 'fast-check';
import { loadBlake3 } from '../../src/disk/blake3.ts';
import type { Repository } from '../../src/flow/repository.ts';
import { temporary } from '../tools/tree.ts';
import { commandsOf, idsOf, listed, saidBy, typed, write } from './entity-commands.ts';
import { allEntities } from '../../src/flow/entities-listed.ts';
import { commitAll, codesOf, put, remove, statusOf, textsIn } from './fixture.ts';
import { judge, lacksTools, textsOf } from './judges.ts';

before(() => loadBlake3());

const BAND = 'Music/Rock/Beatles';

async function beatles(t: TestContext): Promise<Repository> {
  const repository = await typed(t);
  write(repository, {
    [`${BAND}/Abbey/1.flac`]: 'a',
    [`${BAND}/Help/1.flac`]: 'b',
    [`${BAND}/Help/live/2.flac`]: 'c',
    [`${BAND}/photo.jpg`]: 'd',
    'Movies/Ridley/Alien.mkv': 'e',
    'Movies/Ridley/Blade Runner (1982)/1.mkv': 'f',
    'Movies/Ridley/Blade Runner (1982)/2.mkv': 'g',
  });
  await commitAll(repository);
  return repository;
}

test('joining and splitting are inverse to one another, ids and all', async (t) => {
  const repository = await beatles(t);
  const { join: unite, split } = commandsOf(repository);
  const apart = await idsOf(repository);
  const joined = await unite(BAND);
  assert.deepEqual([...joined.parts.keys()], [`${BAND}/Abbey`, `${BAND}/Help`]);
  const one = await idsOf(repository);
  assert.deepEqual(
    [...one.keys()].filter((path) => path.startsWith('Music')),
    [BAND],
  );
  const parted = await split(BAND);
  assert.deepEqual([parted.id, parted.parts.size, parted.loose], [one.get(BAND), 2, 1]);
  assert.deepEqual(await idsOf(repository), apart);
  await unite(BAND);
  assert.deepEqual(await idsOf(repository), one);
  await split(BAND);
  assert.deepEqual(await idsOf(repository), apart);
});

test('files that are entities are joined and come back, wherever they stand', async (t) => {
  const repository = await beatles(t);
  const { join: unite, split } = commandsOf(repository);
  const apart = await idsOf(repository);
  await unite('Movies');
  assert.deepEqual(
    [...(await idsOf(repository)).keys()].filter((path) => path.startsWith('Mov')),
    ['Movies'],
  );
  await split('Movies');
  assert.deepEqual(await idsOf(repository), apart);
});

test('each folder of a split entity becomes one, also one that came after a join', async (t) => {
  const repository = await beatles(t);
  const { join: unite, split } = commandsOf(repository);
  await unite(BAND);
  write(repository, { [`${BAND}/Revolver/1.flac`]: 'r' });
  await commitAll(repository);
  const parts = (await split(BAND)).parts;
  assert.deepEqual([...parts.keys()], [`${BAND}/Abbey`, `${BAND}/Help`, `${BAND}/Revolver`]);
  assert.deepEqual(new Set([...parts.values()].map(({ type }) => type)), new Set(['music']));
  const deeper = (await split(`${BAND}/Help`)).parts;
  assert.deepEqual([...deeper.keys()], [`${BAND}/Help/live`]);
});

test('nothing makes a split folder an entity again by itself, nor what was joined', async (t) => {
  const repository = await beatles(t);
  const { join: unite, split } = commandsOf(repository);
  await split(`${BAND}/Help`);
  await unite(BAND);
  const ids = await idsOf(repository);
  write(repository, {
    [`${BAND}/Help/3.flac`]: 'x',
    [`${BAND}/New/1.flac`]: 'y',
    [`${BAND}/Abbey/2.flac`]: 'z',
  });
  await commitAll(repository);
  assert.deepEqual(await idsOf(repository), ids);
});

test('each is one commit and one operation, and undo takes it back and brings it again', async (t) => {
  const repository = await beatles(t);
  const { join: unite, split, make, undo } = commandsOf(repository);
  await make('pictures', `${BAND}/photo.jpg`);
  await undo();
  const acts = [
    () => unite(BAND),
    () => split(BAND),
    () => make('pictures', `${BAND}/photo.jpg`),
    () => split(`${BAND}/Help`),
    () => unite(`${BAND}/Help`),
  ];
  for (const act of acts) {
    const states = [textsIn(repository.layout.index)];
    await act();
    states.push(textsIn(repository.layout.index));
    assert.notDeepEqual(states[0], states[1]);
    for (const expected of [states[0], states[1]]) {
      await undo();
      assert.deepEqual(withoutEmpty(textsIn(repository.layout.index)), withoutEmpty(expected!));
      assert.deepEqual(listed(await allEntities(repository)), saidBy(repository, 'entity'));
      assert.deepEqual((await statusOf(repository)).changes, []);
    }
  }
});

/** A folder that is empty is no text. */
function withoutEmpty(texts: ReadonlyMap<string, string>): Map<string, string> {
  return new Map([...texts].filter(([path]) => !path.endsWith('/')));
}

test('a dry run says the same and does nothing', async (t) => {
  const repository = await beatles(t);
  const { join: unite, split, make } = commandsOf(repository);
  const before = textsOf(repository.layout.home);
  assert.equal((await split(`${BAND}/Help`, true)).parts.size, 1);
  assert.equal((await unite(BAND, true)).parts.size, 2);
  assert.equal((await make('pictures', `${BAND}/photo.jpg`, true)).commit, undefined);
  const isKnowledge = ([path]: [string, string]): boolean => path.startsWith('local/cache');
  const known = (texts: Map<string, string>) => new Map([...texts].filter((each) => !isKnowledge(each)));
  assert.deepEqual(known(textsOf(repository.layout.home)), known(before));
});

test('what cannot be is refused, and nothing is done', async (t) => {
  const repository = await beatles(t);
  put(repository.root, { 'Music/Rock/unseen/x': '1', 'Music/link': '-> Rock' });
  const { join: unite, split, make, move } = commandsOf(repository);
  await commitAll(repository);
  put(repository.root, { 'fresh/x': '1' });
  const rows: readonly (readonly [() => Promise<unknown>, string])[] = [
    [() => make('musik', 'Music'), 'flow/unknown-type'],
    [() => make('music', ''), 'flow/whole-repository'],
    [() => make('music', 'fresh'), 'flow/not-recorded'],
    [() => make('music', 'nowhere'), 'flow/not-recorded'],
    [() => make('music', 'Music/link'), 'flow/link-is-none'],
    [() => make('music', BAND), 'flow/around-entities'],
    [() => make('music', `${BAND}/Help`), 'flow/is-entity'],
    [() => make('music', `${BAND}/Help/live`), 'flow/inside-entity'],
    [() => make('music', `${BAND}/Help/1.flac`), 'flow/inside-entity'],
    [() => split(BAND), 'flow/no-entity'],
    [() => split(`${BAND}/Help/live`), 'flow/no-entity'],
    [() => split(`${BAND}/Abbey`), 'flow/nothing-to-split'],
    [() => split('Movies/Ridley/Alien.mkv'), 'flow/nothing-to-split'],
    [() => split('zzzz'), 'flow/no-such-entity'],
    [() => unite(`${BAND}/Help`), 'flow/is-entity'],
    [() => unite(`${BAND}/Help/live`), 'flow/inside-entity'],
    [() => unite('Music/Rock/unseen'), 'flow/nothing-to-join'],
    [() => unite(''), 'flow/whole-repository'],
    [() => unite(`${BAND}/photo.jpg`), 'flow/nothing-to-join'],
    [() => move(`${BAND}/Help`, `${BAND}/Abbey`), 'flow/inside-entity'],
    [() => move(`${BAND}/Help`, `${BAND}/Help/x`), 'flow/move-into-itself'],
    [() => move(`${BAND}/Help`, 'no/such/place'), 'flow/no-folder'],
    [() => move(BAND, 'Music/x'), 'flow/no-entity'],
  ];
  const before = await idsOf(repository);
  const head = repository.commits.readHead();
  for (const [act, code] of rows) {
    await assert.rejects(act, (error) => {
      assert.equal(
        (error as { problem?: { code: string } }).problem?.code,
        code,
        `${String(act)} ${String(error)}`,
      );
      return true;
    });
  }
  assert.equal(repository.commits.readHead(), head);
  assert.deepEqual(await idsOf(repository), before);
  write(repository, { 'Mixed/a/x': '1', 'Mixed/b/x': '2' });
  await commitAll(repository);
  await make('music', 'Mixed/a');
  await make('movies', 'Mixed/b');
  await assert.rejects(unite('Mixed'), { message: /of several types: movies, music/ });
});

test('a split of what a hand edit of a manifest touched keeps that edit aside', async (t) => {
  const repository = await beatles(t);
  const { split } = commandsOf(repository);
  put(repository.layout.index, { [`tree/${BAND}/Help/manifest.yaml`]: 'mine\n' });
  const { problems } = await split(`${BAND}/Help`);
  assert.deepEqual(codesOf(problems), []);
  assert.deepEqual(listed(await allEntities(repository)), saidBy(repository, 'entity'));
  assert.equal([...textsIn(repository.layout.edited).values()].includes('mine\n'), true);
});

test('git apply and patch rebuild the index through splits, joins and undos', async (t) => {
  if (lacksTools(t)) return;
  const repository = await beatles(t);
  const { join: unite, split, make, move, begin } = commandsOf(repository);
  await unite(BAND);
  await split(BAND);
  await unite('Movies');
  await make('pictures', `${BAND}/photo.jpg`);
  await move(`${BAND}/Help`, 'Music/Help');
  await begin('music', 'Rock/Kinks/Face to Face');
  remove(repository.root, `${BAND}/Abbey`);
  await commitAll(repository);
  judge(repository, temporary(t));
});

const SEED = 20261123;

/** Folders three deep, of which some hold files: entities begin at the third. */
const someLibrary = fc.uniqueArray(
  fc
    .tuple(
      fc.constantFrom('A', 'a', 'É'),
      fc.constantFrom('x', 'X', 'nul'),
      fc.constantFrom('1', '2', '$3'),
      fc.constantFrom('f', 'deep/f', 'deep/er/f', 'con/f'),
    )
    .map((names) => names.join('/')),
  { minLength: 1, maxLength: 7 },
);

test('of any library: join after split, and split after join, give all ids back', async (t) => {
  await fc.assert(
    fc.asyncProperty(someLibrary, fc.nat(9), async (files, which) => {
      const repository = await typed(t);
      write(repository, Object.fromEntries(files.map((path) => [`Music/${path}`, path])));
      await commitAll(repository);
      const { join: unite, split } = commandsOf(repository);
      const ids = await idsOf(repository);
      const folders = [
        ...new Set(files.flatMap((path) => [path.split('/')[0]!, path.split('/').slice(0, 2).join('/')])),
      ];
      const folder = `Music/${folders[which % folders.length]!}`;
      await unite(folder);
      const one = await idsOf(repository);
      await split(folder);
      const apart = await idsOf(repository);
      for (const [path, id] of ids) assert.equal(apart.get(path), id);
      await unite(folder);
      assert.deepEqual(await idsOf(repository), one);
      assert.deepEqual(
        [...listed(await allEntities(repository)).values()].sort(),
        [...saidBy(repository, 'entity').values()].sort(),
      );
      assert.deepEqual((await statusOf(repository)).changes, []);
    }),
    { seed: SEED, numRuns: 20 },
  );
});
