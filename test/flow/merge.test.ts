/** What two repositories did becomes one: commits, files, what is written about them, and what is left for later. */

import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import { join } from 'node:path/posix';
import { before, test } from 'node:test';
import { loadBlake3 } from '../../src/disk/blake3.ts';
import { init } from '../../src/flow/init.ts';
import { undo } from '../../src/flow/undo.ts';
import type { Repository } from '../../src/flow/repository.ts';
import type { Change } from '../../src/model/change.ts';
import { Refusal } from '../../src/model/problem.ts';
import { readRepositoryFile } from '../../src/store/repository-file.ts';
import {
  codesOf,
  commitAll,
  leftoversIn,
  lines,
  move,
  put,
  remove,
  reopened,
  statusOf,
  textsIn,
  treeOnDisk,
  wordsOf,
} from './fixture.ts';
import { temporary } from '../tools/tree.ts';
import { mergeFrom, otherContext, repositories } from './two-repositories.ts';

before(() => loadBlake3());

const BASE = {
  'Pictures/Rome/a.jpg': 'a',
  'Pictures/Rome/b.jpg': 'bb',
  'notes.txt': 'notes',
  'old/x': 'xxx',
  link: '-> notes.txt',
};

function assertEqual(one: Repository, other: Repository): void {
  assert.equal(one.commits.readHead(), other.commits.readHead());
  assert.deepEqual(lines(treeOnDisk(one.root)), lines(treeOnDisk(other.root)));
  assert.deepEqual(textsIn(one.layout.index), textsIn(other.layout.index));
}

function contents({ root }: Repository): Record<string, string> {
  const all = [...treeOnDisk(root)].filter(([, { kind }]) => kind === 'file');
  return Object.fromEntries(all.map(([path]) => [path, fs.readFileSync(join(root, path), 'utf8')]).sort());
}

async function both(one: Repository, other: Repository): Promise<void> {
  await mergeFrom(one, other);
  await mergeFrom(other, one);
  assertEqual(one, other);
  const heads = one.commits.readHead();
  for (const [to, from] of [
    [one, other],
    [other, one],
  ] as const) {
    const again = await mergeFrom(to, from);
    assert.deepEqual([again.how, to.commits.readHead()], ['same', heads], 'they stop making commits');
    assert.deepEqual(await statusOf(reopened(to)), { changes: [], problems: [] });
    assert.deepEqual(leftoversIn(to), []);
  }
}

const CASES: readonly {
  readonly what: string;
  readonly ours: (root: string, index: string) => void;
  readonly theirs: (root: string, index: string) => void;
  readonly files: Record<string, string>;
  readonly conflicts?: readonly string[];
}[] = [
  {
    what: 'renamed here and edited there',
    ours: (root) => move(root, 'notes.txt', 'Notes/all.txt'),
    theirs: (root) => put(root, { 'notes.txt': 'edited' }),
    files: {
      'Notes/all.txt': 'edited',
      'Pictures/Rome/a.jpg': 'a',
      'Pictures/Rome/b.jpg': 'bb',
      'old/x': 'xxx',
    },
  },
  {
    what: 'a folder renamed here and filled there',
    ours: (root) => move(root, 'Pictures/Rome', 'Pictures/2014 Rome'),
    theirs: (root) => put(root, { 'Pictures/Rome/c.jpg': 'c' }),
    files: {
      'Pictures/2014 Rome/a.jpg': 'a',
      'Pictures/2014 Rome/b.jpg': 'bb',
      'Pictures/2014 Rome/c.jpg': 'c',
      'notes.txt': 'notes',
      'old/x': 'xxx',
    },
  },
  {
    what: 'a folder moved into a new one here, and a file in it deleted there',
    ours: (root) => move(root, 'Pictures/Rome', 'Archive/2014/Rome'),
    theirs: (root) => remove(root, 'Pictures/Rome/a.jpg'),
    files: { 'Archive/2014/Rome/b.jpg': 'bb', 'notes.txt': 'notes', 'old/x': 'xxx' },
  },
  {
    what: 'two files swapped here and one edited there',
    ours: (root) => {
      move(root, 'Pictures/Rome/a.jpg', 'swap');
      move(root, 'Pictures/Rome/b.jpg', 'Pictures/Rome/a.jpg');
      move(root, 'swap', 'Pictures/Rome/b.jpg');
    },
    theirs: (root) => put(root, { 'notes.txt': 'edited' }),
    files: { 'Pictures/Rome/a.jpg': 'bb', 'Pictures/Rome/b.jpg': 'a', 'notes.txt': 'edited', 'old/x': 'xxx' },
  },
  {
    what: 'edited on both sides',
    ours: (root) => put(root, { 'notes.txt': 'ours' }),
    theirs: (root) => put(root, { 'notes.txt': 'theirs' }),
    files: {
      'Pictures/Rome/a.jpg': 'a',
      'Pictures/Rome/b.jpg': 'bb',
      'notes (conflict cd9488de).txt': 'ours',
      'notes.txt': 'theirs',
      'old/x': 'xxx',
    },
    conflicts: ['content notes.txt notes (conflict cd9488de).txt'],
  },
  {
    what: 'deleted here and edited there',
    ours: (root) => remove(root, 'notes.txt'),
    theirs: (root) => put(root, { 'notes.txt': 'edited' }),
    files: { 'Pictures/Rome/a.jpg': 'a', 'Pictures/Rome/b.jpg': 'bb', 'notes.txt': 'edited', 'old/x': 'xxx' },
    conflicts: ['delete notes.txt'],
  },
  {
    what: 'a folder deleted on one side is gone on both',
    ours: (root) => remove(root, 'old'),
    theirs: (root) => put(root, { new: 'n' }),
    files: { 'Pictures/Rome/a.jpg': 'a', 'Pictures/Rome/b.jpg': 'bb', new: 'n', 'notes.txt': 'notes' },
  },
  {
    what: 'a file became a folder here',
    ours: (root) => {
      remove(root, 'notes.txt');
      put(root, { 'notes.txt/one': '1' });
    },
    theirs: (root) => put(root, { new: 'n' }),
    files: {
      'Pictures/Rome/a.jpg': 'a',
      'Pictures/Rome/b.jpg': 'bb',
      new: 'n',
      'notes.txt/one': '1',
      'old/x': 'xxx',
    },
  },
  {
    what: 'a folder became a file there, and what was in it is somewhere else',
    ours: (root) => put(root, { new: 'n' }),
    theirs: (root) => {
      move(root, 'old/x', 'x');
      remove(root, 'old');
      put(root, { old: 'a file' });
    },
    files: {
      'Pictures/Rome/a.jpg': 'a',
      'Pictures/Rome/b.jpg': 'bb',
      new: 'n',
      'notes.txt': 'notes',
      old: 'a file',
      x: 'xxx',
    },
  },
  {
    what: 'a link became a folder there',
    ours: (root) => put(root, { new: 'n' }),
    theirs: (root) => {
      remove(root, 'link');
      put(root, { 'link/one': '1' });
    },
    files: {
      'Pictures/Rome/a.jpg': 'a',
      'Pictures/Rome/b.jpg': 'bb',
      'link/one': '1',
      new: 'n',
      'notes.txt': 'notes',
      'old/x': 'xxx',
    },
  },
  {
    what: 'a file became a folder there, and was edited here',
    ours: (root) => put(root, { 'notes.txt': 'ours' }),
    theirs: (root) => {
      remove(root, 'notes.txt');
      put(root, { 'notes.txt/one': '1' });
    },
    files: {
      'Pictures/Rome/a.jpg': 'a',
      'Pictures/Rome/b.jpg': 'bb',
      'notes (conflict cd9488de).txt': 'ours',
      'notes.txt/one': '1',
      'old/x': 'xxx',
    },
    conflicts: ['delete notes (conflict cd9488de).txt', 'directory notes.txt notes (conflict cd9488de).txt'],
  },
  {
    what: 'a folder became a file there, and something new is in it here',
    ours: (root) => put(root, { 'old/new': 'mine' }),
    theirs: (root) => {
      remove(root, 'old');
      put(root, { old: 'a file' });
    },
    files: {
      'Pictures/Rome/a.jpg': 'a',
      'Pictures/Rome/b.jpg': 'bb',
      'notes.txt': 'notes',
      'old (conflict 3e976d6a)': 'a file',
      'old/new': 'mine',
    },
    conflicts: ['directory old old (conflict 3e976d6a)'],
  },
];

for (const { what, ours, theirs, files, conflicts = [] } of CASES) {
  test(what, async (t) => {
    const [one, other] = (await repositories(t, ['laptop', 'nas'], BASE)) as [Repository, Repository];
    assertEqual(one, other);
    ours(one.root, one.layout.index);
    theirs(other.root, other.layout.index);
    await commitAll(reopened(other));
    const made = await mergeFrom(one, other);
    assert.deepEqual(made.problems, []);
    assert.deepEqual(contents(one), files);
    assert.deepEqual(
      made.conflicts.map(({ kind, paths }) => [kind, ...paths].join(' ')),
      conflicts,
    );
    await both(one, other);
  });
}

test('both merge at the same time and have made the same commit', async (t) => {
  const [one, other] = (await repositories(t, ['laptop', 'nas'], BASE)) as [Repository, Repository];
  put(one.root, { a: 'a' });
  put(other.root, { b: 'b' });
  await commitAll(reopened(one));
  await commitAll(reopened(other));
  const copy = await repositories(t, ['copy']);
  await mergeFrom(copy[0]!, other, { unrelated: true });
  await mergeFrom(one, other);
  await mergeFrom(other, one);
  assertEqual(one, other);
});

test('what people wrote merges field by field, and goes where the file went', async (t) => {
  const [one, other] = (await repositories(t, ['laptop', 'nas'], BASE)) as [Repository, Repository];
  put(one.layout.index, { 'tree/Pictures/Rome/$a.jpg.metadata': '---\nrating: 3\n---\n' });
  await commitAll(reopened(one));
  await mergeFrom(other, one);
  move(one.root, 'Pictures/Rome', 'Pictures/2014');
  await commitAll(reopened(one));
  put(one.layout.index, { 'tree/Pictures/2014/$a.jpg.metadata': '---\nrating: 4\n---\n' });
  put(other.layout.index, {
    'tree/Pictures/Rome/$a.jpg.metadata': '---\nrating: 3\ntitle: Trevi\n---\nSeen.\n',
  });
  const { conflicts, problems } = await mergeFrom(other, one);
  assert.deepEqual([conflicts, problems], [[], []]);
  const text = fs.readFileSync(join(other.layout.index, 'tree/Pictures/2014/$a.jpg.metadata'), 'utf8');
  assert.equal(text, '---\nrating: 3\ntitle: Trevi\n---\nSeen.\n');
  await both(one, other);
  assert.equal(
    fs.readFileSync(join(other.layout.index, 'tree/Pictures/2014/$a.jpg.metadata'), 'utf8'),
    '---\nrating: 4\ntitle: Trevi\n---\nSeen.\n',
  );
});

test('a merge is taken back whole, and made again the same', async (t) => {
  const [one, other] = (await repositories(t, ['laptop', 'nas'], BASE)) as [Repository, Repository];
  move(other.root, 'Pictures/Rome', 'Pictures/2014');
  put(other.root, { 'notes.txt': 'theirs', new: 'n' });
  put(other.layout.index, { 'tree/$notes.txt.metadata': '---\nrating: 3\n---\n' });
  remove(other.root, 'old');
  await commitAll(reopened(other));
  put(one.root, { 'notes.txt': 'ours', 'Pictures/Rome/c': 'c' });
  await commitAll(reopened(one));
  const before = [one.commits.readHead(), lines(treeOnDisk(one.root)), textsIn(one.layout.index)];
  await mergeFrom(one, other);
  const after = [one.commits.readHead(), lines(treeOnDisk(one.root)), textsIn(one.layout.index)];
  const state = (): unknown[] => [
    one.commits.readHead(),
    lines(treeOnDisk(one.root)),
    textsIn(one.layout.index),
  ];
  const { problems } = await undo(reopened(one), { dryRun: false });
  assert.deepEqual(problems, []);
  assert.deepEqual(state(), before);
  assert.deepEqual((await statusOf(reopened(one))).changes, []);
  await undo(reopened(one), { dryRun: false });
  assert.deepEqual(state(), after);
  await undo(reopened(one), { dryRun: false });
  await mergeFrom(one, other);
  assert.deepEqual(state(), after);
});

test('what is missing and unconfirmed stays missing, but a version that nobody here has seen comes', async (t) => {
  const [one, other] = (await repositories(t, ['laptop', 'nas'], { ...BASE, same: 's' })) as [
    Repository,
    Repository,
  ];
  remove(one.root, 'notes.txt', 'same');
  put(other.root, { 'notes.txt': 'edited', new: 'n' });
  fs.chmodSync(join(other.root, 'same'), 0o600);
  await commitAll(reopened(other));
  const made = await mergeFrom(one, other, { confirmDeletions: false });
  assert.equal(made.own.unconfirmed, 2);
  assert.equal(fs.readFileSync(join(one.root, 'notes.txt'), 'utf8'), 'edited');
  assert.deepEqual((await statusOf(reopened(one))).changes, ['missing file same']);
});

test('something unknown where a file wants to come stays, is told, and is kept beside it by the next commit', async (t) => {
  const [one, other] = (await repositories(t, ['laptop', 'nas'], { ...BASE, '.dbkignore': 'private\n' })) as [
    Repository,
    Repository,
  ];
  put(one.root, { private: 'mine' });
  put(other.root, { '.dbkignore': '\n', private: 'theirs' });
  await commitAll(reopened(other));
  const made = await mergeFrom(one, other);
  assert.deepEqual(codesOf(made.problems), ['sync/cannot-touch private']);
  assert.equal(fs.readFileSync(join(one.root, 'private'), 'utf8'), 'mine');
  assert.deepEqual(made.left.absent, ['private']);
  const beside = 'private (conflict 6c2fc7ce)';
  const seen = await statusOf(reopened(one));
  assert.deepEqual(seen.changes.length, 2);
  await commitAll(reopened(one));
  const names = fs.readdirSync(one.root).sort();
  assert.equal(names.includes(beside), false);
  await mergeFrom(one, other);
  assert.equal(fs.readFileSync(join(one.root, 'private'), 'utf8'), 'mine');
  assert.ok(fs.readdirSync(one.root).some((name) => name.startsWith('private (conflict ')));
  await both(one, other);
});

test('a commit without its files: they are absent, nobody misses them, and they come with the next merge', async (t) => {
  const [one, other] = (await repositories(t, ['laptop', 'nas'], BASE)) as [Repository, Repository];
  put(other.root, { 'notes.txt': 'edited', 'New/deep/n': 'n', 'New/m': 'm' });
  await commitAll(reopened(other));
  fs.renameSync(join(other.root, 'New'), join(other.root, 'away'));
  put(other.root, { 'notes.txt': 'again' });
  fs.rmSync(other.layout.guard, { recursive: true });
  const made = await mergeFrom(one, other);
  assert.equal(contents(one)['notes.txt'], 'notes');
  assert.deepEqual(made.left.absent, ['New/deep/n', 'New/m']);
  assert.deepEqual(
    made.left.older.map(({ path }) => path),
    ['notes.txt'],
  );
  assert.deepEqual((await statusOf(reopened(one))).changes, []);
  await commitAll(reopened(one));
  assert.equal(one.commits.readHead(), other.commits.readHead());
  fs.renameSync(join(other.root, 'away'), join(other.root, 'New'));
  put(other.root, { 'notes.txt': 'edited' });
  const changes: Change[] = [];
  await mergeFrom(one, other, { report: (change) => changes.push(change) });
  assert.deepEqual(changes.map(wordsOf), []);
  assert.deepEqual(contents(one), contents(other));
  const { absent, older } = readRepositoryFile(one.context.disk, one.layout, 'laptop')!;
  assert.deepEqual([absent, older], [[], []]);
});

test('histories with nothing in common merge only when a person says so', async (t) => {
  const [one] = (await repositories(t, ['laptop'], BASE)) as [Repository];
  const other = await init(otherContext('nas'), { folder: join(temporary(t), 'nas'), name: 'nas' });
  put(other.root, { other: 'o', 'notes.txt': 'notes' });
  await commitAll(reopened(other));
  put(other.root, { later: 'l' });
  await commitAll(reopened(other));
  await assert.rejects(
    mergeFrom(one, other),
    (error) => error instanceof Refusal && error.problem.code === 'flow/unrelated',
  );
  await mergeFrom(one, other, { unrelated: true });
  assert.deepEqual(contents(one), {
    'Pictures/Rome/a.jpg': 'a',
    'Pictures/Rome/b.jpg': 'bb',
    later: 'l',
    'notes.txt': 'notes',
    'old/x': 'xxx',
    other: 'o',
  });
  await both(one, other);
});

test('a repository is not merged with itself', async (t) => {
  const [one] = (await repositories(t, ['laptop'], BASE)) as [Repository];
  await assert.rejects(
    mergeFrom(one, one),
    (error) => error instanceof Refusal && error.problem.code === 'flow/itself',
  );
});

test('a folder that came is missed when it is gone before anybody looked', async (t) => {
  const [one, other] = (await repositories(t, ['laptop', 'nas'], BASE)) as [Repository, Repository];
  put(other.root, { 'came/with/it': 'it' });
  await commitAll(reopened(other));
  await mergeFrom(one, other);
  remove(one.root, 'came');
  remove(other.root, 'Pictures');
  for (const [repository, gone] of [
    [one, ['missing directory came', 'missing directory came/with', 'missing file came/with/it']],
    [
      other,
      [
        'missing directory Pictures',
        'missing directory Pictures/Rome',
        'missing file Pictures/Rome/a.jpg',
        'missing file Pictures/Rome/b.jpg',
      ],
    ],
  ] as const)
    assert.deepEqual((await statusOf(reopened(repository))).changes, gone);
});

test('a folder in which something unknown is does not become a file: it stays, is told, and goes later', async (t) => {
  const base = { ...BASE, '.dbkignore': 'private\n', 'old/deep/y': 'y' };
  const [one, other] = (await repositories(t, ['laptop', 'nas'], base)) as [Repository, Repository];
  put(one.root, { 'old/deep/private': 'mine' });
  remove(other.root, 'old');
  put(other.root, { old: 'a file', new: 'n' });
  await commitAll(reopened(other));
  const made = await mergeFrom(one, other);
  assert.deepEqual(codesOf(made.problems), ['sync/not-empty old', 'sync/not-empty old/deep']);
  assert.deepEqual(contents(one)['old/deep/private'], 'mine');
  assert.deepEqual(contents(one)['new'], 'n');
  assert.deepEqual(made.left, {
    absent: ['old'],
    older: [
      { path: 'old', kind: 'directory', mode: 0o755 },
      { path: 'old/deep', kind: 'directory', mode: 0o755 },
    ],
  });
  assert.deepEqual((await statusOf(reopened(one))).changes, []);
  const { commits } = reopened(one);
  await commitAll(reopened(one));
  assert.equal(commits.readHead(), other.commits.readHead());
  remove(one.root, 'old/deep/private');
  assert.deepEqual((await mergeFrom(one, other)).left, { absent: [], older: [] });
  await both(one, other);
});

test('rules that have not come yet stay recorded, and older ones that stand here are not recorded for them', async (t) => {
  const base = { ...BASE, 'old/.dbkignore': 'private\n' };
  const [one, other] = (await repositories(t, ['laptop', 'nas'], base)) as [Repository, Repository];
  put(other.root, { '.dbkignore': '*.tmp\n', 'old/.dbkignore': 'secret\n' });
  await commitAll(reopened(other));
  fs.rmSync(other.layout.guard, { recursive: true });
  remove(other.root, '.dbkignore', 'old/.dbkignore');
  const made = await mergeFrom(one, other);
  assert.deepEqual(
    [made.left.absent, made.left.older.map(({ path }) => path)],
    [['.dbkignore'], ['old/.dbkignore']],
  );
  await commitAll(reopened(one));
  assert.equal(one.commits.readHead(), other.commits.readHead());
  put(one.root, { 'old/.dbkignore': 'secret\nmine\n' });
  await commitAll(reopened(one));
  const rules = [...textsIn(one.layout.index)].filter(([path]) => path.startsWith('ignore.d/'));
  assert.deepEqual(rules, [
    ['ignore.d/$rules', '*.tmp\n'],
    ['ignore.d/old/$rules', 'secret\nmine\n'],
  ]);
});

test('a repository of git of which something went unconfirmed here is swapped in complete', async (t) => {
  const base = {
    'P/.git/HEAD': 'main',
    'P/.git/refs/heads/main': '1',
    'P/.git/objects/aa/a': 'a',
    'P/.git/objects/bb/b': 'b',
    'P/code': 'code',
    'P/old': 'old',
  };
  for (const isChangedHere of [false, true]) {
    const [laptop, nas] = (await repositories(t, ['laptop', 'nas'], base)) as [Repository, Repository];
    // As `git gc` does: objects and refs go into packs.
    for (const path of ['P/.git/objects/aa', 'P/.git/refs/heads/main', 'P/old']) remove(laptop.root, path);
    if (isChangedHere) put(laptop.root, { 'P/.git/objects/pack/p': 'ab', 'P/.git/packed-refs': '1' });
    put(nas.root, { 'P/.git/refs/heads/main': '2', 'P/.git/objects/cc/c': 'c' });
    await commitAll(reopened(laptop), { confirmDeletions: false });
    await commitAll(reopened(nas));
    await mergeFrom(laptop, nas, { confirmDeletions: false });
    const theirs = { ...base, 'P/.git/refs/heads/main': '2', 'P/.git/objects/cc/c': 'c' };
    const whole = Object.entries(theirs).filter(([path]) => path.startsWith('P/.git/'));
    const is = Object.entries(contents(laptop));
    const roots = new Set(is.flatMap(([path]) => /^P\/\.git[^/]*(?=\/)/.exec(path) ?? []));
    assert.equal(roots.size, isChangedHere ? 2 : 1);
    const found = [...roots].map((root) =>
      is
        .filter(([path]) => path.startsWith(`${root}/`))
        .map(([path, text]) => [`P/.git${path.slice(root.length)}`, text]),
    );
    assert.ok(
      found.some((one) => JSON.stringify(one) === JSON.stringify(whole.sort())),
      JSON.stringify(found),
    );
    // What is in no whole is for a person to say something about.
    assert.equal(contents(laptop)['P/old'], undefined);
    assert.deepEqual((await statusOf(reopened(laptop))).changes, ['missing file P/old']);
  }
});
