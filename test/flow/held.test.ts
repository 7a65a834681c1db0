/** What is judged against what stood here: paths that were not fetched, and older ones than head knows. */

import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import { join } from 'node:path/posix';
import { before, test, type TestContext } from 'node:test';
import { digest, loadBlake3 } from '../../src/disk/blake3.ts';
import { list } from '../../src/flow/ls.ts';
import type { Repository } from '../../src/flow/repository.ts';
import { ROOT } from '../../src/model/path.ts';
import { readRepositoryFile, writeRepositoryFile } from '../../src/store/repository-file.ts';
import type { RepositoryRecord } from '../../src/text/repository.ts';
import { advance } from '../../src/store/working.ts';

import { commitAll, newRepository, put, statusOf } from './fixture.ts';

before(() => loadBlake3());

type Files = Readonly<Record<string, string>>;

/** A repository whose head knows `said`, while the disk stands at `stood`. */
async function lagging(t: TestContext, stood: Files, said: Files): Promise<Repository> {
  const repository = await newRepository(t);
  const { commits, root } = repository;
  place(root, stood);
  await commitAll(repository);
  const at = commits.readHead()!;
  for (const name of topsOf(stood)) fs.rmSync(join(root, name), { recursive: true, force: true });
  place(root, said);
  await commitAll(repository);
  const head = commits.readHead()!;
  for (const name of topsOf(said)) fs.rmSync(join(root, name), { recursive: true, force: true });
  place(root, stood);
  tell(repository, (record) => ({ ...record, holds: at, head }));
  return repository;
}

/** With one time for all files: contents differ, times do not. */
function place(root: string, files: Files): void {
  put(root, files);
  for (const path of Object.keys(files)) fs.utimesSync(join(root, path), 1_000_000_000, 1_000_000_000);
}

function topsOf(files: Files): string[] {
  return Object.keys(files).map((path) => path.split('/')[0]!);
}

function tell(repository: Repository, change: (record: RepositoryRecord) => RepositoryRecord): void {
  const { context, layout } = repository;
  writeRepositoryFile(context.disk, layout, change(recordOf(repository)));
}

function recordOf({ context, layout }: Repository): RepositoryRecord {
  return readRepositoryFile(context.disk, layout, 'laptop')!;
}

function listsOf(repository: Repository): unknown {
  const { absent, older, head, holds } = recordOf(repository);
  return { absent, older: older.map(({ path, kind }) => `${kind} ${path}`), isArrived: head === holds };
}

function recorded(repository: Repository): Record<string, string> {
  const all: Record<string, string> = {};
  const request = { path: ROOT, at: repository.commits.readHead(), recursive: true };
  for (const { path, entry } of list(repository, request))
    all[path] = entry.kind === 'file' ? entry.blake3!.slice(0, 8) : entry.kind;
  return all;
}

const idOf = (content: string): string => digest(content).slice(0, 8);

test('what stands as it stood is no change, and what head says stays recorded', async (t) => {
  const repository = await lagging(
    t,
    { a: 'old', 'Gone/x': 'x', stays: 's' },
    { a: 'new', 'New/y': 'y', 'New/deep/z': 'z', stays: 's' },
  );
  assert.deepEqual((await statusOf(repository)).changes, []);
  const before = recorded(repository);
  await commitAll(repository);
  assert.deepEqual(recorded(repository), before);
  assert.deepEqual(listsOf(repository), {
    absent: ['New/'],
    older: ['directory Gone', 'file Gone/x', 'file a'],
    isArrived: true,
  });
  // Told by lists from now on, it is the same.
  assert.deepEqual((await statusOf(repository)).changes, []);
  put(repository.root, { other: 'o' });
  assert.deepEqual((await statusOf(repository)).changes, ['added file other']);
  await commitAll(repository);
  assert.deepEqual(recorded(repository), { ...before, other: idOf('o') });
});

test('what has arrived is no change, and is not told any more', async (t) => {
  const repository = await lagging(t, { a: 'old', b: 'b' }, { a: 'new', 'New/y': 'y', b: 'b' });
  place(repository.root, { a: 'new', 'New/y': 'y' });
  assert.deepEqual((await statusOf(repository)).changes, []);
  await commitAll(repository);
  assert.deepEqual(listsOf(repository), { absent: [], older: [], isArrived: true });
});

test('what was here and is gone is missing; what never was is not', async (t) => {
  const repository = await lagging(t, { 'F/held': 'h', top: 't' }, { 'F/held': 'h', 'F/new': 'n', top: 't' });
  fs.rmSync(join(repository.root, 'F'), { recursive: true });
  assert.deepEqual((await statusOf(repository)).changes, ['missing file F/held']);
  await commitAll(repository);
  assert.deepEqual(recorded(repository), { F: 'directory', 'F/new': idOf('n'), top: idOf('t') });
  assert.deepEqual(listsOf(repository), { absent: ['F/new'], older: [], isArrived: true });
});

test('an edit of an older version is kept beside what head says', async (t) => {
  const repository = await lagging(t, { 'a.txt': 'old' }, { 'a.txt': 'new' });
  put(repository.root, { 'a.txt': 'mine' });
  const beside = `a (conflict ${idOf('new')}).txt`;
  const changes = [`added file ${beside}`, 'changed file a.txt'];
  assert.deepEqual((await statusOf(repository)).changes, changes);
  await commitAll(repository);
  assert.deepEqual(recorded(repository), { 'a.txt': idOf('mine'), [beside]: idOf('new') });
  assert.deepEqual(listsOf(repository), { absent: [beside], older: [], isArrived: true });
  const texts = fs.readdirSync(join(repository.root, '.dbk/index/conflicts'));
  assert.equal(texts.length, 1);
  assert.deepEqual((await statusOf(repository)).changes, []);
});

test('a mode changed on an older version goes to the one that head says', async (t) => {
  const repository = await lagging(t, { a: 'old' }, { a: 'new' });
  fs.chmodSync(join(repository.root, 'a'), 0o600);
  assert.deepEqual((await statusOf(repository)).changes, ['mode file a']);
  await commitAll(repository);
  assert.deepEqual(recorded(repository), { a: idOf('new') });
});

test('an older version that went is not deleted, and one that head has not is no addition', async (t) => {
  const repository = await lagging(t, { a: 'old', b: 'b', c: 'c' }, { a: 'new', c: 'c' });
  fs.rmSync(join(repository.root, 'a'));
  assert.deepEqual((await statusOf(repository)).changes, []);
  await commitAll(repository);
  assert.deepEqual(recorded(repository), { a: idOf('new'), c: idOf('c') });
  assert.deepEqual(listsOf(repository), { absent: ['a'], older: ['file b'], isArrived: true });
});

test('something new in a folder that head has no more brings the folder back', async (t) => {
  const repository = await lagging(t, { 'Gone/x': 'x', a: 'a' }, { a: 'a' });
  put(repository.root, { 'Gone/deep/new': 'n' });
  assert.deepEqual((await statusOf(repository)).changes, [
    'added directory Gone',
    'added directory Gone/deep',
    'added file Gone/deep/new',
  ]);
});

test('where head did not get there, nothing is on its way', async (t) => {
  const repository = await newRepository(t);
  put(repository.root, { a: 'one' });
  await commitAll(repository);
  const first = repository.commits.readHead()!;
  put(repository.root, { a: 'two' });
  await commitAll(repository);
  const second = repository.commits.readHead()!;
  advance(repository.commits, { command: 'undo', from: second, to: first });
  tell(repository, (record) => ({ ...record, holds: first, head: second }));
  assert.deepEqual((await statusOf(repository)).changes, ['changed file a']);
});

test('what was committed on a head that had not arrived takes nothing for gone', async (t) => {
  const repository = await lagging(t, { a: 'old', stays: 's' }, { a: 'new', 'New/y': 'y', stays: 's' });
  const told = recordOf(repository);
  for (const mine of ['mine', 'mine too']) {
    put(repository.root, { [mine]: mine });
    await commitAll(repository);
    // Whoever is killed behind the commit has not said so.
    tell(repository, () => told);
    assert.deepEqual((await statusOf(repository)).changes, []);
  }
  await commitAll(repository);
  assert.deepEqual(listsOf(repository), { absent: ['New/'], older: ['file a'], isArrived: true });
  assert.equal(recorded(repository)['New/y'], idOf('y'));
  assert.equal(recorded(repository)['a'], idOf('new'));
});
