/** What changes a person's files, on a volume without inodes, links, modes and fine times. */

import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import { join } from 'node:path/posix';
import { before, test } from 'node:test';
import { loadBlake3 } from '../../src/disk/blake3.ts';
import { init } from '../../src/flow/init.ts';
import { move } from '../../src/flow/mv.ts';
import { openRepository, type Repository } from '../../src/flow/repository.ts';
import { restore } from '../../src/flow/restore.ts';
import { undo } from '../../src/flow/undo.ts';
import type { RepositoryPath } from '../../src/model/path.ts';
import { volume, type Volume } from '../tools/volumes.ts';
import * as fixture from './fixture.ts';

before(() => loadBlake3());

const TREE = {
  'Music/a/1': 'one',
  'Music/a/2': 'two two',
  'Music/b/3': 'three',
  alone: 'alone',
  same: 'one',
};

function contents(folder: string): Record<string, string> {
  const found: Record<string, string> = {};
  for (const [path, { kind }] of [...fixture.treeOnDisk(folder)].sort())
    if (kind === 'file') found[path] = fs.readFileSync(join(folder, path), 'utf8');
  return found;
}

function remounted(disk: Volume, { context }: Repository): Repository {
  disk.unmount();
  disk.mount();
  return openRepository(context, disk.folder);
}

test('exFAT through FUSE: moved folders and files are known by their contents, also after a remount', async (t) => {
  const disk = volume(t, 'exfat');
  if (typeof disk === 'string') return t.skip(disk);
  const made = await init(fixture.contextOf(), { folder: disk.folder, name: 'stick' });
  fixture.put(disk.folder, TREE);
  await fixture.commitAll(made);
  fs.renameSync(join(disk.folder, 'Music'), join(disk.folder, 'Songs'));
  fs.renameSync(join(disk.folder, 'Songs/b/3'), join(disk.folder, 'third'));
  fs.renameSync(join(disk.folder, 'alone'), join(disk.folder, 'ALONE'));
  const repository = remounted(disk, made);
  const changes = ['moved directory Songs', 'moved file ALONE', 'moved file third'];
  assert.deepEqual(await fixture.statusOf(repository), { changes, problems: [] });
  const { commit, problems } = await fixture.commitAll(remounted(disk, made));
  assert.deepEqual(problems, []);
  assert.deepEqual(
    repository.commits.readCommit(commit!).moved.map(({ from, to, by }) => `${from} ${to} ${by}`),
    ['alone ALONE content', 'Music/ Songs/ content', 'Music/b/3 third content'],
  );
  const paths = { from: 'Songs/a' as RepositoryPath, to: 'same' as RepositoryPath };
  await assert.rejects(move(repository, { ...paths, dryRun: false }));
  await move(repository, { ...paths, to: 'A' as RepositoryPath, dryRun: false });
  assert.deepEqual((await fixture.statusOf(remounted(disk, made))).changes, ['moved directory A']);
  await undo(remounted(disk, made), { dryRun: false });
  assert.deepEqual(await fixture.statusOf(remounted(disk, made)), { changes: [], problems: [] });
});

test('exFAT through FUSE: what is brought back, and what is taken back, is whole', async (t) => {
  const disk = volume(t, 'exfat');
  if (typeof disk === 'string') return t.skip(disk);
  const made = await init(fixture.contextOf(), { folder: disk.folder, name: 'stick' });
  fixture.put(disk.folder, TREE);
  const { commit: from } = await fixture.commitAll(made);
  const old = contents(disk.folder);
  fixture.remove(disk.folder, 'same', 'Music/b');
  fixture.put(disk.folder, { alone: 'edited, not committed' });
  const edited = contents(disk.folder);
  const request = { from: from!, checkEverything: false, dryRun: false };
  const restored = await restore(remounted(disk, made), {
    ...request,
    paths: ['same', 'alone'] as RepositoryPath[],
  });
  // Nobody else has the bytes of 'alone': there is no guard but for what dbk itself replaces.
  assert.deepEqual(fixture.codesOf(restored.problems), ['sync/nowhere alone']);
  assert.deepEqual(contents(disk.folder), { ...edited, same: old['same'] });
  await undo(remounted(disk, made), { dryRun: false });
  assert.deepEqual(contents(disk.folder), edited);
  await undo(remounted(disk, made), { dryRun: false });
  assert.deepEqual(contents(disk.folder), { ...edited, same: old['same'] });
  const seen = await fixture.statusOf(remounted(disk, made));
  assert.deepEqual(seen.problems, []);
  assert.deepEqual(seen.changes, [
    'changed file alone',
    'missing directory Music/b',
    'missing file Music/b/3',
  ]);
  assert.deepEqual(fixture.leftoversIn(made), []);
});
