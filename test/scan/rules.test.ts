import { test } from 'node:test';
import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import { join } from 'node:path/posix';
import { directory, linesIn, link, plant, sameAs } from '../tools/tree.ts';
import { repository, type Workbench } from '../tools/repository.ts';

const TREE = {
  'a.txt': 'a',
  'a.o': 'object',
  'build/out.txt': 'built',
  'build/deep/er.txt': 'built deeper',
  'src/a.c': 'code',
  'src/a.o': 'object',
  'src/build/x': 'x',
};

function ignore(bench: Workbench, rules: string): void {
  fs.writeFileSync(join(bench.root, '.dbk/index/ignore'), rules);
}

function pathsOf(bench: Workbench): string[] {
  return bench.recorded().map(([path]) => path);
}

/** Where the rules stand, to what they leave out. */
const PLACES: readonly (readonly [file: string, rules: string, recorded: readonly string[]])[] = [
  ['.dbk/index/ignore', '*.o\nbuild/\n', ['', 'a.txt', 'src', 'src/a.c']],
  ['.dbkignore', '*.o\nbuild/\n', ['', '.dbkignore', 'a.txt', 'src', 'src/a.c']],
  [
    '.dbk/index/ignore',
    '/build\n',
    ['', 'a.o', 'a.txt', 'src', 'src/a.c', 'src/a.o', 'src/build', 'src/build/x'],
  ],
  [
    '.dbk/index/ignore',
    'build/*\n!build/deep/\n',
    [
      '',
      'a.o',
      'a.txt',
      'build',
      'build/deep',
      'build/deep/er.txt',
      'src',
      'src/a.c',
      'src/a.o',
      'src/build',
      'src/build/x',
    ],
  ],
  [
    'src/.dbkignore',
    '*\n!*.c\n',
    ['', 'a.o', 'a.txt', 'build', 'build/deep', 'build/deep/er.txt', 'build/out.txt', 'src', 'src/a.c'],
  ],
  ['.dbkignore', '.dbkignore\n*.o\nbuild\n', ['', 'a.txt', 'src', 'src/a.c']],
];

for (const [file, rules, recorded] of PLACES) {
  for (const isNoticed of [false, true]) {
    const when = isNoticed ? 'written after a status showed what is to be ignored' : 'there from the start';
    test(`rules ${JSON.stringify(rules)} in ${file}, ${when}`, async (t) => {
      const bench = await repository(t, TREE);
      if (isNoticed) await bench.status();
      plant(bench.root, { [file]: rules });
      bench.disk.forgetCounts();
      const { result, problems } = await bench.commit();
      assert.deepEqual([pathsOf(bench), problems], [recorded, []]);
      const files = recorded.filter((path) => fs.statSync(join(bench.root, path)).isFile());
      assert.deepEqual(
        new Set(bench.disk.opened.filter((path) => !path.endsWith('.dbkignore'))),
        new Set(files.filter((path) => !path.endsWith('.dbkignore'))),
        'what is ignored is not read',
      );
      assert.equal(result.files, files.length, 'what is ignored is not counted');
      // What comes later is left out too, wherever the folder above was clean.
      plant(bench.root, {
        'later.o': 'x',
        'build/later.txt': 'x',
        'src/later.o': 'x',
        'src/build/later': 'x',
      });
      const { changes } = await bench.status();
      await bench.commit();
      const again = await bench.status();
      assert.deepEqual(again.changes, []);
      // And the same without the cache.
      fs.rmSync(join(bench.root, '.dbk/local/cache'));
      const lost = await bench.status();
      assert.deepEqual([lost.changes, lost.status.files], [[], again.status.files]);
      assert.deepEqual(
        changes.filter((change) => /\.o$/.test(change) && rules.includes('*.o')),
        [],
      );
    });
  }
}

const NEW_RULES = ['*.o\nbuild/\n', '*\n', 'src/\n', 'build/deep\n*.txt\n'];

for (const rules of NEW_RULES) {
  for (const file of ['.dbk/index/ignore', '.dbkignore']) {
    test(`what is recorded stays under the new rules ${JSON.stringify(rules)} in ${file}`, async (t) => {
      const bench = await repository(t, TREE);
      plant(bench.root, {
        '.dbkignore': '# none\n',
        'src/twin': sameAs('a.txt'),
        'build/link': link('out.txt'),
      });
      await bench.commit();
      plant(bench.root, { [file]: rules });
      const news = (await bench.status()).changes;
      assert.deepEqual(news, [
        file === '.dbkignore' ? 'changed file .dbkignore' : 'metadata text .dbk/index/ignore',
      ]);
      await bench.commit({ confirmDeletions: true });
      assert.deepEqual(bench.recorded(), linesIn(bench.root));
      // Edits of it are found, and what goes is missed; only new things are not seen.
      plant(bench.root, { 'a.o': 'edited', 'src/a.c': 'edited', 'build/deep/er.txt': 'edited' });
      fs.rmSync(join(bench.root, 'src/a.o'));
      fs.rmSync(join(bench.root, 'src/build'), { recursive: true });
      const expected = [
        'changed file a.o',
        'changed file build/deep/er.txt',
        'changed file src/a.c',
        'missing file src/a.o',
        'missing directory src/build',
        'missing file src/build/x',
      ];
      assert.deepEqual((await bench.status()).changes.slice().sort(), expected.slice().sort());
      fs.rmSync(join(bench.root, '.dbk/local/cache'));
      assert.deepEqual((await bench.status()).changes.slice().sort(), expected.slice().sort());
      await bench.commit({ confirmDeletions: true });
      assert.deepEqual(bench.recorded(), linesIn(bench.root));
    });
  }
}

test('rules that change and rules that go let in what they kept out, at any depth', async (t) => {
  const bench = await repository(t, { ...TREE, '.dbkignore': 'build\n*.o\n' });
  ignore(bench, '*.c\n');
  await bench.commit();
  assert.deepEqual(pathsOf(bench), ['', '.dbkignore', 'a.txt', 'src']);
  plant(bench.root, { '.dbkignore': '*.o\n' });
  assert.deepEqual((await bench.status()).changes, [
    'changed file .dbkignore',
    'added directory build',
    'added file build/out.txt',
    'added directory build/deep',
    'added file build/deep/er.txt',
    'added directory src/build',
    'added file src/build/x',
  ]);
  await bench.commit();
  fs.rmSync(join(bench.root, '.dbkignore'));
  assert.deepEqual((await bench.status()).changes, [
    'missing file .dbkignore',
    'added file a.o',
    'added file src/a.o',
  ]);
  await bench.commit({ confirmDeletions: true });
  ignore(bench, '');
  await bench.commit({ confirmDeletions: true });
  assert.deepEqual(bench.recorded(), linesIn(bench.root));
});

test('rules that themselves are ignored hold all the same, in folders that were clean too', async (t) => {
  const bench = await repository(t, {
    '.dbkignore': '.*\n*.o\n',
    'src/a.c': 'code',
    'src/a.o': 'object',
    'src/sub/b': 'b',
  });
  await bench.commit();
  assert.deepEqual(pathsOf(bench), ['', 'src', 'src/a.c', 'src/sub', 'src/sub/b']);
  plant(bench.root, { 'src/b.o': 'object', 'src/sub/c.o': 'object', 'src/sub/d': 'd' });
  assert.deepEqual((await bench.status()).changes, ['added file src/sub/d']);
  await bench.commit();
  plant(bench.root, { '.dbkignore': '.*\n' });
  assert.deepEqual((await bench.status()).changes, [
    'added file src/a.o',
    'added file src/b.o',
    'added file src/sub/c.o',
  ]);
});

test('rules are recorded where others can read them, and go with their folder', async (t) => {
  const bench = await repository(t, { '.dbkignore': '*.o\n', 'CON/sub/.dbkignore': 'x\n' });
  await bench.commit();
  const copies = (): string[] =>
    bench
      .texts()
      .map(([path]) => path)
      .filter((path) => path.startsWith('ignore.d/'));
  assert.deepEqual(copies(), ['ignore.d/$rules', 'ignore.d/%43ON/sub/$rules']);
  fs.rmSync(join(bench.root, 'CON'), { recursive: true });
  fs.rmSync(join(bench.root, '.dbkignore'));
  await bench.commit();
  assert.deepEqual(copies(), ['ignore.d/$rules', 'ignore.d/%43ON/sub/$rules']);
  await bench.commit({ confirmDeletions: true });
  assert.deepEqual(copies(), []);
});

/** What is no file of rules, and what is said of it, each time and with the cache and without. */
const BAD: Readonly<Record<string, readonly [Parameters<typeof plant>[1], readonly string[]]>> = {
  'a folder called .dbkignore': [{ 'src/.dbkignore/x': '*' }, []],
  'a symlink called .dbkignore': [
    { rules: '*', 'src/.dbkignore': link('../rules') },
    ['scan/bad-ignore-file src/.dbkignore'],
  ],
  'rules that are not UTF-8': [
    { 'src/.dbkignore': Buffer.of(0x2a, 0xff, 0x0a) },
    ['scan/bad-ignore-file src/.dbkignore'],
  ],
  'rules with a NUL': [{ 'src/.dbkignore': '*\0\n' }, ['scan/bad-ignore-file src/.dbkignore']],
  'rules without an end': [
    { 'src/.dbkignore': Buffer.alloc(1024 * 1024 + 1, '#') },
    ['scan/bad-ignore-file src/.dbkignore'],
  ],
};

for (const [what, [literal, problems]] of Object.entries(BAD)) {
  test(`${what}`, async (t) => {
    const bench = await repository(t, { 'src/a': 'a', 'src/sub/b': 'b' });
    plant(bench.root, literal);
    assert.deepEqual((await bench.commit()).problems, problems);
    if (problems.length > 0) assert.deepEqual(bench.recorded(), linesIn(bench.root));
    for (const round of [1, 2]) {
      assert.deepEqual((await bench.status()).problems, problems, `status ${round}`);
    }
    fs.rmSync(join(bench.root, '.dbk/local/cache'));
    assert.deepEqual((await bench.status()).problems, problems);
  });
}

test('what is forgotten is out of the index, stays out, and costs nothing more', async (t) => {
  const bench = await repository(t, TREE);
  await bench.commit();
  ignore(bench, 'build/\n*.o\n');
  await bench.commit();
  assert.deepEqual(bench.recorded(), linesIn(bench.root));
  await bench.forget('build', 'src/build', 'src/a.o');
  const kept = ['', 'a.o', 'a.txt', 'src', 'src/a.c'];
  assert.deepEqual(pathsOf(bench), kept);
  plant(bench.root, { 'src/a.o': 'edited', 'build/out.txt': 'edited', 'build/new': directory() });
  bench.disk.forgetCounts();
  for (const round of [1, 2]) {
    const { changes, status } = await bench.status();
    assert.deepEqual([changes, status.files], [[], 3], `status ${round}`);
  }
  assert.equal((await bench.commit()).result.commit, undefined);
  assert.deepEqual(bench.disk.opened, []);
  assert.deepEqual(pathsOf(bench), kept);
  fs.rmSync(join(bench.root, '.dbk/local/cache'));
  const { changes, status } = await bench.status();
  assert.deepEqual([changes, status.files], [[], 3]);
  // Without the rule it is simply there.
  ignore(bench, '');
  await bench.commit();
  assert.deepEqual(bench.recorded(), linesIn(bench.root));
});

test('a folder below an ignored one that was recorded before is looked at, and nothing else there', async (t) => {
  const bench = await repository(t, { 'build/kept/a': 'a', 'build/b': 'b' });
  await bench.commit();
  ignore(bench, 'build/\n');
  plant(bench.root, {
    'build/new/x': 'x',
    'build/kept/new': 'x',
    'build/kept/deeper/y': 'y',
    'build/kept/a': 'edited',
  });
  const { changes } = await bench.status();
  assert.deepEqual(changes, ['changed file build/kept/a', 'metadata text .dbk/index/ignore']);
  await bench.commit();
  assert.deepEqual(pathsOf(bench), ['', 'build', 'build/b', 'build/kept', 'build/kept/a']);
});

test('a hard link to something ignored keeps its id while both are recorded', async (t) => {
  const bench = await repository(t, { a: 'x', 'b.o': sameAs('a'), c: 'y' });
  await bench.commit();
  const ids = bench.same();
  assert.deepEqual(Object.keys(ids), ['a', 'b.o']);
  ignore(bench, '*.o\n');
  plant(bench.root, { d: 'z', 'e.o': sameAs('c') });
  await bench.commit();
  assert.deepEqual(bench.same(), ids);
});

test('what was missing when a rule came is found again when it is back', async (t) => {
  for (const file of ['.dbk/index/ignore', '.dbkignore']) {
    const bench = await repository(t, { 'a.o': 'x', 'sub/b.o': 'y', 'sub/c': 'z' });
    await bench.commit();
    const aside = (name: string): string => join(bench.root, '.dbk/local', name);
    fs.renameSync(join(bench.root, 'a.o'), aside('a.o'));
    fs.renameSync(join(bench.root, 'sub/b.o'), aside('b.o'));
    await bench.commit();
    plant(bench.root, { [file]: '*.o\n' });
    await bench.commit();
    fs.renameSync(aside('a.o'), join(bench.root, 'a.o'));
    plant(bench.root, { 'sub/b.o': 'edited', 'sub/new.o': 'new' });
    assert.deepEqual((await bench.status()).changes, ['changed file sub/b.o']);
    await bench.commit({ confirmDeletions: true });
    assert.deepEqual(
      bench.recorded(),
      linesIn(bench.root).filter(([path]) => path !== 'sub/new.o'),
    );
    assert.deepEqual((await bench.status()).changes, []);
  }
});
