/** What is absent comes from folders that are no repositories, by content. */

import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import { join } from 'node:path/posix';
import { before, test, type TestContext } from 'node:test';
import { loadBlake3 } from '../../src/disk/blake3.ts';
import { adopt } from '../../src/flow/adopt.ts';
import { clone } from '../../src/flow/clone.ts';
import type { Got } from '../../src/flow/get.ts';
import type { Repository } from '../../src/flow/repository.ts';
import { setWant } from '../../src/flow/want.ts';
import { temporary, tree, type Literal } from '../tools/tree.ts';
import { codesOf, lines, put, reopened, statusOf, treeOnDisk } from './fixture.ts';
import { mergeFrom, otherContext, repositories } from './two-repositories.ts';

before(() => loadBlake3());

const FILES = {
  'Pictures/2014/a.jpg': 'picture a',
  'Pictures/2014/b.jpg': 'picture b',
  'Pictures/2014/again.jpg': 'picture a',
  'Pictures/link': '-> 2014',
  'Music/x.flac': 'a song',
  'Music/same-size': 'b song',
  notes: 'notes',
};

/** A repository with the history of another one, that wants all of it and holds nothing. */
async function empty(t: TestContext, one: Repository): Promise<Repository> {
  const { repository } = await clone(otherContext('disk'), {
    source: one.root,
    directory: '/',
    folder: join(temporary(t), 'disk'),
    name: 'disk',
    want: [{ not: '**' }],
    report: () => undefined,
  });
  await setWant(reopened(repository), [], false);
  return repository;
}

async function adopted(to: Repository, folders: readonly string[], dryRun = false): Promise<Got> {
  return adopt(reopened(to), {
    folders,
    message: '',
    confirmDeletions: false,
    checkEverything: false,
    dryRun,
    reportOwn: () => undefined,
  });
}

test('an old copy with other names and times gives what it has; a pull brings the rest', async (t) => {
  const [one] = (await repositories(t, ['laptop'], FILES)) as [Repository];
  const disk = await empty(t, one);
  const old: Literal = {
    'DCIM/IMG_1.JPG': 'picture a',
    'x (1).flac': 'a song',
    'deep/er/something': 'of nobody',
    'deep/link': { kind: 'link', target: '../DCIM' },
    '.dbk/hidden': 'notes',
  };
  const folder = tree(t, old);
  fs.utimesSync(join(folder, 'DCIM/IMG_1.JPG'), 1, 1);
  fs.chmodSync(join(folder, 'DCIM/IMG_1.JPG'), 0o400);
  const before = lines(treeOnDisk(folder));
  const planned = await adopted(disk, [folder], true);
  assert.equal(planned.plan.needs.written, 3);
  assert.deepEqual([...treeOnDisk(disk.root).keys()], ['']);
  const { problems, applied } = await adopted(disk, [folder]);
  assert.deepEqual(problems, []);
  assert.equal(applied?.done.filter(({ after }) => after.kind === 'file').length, 3);
  const [there, here] = [treeOnDisk(one.root), treeOnDisk(disk.root)];
  const came = [
    'Music',
    'Music/x.flac',
    'Pictures',
    'Pictures/2014',
    'Pictures/2014/a.jpg',
    'Pictures/2014/again.jpg',
  ];
  assert.deepEqual([...here.keys()].sort(), ['', ...came]);
  for (const path of came) assert.deepEqual(here.get(path), there.get(path), path);
  assert.deepEqual(lines(treeOnDisk(folder)), before, 'nothing there has changed');
  assert.deepEqual(await statusOf(reopened(disk)), { changes: [], problems: [] });
  assert.deepEqual((await mergeFrom(disk, one)).problems, []);
  assert.deepEqual(lines(treeOnDisk(disk.root)), lines(there));
});

test('only what is wanted comes, and nothing where all is here', async (t) => {
  const [one] = (await repositories(t, ['laptop'], FILES)) as [Repository];
  const disk = await empty(t, one);
  await setWant(reopened(disk), [{ path: 'Music/**' }], false);
  const folder = tree(t, { 1: 'picture a', 2: 'a song', 3: 'b song' });
  await adopted(disk, [folder]);
  assert.deepEqual([...treeOnDisk(disk.root).keys()].sort(), [
    '',
    'Music',
    'Music/same-size',
    'Music/x.flac',
  ]);
  const again = await adopted(disk, [folder]);
  assert.deepEqual([again.plan.actions, again.problems], [[], []]);
});

test('what stands here unrecorded stays, and is kept beside what is recorded', async (t) => {
  const [one] = (await repositories(t, ['laptop'], FILES)) as [Repository];
  const disk = await empty(t, one);
  put(disk.root, { notes: 'my own notes' });
  await adopted(disk, [tree(t, { 1: 'notes' })]);
  assert.equal(fs.readFileSync(join(disk.root, 'notes'), 'utf8'), 'my own notes');
  const beside = fs.readdirSync(disk.root).find((name) => name.startsWith('notes (conflict'));
  assert.equal(fs.readFileSync(join(disk.root, beside!), 'utf8'), 'notes');
});

test('a folder of its own is refused, and what cannot be read is told', async (t) => {
  const [one] = (await repositories(t, ['laptop'], FILES)) as [Repository];
  const disk = await empty(t, one);
  await assert.rejects(adopted(disk, [join(disk.root, 'Pictures')]), { kind: 'usage' });
  const folder = tree(t, { first: 'a song', second: 'b song', third: 'b song' });
  const { context } = disk;
  const broken = {
    ...context.disk,
    openRead: (path: string) => {
      if (path.endsWith('/first')) throw Object.assign(new Error('EIO'), { code: 'EIO' });
      return context.disk.openRead(path);
    },
    lstat: (path: string) => {
      if (path.endsWith('/third')) throw Object.assign(new Error('EACCES'), { code: 'EACCES' });
      return context.disk.lstat(path);
    },
  };
  const { problems } = await adopted({ ...disk, context: { ...context, disk: broken } }, [folder]);
  assert.deepEqual(codesOf(problems).sort(), [
    `flow/cannot-read ${folder}/first`,
    `flow/cannot-read ${folder}/third`,
  ]);
  assert.deepEqual([...treeOnDisk(disk.root).keys()].sort(), ['', 'Music', 'Music/same-size']);
});
