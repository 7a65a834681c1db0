/** What is gone and not confirmed, and what moves about it: it stays recorded until it is confirmed or found again. */

import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { loadBlake3 } from '../../src/disk/blake3.ts';
import type { ExactStats, Stats } from '../../src/disk/disk.ts';
import { repository, type Workbench } from '../tools/repository.ts';
import { linesIn, type Literal } from '../tools/tree.ts';
import { checkExplained, checkPatches, movedOf } from './moves-laws.ts';
import { shell, statusOf } from './moves-person.ts';

before(() => loadBlake3());

/** What a commit said: its moves, how many files it misses, and where it could not record what is there. */
interface Said {
  readonly moved: readonly string[];
  readonly missing: number;
  readonly problems: readonly string[];
}

interface Step {
  readonly act: string;
  readonly said: Said;
  /** Recorded paths afterwards: files and links. */
  readonly recorded: readonly string[];
}

interface Story {
  readonly what: string;
  readonly before: Literal;
  readonly steps: readonly Step[];
}

const NOTHING: Said = { moved: [], missing: 0, problems: [] };
const moved = (...lines: readonly string[]): Said => ({ ...NOTHING, moved: lines });
const missing = (count: number, ...lines: readonly string[]): Said => ({
  ...moved(...lines),
  missing: count,
});

const STORIES: readonly Story[] = [
  {
    what: 'a file that was deleted while its folder moved is missing at its old path until it is found elsewhere',
    before: { 'x/a': 'one', 'x/b': 'two', c: 'three' },
    steps: [
      { act: 'mv x/b .dbk/aside; mv x y', said: missing(1, 'x/ → y/ inode'), recorded: ['c', 'x/b', 'y/a'] },
      { act: 'touch d', said: missing(1), recorded: ['c', 'd', 'x/b', 'y/a'] },
      {
        act: 'mkdir z; mv .dbk/aside z/b2',
        said: moved('x/ → z/ inode', 'x/b → z/b2 inode'),
        recorded: ['c', 'd', 'y/a', 'z/b2'],
      },
    ],
  },
  {
    what: 'a file that is missing is found again where it was',
    before: { a: 'one', b: 'two' },
    steps: [
      { act: 'mv a .dbk/aside', said: missing(1), recorded: ['a', 'b'] },
      { act: 'mv .dbk/aside a', said: NOTHING, recorded: ['a', 'b'] },
    ],
  },
  {
    what: 'a folder that is missing is found again elsewhere, edited in the meantime',
    before: { 'x/a': 'one', 'x/b': 'two', c: 'three' },
    steps: [
      { act: 'mv x .dbk/aside', said: missing(2), recorded: ['c', 'x/a', 'x/b'] },
      { act: 'echo more >> .dbk/aside/a; touch d', said: missing(2), recorded: ['c', 'd', 'x/a', 'x/b'] },
      { act: 'mv .dbk/aside w', said: moved('x/ → w/ inode'), recorded: ['c', 'd', 'w/a', 'w/b'] },
    ],
  },
  {
    what: 'a missing file is found by its content when it comes back from elsewhere',
    before: { 'x/a': 'one', 'x/b': 'two', c: 'three' },
    steps: [
      { act: 'cp -p x/a .dbk/aside; rm x/a', said: missing(1), recorded: ['c', 'x/a', 'x/b'] },
      { act: 'cp .dbk/aside x/d', said: moved('x/a → x/d content'), recorded: ['c', 'x/b', 'x/d'] },
    ],
  },
  {
    what: 'a file takes the place of a folder that is missing: it is not recorded, and neither is anything lost',
    before: { 'x/a': 'one', b: 'two', c: 'three' },
    steps: [
      {
        act: 'mv x .dbk/aside; mv b x',
        said: { moved: [], missing: 2, problems: ['scan/blocked x'] },
        recorded: ['b', 'c', 'x/a'],
      },
      { act: 'mv .dbk/aside y', said: moved('b → x inode', 'x/ → y/ inode'), recorded: ['c', 'x', 'y/a'] },
    ],
  },
  {
    what: 'a folder takes the place of a file that is missing: what is in it is not recorded yet',
    before: { a: 'one', 'x/b': 'two', 'x/c': 'three' },
    steps: [
      {
        act: 'mv a .dbk/aside; mv x a',
        said: { moved: [], missing: 3, problems: ['scan/blocked a'] },
        recorded: ['a', 'x/b', 'x/c'],
      },
      { act: 'mv .dbk/aside d', said: moved('x/ → a/ inode', 'a → d inode'), recorded: ['a/b', 'a/c', 'd'] },
    ],
  },
  {
    what: 'what moved to where a missing folder stood moves on to a free place',
    before: { 'x/a': 'one', b: 'two', c: 'three' },
    steps: [
      {
        act: 'mv x .dbk/aside; mv b x',
        said: { moved: [], missing: 2, problems: ['scan/blocked x'] },
        recorded: ['b', 'c', 'x/a'],
      },
      { act: 'mv x d', said: missing(1, 'b → d inode'), recorded: ['c', 'd', 'x/a'] },
    ],
  },
  {
    what: 'a chain whose end is blocked is recorded as far as it can be',
    before: { 'x/a': 'one', b: 'two', c: 'three', d: 'four', e: 'five' },
    steps: [
      {
        act: 'mv x .dbk/aside; mv b x; mv c b; mv d c; mv e g',
        said: {
          moved: ['e → g inode'],
          missing: 2,
          problems: ['scan/blocked b', 'scan/blocked c', 'scan/blocked x'],
        },
        recorded: ['b', 'c', 'd', 'g', 'x/a'],
      },
      {
        act: 'mv .dbk/aside y',
        said: moved('c → b inode', 'd → c inode', 'b → x inode', 'x/ → y/ inode'),
        recorded: ['b', 'c', 'g', 'x', 'y/a'],
      },
    ],
  },
];

async function check(bench: Workbench, { act, said, recorded }: Step): Promise<void> {
  shell(bench.root, act);
  await statusOf(bench);
  const before = bench.repository.commits.readHead();
  const onDisk = linesIn(bench.root);
  const { result, problems } = await bench.commit();
  const head = bench.repository.commits.readHead()!;
  const lines = head === before ? [] : movedOf(bench.repository);
  assert.deepEqual({ moved: lines, missing: result.unconfirmed, problems }, said, act);
  checkExplained(bench.repository, head);
  const files = bench.entries().filter(([, { kind }]) => kind !== 'directory');
  assert.deepEqual(
    files.map(([path]) => path),
    recorded,
    act,
  );
  assert.deepEqual(linesIn(bench.root), onDisk, 'nothing of the person is touched');
}

test('what nobody confirmed stays recorded, where it was, until it is found again', async (t) => {
  for (const story of STORIES) {
    await t.test(story.what, async (inner) => {
      const bench = await repository(inner, story.before);
      await bench.commit();
      for (const step of story.steps) await check(bench, step);
      await bench.commit({ confirmDeletions: true });
      assert.deepEqual(await statusOf(bench), []);
      assert.deepEqual(bench.recorded(), linesIn(bench.root));
      checkPatches(bench.repository);
    });
  }
});

/** No birth times, as exFAT through FUSE has none: each mount numbers its files anew. */
function numberless<T extends Stats | ExactStats>(stats: T, mount: number): T {
  const isExact = typeof stats.ino === 'bigint';
  const times = isExact
    ? { birthtimeNs: 0n, ctimeNs: (stats as ExactStats).mtimeNs }
    : { birthtimeMs: 0, ctimeMs: (stats as Stats).mtimeMs };
  const ino = isExact
    ? ((stats.ino as bigint) * BigInt(7 ** mount)) % 10007n
    : ((stats.ino as number) * 7 ** mount) % 10007;
  return Object.assign(Object.create(Object.getPrototypeOf(stats) as object) as T, stats, times, { ino });
}

test('without inodes contents tell what moved, and a status reads what may be something that is gone alone', async (t) => {
  let mount = 1;
  const maybe = <T extends Stats | ExactStats>(stats: T | undefined): T | undefined =>
    stats && numberless(stats, mount);
  const literal = { 'x/a': 'one', 'x/b': 'three', 'y/c': 'seven', 'y/d': 'seven', e: 'eleven!', f: 'f' };
  const bench = await repository(t, literal, {
    disk: (disk) => ({
      ...disk,
      lstat: (path) => maybe(disk.lstat(path)),
      lstatOrdinary: (path) => maybe(disk.lstatOrdinary(path)),
      lstatExact: (path) => maybe(disk.lstatExact(path)),
      fstat: (fd) => numberless(disk.fstat(fd), mount),
      fstatExact: (fd) => numberless(disk.fstatExact(fd), mount),
    }),
  });
  await bench.commit();
  mount = 2;
  shell(bench.root, 'mv x z; mv e g; echo some other length > h; echo 123 > i');
  bench.disk.forgetCounts();
  assert.deepEqual(await statusOf(bench), [
    'moved file e → g content',
    'added file h',
    'added file i',
    'moved directory x → z content (2)',
  ]);
  assert.deepEqual(bench.disk.opened, ['g', 'z/a', 'z/b'], 'what has the size of something that is gone');
  bench.disk.forgetCounts();
  mount = 3;
  await bench.commit();
  assert.deepEqual(movedOf(bench.repository), ['e → g content', 'x/ → z/ content']);
  assert.deepEqual(bench.disk.opened, ['h', 'i'], 'what the status read is known');
  shell(bench.root, 'echo more >> z/a; mv z x; mv f t; mv g f; mv t g');
  assert.deepEqual((await bench.commit()).result.unconfirmed, 0);
  assert.deepEqual(movedOf(bench.repository), ['g → f content', 'f → g content', 'z/ → x/ content']);
  checkExplained(bench.repository, bench.repository.commits.readHead()!);
  assert.deepEqual(await statusOf(bench), []);
  assert.deepEqual(bench.recorded(), linesIn(bench.root));
});
