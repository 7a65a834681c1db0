import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import { join } from 'node:path/posix';
import { before, test } from 'node:test';
import { loadBlake3 } from '../../src/disk/blake3.ts';
import type { Disk } from '../../src/disk/disk.ts';
import type { Repository } from '../../src/flow/repository.ts';
import { restore, type RestoreOptions, type RestoreResult } from '../../src/flow/restore.ts';
import { listOperations } from '../../src/flow/undo.ts';
import type { CommitId } from '../../src/model/id.ts';
import type { RepositoryPath } from '../../src/model/path.ts';
import { Refusal } from '../../src/model/problem.ts';
import { Guard } from '../../src/store/guard.ts';
import {
  codesOf,
  commitAll,
  leftoversIn,
  lines,
  move,
  newRepository,
  put,
  quick,
  remove,
  reopened,
  statusOf,
  treeOnDisk,
} from './fixture.ts';

before(() => loadBlake3());

function bring(
  repository: Repository,
  from: CommitId,
  paths: readonly string[],
  options: Partial<RestoreOptions> = {},
): Promise<RestoreResult> {
  const asked = { paths: paths as readonly RepositoryPath[], from, checkEverything: false, dryRun: false };
  return restore(repository, { ...asked, ...options });
}

/** What the newest operation did, `write a`, in order. */
function steps(repository: Repository): string[] {
  const [last] = listOperations(repository, () => undefined);
  return (last?.operation.steps ?? []).map((step) => `${step.kind} ${'path' in step ? step.path : step.to}`);
}

async function committed(repository: Repository): Promise<CommitId> {
  return (await commitAll(reopened(repository))).commit ?? repository.commits.readHead()!;
}

/** Contents in the guard. */
function guarded(repository: Repository): number {
  return [...new Guard(quick, repository.layout, 'none').all()].length;
}

/** Without a guard, so that what is gone is gone. */
async function unguarded(repository: Repository): Promise<void> {
  const { config } = repository.layout;
  fs.writeFileSync(config, fs.readFileSync(config, 'utf8').replace(/^guard: .*$/m, 'guard: none'));
  fs.rmSync(repository.layout.guard, { recursive: true, force: true });
  await Promise.resolve();
}

const TREE = { a: 'a', 'm/b': 'b', 'm/deep/c': 'c', 'm/link': '-> ../a', empty: null, twin: 'b' };

test('what was lost or changed comes back with times and mode, and a folder with all that is in it', async (t) => {
  const repository = await newRepository(t);
  const { root } = repository;
  put(root, TREE);
  fs.chmodSync(join(root, 'm/b'), 0o640);
  fs.chmodSync(join(root, 'm/deep'), 0o500);
  const head = await committed(repository);
  const wanted = lines(treeOnDisk(root));
  fs.chmodSync(join(root, 'm/deep'), 0o700);
  remove(root, 'm', 'empty', 'twin', 'a');
  put(root, { a: 'edited', twin: 'other' });
  const planned = await bring(reopened(repository), head, ['m', 'empty', 'a', 'twin'], { dryRun: true });
  assert.equal(fs.readFileSync(join(root, 'a'), 'utf8'), 'edited');
  assert.deepEqual(planned.plan.needs, {
    bytes: 4,
    written: 4,
    kept: 2,
    keptBytes: 11,
    removed: 0,
    folders: 3,
    links: 1,
    set: 0,
    moved: 0,
  });
  const found = await bring(reopened(repository), head, ['m', 'empty', 'a', 'twin']);
  assert.deepEqual(codesOf(found.problems), []);
  assert.deepEqual(lines(treeOnDisk(root)), wanted);
  assert.deepEqual((await statusOf(reopened(repository))).changes, []);
  assert.deepEqual(
    steps(repository).sort(),
    'keep a,keep twin,link m/link,make empty,make m,make m/deep,write a,write m/b,write m/deep/c,write twin'.split(
      ',',
    ),
  );
  assert.deepEqual(leftoversIn(repository), []);
  const again = await bring(reopened(repository), head, ['m', 'empty', 'a', 'twin']);
  assert.deepEqual([again.plan.actions, again.plan.same, again.applied.operation], [[], 8, undefined]);
});

test('two paths never become one inode, and what the guard alone has comes back as the same one', async (t) => {
  const repository = await newRepository(t);
  const { root } = repository;
  put(root, { a: 'same', b: 'same', c: 'same' });
  for (const path of ['a', 'b', 'c']) fs.utimesSync(join(root, path), 1, 1_700_000_000);
  const head = await committed(repository);
  const inode = (path: string): number => fs.statSync(join(root, path)).ino;
  const before = inode('a');
  remove(root, 'a', 'b');
  await bring(reopened(repository), head, ['a', 'b']);
  assert.equal(new Set(['a', 'b', 'c'].map(inode)).size, 3);
  assert.ok(['a', 'b'].map(inode).includes(before));
});

test('bytes come from the guard, from another recorded path, and from nowhere else', async (t) => {
  const repository = await newRepository(t);
  const { root } = repository;
  put(root, { a: 'x', 'm/other': 'x', lost: 'y', rotten: 'z', liar: 'z' });
  const head = await committed(repository);
  await unguarded(repository);
  remove(root, 'a', 'lost', 'rotten');
  // Not recorded: no source. And what no longer has the recorded bytes is none, whatever its size and time.
  put(root, { unrecorded: 'y' });
  const { atime, mtime } = fs.statSync(join(root, 'liar'));
  fs.writeFileSync(join(root, 'liar'), 'Z');
  fs.utimesSync(join(root, 'liar'), atime, mtime);
  const found = await bring(reopened(repository), head, ['a', 'lost', 'rotten', 'never']);
  assert.deepEqual(codesOf(found.problems), [
    'flow/not-in-commit never',
    'sync/nowhere lost',
    'sync/nowhere rotten',
  ]);
  assert.deepEqual(steps(repository), ['write a']);
  assert.deepEqual([found.good, fs.readdirSync(root).sort()], [1, ['.dbk', 'a', 'liar', 'm', 'unrecorded']]);
});

test('an older commit gives what it had, and --to leaves alone what stands here', async (t) => {
  const repository = await newRepository(t);
  const { root } = repository;
  put(root, { 'm/a': 'old', 'm/gone': 'gone', other: 'o' });
  const first = await committed(repository);
  remove(root, 'm');
  put(root, { 'm/a': 'new', 'm/came': 'came' });
  await committed(repository);
  await bring(reopened(repository), first, ['m', 'other'], { to: 'in/old' as RepositoryPath });
  const read = (path: string): string => fs.readFileSync(join(root, path), 'utf8');
  assert.deepEqual(['in/old/m/a', 'in/old/m/gone', 'in/old/other', 'm/a'].map(read), [
    'old',
    'gone',
    'o',
    'new',
  ]);
  await bring(reopened(repository), first, ['m']);
  assert.deepEqual(['m/a', 'm/gone', 'm/came'].map(read), ['old', 'gone', 'came']);
  put(root, { 'p/a': 'p', 'q/a': 'q' });
  const third = await committed(repository);
  await assert.rejects(
    bring(reopened(repository), third, ['p/a', 'q/a'], { to: 'x' as RepositoryPath }),
    (error: unknown) => error instanceof Refusal && error.problem.code === 'flow/same-name',
  );
});

/** Each with what makes it so, and what is said; nothing of the person's is changed by it. */
const IN_THE_WAY: readonly [
  what: string,
  literal: Record<string, string | null>,
  path: string,
  codes: string[],
][] = [
  ['a folder where a file goes', { a: null, 'a/mine': 'm' }, 'a', ['sync/in-the-way a']],
  ['a file where a folder goes', { m: 'mine' }, 'm', ['sync/in-the-way m']],
  ['a symlink where a folder goes', { m: '-> outside' }, 'm', ['sync/in-the-way m']],
  ['a symlink above a file', { m: '-> outside' }, 'm/b', ['sync/in-the-way m/b']],
  ['a file above a file', { m: 'mine' }, 'm/deep/c', ['sync/in-the-way m/deep']],
];

test('what is in the way is said, stays, and nothing is written through it', async (t) => {
  for (const [what, literal, path, codes] of IN_THE_WAY) {
    const repository = await newRepository(t);
    const { root } = repository;
    put(root, { ...TREE, 'outside/kept': 'kept' });
    const head = await committed(repository);
    remove(root, 'a', 'm');
    put(root, literal);
    const before = lines(treeOnDisk(root));
    const found = await bring(reopened(repository), head, [path]);
    assert.deepEqual(codesOf(found.problems), codes, what);
    assert.deepEqual(lines(treeOnDisk(root)), before, what);
    assert.equal(found.good, 0, what);
  }
});

/** A disk on which something happens once, right before or after a call whose arguments match. */
function meddled(call: keyof Disk, when: RegExp, then: () => void): Disk {
  let isDone = false;
  const original = quick[call] as (...args: readonly unknown[]) => unknown;
  const method = (...args: readonly unknown[]): unknown => {
    const result = original(...args);
    if (!isDone && when.test(args.join(' '))) {
      isDone = true;
      then();
    }
    return result;
  };
  return { ...quick, [call]: method };
}

const DONE_MEANWHILE: readonly [what: string, then: (root: string) => void, code: string][] = [
  ['edited in place', (root) => fs.appendFileSync(join(root, 'm/b'), '!'), 'sync/changed-meanwhile m/b'],
  ['replaced', (root) => put(root, { 'm/b': 'mine' }), 'sync/changed-meanwhile m/b'],
  ['removed', (root) => remove(root, 'm/b'), 'sync/changed-meanwhile m/b'],
  [
    'behind a symlink',
    (root) => {
      move(root, 'm', 'n');
      put(root, { m: '-> n' });
    },
    'sync/in-the-way m/b',
  ],
  ['without its folder', (root) => move(root, 'm', 'n'), 'sync/changed-meanwhile m/b'],
];

test('what changes between plan and step is left as it is and said, and the rest is done', async (t) => {
  // The journal is written between the plan and the first step, and the last file aside before any gets its place.
  const moments = [
    ['rename', /local\/journal$/],
    ['link', /local\/new\/[0-9a-f]{16}\/4$/],
  ] as const;
  const rows = DONE_MEANWHILE.flatMap((row) => moments.map((moment) => [...row, ...moment] as const));
  for (const [what, then, code, call, when] of rows) {
    const repository = await newRepository(t);
    const { root } = repository;
    put(root, TREE);
    const head = await committed(repository);
    remove(root, 'a', 'm/b', 'twin');
    put(root, { 'm/b': 'edited', twin: 'edited too' });
    const disk = meddled(call, when, () => then(root));
    const found = await bring(reopened(repository, disk), head, ['a', 'm/b', 'twin']);
    assert.deepEqual(codesOf(found.problems), [code], what);
    assert.deepEqual(steps(repository), ['write a', 'keep twin', 'write twin'], what);
    assert.deepEqual(leftoversIn(repository), [], what);
  }
});

test('what comes to a path in the last moment is not replaced', async (t) => {
  const repository = await newRepository(t);
  const { root } = repository;
  put(root, TREE);
  const head = await committed(repository);
  remove(root, 'a', 'twin');
  put(root, { twin: 'edited' });
  const before = guarded(repository);
  for (const path of ['a', 'twin']) {
    let looks = 0;
    const disk: Disk = {
      ...quick,
      link: (from, to) => {
        if (to === join(root, path) && looks++ === 0) put(root, { [path]: 'mine' });
        quick.link(from, to);
      },
    };
    const found = await bring(reopened(repository, disk), head, [path]);
    assert.deepEqual(codesOf(found.problems), [`sync/changed-meanwhile ${path}`]);
    assert.equal(fs.readFileSync(join(root, path), 'utf8'), 'mine');
  }
  // What stood at the second one was in the guard by then, and an undo knows.
  assert.deepEqual([guarded(repository) - before, steps(repository)], [1, ['keep twin']]);
});

test('files that were hard links are restored one by one', async (t) => {
  const repository = await newRepository(t);
  const { root } = repository;
  put(root, { a: 'old', b: 'old too' });
  const head = await committed(repository);
  remove(root, 'a', 'b');
  put(root, { a: 'linked' });
  fs.linkSync(join(root, 'a'), join(root, 'b'));
  const found = await bring(reopened(repository), head, ['a', 'b']);
  assert.deepEqual(codesOf(found.problems), []);
  assert.deepEqual(steps(repository), ['keep a', 'write a', 'keep b', 'write b']);
});

test('a full disk and a read-only one leave everything as it was', async (t) => {
  for (const [code, call] of [
    ['ENOSPC', 'write'],
    ['EROFS', 'openNew'],
  ] as const) {
    const repository = await newRepository(t);
    const { root } = repository;
    put(root, TREE);
    const head = await committed(repository);
    await unguarded(repository);
    remove(root, 'm/b', 'a');
    put(root, { a: 'edited' });
    const before = lines(treeOnDisk(root));
    let isFull = false;
    const disk: Disk = {
      ...quick,
      rename: (from, to) => {
        quick.rename(from, to);
        isFull = true;
      },
      [call]: (...args: readonly unknown[]) => {
        if (isFull || code === 'EROFS') throw Object.assign(new Error(code), { code });
        return (quick[call] as (...all: readonly unknown[]) => unknown)(...args);
      },
    };
    await assert.rejects(bring(reopened(repository, disk), head, ['a', 'm/b']), { code }, code);
    assert.deepEqual(lines(treeOnDisk(root)), before, code);
    await bring(reopened(repository), head, ['m/b']);
    assert.equal(fs.readFileSync(join(root, 'm/b'), 'utf8'), 'b', code);
    assert.deepEqual(leftoversIn(repository), [], code);
  }
});

test('nothing is written to a name that some file system takes for .dbk', async (t) => {
  const repository = await newRepository(t);
  const { root } = repository;
  put(root, { '.DBK/x': 'x', 'dbk~1': 'y', '.dbk.': 'z', 'a/.dbk:b': 'w', ' .dbk': 'fine' });
  const head = await committed(repository);
  remove(root, '.DBK', 'dbk~1', '.dbk.', 'a', ' .dbk');
  const found = await bring(reopened(repository), head, ['']);
  assert.deepEqual(codesOf(found.problems), [
    'sync/own-name .DBK',
    'sync/own-name .dbk.',
    'sync/own-name a/.dbk:b',
    'sync/own-name dbk~1',
  ]);
  assert.deepEqual(fs.readdirSync(root).sort(), [' .dbk', '.dbk', 'a']);
});
