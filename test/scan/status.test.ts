import { test, type TestContext } from 'node:test';
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import { join } from 'node:path/posix';
import { digest } from '../../src/disk/blake3.ts';
import { directory, file, hole, link, linesIn, named, plant, sameAs, statsIn } from '../tools/tree.ts';
import { repository, type Workbench } from '../tools/repository.ts';

const TREE = {
  'a/one': 'one',
  'a/two': sameAs('a/one'),
  'b/executable': file('#!/bin/sh\n', 0o755),
  'b/secret': file('x', 0o400),
  [named('c/', 0xff)]: 'odd',
  'c/link': link('../a/one'),
  'c/.dbkignore': '*.o\n',
  'c/x.o': 'ignored',
  d: directory(0o700),
  hole: hole(100_000),
};

const isOfThePerson = (path: string): boolean => path !== '.dbk' && !path.startsWith('.dbk/');
const isNotLocal = (path: string): boolean => path !== '.dbk/local' && !path.startsWith('.dbk/local/');

/** What the root's own times say is changed by `.dbk`. */
function withoutRoot(stats: [string, string][]): [string, string][] {
  return stats.filter(([path]) => path !== '');
}

test('nothing of the person’s is touched by init, status and, without a guard, commit', async (t) => {
  const bench = await repository(t, TREE, { guard: 'none' });
  const before = withoutRoot(statsIn(bench.root, isOfThePerson));
  const contents = linesIn(bench.root);
  const look = (): void => {
    assert.deepEqual(withoutRoot(statsIn(bench.root, isOfThePerson)), before);
    assert.deepEqual(linesIn(bench.root), contents);
  };
  await bench.status();
  look();
  await bench.commit();
  look();
  await bench.status({ checkEverything: true });
  look();
  await bench.commit({ checkEverything: true, confirmDeletions: true });
  look();
});

test('reading keeps the time of the last access, where the file is the reader’s own', async (t) => {
  const bench = await repository(t, { a: 'x'.repeat(100_000) });
  // A file that was changed after it was read last is one whose access time a relative mount would set.
  fs.utimesSync(join(bench.root, 'a'), 1_000_000_000, 1_500_000_000);
  const { atimeNs } = fs.statSync(join(bench.root, 'a'), { bigint: true });
  await bench.commit();
  await bench.status({ checkEverything: true });
  assert.equal(fs.statSync(join(bench.root, 'a'), { bigint: true }).atimeNs, atimeNs);
});

test('a status writes nothing outside .dbk/local, clean or not', async (t) => {
  const bench = await repository(t, TREE);
  await bench.status();
  await bench.commit();
  const steps: readonly ((bench: Workbench) => void)[] = [
    () => undefined,
    ({ root }) => plant(root, { 'a/three': 'three', 'c/new/x': 'x' }),
    ({ root }) => fs.rmSync(join(root, 'b'), { recursive: true }),
    ({ root }) =>
      plant(root, { '.dbk/index/ignore': '*\n', '.dbk/index/policy.yaml': 'dbk: policy 1\ncopies: 5\n' }),
    ({ root }) => plant(root, { '.dbk/index/tree/a/manifest.yaml': 'by hand', '.dbk/index/stray': 'x' }),
    ({ root }) => fs.rmSync(join(root, '.dbk/local'), { recursive: true }),
  ];
  for (const [i, step] of steps.entries()) {
    step(bench);
    // Where `local` is missing it is made, which its parent's times show.
    fs.mkdirSync(join(bench.root, '.dbk/local'), { recursive: true });
    const before = statsIn(bench.root, isNotLocal);
    for (const checkEverything of [false, true]) {
      await bench.status({ checkEverything });
      assert.deepEqual(statsIn(bench.root, isNotLocal), before, `step ${i}`);
    }
  }
});

test('what a status leaves in .dbk/local are caches, and no lock or stamp', async (t) => {
  const bench = await repository(t, TREE);
  await bench.commit();
  await bench.status();
  const left = fs.readdirSync(join(bench.root, '.dbk/local')).sort();
  assert.deepEqual(
    left.filter((name) => !['cache', 'cache-index', 'here', 'released'].includes(name)),
    left.includes('new') ? ['new'] : [],
  );
});

test('totals count what is here, recorded or not: files and links, and the bytes of files', async (t) => {
  const bench = await repository(t, TREE);
  const expected = (): { files: number; bytes: number } => {
    const lines = linesIn(bench.root).filter(
      ([path, line]) => path !== 'c/x.o' && !line.startsWith('directory'),
    );
    const sizes = lines.map(([, line]) => (line.startsWith('file') ? Number(line.split(' ')[2]) : 0));
    return { files: lines.length, bytes: sizes.reduce((sum, size) => sum + size, 0) };
  };
  const check = async (): Promise<void> => {
    for (const round of [1, 2]) {
      const { status } = await bench.status();
      assert.deepEqual({ files: status.files, bytes: status.bytes }, expected(), `status ${round}`);
    }
    fs.rmSync(join(bench.root, '.dbk/local/cache'), { force: true });
    const { status } = await bench.status();
    assert.deepEqual({ files: status.files, bytes: status.bytes }, expected(), 'without the cache');
  };
  await check();
  const { result } = await bench.commit();
  assert.deepEqual({ files: result.files, bytes: result.bytes }, expected());
  await check();
  plant(bench.root, { 'a/one': 'longer than it was', 'new/file': 'new' });
  fs.rmSync(join(bench.root, 'b'), { recursive: true });
  await check();
  await bench.commit();
  await check();
});

test('two statuses at once, and one beside a commit, say the same and break nothing', async (t) => {
  const bench = await repository(t, TREE);
  await bench.commit();
  plant(bench.root, { 'a/one': 'edited' });
  const [first, second] = await Promise.all([bench.status(), bench.status()]);
  assert.deepEqual(second.changes, first.changes);
  const [committed, beside] = await Promise.all([bench.commit(), bench.status()]);
  assert.notEqual(committed.result.commit, undefined);
  assert.deepEqual(beside.problems, []);
  assert.deepEqual((await bench.status()).changes, []);
});

/** Recomputes an id with b3sum, which nobody here wrote. */
test('ids are what b3sum says', async (t) => {
  if (spawnSync('b3sum', ['--version']).status !== 0) return t.skip('needs b3sum');
  const bench = await repository(t, {
    empty: '',
    small: 'x',
    big: new Uint8Array(2_345_678).fill(9),
    hole: hole(3_000_001),
  });
  await bench.commit();
  const said = execFileSync('b3sum', ['empty', 'small', 'big', 'hole'], {
    cwd: bench.root,
    encoding: 'utf8',
  });
  const ids = said
    .trim()
    .split('\n')
    .map((line) => line.split('  ').reverse());
  for (const [path, id] of ids) assert.equal((bench.entry(path!) as { blake3: string }).blake3, id);
  assert.equal(digest('x'), ids[1]![1]);
});

/** What policy.yaml asks for is recorded with everything; asking for it and no longer asking reads no content. */
const RECORD: readonly (readonly [
  kinds: string,
  tool: string | undefined,
  prepare: (root: string) => void,
  expected: object,
])[] = [
  ['owner', undefined, () => undefined, { owner: userName('-un') }],
  ['owner, group', undefined, () => undefined, { owner: userName('-un'), group: userName('-gn') }],
  [
    'xattrs',
    'setfattr',
    (root) => void execFileSync('setfattr', ['-n', 'user.mood', '-v', 'good', join(root, 'a/one')]),
    { xattrs: new Map([['user.mood', 'Z29vZA==']]) },
  ],
  [
    'acl',
    'setfacl',
    (root) => void execFileSync('setfacl', ['-m', 'user:root:r', join(root, 'a/one')]),
    { acl: 'user:root:r--,group::r--,mask::r--' },
  ],
];

function userName(which: string): string {
  return execFileSync('id', [which], { encoding: 'utf8' }).trim();
}

for (const [kinds, tool, prepare, expected] of RECORD) {
  test(`record: [${kinds}] describes everything anew and reads no content, both when it comes and when it goes`, async (t: TestContext) => {
    if (tool !== undefined && spawnSync(tool, ['--version']).error !== undefined)
      return t.skip(`needs ${tool}`);
    const bench = await repository(t, { 'a/one': 'one', 'a/two': 'two', 'a/link': link('one'), b: 'b' });
    try {
      prepare(bench.root);
    } catch {
      return t.skip('needs a file system with extended attributes and access lists');
    }
    await bench.commit();
    const plain = bench.entries();
    bench.disk.forgetCounts();
    plant(bench.root, { '.dbk/index/policy.yaml': `dbk: policy 1\nrecord: [${kinds}]\n` });
    await bench.commit();
    const known = new Set(['kind', 'blake3', 'size', 'mtime', 'mode']);
    const recorded = Object.entries(bench.entry('a/one')!).filter(([key]) => !known.has(key));
    assert.deepEqual(Object.fromEntries(recorded), expected);
    for (const isLost of [false, true]) {
      if (isLost) fs.rmSync(join(bench.root, '.dbk/local/cache'));
      const { changes, problems } = await bench.status();
      assert.deepEqual([changes, problems], [[], []]);
      if (!isLost) assert.deepEqual(bench.disk.opened, []);
    }
    await bench.status();
    bench.disk.forgetCounts();
    plant(bench.root, { '.dbk/index/policy.yaml': 'dbk: policy 1\n' });
    await bench.commit();
    assert.deepEqual(bench.entries(), plain);
    assert.deepEqual(bench.disk.opened, []);
    assert.deepEqual((await bench.status()).changes, []);
  });
}
