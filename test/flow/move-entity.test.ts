import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import { join } from 'node:path/posix';
import { before, test, type TestContext } from 'node:test';
import { loadBlake3 } from '../../src/disk/blake3.ts';
import { nodeDisk } from '../../src/disk/disk.ts';
import { allEntities } from '../../src/flow/entities-listed.ts';
import type { Repository } from '../../src/flow/repository.ts';
import { listOperations } from '../../src/flow/undo.ts';
import type { RepositoryPath } from '../../src/model/path.ts';
import { temporary } from '../tools/tree.ts';
import { commandsOf, idsOf, listed, saidBy, typed, write } from './entity-commands.ts';
import { commitAll, leftoversIn, put, statusOf, textsIn, treeOnDisk } from './fixture.ts';
import { judge, lacksTools, textsOf } from './judges.ts';

before(() => loadBlake3());

const HELP = 'Music/Rock/Beatles/Help';

async function library(t: TestContext): Promise<Repository> {
  const repository = await typed(t);
  write(repository, {
    [`${HELP}/1.flac`]: 'b',
    [`${HELP}/live/2.flac`]: 'c',
    [`${HELP}/.dbkignore`]: '*.tmp\n',
    'Music/Rock/Beatles/Abbey/1.flac': 'a',
    'Movies/Alien (1979).mkv': 'e',
    'Movies/Ridley/x.txt': 'f',
  });
  await commitAll(repository);
  put(repository.layout.index, {
    [`tree/${HELP}/$.metadata`]: '---\nalbum: Help!\n---\n',
    [`tree/${HELP}/$1.flac.metadata`]: '---\nrating: 5\n---\n',
    'tree/Movies/$Alien (1979).mkv.metadata': '---\nrating: 4\n---\n',
  });
  await commitAll(repository);
  return repository;
}

/** Where everything that names a path is called otherwise. */
function renamed<T>(found: ReadonlyMap<string, T>, from: string, to: string): Map<string, T> {
  const entries = [...found].map(([path, value]) => [path.replace(from, to), value] as const);
  return new Map(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}

function sorted<T>(found: ReadonlyMap<string, T>): Map<string, T> {
  return renamed(found, '', '');
}

test('an entity moves with all that is in it and written about it, in one operation', async (t) => {
  const repository = await library(t);
  const { move, undo } = commandsOf(repository);
  const disk = treeOnDisk(repository.root);
  const texts = textsOf(repository.layout.index);
  const ids = await idsOf(repository);
  const head = repository.commits.readHead()!;
  const moved = await move(HELP, 'Music/Help');
  assert.deepEqual(moved.problems, []);
  assert.deepEqual(
    [
      ...repository.commits.readCommit(moved.commit!).moved,
      repository.commits.readCommit(moved.commit!).summary,
    ],
    [
      { from: `${HELP}/`, to: 'Music/Help/', by: 'hand' },
      { added: 0, changed: 0, moved: 3, removed: 0, metadata: 0 },
    ],
  );
  assert.deepEqual(sorted(treeOnDisk(repository.root)), renamed(disk, HELP, 'Music/Help'));
  const expected = renamed(texts, HELP, 'Music/Help');
  assert.deepEqual(sorted(textsOf(repository.layout.index)), expected);
  assert.deepEqual(await idsOf(repository), new Map([...renamed(ids, HELP, 'Music/Help')]));
  assert.deepEqual((await statusOf(repository)).changes, []);
  const [operation] = listOperations(repository, () => undefined);
  const { command, before: from, after, steps } = operation!.operation;
  assert.deepEqual(
    { command, from, after, steps },
    {
      command: 'entity move',
      from: head,
      after: moved.commit!,
      steps: [{ kind: 'move', from: HELP as RepositoryPath, to: 'Music/Help' as RepositoryPath }],
    },
  );
  await undo();
  assert.deepEqual(treeOnDisk(repository.root), disk);
  assert.deepEqual(textsOf(repository.layout.index), texts);
  assert.deepEqual((await statusOf(repository)).changes, []);
  await undo();
  assert.deepEqual(sorted(textsOf(repository.layout.index)), expected);
  assert.deepEqual((await statusOf(repository)).changes, []);
  assert.deepEqual(await idsOf(repository), new Map([...renamed(ids, HELP, 'Music/Help')]));
  assert.deepEqual(leftoversIn(repository), []);
});

test('a file that is an entity moves with its sidecar', async (t) => {
  const repository = await library(t);
  const { move, undo } = commandsOf(repository);
  const texts = textsOf(repository.layout.index);
  const id = (await idsOf(repository)).get('Movies/Alien (1979).mkv')!;
  await move(id, 'Movies/Ridley');
  assert.equal((await idsOf(repository)).get('Movies/Ridley/Alien (1979).mkv'), id);
  const place = 'tree/Movies/Ridley/$Alien (1979).mkv.metadata';
  assert.equal(textsIn(repository.layout.index).get(place), '---\nrating: 4\n---\n');
  assert.equal(textsIn(repository.layout.index).has('tree/Movies/$Alien (1979).mkv.metadata'), false);
  assert.deepEqual((await statusOf(repository)).changes, []);
  await undo();
  assert.deepEqual(textsOf(repository.layout.index), texts);
  assert.deepEqual((await statusOf(repository)).changes, []);
});

test('what is not committed moves along and stays so', async (t) => {
  const repository = await library(t);
  const { move, undo } = commandsOf(repository);
  put(repository.root, { [`${HELP}/1.flac`]: 'changed', [`${HELP}/3.flac`]: 'new' });
  put(repository.layout.index, {
    [`tree/${HELP}/$.metadata`]: '---\nalbum: edited\n---\n',
    [`tree/${HELP}/live/$2.flac.metadata`]: '---\nrating: 1\n---\n',
  });
  fs.rmSync(join(repository.layout.index, `tree/${HELP}/$1.flac.metadata`));
  const seen = (await statusOf(repository)).changes;
  assert.deepEqual(seen, [
    `added file ${HELP}/3.flac`,
    `changed file ${HELP}/1.flac`,
    `metadata text ${HELP}`,
    `metadata text ${HELP}/1.flac`,
    `metadata text ${HELP}/live/2.flac`,
  ]);
  assert.deepEqual((await move(HELP, 'Music/Help')).problems, []);
  assert.deepEqual(
    (await statusOf(repository)).changes,
    seen.map((words) => words.replace(HELP, 'Music/Help')),
  );
  await undo();
  assert.deepEqual((await statusOf(repository)).changes, seen);
  const edited = textsIn(repository.layout.index).get(`tree/${HELP}/$.metadata`);
  assert.equal(edited, '---\nalbum: edited\n---\n');
});

test('names that fold alike find their places, before and after', async (t) => {
  const repository = await typed(t);
  write(repository, {
    'Music/Rock/abba/Gold/1.flac': '1',
    'Music/Rock/ABBA/gold/1.flac': '2',
    'Music/Rock/nul/CON/1.flac': '3',
    [`Music/Rock/nul/${'x'.repeat(250)}/1.flac`]: '4',
  });
  await commitAll(repository);
  put(repository.layout.index, { 'tree/Music/Rock/ABBA/gold/$.metadata': '---\nalbum: G\n---\n' });
  await commitAll(repository);
  const { move, undo } = commandsOf(repository);
  const rows = [
    ['Music/Rock/ABBA/gold', 'Music/Rock/abba/gold'],
    ['Music/Rock/nul/CON', 'Music/Rock/abba/GOLD'],
    ['Music/Rock/abba/Gold', `Music/Rock/nul/${'x'.repeat(249)}X`],
    [`Music/Rock/nul/${'x'.repeat(250)}`, 'Music/$a.'],
  ] as const;
  for (const [from, to] of rows) {
    const before = textsOf(repository.layout.index);
    const ids = await idsOf(repository);
    assert.deepEqual((await move(from, to)).problems, []);
    assert.deepEqual((await statusOf(repository)).changes, []);
    await undo();
    assert.deepEqual(textsOf(repository.layout.index), before);
    await undo();
    assert.deepEqual((await statusOf(repository)).changes, []);
    const now = [...(await allEntities(repository))].map(([path, { id }]) => [path, id]);
    const expected = [...ids].map(([path, id]) => [path === from ? to : path, id]);
    assert.deepEqual(new Map(now as [string, string][]), new Map(expected as [string, string][]));
    assert.deepEqual(
      [...listed(await allEntities(repository)).values()].sort(),
      [...saidBy(repository, 'entity').values()].sort(),
    );
  }
  if (!lacksTools(t)) judge(repository, temporary(t));
});

test('a folder that no commit has is recorded on the way, and nothing that is in it', async (t) => {
  const repository = await library(t);
  put(repository.root, { 'Music/Pop/Later/notes.txt': 'n' });
  const { move } = commandsOf(repository);
  await move(HELP, 'Music/Pop/Later');
  assert.deepEqual((await statusOf(repository)).changes, ['added file Music/Pop/Later/notes.txt']);
  assert.deepEqual([...(await idsOf(repository)).keys()].includes('Music/Pop/Later/Help'), true);
});

test('no file is read for a move, then or later', async (t) => {
  const repository = await library(t);
  const { move } = commandsOf(repository);
  await statusOf(repository);
  await move(HELP, 'Music/Help');
  const later = await commitAll(repository);
  assert.deepEqual([later.commit, later.hashed.files], [undefined, 0]);
});

test('a move of what is gone, and one to where something stands, is refused before anything moves', async (t) => {
  const repository = await library(t);
  const { move } = commandsOf(repository);
  const rows: readonly (readonly [string, string, string])[] = [
    [HELP, 'Movies/Alien (1979).mkv', 'flow/something-there'],
    [HELP, 'Music/.dbk.', 'flow/own-name'],
    ['Movies/Alien (1979).mkv', HELP, 'flow/inside-entity'],
  ];
  for (const [from, to, code] of rows) {
    await assert.rejects(move(from, to), (error) => {
      assert.equal((error as { problem?: { code: string } }).problem?.code, code, String(error));
      return true;
    });
  }
  fs.renameSync(join(repository.root, HELP), join(repository.root, 'Music/elsewhere'));
  await assert.rejects(move(HELP, 'Music/x'), { message: /it is not here/ });
  assert.equal(nodeDisk.lstat(join(repository.root, 'Music/elsewhere'))?.isDirectory(), true);
});
