/** The permission bits of the repository's own folder go to others as those of every folder do. */

import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import { join } from 'node:path/posix';
import { before, test } from 'node:test';
import { loadBlake3 } from '../../src/disk/blake3.ts';
import { init } from '../../src/flow/init.ts';
import type { Repository } from '../../src/flow/repository.ts';
import { undo } from '../../src/flow/undo.ts';
import { temporary } from '../tools/tree.ts';
import { codesOf, commitAll, quick, reopened, statusOf } from './fixture.ts';
import { mergeFrom, otherContext, repositories } from './two-repositories.ts';

before(() => loadBlake3());

const modeOf = ({ root }: Repository): string => (fs.statSync(root).mode & 0o7777).toString(8);

test('they are set where a merge brings them, taken back with it, and nobody turns them round', async (t) => {
  const [one, other] = (await repositories(t, ['laptop', 'disk'], { a: 'a' })) as [Repository, Repository];
  const before = modeOf(other);
  fs.chmodSync(one.root, 0o711);
  await commitAll(reopened(one));
  await mergeFrom(other, one);
  assert.equal(modeOf(other), '711');
  assert.deepEqual((await statusOf(reopened(other))).changes, []);
  assert.equal((await commitAll(reopened(other))).commit, undefined);
  assert.equal(one.commits.readHead(), other.commits.readHead());

  await undo(reopened(other), { dryRun: false });
  assert.equal(modeOf(other), before);
});

test('where both sides set some, both folders get the stricter ones', async (t) => {
  const [one, other] = (await repositories(t, ['laptop', 'disk'], { a: 'a' })) as [Repository, Repository];
  fs.chmodSync(one.root, 0o711);
  await commitAll(reopened(one));
  fs.chmodSync(other.root, 0o750);
  await mergeFrom(other, one);
  await mergeFrom(one, other);
  assert.deepEqual([modeOf(one), modeOf(other)], ['710', '710']);
});

test('a new repository gets those of the one it is a copy of', async (t) => {
  const [one] = (await repositories(t, ['laptop'], { a: 'a' })) as [Repository];
  fs.chmodSync(one.root, 0o711);
  await commitAll(reopened(one));
  const other = await init(otherContext('disk'), { folder: join(temporary(t), 'disk'), name: 'disk' });
  await mergeFrom(other, one);
  assert.equal(modeOf(other), '711');
});

test('where they cannot be set that is said, and the rest is done', async (t) => {
  const [one, other] = (await repositories(t, ['laptop', 'disk'], { a: 'a' })) as [Repository, Repository];
  const before = modeOf(other);
  fs.chmodSync(one.root, 0o711);
  fs.writeFileSync(`${one.root}/b`, 'b');
  await commitAll(reopened(one));
  const chmod = (path: string, mode: number): void => {
    if (path === other.root) throw Object.assign(new Error('EPERM'), { code: 'EPERM' });
    quick.chmod(path, mode);
  };
  const refusing = reopened(other, { ...quick, chmod });
  const merged = await mergeFrom({ ...other, context: refusing.context }, one);
  assert.deepEqual(codesOf(merged.problems), ['flow/root-mode .']);
  assert.equal(modeOf(other), before);
  assert.equal(fs.readFileSync(`${other.root}/b`, 'utf8'), 'b');
});
