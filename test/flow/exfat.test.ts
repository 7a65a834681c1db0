/** What changes a person's files, on a volume without inodes, links, modes and fine times. */

import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import { join } from 'node:path/posix';
import { before, test } from 'node:test';
import { digest, loadBlake3 } from '../../src/disk/blake3.ts';
import { nodeDisk } from '../../src/disk/disk.ts';
import { init } from '../../src/flow/init.ts';
import { move } from '../../src/flow/mv.ts';
import { openFolderOf } from '../../src/flow/merge-source.ts';
import { openRepository, type Repository } from '../../src/flow/repository.ts';
import { restore } from '../../src/flow/restore.ts';
import { undo } from '../../src/flow/undo.ts';
import type { Instant } from '../../src/model/instant.ts';
import type { RepositoryPath } from '../../src/model/path.ts';
import { volume, type Volume } from '../tools/volumes.ts';
import { clone } from '../../src/flow/clone.ts';
import { temporary } from '../tools/tree.ts';
import * as fixture from './fixture.ts';
import { put } from './fixture.ts';
import { mergeFrom, otherContext, repositories } from './two-repositories.ts';

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
    if (kind === 'file') found[path] = nodeDisk.readFile(join(folder, path)).toString();
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

test('exFAT through FUSE: a copy of what it cannot keep is no change, and all of it comes back', async (t) => {
  const disk = volume(t, 'exfat');
  if (typeof disk === 'string') return t.skip(disk);
  const odd = Buffer.from([0x62, 0xff]);
  const [one] = (await repositories(t, ['laptop'], {
    ...TREE,
    'Music/what?.flac': 'what',
    'Music/Case': 'upper',
    'Music/case': 'lower',
    'Pictures/a:b/c.': 'c',
    'Pictures/link': '-> a:b',
  })) as [Repository];
  fs.writeFileSync(Buffer.concat([Buffer.from(`${one.root}/`), odd]), 'odd');
  fs.chmodSync(join(one.root, 'alone'), 0o600);
  fs.chmodSync(join(one.root, 'Music'), 0o750);
  fs.utimesSync(join(one.root, 'alone'), 1e9 + 0.25, 1e9 + 0.25);
  await fixture.commitAll(fixture.reopened(one));
  const folder = join(disk.folder, 'copy');
  const { made, repository } = await clone(otherContext('stick'), {
    source: one.root,
    directory: '/',
    folder,
    name: 'stick',
    report: () => undefined,
  });
  assert.deepEqual(fixture.codesOf(made.problems), ['flow/called-otherwise', 'sync/no-links']);
  assert.deepEqual(made.left, { absent: [], older: [] });
  const there = fs.readdirSync(join(folder, 'Music')).filter((name) => name.toLowerCase().includes('a'));
  assert.deepEqual(there.sort(), ['Case', 'a', 'case%~f354e74c', 'what%3F.flac']);
  const again = (): Repository => {
    disk.unmount();
    disk.mount();
    return openRepository(otherContext('stick'), folder);
  };
  assert.deepEqual(await fixture.statusOf(again()), { changes: [], problems: [] });
  for (const name of ['cache', 'cache-index', 'volume']) fs.rmSync(join(repository.layout.local, name));
  assert.deepEqual(await fixture.statusOf(again()), { changes: [], problems: [] });
  // What is done there is known by its names.
  fs.renameSync(join(folder, 'Music'), join(folder, 'Songs'));
  fs.renameSync(join(folder, 'Pictures/a%3Ab'), join(folder, 'Pictures/a%3Ac'));
  fs.writeFileSync(join(folder, 'Songs/what%3F.flac'), 'edited');
  fs.writeFileSync(join(folder, 'new'), 'new');
  await fixture.commitAll(again());
  const merged = await mergeFrom(one, again());
  assert.deepEqual(merged.problems, []);
  assert.deepEqual(contents(one.root), {
    'Pictures/a%3Ac/c.': 'c',
    'Songs/Case': 'upper',
    'Songs/a/1': 'one',
    'Songs/a/2': 'two two',
    'Songs/b/3': 'three',
    'Songs/case': 'lower',
    'Songs/what?.flac': 'edited',
    alone: 'alone',
    'b\udcff': 'odd',
    new: 'new',
    same: 'one',
  });
  const stats = fs.lstatSync(join(one.root, 'alone'));
  assert.deepEqual([stats.mode & 0o777, stats.mtimeMs], [0o600, 1_000_000_000_250]);
  assert.deepEqual(
    ['Songs', 'new'].map((path) => fs.lstatSync(join(one.root, path)).mode & 0o777),
    [0o750, 0o644],
  );
  assert.equal(fs.readlinkSync(join(one.root, 'Pictures/link')), 'a:b');
  // Only the case of a name is another one.
  fs.renameSync(join(one.root, 'alone'), join(one.root, 'ALONE'));
  put(one.root, { 'Songs/what?.flac': 'edited again', 'Songs/b/"3"': 'quoted' });
  await fixture.commitAll(fixture.reopened(one));
  const back = await mergeFrom(again(), one);
  assert.deepEqual(fixture.codesOf(back.problems), ['flow/called-otherwise', 'sync/no-links']);
  assert.deepEqual(
    fs.readdirSync(folder).filter((name) => /^alone$/i.test(name)),
    ['ALONE'],
  );
  assert.equal(fs.readFileSync(join(folder, 'Songs/what%3F.flac'), 'utf8'), 'edited again');
  assert.equal(fs.readFileSync(join(folder, 'Songs/b/%223%22'), 'utf8'), 'quoted');
  assert.deepEqual(await fixture.statusOf(again()), { changes: [], problems: [] });
  // Who serves it asks a disk that knows its names already.
  const served = again();
  const [source] = openFolderOf(served).localSources('Songs/what?.flac' as RepositoryPath, {
    kind: 'file',
    blake3: digest('edited again'),
    size: 12,
    mode: 0o644,
    mtime: '2026-01-01T00:00:00Z' as Instant,
  });
  assert.equal(served.context.disk.readFile(source!.path).toString(), 'edited again');
  // One that only reads it finds the contents by what it says, and writes nothing there.
  fs.rmSync(repository.layout.volume);
  const third = await clone(otherContext('third'), {
    source: folder,
    directory: '/',
    folder: join(temporary(t), 'third'),
    name: 'third',
    report: () => undefined,
  });
  assert.deepEqual(third.made.problems, []);
  assert.ok(!fs.existsSync(repository.layout.volume));
  assert.deepEqual(
    fixture.lines(fixture.treeOnDisk(third.repository.root)),
    fixture.lines(fixture.treeOnDisk(one.root)),
  );
});
