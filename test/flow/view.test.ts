import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import { join, relative } from 'node:path/posix';
import { before, test, type TestContext } from 'node:test';
import fc from 'fast-check';
import { loadBlake3 } from '../../src/disk/blake3.ts';
import { parseQuery } from '../../src/flow/find.ts';
import type { Repository } from '../../src/flow/repository.ts';
import { makeView, type View } from '../../src/flow/view.ts';
import { namesOfLinks } from '../../src/flow/view-names.ts';
import { bytesOfName, nameOfBytes, type Name } from '../../src/model/name.ts';
import type { RepositoryPath } from '../../src/model/path.ts';
import { Refusal } from '../../src/model/problem.ts';
import { fold } from '../../src/text/fold.ts';
import { faultyDisk, Killed } from '../disk/faulty.ts';
import { temporary } from '../tools/tree.ts';
import { at, codesOf, commitAll, newRepository, put, quick, remove, reopened } from './fixture.ts';

before(() => loadBlake3());

const LIBRARY = { 'a/x.jpg': '1', 'b/x.jpg': '2', 'b/X.JPG': '3', 'b/y.txt': '4', link: '-> a/x.jpg' };

async function library(t: TestContext): Promise<Repository> {
  const repository = await newRepository(t);
  put(repository.root, LIBRARY);
  await commitAll(repository);
  return repository;
}

function view(repository: Repository, folder: string, text: string, dryRun = false): Promise<View> {
  const query = parseQuery(text, (typed) => typed as RepositoryPath);
  return makeView(repository, { folder, query, text, dryRun });
}

/** What stands in a folder: a link is `-> ` and what it leads to from the root. */
function standing(repository: Repository, folder: string): Record<string, string> {
  const names = fs.readdirSync(folder, { encoding: 'buffer' }).map((name) => nameOfBytes(name));
  const found = names.sort().map((name): [string, string] => {
    const path = at(folder, name);
    if (!fs.lstatSync(path).isSymbolicLink()) return [name, 'file'];
    const target = nameOfBytes(fs.readlinkSync(path, { encoding: 'buffer' }));
    assert.equal(target.startsWith('/'), false);
    return [name, `-> ${relative(repository.root, join(folder, target))}`];
  });
  return Object.fromEntries(found);
}

test('links come, stay as they are called, and go', async (t) => {
  const repository = await library(t);
  const folder = join(temporary(t), 'new/view');
  const { problems, changes, ...counts } = await view(repository, folder, 'name:x.jpg');
  assert.deepEqual(
    [problems, changes.length, counts],
    [[], 3, { links: 3, added: 3, removed: 0, notHere: 0 }],
  );
  assert.deepEqual(standing(repository, folder), {
    '.dbk-view': 'file',
    'x.jpg': '-> a/x.jpg',
    'X (2).JPG': '-> b/X.JPG',
    'x (3).jpg': '-> b/x.jpg',
  });
  assert.equal(fs.readFileSync(join(folder, 'x (3).jpg'), 'utf8'), '2');
  const second = await view(repository, folder, 'in:b');
  assert.deepEqual([second.added, second.removed, second.links], [1, 1, 3]);
  const now = {
    '.dbk-view': 'file',
    'X (2).JPG': '-> b/X.JPG',
    'x (3).jpg': '-> b/x.jpg',
    'y.txt': '-> b/y.txt',
  };
  assert.deepEqual(standing(repository, folder), now);
  const before = fs.statSync(join(folder, '.dbk-view')).ino;
  assert.deepEqual((await view(repository, folder, 'in:b')).changes, []);
  assert.equal(fs.statSync(join(folder, '.dbk-view')).ino, before);
});

test('nothing is done in a dry run', async (t) => {
  const repository = await library(t);
  const folder = join(temporary(t), 'view');
  assert.equal((await view(repository, folder, 'name:x.jpg', true)).added, 3);
  assert.equal(fs.existsSync(folder), false);
});

test('what is not on this disk gets no link', async (t) => {
  const repository = await library(t);
  remove(repository.root, 'b/x.jpg');
  const folder = join(temporary(t), 'view');
  const { links, notHere } = await view(repository, folder, 'name:x.jpg');
  assert.deepEqual([links, notHere], [2, 1]);
});

test('what is not made here is never touched', async (t) => {
  const repository = await library(t);
  const folder = join(temporary(t), 'view');
  await view(repository, folder, 'name:x.jpg');
  put(folder, { mine: 'mine', 'other.jpg': '-> ../b/y.txt' });
  // A link of ours that somebody made their own, one that became a file, one that is gone.
  put(folder, { 'x.jpg': '-> elsewhere', 'X (2).JPG': 'mine too' });
  fs.rmSync(join(folder, 'x (3).jpg'));
  const { problems } = await view(repository, folder, 'name:y.txt or name:x.jpg');
  assert.deepEqual(
    codesOf(problems),
    [`flow/view-keeps ${join(folder, 'X (2).JPG')}`, `flow/view-keeps ${join(folder, 'x.jpg')}`].sort(),
  );
  const links = standing(repository, folder);
  assert.deepEqual(
    [links['mine'], links['X (2).JPG'], fs.readlinkSync(join(folder, 'x.jpg'))],
    ['file', 'file', 'elsewhere'],
  );
  assert.equal(fs.readFileSync(join(folder, 'mine'), 'utf8'), 'mine');
  assert.equal(links['y.txt'], '-> b/y.txt');
  assert.deepEqual(Object.values(links).filter((each) => /x.jpg$/i.test(each)).length, 3);
  assert.deepEqual((await view(repository, folder, 'nothing')).links, 0);
  assert.deepEqual(Object.keys(standing(repository, folder)).sort(), [
    '.dbk-view',
    'X (2).JPG',
    'mine',
    'other.jpg',
    'x.jpg',
  ]);
});

test('folders that are not for it are refused', async (t) => {
  const repository = await library(t);
  const { root } = repository;
  const outside = temporary(t);
  put(outside, {
    'full/a': '1',
    file: '2',
    'broken/.dbk-view': 'dbk view 1\n',
    'to-repository': `-> ${root}/a`,
  });
  const rows = [
    [root, 'flow/view-is-repository'],
    [join(root, '..'), 'flow/view-is-repository'],
    ['/', 'flow/view-is-repository'],
    [join(root, 'a/view'), 'flow/view-in-repository'],
    [join(root, 'a'), 'flow/view-in-repository'],
    [join(outside, 'to-repository/view'), 'flow/view-in-repository'],
    [join(root, '.dbk/view'), 'flow/own-folder'],
    [join(root, 'a/.dbk/view'), 'flow/own-folder'],
    [join(outside, 'full'), 'flow/view-not-ours'],
    [join(outside, 'file'), 'flow/view-not-ours'],
    [join(outside, 'broken'), 'flow/view-unreadable'],
  ] as const;
  const tree = fs.readdirSync(outside, { recursive: true }).length;
  for (const [folder, code] of rows) {
    const isRefused = (error: unknown): boolean => error instanceof Refusal && error.problem.code === code;
    await assert.rejects(view(repository, folder, 'x'), isRefused, folder);
  }
  assert.equal(fs.readdirSync(outside, { recursive: true }).length, tree);
});

test('in the repository it is made where a rule leaves it out, and no commit has it', async (t) => {
  const repository = await library(t);
  fs.writeFileSync(join(repository.layout.index, 'ignore'), '/Views/\n');
  await commitAll(repository);
  const folder = join(repository.root, 'Views/x');
  await view(repository, folder, 'name:x.jpg');
  assert.equal(standing(repository, folder)['x.jpg'], '-> a/x.jpg');
  assert.deepEqual((await commitAll(repository)).changes, []);
});

test('names may hold any bytes, and what a marker would take for its own', async (t) => {
  const repository = await newRepository(t);
  const names = ['# x', 'a\tb', 'c\nd', 'e\udcff', '%41', '.dbk-view', 'n'.repeat(255)];
  for (const name of names) {
    fs.mkdirSync(at(repository.root, 'one'), { recursive: true });
    fs.writeFileSync(at(repository.root, `one/${name}`), 'x');
  }
  fs.mkdirSync(at(repository.root, 'two'));
  fs.writeFileSync(at(repository.root, `two/${names.at(-1)}`), 'y');
  await commitAll(repository);
  const folder = join(temporary(t), 'view');
  const { links } = await view(repository, folder, 'is:file');
  assert.equal(links, 8);
  const made = standing(repository, folder);
  assert.deepEqual([made['.dbk-view'], made['.dbk-view (2)']], ['file', '-> one/.dbk-view']);
  assert.equal(Object.keys(made).length, 9);
  assert.deepEqual((await view(repository, folder, 'is:file')).changes, []);
  assert.equal((await view(repository, folder, 'nothing')).removed, 8);
  assert.deepEqual(Object.keys(standing(repository, folder)), ['.dbk-view']);
});

test('killed at any call, the next run brings it up to date and touches nothing else', async (t) => {
  const repository = await library(t);
  const place = temporary(t);
  const run = async (folder: string, fault?: Parameters<typeof faultyDisk>[1]): Promise<number> => {
    await view(repository, folder, 'name:x.jpg');
    put(folder, { mine: 'mine' });
    const disk = faultyDisk(quick, fault);
    await view(reopened(repository, disk), folder, 'in:b').catch((error: unknown) => {
      assert.ok(error instanceof Killed || (error as NodeJS.ErrnoException).code === 'EIO', String(error));
    });
    return disk.calls.length;
  };
  const calls = await run(join(place, 'whole'));
  const expected = standing(repository, join(place, 'whole'));
  for (let at = 1; at <= calls; at++) {
    for (const fault of [
      { kind: 'dies', at, torn: true } as const,
      { kind: 'fails', at, code: 'EIO' } as const,
    ]) {
      const folder = join(place, `${fault.kind}-${at}`);
      await run(folder, fault);
      await view(repository, folder, 'in:b');
      assert.deepEqual(standing(repository, folder), expected, `${fault.kind} ${at}`);
    }
  }
});

test('names are different in whatever case, short enough, and kept', () => {
  const name = fc.constantFrom(
    'a',
    'A',
    'a (2)',
    'ä',
    'A\u0308',
    'a.b',
    'A.B',
    'x'.repeat(255),
    `${'é'.repeat(126)}.jp`,
  );
  const property = fc.property(
    fc.array(name, { maxLength: 12 }),
    fc.array(name, { maxLength: 3 }),
    (wished, taken) => {
      const targets = wished.map((each, i) => [`${i}`, each as Name] as const);
      const names = namesOfLinks(targets, new Map(), taken as Name[]);
      const all = [...names.values()];
      assert.equal(new Set(all.map(fold)).size, targets.length);
      for (const each of all) {
        assert.ok(bytesOfName(each).length <= 255);
        assert.ok(!taken.map(fold).includes(fold(each)));
      }
      assert.deepEqual(
        namesOfLinks([...targets].reverse(), names, taken as Name[]),
        new Map([...names].reverse()),
      );
    },
  );
  fc.assert(property);
});
