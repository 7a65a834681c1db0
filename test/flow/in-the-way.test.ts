/** What stands, or stood, where head knows something that is not here: nothing takes the place of anything unseen. */

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import { join } from 'node:path/posix';
import { before, test, type TestContext } from 'node:test';
import { digest, loadBlake3 } from '../../src/disk/blake3.ts';
import { clone } from '../../src/flow/clone.ts';
import type { Repository } from '../../src/flow/repository.ts';
import { setWant } from '../../src/flow/want.ts';
import { temporary } from '../tools/tree.ts';
import { Killed } from '../disk/faulty.ts';
import {
  codesOf,
  commitAll,
  lines,
  move,
  put,
  remove,
  reopened,
  statusOf,
  treeAt,
  treeOnDisk,
} from './fixture.ts';
import { mergeFrom, otherContext, repositories, type Files } from './two-repositories.ts';

before(() => loadBlake3());

/** Of a process that is no more. */
const DEAD = spawnSync('true').pid;

/** A repository that wants nothing of the folder a, or of something else. */
async function withoutA(t: TestContext, one: Repository, not = 'a/'): Promise<Repository> {
  const { repository } = await clone(otherContext('part'), {
    source: one.root,
    directory: '/',
    folder: join(temporary(t), 'part'),
    name: 'part',
    want: [{ not }],
    report: () => undefined,
  });
  return repository;
}

test('a folder that came and went before anybody looked is missing, and not forgotten', async (t) => {
  const [one] = (await repositories(t, ['laptop'], { 'a/b/c': 'c', d: 'd' })) as [Repository];
  const part = await withoutA(t, one);
  await statusOf(reopened(part));
  await setWant(reopened(part), [], false);
  // Then the look that the merge begins with learns nothing new.
  await new Promise((resolve) => setTimeout(resolve, 50));
  await commitAll(reopened(part));
  await mergeFrom(part, one);
  assert.deepEqual([...treeOnDisk(part.root).keys()].sort(), ['', 'a', 'a/b', 'a/b/c', 'd']);
  remove(part.root, 'a');
  const { changes } = await statusOf(reopened(part));
  assert.deepEqual(changes, ['missing directory a', 'missing directory a/b', 'missing file a/b/c']);
});

test('what came is in the guard from the beginning', async (t) => {
  const [one, other] = (await repositories(t, ['laptop', 'nas'], { 'notes.txt': 'notes' })) as [
    Repository,
    Repository,
  ];
  put(other.root, { 'notes.txt': 'edited', new: 'n' });
  await commitAll(reopened(other));
  await mergeFrom(one, other);
  const { guard } = one.layout;
  for (const content of ['edited', 'n']) {
    const id = digest(content);
    const names = fs.readdirSync(join(guard, id.slice(0, 2))).filter((name) => name.startsWith(id.slice(2)));
    assert.equal(names.length, 1, content);
  }
});

const IN_THE_WAY: readonly (readonly [what: string, recorded: Files, put: Files, path: string])[] = [
  ['a file where a folder is recorded', { 'a/b/c': 'c', d: 'd' }, { 'a/b': 'mine' }, 'a/b'],
  ['a folder where a file is recorded', { 'a/b': 'b', d: 'd' }, { 'a/b/c': 'mine' }, 'a/b'],
];

for (const [what, recorded, mine, path] of IN_THE_WAY) {
  test(`${what} that is not wanted here is told, and neither takes the place of the other`, async (t) => {
    const [one] = (await repositories(t, ['laptop'], recorded)) as [Repository];
    const part = await withoutA(t, one);
    put(part.root, mine);
    const before = lines(treeOnDisk(part.root));
    const { problems } = await commitAll(reopened(part));
    assert.deepEqual(codesOf(problems), [`flow/in-place-of-absent ${path}`]);
    remove(one.root, 'a');
    put(one.root, { new: 'n' });
    await commitAll(reopened(one));
    await mergeFrom(part, one);
    assert.deepEqual(
      lines(treeOnDisk(part.root)).filter((line) => !line.startsWith('"new"')),
      before,
    );
    await mergeFrom(part, one);
    await mergeFrom(one, part);
    assert.deepEqual(
      Object.keys(mine).map((name) => fs.readFileSync(join(one.root, name), 'utf8')),
      ['mine'],
    );
  });
}

test('a file in the place of a folder that is wanted and not here stays in its way, merge after merge', async (t) => {
  const [one] = (await repositories(t, ['laptop'], { 'a/b/c': 'c', d: 'd' })) as [Repository];
  const part = await withoutA(t, one);
  put(part.root, { a: 'mine' });
  await setWant(reopened(part), [], false);
  for (const round of [1, 2]) {
    const { problems } = await mergeFrom(part, one);
    const codes = codesOf(problems).filter((code) => code.startsWith('sync/'));
    assert.deepEqual(codes, ['sync/cannot-touch a'], `round ${round}`);
    const { problems: told } = await statusOf(reopened(part));
    assert.deepEqual(codesOf(told), ['flow/in-place-of-absent a']);
  }
  assert.equal(fs.readFileSync(join(part.root, 'a'), 'utf8'), 'mine');
});

test('rules that change after a commit was broken off know what it kept beside', async (t) => {
  const [one] = (await repositories(t, ['laptop'], { b: 'b', d: 'd' })) as [Repository];
  const part = await withoutA(t, one, 'b');
  await setWant(reopened(part), [], false);
  put(part.root, { b: 'mine' });
  const record = join(part.layout.repositories, 'part.yaml');
  const beside = 'b (conflict';
  const saying: string[] = [];
  const disk = {
    ...part.context.disk,
    rename: (from: string, to: string) => {
      // The process is gone before it says what it holds now.
      if (to === record && saying.push(to) > 1) throw new Killed();
      part.context.disk.rename(from, to);
    },
  };
  const context = { ...part.context, identity: { ...part.context.identity, pid: DEAD } };
  await assert.rejects(commitAll(reopened({ ...part, context }, disk)), Killed);
  await setWant(reopened(part), [{ not: 'x/' }], false);
  const { changes } = await commitAll(reopened(part));
  assert.deepEqual(changes, []);
  const head = treeAt(part, reopened(part).commits.readHead()!);
  assert.equal([...head.keys()].filter((path) => path.startsWith(beside)).length, 1);
});

test('what is in a folder that could not move is absent, and comes with the next merge', async (t) => {
  const files = { x: 'file', 'b/w': 'w', 'b/1': '1', 'b/2': '2', 'b/3': '3', y: 'y' };
  const [one, other] = (await repositories(t, ['laptop', 'nas'], files)) as [Repository, Repository];
  remove(other.root, 'x');
  move(other.root, 'b/w', 'x/w');
  move(other.root, 'b', 'c');
  move(other.root, 'y', 'c/w');
  put(other.root, { 'c/new': 'new' });
  await commitAll(reopened(other));
  const first = await mergeFrom(one, other);
  const waiting = codesOf(first.problems).filter((code) => code.startsWith('sync/waits'));
  assert.notDeepEqual(waiting, []);
  assert.ok(!fs.existsSync(join(one.root, 'c/new')));
  assert.deepEqual((await statusOf(reopened(one))).changes, []);
  assert.equal((await commitAll(reopened(one))).commit, undefined);
  await mergeFrom(one, other);
  assert.deepEqual(lines(treeOnDisk(one.root)), lines(treeOnDisk(other.root)));
});

test('something new below a folder that stayed behind is recorded with all folders above it', async (t) => {
  const [one] = (await repositories(t, ['laptop'], { 'a/c/z': 'z', d: 'd' })) as [Repository];
  const part = await withoutA(t, one, 'a/c/');
  put(part.root, { 'a/c/z/w': 'mine' });
  await new Promise((resolve) => setTimeout(resolve, 50));
  await commitAll(reopened(part));
  remove(one.root, 'a/c');
  await commitAll(reopened(one));
  await mergeFrom(part, one);
  await commitAll(reopened(part));
  const recorded = [...treeAt(part, reopened(part).commits.readHead()!).keys()].sort();
  assert.deepEqual(recorded, ['a', 'a/c', 'a/c/z', 'a/c/z/w', 'd']);
  assert.deepEqual((await statusOf(reopened(part))).changes, []);
});
