import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import { join } from 'node:path/posix';
import { before, test } from 'node:test';
import { loadBlake3 } from '../../src/disk/blake3.ts';
import { newEntityId } from '../../src/flow/entities.ts';
import { allEntities, findEntity, withListing } from '../../src/flow/entities-listed.ts';
import { move as moveByHand } from '../../src/flow/mv.ts';
import type { Repository } from '../../src/flow/repository.ts';
import type { RepositoryPath } from '../../src/model/path.ts';
import { commandsOf, idsOf, listed, saidBy, typed, write } from './entity-commands.ts';
import { commitAll, contextOf, move, put, reopened, statusOf } from './fixture.ts';

before(() => loadBlake3());

const LONG = 'n'.repeat(250);
const LIBRARY = {
  'Music/Rock/Beatles/Help/1.flac': 'a',
  'Music/Rock/Beatles/Abbey/1.flac': 'b',
  'Movies/Alien (1979).mkv': 'c',
  'Music/Rock/Beatles/photo.jpg': 'd',
  [`Music/${LONG}/x%: y/é/1.flac`]: 'e',
  'Projects/tool/package.json': '{}',
};

/** What `entity show` says of an id. */
async function meant(repository: Repository, id: string): Promise<string> {
  return withListing(repository, async ({ entities }, texts) => {
    const target = { typed: id, path: id as RepositoryPath, isThere: false };
    const found = findEntity(repository, entities, texts, target);
    if (found.kind !== 'split') return `${found.kind} ${found.path}`;
    return `split ${found.parts.map(([path]) => path).join(' ')}`;
  });
}

test('the list is what the manifests say, kept or not', async (t) => {
  const repository = await typed(t);
  write(repository, LIBRARY);
  await commitAll(repository);
  const said = saidBy(repository, 'entity');
  assert.equal(said.size, 5);
  const kept = join(repository.layout.local, 'entities');
  const text = fs.readFileSync(kept, 'utf8');
  const entities = await allEntities(repository);
  // Mirror names are what the judge reads.
  assert.deepEqual([...listed(entities).values()].sort(), [...said.values()].sort());
  assert.deepEqual(
    [...entities.keys()],
    [
      'Movies/Alien (1979).mkv',
      'Music/Rock/Beatles/Abbey',
      'Music/Rock/Beatles/Help',
      `Music/${LONG}/x%: y/é`,
      'Projects/tool',
    ],
  );
  const others = [undefined, '', 'dbk: entities 1\n', text.slice(0, -9), text.replace(/head: .*/, 'head: x')];
  for (const other of others) {
    if (other === undefined) fs.rmSync(kept);
    else fs.writeFileSync(kept, other);
    assert.deepEqual(await allEntities(reopened(repository)), entities);
    assert.equal(fs.readFileSync(kept, 'utf8'), text);
  }
});

test('before the first commit there are none', async (t) => {
  const repository = await typed(t);
  assert.equal((await allEntities(repository)).size, 0);
  assert.equal(await withListing(repository, async ({ entities }) => entities.size), 0);
});

test('an id is 16 characters, time first', () => {
  const context = contextOf();
  const at = (now: number, bytes: number): string =>
    newEntityId({
      ...context,
      clock: { ...context.clock, now: () => now },
      random: (n) => new Uint8Array(n).fill(bytes),
    });
  const rows: readonly (readonly [number, number, string])[] = [
    [0, 0, '0000000000000000'],
    [-1, 255, '000000zzzzzzzzzz'],
    [2 ** 50 - 1, 255, 'zzzzzzzzzzzzzzzz'],
    [2 ** 20, 1, '00000181040g2081'],
    // The time of the example in the format.
    [1731952609193, 0, '01jd060000000000'],
  ];
  for (const [now, bytes, id] of rows) assert.equal(at(now, bytes), id);
  const many = new Set(Array.from({ length: 1000 }, () => newEntityId(context)));
  assert.equal(many.size, 1000);
  for (const id of many) assert.match(id, /^[0-9a-hjkmnp-tv-z]{16}$/);
});

test('an entity and its unknown keys go where its folder goes, or its line', async (t) => {
  const repository = await typed(t);
  write(repository, LIBRARY);
  await commitAll(repository);
  const { make, join: unite, split } = commandsOf(repository);
  await unite('Music/Rock/Beatles');
  await split('Music/Rock/Beatles');
  await make('music', 'Music/Rock/Beatles/photo.jpg');
  const before = { entity: saidBy(repository, 'entity'), split: saidBy(repository, 'split') };
  move(repository.root, 'Music/Rock/Beatles', 'Music/Pop/The Beatles');
  move(repository.root, 'Movies/Alien (1979).mkv', 'Movies/Ridley Scott/Alien.mkv');
  move(repository.root, 'Music/Pop/The Beatles/Help', 'Music/Help');
  await commitAll(repository);
  const renamed = (path: string): string =>
    path
      .replace('Music/Rock/Beatles/Help', 'Music/Help')
      .replace('Rock/Beatles', 'Pop/The Beatles')
      .replace('Alien (1979).mkv', 'Ridley Scott/Alien.mkv');
  const moved = (found: ReadonlyMap<string, string>): Map<string, string> =>
    new Map(
      [...found].map(([path, said]) => [renamed(path), said] as const).sort(([a], [b]) => (a < b ? -1 : 1)),
    );
  const sorted = (found: ReadonlyMap<string, string>) =>
    new Map([...found].sort(([a], [b]) => (a < b ? -1 : 1)));
  assert.deepEqual(sorted(saidBy(repository, 'entity')), moved(before.entity));
  assert.deepEqual(sorted(saidBy(repository, 'split')), moved(before.split));
});

test('every id that ever was leads to what it is now', async (t) => {
  const repository = await typed(t);
  write(repository, LIBRARY);
  await commitAll(repository);
  const { join: unite, split } = commandsOf(repository);
  const first = await idsOf(repository);
  const [abbey, help] = ['Abbey', 'Help'].map((name) => first.get(`Music/Rock/Beatles/${name}`)!) as [
    string,
    string,
  ];
  await unite('Music/Rock/Beatles');
  const beatles = (await idsOf(repository)).get('Music/Rock/Beatles')!;
  assert.equal(await meant(repository, abbey), 'joined Music/Rock/Beatles');
  await unite('Music/Rock');
  const rock = (await idsOf(repository)).get('Music/Rock')!;
  for (const id of [abbey, help, beatles]) assert.equal(await meant(repository, id), 'joined Music/Rock');
  await split('Music/Rock');
  assert.equal((await idsOf(repository)).get('Music/Rock/Beatles'), beatles);
  assert.equal(await meant(repository, rock), 'split Music/Rock/Beatles');
  await split('Music/Rock/Beatles');
  assert.equal(await meant(repository, beatles), 'split Music/Rock/Beatles/Abbey Music/Rock/Beatles/Help');
  // Nothing but a folder remembers this one.
  assert.equal(await meant(repository, rock), 'split Music/Rock/Beatles/Abbey Music/Rock/Beatles/Help');
  assert.equal(await meant(repository, abbey), 'entity Music/Rock/Beatles/Abbey');
  await assert.rejects(meant(repository, abbey.slice(0, 5)), {
    message: /begins the ids of several entities/,
  });
  await assert.rejects(meant(repository, '0000000000000000'), { message: /neither a path here nor the id/ });
});

test('what somebody has not committed stays so, whatever is done with entities', async (t) => {
  const repository = await typed(t);
  write(repository, LIBRARY);
  await commitAll(repository);
  const { root, layout } = repository;
  put(root, {
    'Music/Rock/Beatles/Help/2.flac': 'new',
    'Music/Rock/Beatles/Abbey/1.flac': 'changed!',
    'else.txt': 'x',
  });
  move(root, 'Projects/tool', 'Projects/other');
  fs.rmSync(join(root, 'Movies/Alien (1979).mkv'));
  fs.writeFileSync(join(layout.index, 'tree/Music/Rock/Beatles/Help/$.metadata'), '---\nalbum: Help!\n---\n');
  const before = (await statusOf(repository)).changes;
  assert.equal(before.length, 6);
  const { make, split, join: unite, begin, undo } = commandsOf(repository);
  for (const act of [
    () => unite('Music/Rock/Beatles'),
    () => split('Music/Rock/Beatles'),
    () => make('music', 'Music/Rock/Beatles/photo.jpg'),
    () => begin('projects', 'fresh'),
    () => undo(),
    () => undo(),
  ]) {
    await act();
    assert.deepEqual((await statusOf(repository)).changes, before);
  }
});

test('what somebody said had moved is still known after a commit about entities', async (t) => {
  const repository = await typed(t);
  write(repository, { ...LIBRARY, 'a.txt': 'one' });
  await commitAll(repository);
  // Moved and written anew by other means: nothing but the word for it tells.
  put(repository.root, { 'b.txt': 'something else' });
  fs.rmSync(join(repository.root, 'a.txt'));
  await moveByHand(repository, {
    from: 'a.txt' as RepositoryPath,
    to: 'b.txt' as RepositoryPath,
    dryRun: false,
  });
  const { join: unite } = commandsOf(repository);
  await unite('Music/Rock/Beatles');
  const { commit } = await commitAll(repository);
  assert.deepEqual(repository.commits.readCommit(commit!).moved, [
    { from: 'a.txt', to: 'b.txt', by: 'hand' },
  ]);
});
