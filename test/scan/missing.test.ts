import { test } from 'node:test';
import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import { join } from 'node:path/posix';
import { directory, link, linesIn, plant, type Literal } from '../tools/tree.ts';
import { repository, type Workbench } from '../tools/repository.ts';

const TREE = {
  'd/1': 'one',
  'd/e/2': 'two',
  'd/e/3': 'three',
  f: 'file',
  l: link('f'),
  'k/1': 'one',
  'k/2': 'two',
};

function remove({ root }: Workbench, ...paths: readonly string[]): void {
  for (const path of paths) fs.rmSync(join(root, path), { recursive: true });
}

test('what is gone is missing at every look until somebody confirms it', async (t) => {
  const bench = await repository(t, TREE);
  await bench.commit();
  const before = bench.recorded();
  remove(bench, 'd', 'l', 'k/1');
  const expected = [
    'missing link l',
    'missing directory d',
    'missing file d/1',
    'missing directory d/e',
    'missing file d/e/2',
    'missing file d/e/3',
    'missing file k/1',
  ];
  for (const round of [1, 2, 3]) {
    assert.deepEqual((await bench.status()).changes, expected, `status ${round}`);
    const { result, problems } = await bench.commit();
    assert.deepEqual([result.commit, result.unconfirmed, problems], [undefined, 5, []], `commit ${round}`);
    assert.deepEqual(bench.recorded(), before);
    if (round === 2) fs.rmSync(join(bench.root, '.dbk/local/cache'));
  }
  plant(bench.root, { new: 'new', 'k/2': 'edited' });
  const { changes } = await bench.commit();
  assert.deepEqual(changes.slice().sort(), ['added file new', 'changed file k/2']);
  assert.deepEqual((await bench.status()).changes, expected);
  const confirmed = await bench.commit({ confirmDeletions: true });
  assert.deepEqual(
    confirmed.changes.slice().sort(),
    expected.map((line) => line.replace('missing', 'removed')).sort(),
  );
  assert.deepEqual(bench.recorded(), linesIn(bench.root));
});

/** Ways to be back. */
const BACK: Readonly<
  Record<string, readonly [(bench: Workbench, aside: string) => void, readonly string[]]>
> = {
  'the same files': [({ root }, aside) => fs.renameSync(aside, join(root, 'd')), []],
  'a copy with the same times': [
    ({ root }, aside) => fs.cpSync(aside, join(root, 'd'), { recursive: true, preserveTimestamps: true }),
    [],
  ],
  'other contents': [
    ({ root }) => plant(root, { 'd/1': 'other', 'd/e/2': 'other', 'd/e/3': 'other' }),
    ['changed file d/1', 'changed file d/e/2', 'changed file d/e/3'],
  ],
  'half of them': [
    ({ root }, aside) => {
      plant(root, { 'd/e': directory() });
      fs.renameSync(join(aside, 'e/2'), join(root, 'd/e/2'));
    },
    ['missing file d/1', 'missing file d/e/3'],
  ],
};

for (const [what, [restore, changes]] of Object.entries(BACK)) {
  for (const isCommitted of [false, true]) {
    test(`${what} come back after a folder was missing${isCommitted ? ' for a commit' : ''}`, async (t) => {
      const bench = await repository(t, TREE);
      // Whole milliseconds: a copy by Node keeps no more of them.
      for (const path of ['d/1', 'd/e/2', 'd/e/3']) fs.utimesSync(join(bench.root, path), 1e9, 1e9);
      await bench.commit();
      const aside = join(bench.root, '.dbk/local/aside');
      fs.renameSync(join(bench.root, 'd'), aside);
      await bench.status();
      if (isCommitted) {
        plant(bench.root, { new: 'new' });
        await bench.commit();
      }
      restore(bench, aside);
      for (const round of [1, 2]) {
        assert.deepEqual((await bench.status()).changes.slice().sort(), changes, `status ${round}`);
      }
      await bench.commit({ confirmDeletions: true });
      assert.deepEqual(bench.recorded(), linesIn(bench.root));
    });
  }
}

/** Something else stands where something was that nobody confirmed as deleted. */
const BLOCKED: readonly {
  readonly what: string;
  readonly gone: string;
  readonly instead: Literal;
  readonly problem: string;
  readonly unconfirmed: number;
}[] = [
  {
    what: 'a file for a folder',
    gone: 'd',
    instead: { d: 'file now' },
    problem: 'scan/blocked d',
    unconfirmed: 3,
  },
  {
    what: 'a link for a folder',
    gone: 'd',
    instead: { d: link('k') },
    problem: 'scan/blocked d',
    unconfirmed: 3,
  },
  {
    what: 'a file for a folder deep down',
    gone: 'd/e',
    instead: { 'd/e': 'file now' },
    problem: 'scan/blocked d/e',
    unconfirmed: 2,
  },
  {
    what: 'a folder for a file',
    gone: 'f',
    instead: { 'f/x/y': 'deep', 'f/z': 'z' },
    problem: 'scan/blocked f',
    unconfirmed: 1,
  },
  {
    what: 'an empty folder for a link',
    gone: 'l',
    instead: { l: directory() },
    problem: 'scan/blocked l',
    unconfirmed: 1,
  },
  {
    what: 'a folder with rules for a file',
    gone: 'f',
    instead: { 'f/.dbkignore': '*.o\n', 'f/x.o': 'x' },
    problem: 'scan/blocked f',
    unconfirmed: 1,
  },
];

for (const { what, gone, instead, problem, unconfirmed } of BLOCKED) {
  test(`${what} is said and not recorded, until the deletion is confirmed or undone`, async (t) => {
    const bench = await repository(t, TREE);
    await bench.commit();
    const before = bench.recorded();
    const texts = bench.texts();
    const aside = join(bench.root, '.dbk/local/aside');
    for (const isConfirmed of [false, true]) {
      fs.renameSync(join(bench.root, gone), aside);
      plant(bench.root, instead);
      for (const round of [1, 2]) {
        const { result, problems } = await bench.commit();
        assert.deepEqual(
          [result.commit, result.unconfirmed, problems],
          [undefined, unconfirmed, [problem]],
          `commit ${round}`,
        );
        assert.deepEqual(bench.recorded(), before);
      }
      // What can be recorded beside it is.
      plant(bench.root, { 'k/2': 'edited' });
      assert.deepEqual((await bench.commit()).changes, ['changed file k/2']);
      plant(bench.root, { 'k/2': 'two' });
      fs.utimesSync(join(bench.root, 'k/2'), 1, 1);
      await bench.commit();
      assert.deepEqual(
        bench.texts().map(([path]) => path),
        texts.map(([path]) => path),
      );
      if (isConfirmed) {
        assert.deepEqual((await bench.commit({ confirmDeletions: true })).problems, []);
      } else {
        remove(bench, gone);
        fs.renameSync(aside, join(bench.root, gone));
        assert.deepEqual((await bench.status()).changes, []);
        assert.deepEqual((await bench.commit()).problems, []);
      }
      const stands = linesIn(bench.root).filter(([path]) => path !== 'f/x.o');
      assert.deepEqual(bench.recorded(), stands);
      before.splice(0, before.length, ...bench.recorded());
    }
  });
}

test('a folder of a name that folds alike and may not be recorded moves no other folder’s texts', async (t) => {
  const bench = await repository(t, { A: 'file', 'a/x': 'in a' });
  await bench.commit();
  const texts = bench.texts();
  remove(bench, 'A');
  plant(bench.root, { 'A/y': 'y' });
  await bench.commit();
  assert.deepEqual(bench.texts(), texts);
  await bench.commit({ confirmDeletions: true });
  assert.deepEqual(bench.recorded(), linesIn(bench.root));
});

test('case twins of folders: their texts stand apart, whichever comes or goes later', async (t) => {
  const bench = await repository(t, { 'Music/x': 'x', 'Music/Sub/y': 'y', 'MUSIC/z': 'z', '.dbk/keep': '' });
  const steps: readonly ((bench: Workbench) => void)[] = [
    () => undefined,
    ({ root }) => plant(root, { 'music/w': 'w', 'music/sub/deep/v': 'v', 'music/Sub/u': 'u' }),
    (it) => remove(it, 'MUSIC'),
    (it) => remove(it, 'Music/Sub'),
    ({ root }) => plant(root, { 'MUSIC/new': 'new', 'Music/SUB/a': 'a', 'Music/sub/b': 'b' }),
    ({ root }) => fs.renameSync(join(root, 'Music'), join(root, 'mUSIC')),
    (it) => remove(it, 'music', 'MUSIC'),
    ({ root }) => fs.renameSync(join(root, 'mUSIC'), join(root, 'Music')),
  ];
  for (const [i, step] of steps.entries()) {
    step(bench);
    for (const confirmDeletions of [false, true]) {
      await bench.commit({ confirmDeletions });
      if (confirmDeletions) assert.deepEqual(bench.recorded(), linesIn(bench.root), `step ${i}`);
      // Names that stand beside each other in the index do so on every file system.
      const folded = bench.texts().map(([path]) => path.toLowerCase().normalize('NFC'));
      assert.equal(new Set(folded).size, folded.length);
      fs.rmSync(join(bench.root, '.dbk/local/cache'));
      await bench.status();
    }
    assert.deepEqual((await bench.status()).changes, []);
  }
});

test('the flag alone confirms much; a yes confirms little', async (t) => {
  const bench = await repository(t, { 'd/1': '1', 'd/2': '2', 'd/3': '3' });
  await bench.commit();
  let asked = 0;
  const ask = async (): Promise<boolean> => ++asked > 0;
  remove(bench, 'd/1', 'd/2');
  assert.equal((await bench.commit({ ask })).result.unconfirmed, 2);
  assert.equal(asked, 0);
  plant(bench.root, { 'd/1': '1' });
  assert.equal((await bench.commit({ ask })).result.unconfirmed, 0);
  assert.equal(asked, 1);
  assert.deepEqual(bench.recorded(), linesIn(bench.root));
});
