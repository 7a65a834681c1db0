import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import { join } from 'node:path/posix';
import { before, test, type TestContext } from 'node:test';
import { loadBlake3 } from '../../src/disk/blake3.ts';
import type { Disk } from '../../src/disk/disk.ts';
import { changeSetting } from '../../src/flow/configure.ts';
import { deleted } from '../../src/flow/deleted.ts';
import { forget } from '../../src/flow/forget.ts';
import { usualGuard } from '../../src/flow/guard.ts';
import { guardTotals } from '../../src/flow/guard-totals.ts';
import { prune, type Pruned } from '../../src/flow/prune.ts';
import type { ContentId } from '../../src/model/id.ts';
import type { RepositoryPath } from '../../src/model/path.ts';
import { Guard } from '../../src/store/guard.ts';
import { roomy } from '../tools/roomy.ts';
import { directory, link, plant, sameAs, type Literal } from '../tools/tree.ts';
import { repository, type Options, type Workbench } from '../tools/repository.ts';
import { volume } from '../tools/volumes.ts';

before(() => loadBlake3());

function guarded(t: TestContext, literal: Literal, options: Options = {}): Promise<Workbench> {
  return repository(t, literal, { guard: 'links', ...options });
}

/** What the guard holds: the text, and how many paths of the person's are the same inode. */
function held(bench: Workbench): string[] {
  const guard = new Guard(bench.context.disk, bench.repository.layout, 'links');
  return [...guard.all()]
    .map(({ path, stats }) => `${fs.readFileSync(path, 'utf8')} ${stats.nlink - 1n}`)
    .sort();
}

/** Every name in the guard is the hash of what is in it. */
async function verify(bench: Workbench): Promise<void> {
  const { digest } = await import('../../src/disk/blake3.ts');
  for (const { path, blake3 } of new Guard(bench.context.disk, bench.repository.layout, 'links').all())
    assert.equal(digest(fs.readFileSync(path)), blake3);
}

function at({ root }: Workbench, path: string): string {
  return join(root, path);
}

async function gone(bench: Workbench): Promise<string[]> {
  return (await deleted(bench.repository)).map(({ kind, paths }) => `${kind} ${paths.join(' ')}`);
}

/** Counts of files, by what `prune` says of them. */
function counts({ age, space, unconfirmed, lastCopies, young, freed }: Pruned): Record<string, number> {
  const all = { age, space, unconfirmed, lastCopies, young, freed };
  return Object.fromEntries(
    Object.entries(all).flatMap(([name, { files }]) => (files === 0 ? [] : [[name, files]])),
  );
}

const confirmed = { confirmDeletions: true } as const;

test('a commit guards every inode once; nothing else does; what follows costs no reading', async (t) => {
  for (const threads of [1, 2]) {
    const literal = { a: 'one', 'b/c': 'two', 'b/same': 'two', empty: '', link: link('a'), d: directory() };
    const bench = await guarded(t, { ...literal, twin: sameAs('a') }, { threads });
    await bench.status();
    await bench.commit({ dryRun: true });
    assert.ok(!fs.existsSync(bench.repository.layout.guard));
    // Nothing is young enough to be read once more.
    await new Promise((resolve) => setTimeout(resolve, threads === 2 ? 60 : 0));
    const before = Object.keys(literal).map(
      (path) => fs.lstatSync(at(bench, path), { bigint: true }).mtimeNs,
    );
    await bench.commit();
    assert.deepEqual(held(bench), [' 1', 'one 2', 'two 1', 'two 1']);
    await verify(bench);
    const after = Object.keys(literal).map((path) => fs.lstatSync(at(bench, path), { bigint: true }).mtimeNs);
    assert.deepEqual(after, before);
    bench.disk.forgetCounts();
    assert.deepEqual((await bench.status()).changes, []);
    const { result } = await bench.commit();
    assert.deepEqual([result.commit, result.hashed.files, bench.disk.opened], [undefined, 0, []]);
  }
});

test('a chmod, a move and an edit of a guarded file make no hard links of it, and real ones are found', async (t) => {
  const bench = await guarded(t, { a: 'a', b: 'b', c: 'c', 'd/e': 'e' });
  await bench.commit();
  fs.chmodSync(at(bench, 'a'), 0o600);
  fs.renameSync(at(bench, 'd'), at(bench, 'moved'));
  fs.appendFileSync(at(bench, 'b'), 'more');
  fs.linkSync(at(bench, 'c'), at(bench, 'c too'));
  bench.disk.forgetCounts();
  await bench.commit(confirmed);
  assert.deepEqual(bench.disk.opened, ['b', 'c', 'c too']);
  const same = bench.same();
  assert.deepEqual(Object.keys(same), ['c', 'c too']);
  assert.equal(same['c'], same['c too']);
  assert.deepEqual(held(bench), ['a 1', 'bmore 1', 'c 2', 'e 1']);
  fs.rmSync(at(bench, 'c'));
  await bench.commit(confirmed);
  assert.deepEqual([bench.same(), held(bench).length], [{}, 4]);
  assert.deepEqual((await bench.status()).changes, []);
});

test('what only status had read is guarded by the commit, and so is all there is when the guard comes later', async (t) => {
  const bench = await repository(
    t,
    { a: 'a', 'b/c': 'c', 'b/d': 'd', x: 'x', y: sameAs('x') },
    { guard: 'none' },
  );
  await bench.commit();
  assert.ok(!fs.existsSync(bench.repository.layout.guard));
  await changeSetting(bench.repository, 'guard', 'links');
  plant(bench.root, { a: 'edited' });
  await bench.status();
  bench.disk.forgetCounts();
  const { result } = await bench.commit();
  assert.deepEqual([result.guard.protectedLate, bench.disk.opened], [4, []]);
  assert.deepEqual(held(bench), ['c 1', 'd 1', 'edited 1', 'x 2']);
  assert.deepEqual(Object.keys(bench.same()), ['x', 'y']);
  bench.disk.forgetCounts();
  assert.deepEqual([(await bench.commit()).result.commit, bench.disk.opened], [undefined, []]);
});

const WRITINGS: Readonly<Record<string, (bench: Workbench) => void>> = {
  'in place': (bench) => fs.writeFileSync(at(bench, 'a'), 'written'),
  'in place, and moved': (bench) => {
    fs.writeFileSync(at(bench, 'a'), 'written');
    fs.renameSync(at(bench, 'a'), at(bench, 'moved'));
  },
  'in place, and looked at': async (bench) => {
    fs.writeFileSync(at(bench, 'a'), 'written');
    await bench.status();
  },
  'in place twice, and looked at': async (bench) => {
    for (const text of ['between', 'written']) {
      fs.writeFileSync(at(bench, 'a'), text);
      await bench.status();
    }
  },
};

test('what is written in place is said, once, and the guard never holds it under its old hash', async (t) => {
  for (const [what, write] of Object.entries(WRITINGS)) {
    const bench = await guarded(t, { a: 'before', b: 'b' });
    await bench.commit();
    await write(bench);
    const { problems } = await bench.commit(confirmed);
    if (!what.endsWith('looked at')) assert.deepEqual(problems, ['guard/written-in-place'], what);
    assert.deepEqual(held(bench), ['b 1', 'written 1'], what);
    await verify(bench);
    assert.deepEqual([(await bench.commit()).problems, await gone(bench)], [[], []], what);
  }
});

test('what a status has read since it was written in place is found in the guard without searching there', async (t) => {
  const bench = await guarded(t, { a: 'before', b: 'b' });
  await bench.commit();
  fs.writeFileSync(at(bench, 'a'), 'written');
  await bench.status();
  const listed: string[] = [];
  const { readdir } = bench.disk;
  Object.assign(bench.disk, { readdir: (path: string) => (listed.push(path), readdir(path)) });
  await bench.commit();
  const isSearched = listed.includes(bench.repository.layout.guard);
  assert.deepEqual([isSearched, held(bench)], [false, ['b 1', 'written 1']]);
});

test('a version that a save by renaming replaced stays until it may go', async (t) => {
  const bench = await guarded(t, { a: 'before' });
  await bench.commit();
  plant(bench.root, { a: 'now' });
  assert.deepEqual((await bench.commit()).problems, []);
  assert.deepEqual([held(bench), await gone(bench)], [['before 0', 'now 1'], ['gone a']]);
  assert.deepEqual(guardTotals(bench.repository), { files: 1, bytes: 6 });
});

test('what the guard is refused is said once for all, and never fails a commit', async (t) => {
  const refusing = (disk: Disk): Disk => ({
    ...disk,
    link: (from, to) => {
      if (from.includes('foreign')) throw Object.assign(new Error('EPERM'), { code: 'EPERM' });
      disk.link(from, to);
    },
  });
  const bench = await guarded(t, { a: 'a', 'foreign/1': '1', 'foreign/2': '2' }, { disk: refusing });
  assert.deepEqual((await bench.commit()).problems, ['guard/not-guarded foreign/1']);
  assert.deepEqual(held(bench), ['a 1']);
  bench.disk.forgetCounts();
  const again = await bench.commit();
  assert.deepEqual([again.problems, bench.disk.counts.get('link') ?? 0, bench.disk.opened], [[], 1, []]);
});

test('the unconfirmed is never freed; the confirmed goes when keep allows it, and then by itself', async (t) => {
  const bench = await guarded(t, { a: 'a', b: 'b', 'c/d': 'd', stays: 's' });
  await bench.commit();
  for (const path of ['a', 'c']) fs.rmSync(at(bench, path), { recursive: true });
  await changeSetting(bench.repository, 'keep.age', '0h');
  await bench.commit();
  const options = { free: true, lastCopies: true };
  assert.deepEqual(counts(await prune(bench.repository, options)), { unconfirmed: 2 });
  assert.deepEqual(await gone(bench), ['missing a', 'missing c/d']);
  await changeSetting(bench.repository, 'keep.age', '1d');
  await bench.commit(confirmed);
  assert.deepEqual(counts(await prune(bench.repository, { ...options, free: false })), { young: 2 });
  assert.deepEqual(guardTotals(bench.repository), { files: 2, bytes: 2 });
  await changeSetting(bench.repository, 'keep.age', '0h');
  assert.deepEqual(counts(await prune(bench.repository, { ...options, free: false })), { age: 2 });
  fs.rmSync(at(bench, 'b'));
  const { result } = await bench.commit(confirmed);
  assert.deepEqual(result.guard.freed, { files: 3, bytes: 3 });
  assert.deepEqual([held(bench), guardTotals(bench.repository)], [['s 1'], { files: 0, bytes: 0 }]);
});

test('a content that another path still has is not freed after a commit, and not at all as the only one', async (t) => {
  const bench = await guarded(t, { a: 'same', b: 'same' });
  await bench.commit();
  await changeSetting(bench.repository, 'keep.age', '0h');
  fs.rmSync(at(bench, 'a'));
  assert.deepEqual((await bench.commit(confirmed)).result.guard.freed.files, 0);
  assert.deepEqual([held(bench), await gone(bench)], [['same 0', 'same 1'], []]);
  // An edit that nobody committed: the old content is all the more in use.
  plant(bench.root, { b: 'edited' });
  const options = { free: true, lastCopies: false };
  assert.deepEqual(counts(await prune(bench.repository, options)), { unconfirmed: 2 });
  await bench.commit();
  assert.deepEqual(held(bench), ['edited 1']);
});

test('so many commits, or little room: keep says which', async (t) => {
  let share = 1;
  const bench = await guarded(t, { a: 'a', b: 'b', c: 'c' }, { disk: (disk) => roomy(disk, () => share) });
  await bench.commit();
  await changeSetting(bench.repository, 'keep.age', '0h');
  await changeSetting(bench.repository, 'keep.commits', '2');
  const removing = async (path: string): Promise<number> => {
    fs.rmSync(at(bench, path));
    return (await bench.commit(confirmed)).result.guard.freed.files;
  };
  assert.deepEqual([await removing('a'), await removing('b')], [0, 0]);
  plant(bench.root, { later: 'x' });
  assert.equal((await bench.commit()).result.guard.freed.files, 1);
  share = 0.05;
  assert.deepEqual(counts(await prune(bench.repository, { free: false, lastCopies: false })), { space: 1 });
  assert.equal(await removing('c'), 2);
});

test('what dbk itself took away goes only as a last copy that a person gives up', async (t) => {
  const bench = await guarded(t, { a: 'a', b: 'b', 'b too': 'b' });
  await bench.commit();
  const guard = new Guard(bench.context.disk, bench.repository.layout, 'links');
  for (const path of ['a', 'b']) {
    const entry = bench.entry(path) as { blake3: ContentId };
    guard.take(at(bench, path), entry.blake3);
  }
  await bench.commit(confirmed);
  await changeSetting(bench.repository, 'keep.age', '0h');
  const options = { free: true, lastCopies: false };
  assert.deepEqual(counts(await prune(bench.repository, options)), { age: 1, lastCopies: 1, freed: 1 });
  assert.deepEqual(held(bench), ['a 0', 'b 1']);
  const last = counts(await prune(bench.repository, { ...options, lastCopies: true }));
  assert.deepEqual([last, held(bench)], [{ age: 1, freed: 1 }, ['b 1']]);
});

test('the lists of what went are made again from the history', async (t) => {
  const bench = await guarded(t, { a: 'a', b: 'b', c: 'c' });
  await bench.commit();
  for (const path of ['a', 'b']) {
    fs.rmSync(at(bench, path));
    await bench.commit(confirmed);
  }
  const before = [await deleted(bench.repository), guardTotals(bench.repository)];
  const lists = join(bench.repository.layout.local, 'released');
  const texts = (): unknown =>
    fs.readdirSync(lists).map((name) => [name, fs.readFileSync(join(lists, name), 'utf8')]);
  const written = texts();
  fs.rmSync(lists, { recursive: true });
  assert.deepEqual([await deleted(bench.repository), guardTotals(bench.repository)], before);
  assert.deepEqual(texts(), written);
  // A commit that nobody noted is caught up with.
  await forget(bench.repository, {
    paths: ['c'] as never as RepositoryPath[],
    message: '',
    dryRun: false,
  }).catch(() => undefined);
  plant(bench.root, { d: 'd' });
  await bench.commit();
  assert.deepEqual((await gone(bench)).slice(0, 2), ['gone b', 'gone a']);
});

test('a guard that cannot be looked after is said, and the commit is made', async (t) => {
  let isBroken = false;
  const disk = (plain: Disk): Disk => ({
    ...plain,
    readdir: (path) => {
      if (isBroken && path.includes('/.dbk/guard/')) throw Object.assign(new Error('EIO'), { code: 'EIO' });
      return plain.readdir(path);
    },
  });
  const bench = await guarded(t, { a: 'a', b: 'b' }, { disk });
  await bench.commit();
  fs.rmSync(at(bench, 'a'));
  isBroken = true;
  const { result, problems } = await bench.commit(confirmed);
  assert.deepEqual([result.commit !== undefined, problems], [true, ['guard/not-tended .dbk/guard']]);
});

test('exFAT has no links: a new repository says none, and links are refused', async (t) => {
  const disk = volume(t, 'exfat');
  if (typeof disk === 'string') return t.skip(disk);
  const bench = await repository(t, { a: 'a' }, { root: disk.folder, guard: 'none' });
  await bench.commit();
  assert.equal(usualGuard(bench.context.disk, bench.repository.layout), 'none');
  for (const kind of ['links', 'reflinks']) {
    await assert.rejects(changeSetting(bench.repository, 'guard', kind), {
      problem: {
        code: `guard/no-${kind}`,
        severity: 'error',
        reason: `this file system has no ${kind === 'links' ? 'hard links' : 'reflinks'}`,
        hint: "choose the guard 'none'",
      },
    });
  }
});

test('XFS has reflinks: they survive writing in place', async (t) => {
  const disk = volume(t, 'xfs');
  if (typeof disk === 'string') return t.skip(disk);
  const bench = await repository(t, { a: 'before', b: 'b' }, { root: disk.folder, guard: 'reflinks' });
  await bench.commit();
  const inodes = (): bigint[] =>
    ['a', 'b'].map((path) => fs.lstatSync(at(bench, path), { bigint: true }).nlink);
  assert.deepEqual(
    [inodes(), held(bench)],
    [
      [1n, 1n],
      ['b 0', 'before 0'],
    ],
  );
  fs.writeFileSync(at(bench, 'a'), 'written');
  assert.deepEqual((await bench.commit()).problems, []);
  assert.deepEqual([held(bench), await gone(bench)], [['b 0', 'before 0', 'written 0'], ['gone a']]);
  await changeSetting(bench.repository, 'keep.age', '0h');
  plant(bench.root, { c: 'c' });
  assert.deepEqual((await bench.commit()).result.guard.freed, { files: 1, bytes: 6 });
  assert.deepEqual(held(bench), ['b 0', 'c 0', 'written 0']);
});
