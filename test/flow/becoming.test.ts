/** A file that makes who runs it somebody else comes from elsewhere as an ordinary one, and stays recorded as it is. */

import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import { join } from 'node:path/posix';
import { before, test } from 'node:test';
import { loadBlake3 } from '../../src/disk/blake3.ts';
import type { Repository } from '../../src/flow/repository.ts';
import { undo } from '../../src/flow/undo.ts';
import { commitAll, put, reopened, statusOf } from './fixture.ts';
import { mergeFrom, repositories } from './two-repositories.ts';

before(() => loadBlake3());

const CLEAN = { changes: [], problems: [] };

function modesOf({ root }: Repository): Record<string, string> {
  const names = fs.readdirSync(root).filter((name) => name !== '.dbk');
  return Object.fromEntries(
    names.map((name) => [name, (fs.lstatSync(join(root, name)).mode & 0o7777).toString(8)]),
  );
}

function setMode({ root }: Repository, name: string, mode: number): void {
  fs.chmodSync(join(root, name), mode);
}

test('set-user-id and set-group-id do not come along, and nobody takes that for a change', async (t) => {
  const [one, other] = (await repositories(t, ['one', 'other'], { plain: 'p', own: 'o' })) as [
    Repository,
    Repository,
  ];
  put(one.root, { user: 'u', group: 'g' });
  setMode(one, 'user', 0o4755);
  setMode(one, 'group', 0o2750);
  setMode(one, 'plain', 0o6711);
  await commitAll(reopened(one));
  const made = await mergeFrom(reopened(other), one);
  assert.deepEqual([made.problems, made.left], [[], { absent: [], older: [] }]);
  assert.deepEqual(modesOf(other), { group: '750', own: '644', plain: '711', user: '755' });
  assert.deepEqual(await statusOf(reopened(other)), CLEAN);
  assert.equal((await commitAll(reopened(other))).commit, undefined);
  assert.equal(reopened(other).commits.readHead(), reopened(one).commits.readHead());
  // Another content, and other bits there.
  put(one.root, { user: 'changed' });
  setMode(one, 'user', 0o4755);
  setMode(one, 'plain', 0o644);
  await commitAll(reopened(one));
  await mergeFrom(reopened(other), one);
  assert.deepEqual(modesOf(other), { group: '750', own: '644', plain: '644', user: '755' });
  assert.deepEqual(await statusOf(reopened(other)), CLEAN);
  await undo(reopened(other), { dryRun: false });
  assert.deepEqual(modesOf(other), { group: '750', own: '644', plain: '711', user: '755' });
});

test('a file that has them here keeps them while it stays what it is', async (t) => {
  const [one, other] = (await repositories(t, ['one', 'other'], { own: 'o' })) as [Repository, Repository];
  setMode(one, 'own', 0o4755);
  await commitAll(reopened(one));
  await mergeFrom(reopened(other), one);
  setMode(other, 'own', 0o4755);
  await commitAll(reopened(other));
  fs.utimesSync(join(one.root, 'own'), 1, 1);
  await commitAll(reopened(one));
  await mergeFrom(reopened(other), one);
  assert.deepEqual(modesOf(other), { own: '4755' });
  put(one.root, { own: 'another' });
  setMode(one, 'own', 0o4755);
  await commitAll(reopened(one));
  await mergeFrom(reopened(other), one);
  assert.deepEqual(modesOf(other), { own: '755' });
  assert.deepEqual(await statusOf(reopened(other)), CLEAN);
});
