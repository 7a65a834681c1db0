/** Copies on other disks, as whole commands: made, brought up to date from both ends, and refused before anything is done. */

import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import { join } from 'node:path/posix';
import { before, test, type TestContext } from 'node:test';
import { loadBlake3 } from '../../src/disk/blake3.ts';
import { backup, type BackupStep } from '../../src/flow/backup.ts';
import { clone } from '../../src/flow/clone.ts';
import { fetch } from '../../src/flow/fetch.ts';
import { init } from '../../src/flow/init.ts';
import { openAddress } from '../../src/flow/merge-source.ts';
import { readConfig } from '../../src/flow/config.ts';
import { readRemotes } from '../../src/flow/remotes.ts';
import { openRepository, type Repository } from '../../src/flow/repository.ts';
import { Refusal } from '../../src/model/problem.ts';
import { readRepositoryFile } from '../../src/store/repository-file.ts';
import { temporary } from '../tools/tree.ts';
import {
  codesOf,
  commitAll,
  contextOf,
  leftoversIn,
  lines,
  move,
  put,
  remove,
  statusOf,
  textsIn,
  treeOnDisk,
} from './fixture.ts';
import { otherContext } from './two-repositories.ts';

before(() => loadBlake3());

const FILES = { 'Pictures/a.jpg': 'a', 'Pictures/b.jpg': 'bb', 'notes.txt': 'notes' };

interface Done {
  readonly steps: readonly string[];
  readonly problems: readonly string[];
  readonly place: string;
}

function wordsOfStep(step: BackupStep): string {
  switch (step.kind) {
    case 'made':
      return 'made';
    case 'recorded':
      return `recorded ${step.result.commit === undefined ? 'nothing' : 'a commit'}`;
    case 'cloned':
      return `cloned ${step.cloned.made.applied?.done.filter(({ after }) => after.kind === 'file').length} files`;
    case 'came':
    case 'went':
      return `${step.kind} ${step.result.done ?? 0}, ${step.result.needs?.moved ?? 0} moved`;
  }
}

async function back(source: string, disk: string, confirmDeletions = true): Promise<Done> {
  const steps: string[] = [];
  const problems: string[] = [];
  const { place } = await backup(contextOf(), {
    source,
    disk,
    message: '',
    confirmDeletions,
    checkEverything: false,
    reportOwn: () => undefined,
    tell: async (step) => {
      steps.push(wordsOfStep(step));
      if (step.kind === 'cloned') problems.push(...codesOf(step.cloned.made.problems));
      else if (step.kind !== 'made') problems.push(...codesOf(step.result.problems));
    },
  });
  return { steps, problems, place };
}

function folders(t: TestContext): { readonly source: string; readonly disk: string } {
  const folder = temporary(t);
  const [source, disk] = [join(folder, 'Data'), join(folder, 'disk')];
  fs.mkdirSync(disk);
  put(source, FILES);
  return { source, disk };
}

async function assertEqual(source: string, place: string): Promise<void> {
  const [one, other] = [source, place].map((root) => openRepository(contextOf(), root)) as [
    Repository,
    Repository,
  ];
  assert.equal(one.commits.readHead(), other.commits.readHead());
  assert.deepEqual(lines(treeOnDisk(source)), lines(treeOnDisk(place)));
  assert.deepEqual(textsIn(one.layout.index), textsIn(other.layout.index));
  for (const each of [one, other]) {
    assert.deepEqual(await statusOf(each), { changes: [], problems: [] });
    assert.deepEqual(leftoversIn(each), []);
  }
}

test('a folder that was none is a repository, and its copy is another one', async (t) => {
  const { source, disk } = folders(t);
  const done = await back(source, disk);
  assert.deepEqual(done, {
    steps: ['made', 'recorded a commit', 'cloned 3 files'],
    problems: [],
    place: join(disk, 'Data'),
  });
  await assertEqual(source, done.place);
  const repository = openRepository(contextOf(), source);
  const { remotes } = await readRemotes(repository);
  const { id } = await readConfig(openRepository(contextOf(), done.place));
  assert.deepEqual(
    remotes.map((remote) => ({ ...remote, volume: '', label: '', below: '' })),
    [{ name: 'machine-2', kind: 'path', path: done.place, id, volume: '', label: '', below: '' }],
  );
  // Each knows what the other one has.
  const known = readRepositoryFile(contextOf().disk, repository.layout, 'machine-2');
  assert.equal(known?.head, repository.commits.readHead());
});

test('what changed at either end is at both after one more, moved and not copied where it only moved', async (t) => {
  const { source, disk } = folders(t);
  const { place } = await back(source, disk);
  const inode = fs.statSync(join(place, 'Pictures/a.jpg')).ino;
  move(source, 'Pictures', 'Photos');
  put(source, { 'notes.txt': 'more notes' });
  put(place, { 'there.txt': 'there' });
  const again = await back(source, disk);
  assert.deepEqual(again.problems, []);
  assert.equal(fs.statSync(join(place, 'Photos/a.jpg')).ino, inode);
  assert.equal(fs.readFileSync(join(source, 'there.txt'), 'utf8'), 'there');
  await assertEqual(source, place);
  const third = await back(source, place);
  assert.deepEqual(third, {
    steps: ['recorded nothing', 'went 0, 0 moved', 'came 0, 0 moved'],
    problems: [],
    place,
  });
});

test('what is gone goes there only when a person has confirmed it', async (t) => {
  const { source, disk } = folders(t);
  const { place } = await back(source, disk);
  remove(source, 'notes.txt');
  await back(source, disk, false);
  assert.equal(fs.readFileSync(join(place, 'notes.txt'), 'utf8'), 'notes');
  await back(source, disk, true);
  assert.equal(fs.existsSync(join(place, 'notes.txt')), false);
  await assertEqual(source, place);
});

test('a place that cannot be a copy is refused before anything is done', async (t) => {
  const { source, disk } = folders(t);
  put(join(disk, 'Data'), { 'something.txt': 'else' });
  const rows: [string, string][] = [
    [join(source, 'Pictures'), 'flow/copy-inside'],
    [source, 'flow/copy-inside'],
    [join(source, '..'), 'flow/copy-inside'],
    [join(disk, 'a/b'), 'flow/no-disk'],
    [disk, 'flow/not-empty'],
  ];
  const before = lines(treeOnDisk(join(source, '..')));
  for (const [place, code] of rows) {
    await assert.rejects(back(source, place), (error: unknown) => {
      assert.ok(error instanceof Refusal, String(error));
      assert.equal(error.problem.code, code, place);
      return true;
    });
  }
  assert.deepEqual(lines(treeOnDisk(join(source, '..'))), before);
  assert.equal(fs.existsSync(join(source, '.dbk')), false);
});

test('another repository in its place is not mixed with it', async (t) => {
  const { source, disk } = folders(t);
  const other = await init(contextOf(), { folder: join(disk, 'Data'), name: 'other' });
  put(other.root, { 'theirs.txt': 'theirs' });
  await commitAll(other);
  await assert.rejects(back(source, disk), { name: 'Refusal' });
  assert.deepEqual(Object.keys(Object.fromEntries(treeOnDisk(other.root))), ['', 'theirs.txt']);
  assert.equal(fs.existsSync(join(source, 'theirs.txt')), false);
});

test('fetch brings history alone, and says how head stands to it', async (t) => {
  const { source, disk } = folders(t);
  const one = await init(contextOf(), { folder: source, name: 'laptop' });
  await commitAll(one);
  const place = join(disk, 'Data');
  const { repository: other } = await clone(otherContext('disk'), {
    source,
    directory: '/',
    folder: place,
    name: 'disk',
    report: () => undefined,
  });
  const fetched = async (): Promise<[number, string]> => {
    const { taken, ours, problems } = await fetch(one, openAddress(one, place));
    assert.deepEqual(problems, []);
    return [taken, ours];
  };
  assert.deepEqual(await fetched(), [0, 'same']);
  put(place, { 'there.txt': 'there' });
  const { commit } = await commitAll(openRepository(contextOf(), place));
  const head = one.commits.readHead();
  assert.deepEqual(await fetched(), [1, 'behind']);
  assert.deepEqual(await fetched(), [0, 'behind']);
  put(source, { 'here.txt': 'here' });
  await commitAll(one);
  assert.deepEqual(await fetched(), [0, 'apart']);
  assert.equal(one.commits.readCommit(one.commits.readHead()!).parents[0], head);
  assert.ok(one.commits.has(commit!));
  assert.equal(fs.existsSync(join(source, 'there.txt')), false);
  assert.notEqual(other.commits.readHead(), one.commits.readHead());
});

test('whoever asks to stop while files come is heard, and the next pull brings the rest', async (t) => {
  const { source, disk } = folders(t);
  const many = Object.fromEntries(Array.from({ length: 600 }, (_, i) => [`many/${i}`, `${i}`]));
  put(source, many);
  await commitAll(await init(contextOf(), { folder: source, name: 'laptop' }));
  const place = join(disk, 'Data');
  let isAsked = false;
  // As a signal is: heard only where something waits.
  const asking = setInterval(() => (isAsked ||= fs.existsSync(join(place, 'many'))), 0);
  t.after(() => clearInterval(asking));
  const context = { ...otherContext('disk'), interrupted: () => isAsked };
  const made = clone(context, {
    source,
    directory: '/',
    folder: place,
    name: 'disk',
    report: () => undefined,
  });
  await assert.rejects(made, { name: 'Interrupted' });
  assert.ok(treeOnDisk(place).size < treeOnDisk(source).size);
  const copy = openRepository(contextOf(), place);
  assert.deepEqual(await statusOf(copy), { changes: [], problems: [] });
  await back(source, place);
  await assertEqual(source, place);
});
