import { test } from 'node:test';
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path/posix';
import {
  directory,
  file,
  hole,
  line,
  link,
  linesIn,
  named,
  plant,
  sameAs,
  type Literal,
} from '../tools/tree.ts';
import { repository } from '../tools/repository.ts';

/** Each is recorded as it is, is clean afterwards, and is gone when it went. */
const TREES: Readonly<Record<string, Literal>> = {
  'nothing at all': {},
  'files of every size': {
    empty: '',
    one: 'x',
    text: 'two\nlines\n',
    big: new Uint8Array(3_000_001).fill(7),
  },
  'a sparse file': { hole: hole(5_000_000) },
  'empty directories': { 'a/b/c': directory(), d: directory(0o700), 'e/.keep': '' },
  'dot files and .git directories': {
    '.profile': 'umask 22',
    '.git/HEAD': 'ref: refs/heads/main\n',
    '.git/objects/pack': directory(),
    'project/.git/config': '[core]\n',
    'project/.gitignore': '*\n',
    'project/ignored-by-git.o': 'object code',
    'node_modules/left-pad/index.js': 'module.exports = 1',
  },
  'a .git file, and names that git takes for .git': {
    'sub/.git': 'gitdir: ../.git/modules/sub\n',
    '.GIT/config': '',
    'git~1/config': '',
    '.git./config': '',
  },
  'symlinks: whole, dangling, looping, to directories, absolute, climbing': {
    target: 'x',
    'folder/inside': 'y',
    'to-file': link('target'),
    'to-folder': link('folder'),
    'to-folder-slash': link('folder/'),
    dangling: link('no/such/thing'),
    loop: link('loop'),
    'loop-a': link('loop-b'),
    'loop-b': link('loop-a'),
    absolute: link('/etc/passwd'),
    climbing: link('../../../../etc'),
    itself: link('.'),
    'odd target': link(named('caf', 0xe9, '\n%: #')),
    'long target': link('x'.repeat(4095)),
  },
  'every kind of mode': {
    executable: file('c', 0o755),
    'set-id': file('d', 0o6755),
    sticky: directory(0o1777),
    'read only': file('e', 0o400),
    'set-group-id': directory(0o2750),
  },
  'a file that was called like dbk itself': { '.dbkcache': 'x', dbk: 'y', 'folder/.dbk2': 'z' },
};

const AGES = ['settled', 'young'] as const;

const rows = Object.entries(TREES).flatMap(([what, literal]) => AGES.map((age) => ({ what, literal, age })));

for (const { what, literal, age } of rows) {
  test(`${what}, ${age}: recorded as it is, clean afterwards, missing when it went`, async (t) => {
    const bench = await repository(t, literal, { age });
    const stands = linesIn(bench.root);
    const first = await bench.commit();
    assert.deepEqual(first.problems, []);
    assert.deepEqual(bench.recorded(), stands);
    assert.deepEqual(linesIn(bench.root), stands);
    for (const round of [1, 2]) {
      const again = await bench.status();
      assert.deepEqual([again.changes, again.problems], [[], []], `status ${round}`);
    }
    assert.equal((await bench.commit()).result.commit, undefined);
    for (const name of fs.readdirSync(bench.root)) {
      if (name !== '.dbk') fs.rmSync(join(bench.root, name), { recursive: true });
    }
    await bench.commit({ confirmDeletions: true });
    assert.deepEqual(bench.recorded(), linesIn(bench.root));
    assert.equal(bench.recorded().length, 1);
  });
}

test('modes that keep everybody out keep root out of nothing', async (t) => {
  if (process.getuid?.() !== 0) return t.skip('needs root');
  const bench = await repository(t, {
    none: file('a', 0o000),
    'write only': file('b', 0o222),
    'closed/inside': 'c',
    closed: directory(0o000),
  });
  const { problems } = await bench.commit();
  assert.deepEqual([bench.recorded(), problems], [linesIn(bench.root), []]);
});

test('a file that becomes a directory, a directory that becomes a link, a link that becomes a file', async (t) => {
  const bench = await repository(t, { a: 'file', 'b/x': 'in b', c: link('a'), 'd/e/f': 'deep' });
  await bench.commit();
  for (const name of ['a', 'b', 'c', 'd']) fs.rmSync(join(bench.root, name), { recursive: true });
  plant(bench.root, { 'a/y': 'in a', b: link('d'), c: 'file c', d: 'file d' });
  const { changes } = await bench.status();
  assert.deepEqual(changes, [
    'missing file a',
    'added link b',
    'retyped file c',
    'added file d',
    'added directory a',
    'added file a/y',
    'missing directory b',
    'missing file b/x',
    'missing directory d',
    'missing directory d/e',
    'missing file d/e/f',
  ]);
  await bench.commit({ confirmDeletions: true });
  assert.deepEqual(bench.recorded(), linesIn(bench.root));
});

for (const age of AGES) {
  test(`a symlink that changes, ${age}, is found, and found again until it is recorded`, async (t) => {
    const bench = await repository(t, { a: link('one'), 'sub/b': link('one') }, { age });
    await bench.commit();
    for (const target of ['two', 'six', 'a longer one', 'one']) {
      for (const path of ['a', 'sub/b']) fs.unlinkSync(join(bench.root, path));
      plant(bench.root, { a: link(target), 'sub/b': link(target) });
      for (const round of [1, 2, 3]) {
        const { changes } = await bench.status();
        assert.deepEqual(changes, ['changed link a', 'changed link sub/b'], `${target}, status ${round}`);
      }
      await bench.commit();
      assert.deepEqual(bench.recorded(), linesIn(bench.root));
      assert.deepEqual((await bench.status()).changes, []);
    }
  });
}

test('fifos, sockets and devices are said each time and not recorded; what stands beside them is', async (t) => {
  const bench = await repository(t, { file: 'x', 'sub/file': 'y' });
  execFileSync('mkfifo', [join(bench.root, 'fifo'), join(bench.root, 'sub/fifo')]);
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(join(bench.root, 'socket'), resolve));
  t.after(() => server.close());
  const expected = ['scan/special fifo', 'scan/special socket', 'scan/special sub/fifo'];
  assert.deepEqual((await bench.commit()).problems, expected);
  for (const round of [1, 2]) {
    const { changes, problems } = await bench.status();
    assert.deepEqual([changes, problems], [[], expected], `status ${round}`);
  }
  assert.deepEqual(bench.recorded(), linesIn(bench.root));
  assert.equal(bench.recorded().length, 4);
});

test('a file that became a fifo is missing, and a fifo that became a file is added', async (t) => {
  const bench = await repository(t, { a: 'x', b: 'y', c: 'z' });
  execFileSync('mkfifo', [join(bench.root, 'fifo')]);
  await bench.commit();
  fs.unlinkSync(join(bench.root, 'a'));
  execFileSync('mkfifo', [join(bench.root, 'a')]);
  fs.unlinkSync(join(bench.root, 'fifo'));
  plant(bench.root, { fifo: 'now a file' });
  const { changes, problems } = await bench.status();
  assert.deepEqual([changes, problems], [['missing file a', 'added file fifo'], ['scan/special a']]);
});

test('nothing called .dbk is recorded, whatever it is; the rest of such a folder is', async (t) => {
  const bench = await repository(t, {
    'inner/.dbk/format': 'dbk 1\n',
    'inner/file': 'x',
    'other/.dbk': 'a file',
    'third/.dbk': link('../inner'),
    'fourth/.dbk/deep/.dbk/x': 'y',
  });
  const { problems } = await bench.commit();
  assert.deepEqual(bench.recorded(), linesIn(bench.root));
  assert.deepEqual(
    bench.recorded().map(([path]) => path),
    ['', 'fourth', 'inner', 'inner/file', 'other', 'third'],
  );
  assert.deepEqual(problems, []);
  plant(bench.root, { 'inner/.dbk/other': 'changed' });
  assert.deepEqual((await bench.status()).changes, []);
});

test('the modes of directories count, the root’s too', async (t) => {
  const bench = await repository(t, { 'a/b': 'x' });
  await bench.commit();
  fs.chmodSync(join(bench.root, 'a'), 0o2750);
  fs.chmodSync(bench.root, 0o711);
  const { changes } = await bench.status();
  assert.deepEqual(changes, ['mode directory ', 'mode directory a']);
  await bench.commit();
  assert.deepEqual(bench.recorded(), linesIn(bench.root));
});

test('times before 1970, after 2038, and to the nanosecond', async (t) => {
  const bench = await repository(t, { a: 'x', b: 'x', c: 'x', d: 'x' });
  const times = { a: '1901-12-31 23:59:58.000000001', b: '2200-01-01', c: '1969-12-31 23:59:59.999999999' };
  for (const [name, time] of Object.entries(times)) {
    execFileSync('touch', ['-d', `${time} UTC`, join(bench.root, name)]);
  }
  await bench.commit();
  assert.deepEqual(bench.recorded(), linesIn(bench.root));
  assert.deepEqual((await bench.status()).changes, []);
  // One nanosecond is less than a double holds: what the change time gives away is looked up exactly.
  execFileSync('touch', ['-d', '1901-12-31 23:59:58.000000003 UTC', join(bench.root, 'a')]);
  await bench.status();
  await bench.commit();
  assert.equal(line(bench.entry('b') as never).split(' ')[3], '2200-01-01T00:00:00Z');
});

test('hard links get an id that stays while they do', async (t) => {
  const bench = await repository(t, { 'a/x': 'one', 'b/x': sameAs('a/x'), c: sameAs('a/x'), alone: 'one' });
  plant(bench.root, { 'd/y': 'two', 'd/z': sameAs('d/y') });
  await bench.commit();
  const ids = bench.same();
  assert.deepEqual(Object.keys(ids), ['a/x', 'b/x', 'c', 'd/y', 'd/z']);
  assert.equal(new Set([ids['a/x'], ids['b/x'], ids['c']]).size, 1);
  assert.equal(ids['d/y'], ids['d/z']);
  assert.equal(new Set(Object.values(ids)).size, 2);
  assert.deepEqual((await bench.status()).changes, []);
  // A link more, elsewhere: the same id, and only that is news.
  plant(bench.root, { 'e/f/x': sameAs('c') });
  await bench.commit();
  assert.deepEqual(bench.same(), { ...ids, 'e/f/x': ids['c'] });
  // One of two goes: the other is alone.
  fs.unlinkSync(join(bench.root, 'd/z'));
  await bench.commit({ confirmDeletions: true });
  assert.deepEqual(Object.keys(bench.same()), ['a/x', 'b/x', 'c', 'e/f/x']);
  // An editor that writes anew cuts a link.
  fs.unlinkSync(join(bench.root, 'c'));
  plant(bench.root, { c: 'cut' });
  await bench.commit();
  assert.deepEqual(bench.same(), { 'a/x': ids['a/x'], 'b/x': ids['a/x'], 'e/f/x': ids['a/x'] });
  // Folders that move take the id along.
  fs.renameSync(join(bench.root, 'e'), join(bench.root, 'E'));
  await bench.commit({ confirmDeletions: true });
  assert.deepEqual(bench.same(), { 'E/f/x': ids['a/x'], 'a/x': ids['a/x'], 'b/x': ids['a/x'] });
  assert.deepEqual(bench.recorded(), linesIn(bench.root));
});

test('a hard link to something outside is no group', async (t) => {
  const bench = await repository(t, { a: 'x' });
  fs.linkSync(join(bench.root, 'a'), join(bench.root, '.dbk/local/elsewhere'));
  await bench.commit();
  assert.deepEqual(bench.same(), {});
});

test('two groups that become one share the smaller id; groups survive the loss of the cache', async (t) => {
  const bench = await repository(t, { a: 'x', b: sameAs('a'), c: 'x', d: sameAs('c') });
  await bench.commit();
  const ids = bench.same();
  fs.unlinkSync(join(bench.root, 'c'));
  fs.unlinkSync(join(bench.root, 'd'));
  plant(bench.root, { c: sameAs('a'), d: sameAs('a') });
  fs.rmSync(join(bench.root, '.dbk/local/cache'));
  await bench.commit();
  const [smaller] = [ids['a']!, ids['c']!].sort();
  assert.deepEqual(bench.same(), { a: smaller, b: smaller, c: smaller, d: smaller });
  fs.rmSync(join(bench.root, '.dbk/local/cache'));
  assert.deepEqual((await bench.status()).changes, []);
});
