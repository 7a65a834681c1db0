/** A repository that was copied, restored or moved to another volume is noticed before it meets another one. */

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import { join } from 'node:path/posix';
import { before, test, type TestContext } from 'node:test';
import { loadBlake3 } from '../../src/disk/blake3.ts';
import { readConfig } from '../../src/flow/config.ts';
import { push } from '../../src/flow/push.ts';
import { openRepository, type Repository } from '../../src/flow/repository.ts';
import { settleCopied, settleMoved } from '../../src/flow/settle-here.ts';
import { commitAll, contextOf, put, reopened, statusOf, treeOnDisk } from './fixture.ts';
import { mergeFrom, otherContext, repositories, UNWATCHED } from './two-repositories.ts';

before(() => loadBlake3());

interface Copied {
  readonly one: Repository;
  readonly nas: Repository;
  readonly copy: Repository;
}

/** A repository, one that it has met, and a copy that `cp` made. */
async function copied(t: TestContext): Promise<Copied> {
  const [one, nas] = (await repositories(t, ['laptop', 'nas'], { a: 'a', 'b/c': 'c' })) as [
    Repository,
    Repository,
  ];
  await mergeFrom(one, nas);
  const folder = `${one.root} copy`;
  assert.equal(spawnSync('cp', ['-a', one.root, folder]).status, 0);
  return { one, nas, copy: openRepository(otherContext('copy'), folder) };
}

const REFUSED = { kind: 'safety', message: /is not where it was/ };

async function pushTo(from: Repository, to: Repository): Promise<unknown> {
  return push(reopened(from), {
    remote: { name: 'to', kind: 'path', path: to.root },
    ...UNWATCHED,
    confirmDeletions: false,
  });
}

test('a copy made with cp exchanges nothing, in no direction, and goes on recording', async (t) => {
  const { one, nas, copy } = await copied(t);
  await assert.rejects(mergeFrom(copy, nas), REFUSED);
  await assert.rejects(pushTo(copy, nas), REFUSED);
  await assert.rejects(pushTo(nas, copy), REFUSED);
  put(copy.root, { new: 'n' });
  await commitAll(reopened(copy));
  const { problems } = await statusOf(reopened(copy));
  assert.deepEqual(
    problems.map(({ code, severity }) => [code, severity]),
    [['flow/elsewhere', 'warning']],
  );
  assert.deepEqual((await statusOf(reopened(one))).problems, []);
  await assert.rejects(mergeFrom(one, copy), { kind: 'safety', message: /has the id of this repository/ });
});

test('a copy that a person says to be one gets an id and a name, and meets the others', async (t) => {
  const { one, nas, copy } = await copied(t);
  const before = await readConfig(copy);
  const { name } = await settleCopied(copy);
  assert.equal(name, 'laptop-2');
  const after = await readConfig(copy);
  assert.deepEqual({ ...after, name: before.name, id: before.id }, before);
  assert.notEqual(after.id, before.id);
  assert.deepEqual((await statusOf(reopened(copy))).problems, []);
  put(copy.root, { new: 'n' });
  put(one.root, { other: 'o' });
  await commitAll(reopened(one));
  const [here, there] = [await mergeFrom(copy, one), await mergeFrom(one, copy)];
  await mergeFrom(nas, copy);
  assert.deepEqual([...here.problems, ...there.problems], []);
  for (const each of [one, nas])
    assert.deepEqual([...treeOnDisk(each.root).keys()], [...treeOnDisk(copy.root).keys()]);
  const known = fs.readdirSync(nas.layout.repositories).sort();
  assert.deepEqual(known, ['laptop-2.yaml', 'laptop.yaml', 'nas.yaml']);
});

test('a name that is taken or none is refused for a copy, and nothing changes', async (t) => {
  const { copy } = await copied(t);
  const text = fs.readFileSync(copy.layout.config, 'utf8');
  await assert.rejects(settleCopied(copy, 'nas'), { kind: 'usage', message: /is called 'nas'/ });
  await assert.rejects(settleCopied(copy, 'No'), { kind: 'usage' });
  assert.equal(fs.readFileSync(copy.layout.config, 'utf8'), text);
});

test('one that moved to another volume goes on as the one it was', async (t) => {
  const { one, nas, copy } = await copied(t);
  fs.rmSync(one.root, { recursive: true });
  const { id } = await readConfig(copy);
  await settleMoved(copy);
  assert.equal((await readConfig(copy)).id, id);
  put(copy.root, { new: 'n' });
  assert.deepEqual((await mergeFrom(copy, nas)).problems, []);
  assert.deepEqual((await mergeFrom(nas, copy)).problems, []);
  assert.ok(fs.existsSync(join(nas.root, 'new')));
});

test('one that got another name in its place is where it was, and so is one that never said', async (t) => {
  const { one, nas, copy } = await copied(t);
  const folder = `${one.root} renamed`;
  fs.renameSync(one.root, folder);
  assert.deepEqual((await statusOf(openRepository(contextOf(), folder))).problems, []);
  fs.rmSync(copy.layout.here);
  assert.deepEqual((await mergeFrom(copy, nas)).problems, []);
});
