import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import { join } from 'node:path/posix';
import { before, test } from 'node:test';
import { loadBlake3 } from '../../src/disk/blake3.ts';
import { forget } from '../../src/flow/forget.ts';
import { openRepository, type Repository } from '../../src/flow/repository.ts';
import { move } from '../../src/flow/mv.ts';
import { restore } from '../../src/flow/restore.ts';
import { listOperations, undo, type Undone } from '../../src/flow/undo.ts';
import type { CommitId } from '../../src/model/id.ts';
import type { RepositoryPath } from '../../src/model/path.ts';
import { Refusal } from '../../src/model/problem.ts';
import { readRepositoryFile, writeRepositoryFile } from '../../src/store/repository-file.ts';
import { faultyDisk, Killed } from '../disk/faulty.ts';
import {
  codesOf,
  commitAll,
  leftoversIn,
  lines,
  newRepository,
  put,
  quick,
  remove,
  reopened,
  statusOf,
  textsIn,
  treeOnDisk,
} from './fixture.ts';

before(() => loadBlake3());

/** Of a process that is no more: what it locked is nobody's. */
const DEAD = spawnSync('true').pid;

function back(repository: Repository, operation?: string): Promise<Undone> {
  return undo(reopened(repository), { operation, dryRun: false });
}

async function committed(repository: Repository): Promise<CommitId> {
  return (await commitAll(reopened(repository))).commit ?? repository.commits.readHead()!;
}

async function changes(repository: Repository): Promise<readonly string[]> {
  return (await statusOf(reopened(repository))).changes;
}

function code(expected: string): (error: unknown) => boolean {
  return (error) => error instanceof Refusal && error.problem.code === expected;
}

function names(repository: Repository): string[] {
  return [...listOperations(repository, () => undefined)].map(({ operation }) => operation.command);
}

test('a commit is taken back: head and manifests go, files and what people wrote stay, and again it is there', async (t) => {
  const repository = await newRepository(t);
  const { root, layout, commits } = repository;
  put(root, { a: 'a', 'm/b': 'b', 'm/.dbkignore': '#\n' });
  const first = await committed(repository);
  remove(root, 'm');
  put(root, { a: 'edited', 'n/c': 'c' });
  put(layout.index, { 'tree/$a.metadata': 'about a\n', ignore: 'x/\n' });
  const wanted = await changes(repository);
  const second = await committed(repository);
  const [tree, texts] = [lines(treeOnDisk(root)), textsIn(layout.index)];

  const { head } = await back(repository);
  assert.deepEqual(head, { from: second, to: first });
  assert.deepEqual([commits.readHead(), lines(treeOnDisk(root))], [first, tree]);
  assert.deepEqual(await changes(repository), wanted);
  assert.equal(fs.readFileSync(join(layout.index, 'tree/$a.metadata'), 'utf8'), 'about a\n');
  const own = readRepositoryFile(repository.context.disk, layout, 'laptop');
  assert.deepEqual([own?.head, own?.holds], [first, first]);

  await back(repository);
  assert.deepEqual(
    [commits.readHead(), textsIn(layout.index), await changes(repository)],
    [second, texts, []],
  );
  assert.deepEqual(names(repository), ['undo', 'undo', 'commit', 'commit']);

  await back(repository);
  const again = await commitAll(reopened(repository));
  assert.deepEqual(again.changes.length, wanted.length);
  assert.deepEqual(textsIn(layout.index), texts);
  assert.deepEqual(leftoversIn(repository), []);
});

test('a first commit is taken back to none, by name what came before it, and what cannot be is refused', async (t) => {
  const repository = await newRepository(t);
  const { root, layout, commits } = repository;
  await assert.rejects(back(repository), code('flow/nothing-to-undo'));
  put(root, { a: 'a' });
  put(layout.index, { 'tree/$a.metadata': 'about a\n' });
  const untouched = textsIn(layout.index);
  const first = await committed(repository);
  put(root, { b: 'b' });
  const second = await committed(repository);
  const [newest, oldest] = [...listOperations(repository, () => undefined)].map(({ name }) => name);
  await assert.rejects(back(repository, oldest), code('flow/head-moved'));
  await assert.rejects(back(repository, '19'), code('flow/no-such-operation'));
  assert.equal(commits.readHead(), second);
  await back(repository, newest);
  await back(repository, oldest);
  assert.equal(commits.readHead(), undefined);
  assert.deepEqual(textsIn(layout.index), untouched);
  await back(repository);
  assert.equal(commits.readHead(), first);
  assert.deepEqual(await changes(repository), ['added file b']);
});

test('what is recorded stays so under an ignore rule, also where it was new for a while', async (t) => {
  const repository = await newRepository(t);
  const { root, layout } = repository;
  put(root, { a: 'a', 'm/b': 'b', 'm/l': '-> b', 'm/n/c': 'c' });
  await committed(repository);
  await back(repository);
  await changes(repository);
  await back(repository);
  fs.appendFileSync(join(layout.index, 'ignore'), '/m/\n');
  assert.deepEqual(await changes(repository), ['metadata text .dbk/index/ignore']);
});

test('a forget is taken back, and a commit that was not noted any more', async (t) => {
  const repository = await newRepository(t);
  const { root, layout, commits } = repository;
  put(root, { a: 'a', b: 'b' });
  await committed(repository);
  fs.appendFileSync(join(layout.index, 'ignore'), '/a\n');
  const before = await committed(repository);
  const asked = { paths: ['a'] as RepositoryPath[], message: '', dryRun: false };
  const { commit } = await forget(reopened(repository), asked);
  await back(repository);
  assert.equal(commits.readHead(), before);
  await back(repository);
  assert.equal(commits.readHead(), commit);
  put(root, { b: 'edited' });
  await committed(repository);
  const last = fs.readdirSync(layout.operations).sort().at(-1)!;
  fs.unlinkSync(join(layout.operations, last));
  const { undone } = await back(repository);
  assert.deepEqual([undone.name, commits.readHead()], ['', commit]);
  await back(repository);
  assert.deepEqual(await changes(repository), []);
});

test('only a repository that is known to stand on a commit keeps head from going back', async (t) => {
  const repository = await newRepository(t);
  const { root, layout, context, commits } = repository;
  put(root, { a: 'a' });
  const first = await committed(repository);
  put(root, { a: 'b' });
  const second = await committed(repository);
  const own = readRepositoryFile(context.disk, layout, 'laptop')!;
  const foreign = '0'.repeat(64) as CommitId;
  writeRepositoryFile(context.disk, layout, { ...own, id: 'f'.repeat(16), name: 'nas', head: foreign });
  assert.deepEqual((await back(repository)).head, { from: second, to: first });
  // What is done again loses nothing of anybody's.
  writeRepositoryFile(context.disk, layout, { ...own, id: 'f'.repeat(16), name: 'nas', head: second });
  await back(repository);
  assert.equal(commits.readHead(), second);
});

const TREE = { changed: 'old', gone: 'g', 'm/x': 'x', 'm/l': '-> x', turned: '-> changed', bits: 'b' };

async function restored(repository: Repository): Promise<string[]> {
  const { root } = repository;
  put(root, TREE);
  const from = await committed(repository);
  remove(root, 'changed', 'gone', 'm', 'turned');
  put(root, { changed: 'mine', turned: 'a file', 'n/y': 'y' });
  fs.chmodSync(join(root, 'bits'), 0o600);
  fs.utimesSync(join(root, 'changed'), 1, '1700000000.123457');
  const before = lines(treeOnDisk(root));
  const paths = Object.keys(TREE).map((path) => path.split('/')[0]!) as RepositoryPath[];
  await restore(reopened(repository), {
    paths: [...new Set(paths)],
    from,
    checkEverything: false,
    dryRun: false,
  });
  return before;
}

test('a restore is taken back, times, modes and symlinks too, and done again', async (t) => {
  const repository = await newRepository(t);
  const { root } = repository;
  const before = await restored(repository);
  const after = lines(treeOnDisk(root));
  const planned = await undo(reopened(repository), { dryRun: true });
  assert.deepEqual([planned.applied, lines(treeOnDisk(root))], [undefined, after]);
  for (const expected of [before, after, before]) {
    const { problems } = await back(repository);
    assert.deepEqual(codesOf(problems), []);
    assert.deepEqual(lines(treeOnDisk(root)), expected);
  }
  assert.deepEqual(leftoversIn(repository), []);
});

test('of a restore that is taken back, what changed since is left and said', async (t) => {
  const repository = await newRepository(t);
  const { root } = repository;
  await restored(repository);
  put(root, { changed: 'edited since', 'm/new': 'new' });
  remove(root, 'gone', 'turned');
  put(root, { turned: '-> elsewhere' });
  const { problems } = await back(repository);
  assert.deepEqual(codesOf(problems), [
    'flow/changed-since changed',
    'flow/changed-since turned',
    'sync/not-empty m',
  ]);
  assert.deepEqual(
    lines(treeOnDisk(root)).map((line) => line.split(' ').slice(0, 2).join(' ')),
    [
      '"" directory',
      '"bits" file',
      '"changed" file',
      '"m" directory',
      '"m/new" file',
      '"n" directory',
      '"n/y" file',
      '"turned" link',
    ],
  );
  assert.equal(fs.readFileSync(join(root, 'changed'), 'utf8'), 'edited since');
  assert.equal(fs.statSync(join(root, 'bits')).mode & 0o777, 0o600);
});

test('a move is taken back and done again, unless something has come in its way', async (t) => {
  const repository = await newRepository(t);
  const { root } = repository;
  put(root, { 'm/a': 'a', 'm/deep/b': 'b', other: 'o' });
  await committed(repository);
  const before = lines(treeOnDisk(root));
  const paths = { from: 'm' as RepositoryPath, to: 'n' as RepositoryPath };
  await move(reopened(repository), { ...paths, dryRun: false });
  const after = lines(treeOnDisk(root));
  assert.notDeepEqual(after, before);
  for (const expected of [before, after]) {
    assert.deepEqual(codesOf((await back(repository)).problems), []);
    assert.deepEqual(lines(treeOnDisk(root)), expected);
  }
  put(root, { 'm/mine': 'mine' });
  assert.deepEqual(codesOf((await back(repository)).problems), ['flow/changed-since n']);
  assert.equal(fs.readFileSync(join(root, 'n/deep/b'), 'utf8'), 'b');
});

test('operations of one second keep their order', async (t) => {
  const repository = await newRepository(t);
  const stopped = {
    ...repository,
    context: { ...repository.context, clock: { now: () => 0, offset: () => 0 } },
  };
  const { root } = repository;
  const heads: (CommitId | undefined)[] = [undefined];
  for (const text of ['1', '2', '3']) {
    put(root, { a: text });
    heads.push((await commitAll({ ...stopped, commits: repository.commits })).commit);
  }
  for (const operation of [...listOperations(repository, () => undefined)].map(({ name }) => name)) {
    await undo(stopped, { operation, dryRun: false });
    heads.pop();
    assert.equal(repository.commits.readHead(), heads.at(-1));
  }
  put(root, { a: '1', b: '1', c: '1', d: '1' });
  const { commit: from } = await commitAll(stopped);
  remove(root, 'a', 'b', 'c', 'd');
  for (const path of ['c', 'a', 'd', 'b'] as RepositoryPath[]) {
    await restore(stopped, { paths: [path], from: from!, checkEverything: false, dryRun: false });
  }
  await undo(stopped, { dryRun: false });
  assert.deepEqual(fs.readdirSync(root).sort(), ['.dbk', 'a', 'c', 'd']);
});

test('wherever taking back a commit is broken off, head, index and the list of operations agree', async (t) => {
  const prepared = await newRepository(t);
  const { root } = prepared;
  put(root, { a: 'a', 'm/b': 'b' });
  const first = await committed(prepared);
  remove(root, 'm');
  put(root, { a: 'edited' });
  put(prepared.layout.index, { 'tree/$a.metadata': 'about a\n' });
  const wanted = await changes(prepared);
  const second = await committed(prepared);
  const states = new Set<string>();
  for (let at = 1; ; at++) {
    const copy = `${root}-${at}`;
    assert.equal(spawnSync('cp', ['-a', root, copy]).status, 0);
    const disk = faultyDisk(quick, { kind: 'dies', at });
    const context = { ...prepared.context, identity: { ...prepared.context.identity, pid: DEAD } };
    await undo(openRepository({ ...context, disk }, copy), { dryRun: false }).catch((error: unknown) => {
      if (!(error instanceof Killed)) throw error;
    });
    if (!disk.happened) break;
    const where = `after call ${at}: ${disk.calls[at - 1]}`;
    const lock = join(copy, '.dbk/local/lock');
    if (fs.statSync(lock, { throwIfNoEntry: false })?.size === 0) fs.utimesSync(lock, 1, 1);
    const repository = openRepository(prepared.context, copy);
    const seen = await changes(repository);
    const head = repository.commits.readHead();
    states.add(head === first ? 'undone' : 'not');
    assert.deepEqual(seen, head === first ? wanted : [], where);
    // Also where it was not noted: taking back what is newest leads to the other one.
    const { undone } = await back(repository);
    const expected = head === first ? 'undo' : 'commit';
    if (undone.name !== '') assert.equal(undone.operation.command, expected, where);
    assert.equal(repository.commits.readHead(), head === first ? second : first, where);
    assert.deepEqual(await changes(repository), head === first ? [] : wanted, where);
    assert.deepEqual(leftoversIn(repository), [], where);
    fs.rmSync(copy, { recursive: true });
  }
  assert.deepEqual([...states].sort(), ['not', 'undone']);
});
