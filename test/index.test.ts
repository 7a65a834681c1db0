import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path/posix';
import { test } from 'node:test';
import * as dbk from '../src/index.ts';

test('a program can do with the library what a person can', async (t) => {
  const folder = fs.realpathSync(fs.mkdtempSync(join(tmpdir(), 'dbk-library-')));
  t.after(() => fs.rmSync(folder, { recursive: true, force: true }));
  fs.writeFileSync(join(folder, 'a'), 'one');
  const context = dbk.machineContext({ pid: process.pid, author: 'Ada' });
  const repository = await dbk.init(context, { folder, name: 'laptop' });
  const changes: string[] = [];
  const report = ({ kind, path }: dbk.Change): number => changes.push(`${kind} ${path}`);
  const options = {
    message: 'First',
    confirmDeletions: false,
    checkEverything: false,
    dryRun: false,
    report,
  };
  const { commit } = await dbk.commit(repository, options);
  assert.ok(commit !== undefined && dbk.isCommitId(commit) && changes.includes('added a'));
  const again = dbk.openRepository(context, folder);
  const { head, files, bytes } = await dbk.status(again, {
    checkEverything: false,
    report: ({ path }) => assert.fail(path),
  });
  assert.deepEqual({ head, files, bytes }, { head: commit, files: 1, bytes: 3 });
  assert.deepEqual(
    [...dbk.log(again, head)].map(({ id, commit: { author, message } }) => [id, author, message]),
    [[commit, 'Ada', 'First\n']],
  );
  assert.equal(dbk.namedCommit(again, commit.slice(0, 8)), commit);
  assert.equal(dbk.show(again, commit).commit.repository, 'laptop');
  const listed = dbk.list(again, { path: dbk.ROOT, at: head!, recursive: true });
  assert.deepEqual(
    [...listed].map(({ path, here }) => [path, here]),
    [['a', true]],
  );
  const path = dbk.parsePath('a')!;
  assert.equal(dbk.why(again, path).recorded, true);
  const difference = await dbk.diff(again, { paths: [path] });
  assert.deepEqual([...difference.changes()], []);
  await assert.rejects(
    dbk.forget(again, { paths: [path], message: '', dryRun: false }),
    (error: unknown) => error instanceof dbk.Refusal && error.kind === 'safety',
  );
  assert.equal((await dbk.changeSetting(again, 'confirm', '10')).value, '1000');
  assert.equal((await dbk.setting(again, 'confirm')).value, '10');
});

test('a machine has names for who and where, and a clock', () => {
  const { identity, clock, random, threads } = dbk.machineContext({ pid: 7 });
  assert.match(identity.author, /^.+ <.+@.+>$/);
  assert.equal(identity.author.startsWith(`${identity.user} <`), true);
  assert.equal(identity.pid, 7);
  assert.ok(identity.host.length > 0 && [1, 2].includes(threads));
  assert.equal(clock.offset(0), 0 - new Date(0).getTimezoneOffset());
  assert.equal(random(8).length, 8);
});
