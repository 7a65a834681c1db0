import { test, type TestContext } from 'node:test';
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import { join } from 'node:path/posix';
import type { Disk } from '../../src/disk/disk.ts';
import { directory, file, linesIn, plant, type Literal } from '../tools/tree.ts';
import { repository, type Options, type Workbench } from '../tools/repository.ts';

const NOBODY = 65534;

/** Runs as somebody whom modes stop; root is stopped by nothing. */
async function asNobody<T>(bench: Workbench, action: () => Promise<T>): Promise<T> {
  if (process.geteuid!() !== 0) return action();
  execFileSync('chown', ['-R', '-h', `${NOBODY}:${NOBODY}`, bench.root]);
  process.setegid!(NOBODY);
  process.seteuid!(NOBODY);
  try {
    return await action();
  } finally {
    process.seteuid!(0);
    process.setegid!(0);
  }
}

async function benchWith(t: TestContext, literal: Literal, options: Options = {}): Promise<Workbench> {
  const bench = await repository(t, literal, options);
  return asNobody(bench, async () => bench);
}

test('a folder that may not be entered is said, and is not recorded, until it may be', async (t) => {
  const bench = await benchWith(t, { 'open/a': 'x', 'closed/inside/b': 'y' });
  fs.chmodSync(join(bench.root, 'closed'), 0o000);
  await asNobody(bench, async () => {
    const { problems } = await bench.commit();
    assert.deepEqual(problems, ['scan/unreadable closed']);
    assert.deepEqual(
      bench.recorded().map(([path]) => path),
      ['', 'open', 'open/a'],
    );
    // It is told every time, not only the first.
    for (const round of [1, 2]) {
      const { changes, problems: again } = await bench.status();
      assert.deepEqual([changes, again], [[], ['scan/unreadable closed']], `status ${round}`);
    }
    assert.deepEqual((await bench.commit()).problems, ['scan/unreadable closed']);
    // Nothing about the folder above changes when a mode does.
    fs.chmodSync(join(bench.root, 'closed'), 0o755);
    const { changes, problems: none } = await bench.status();
    assert.deepEqual(none, []);
    assert.deepEqual(changes, [
      'added directory closed',
      'added directory closed/inside',
      'added file closed/inside/b',
    ]);
    await bench.commit();
    assert.deepEqual(bench.recorded(), linesIn(bench.root));
  });
});

/** Modes that keep one out of a folder: from its names, from its files, from both. */
const CLOSED: readonly (readonly [mode: number, problems: readonly string[]])[] = [
  [0o000, ['scan/unreadable a/closed']],
  [0o300, ['scan/unreadable a/closed']],
  [0o600, ['scan/unreadable a/closed/b', 'scan/unreadable a/closed/folder', 'scan/unreadable a/closed/link']],
];

for (const [mode, problems] of CLOSED) {
  for (const isCacheLost of [false, true]) {
    const what = `${mode.toString(8)}${isCacheLost ? ', and the cache is lost' : ''}`;
    test(`a recorded folder of mode ${what} freezes everything below`, async (t) => {
      const literal = { 'a/closed/b': 'x', 'a/closed/folder/deep/c': 'y', 'a/open': 'z', top: 'top' };
      const bench = await benchWith(t, { ...literal, 'a/closed/link': { kind: 'link', target: 'b' } });
      await asNobody(bench, async () => {
        await bench.commit();
        const before = bench.recorded();
        fs.chmodSync(join(bench.root, 'a/closed'), mode);
        if (isCacheLost) fs.rmSync(join(bench.root, '.dbk/local/cache'));
        for (const round of [1, 2]) {
          const seen = await bench.status();
          const expected = mode === 0o600 ? ['mode directory a/closed'] : [];
          assert.deepEqual([seen.changes, seen.problems], [expected, problems], `status ${round}`);
        }
        const commit = await bench.commit({ confirmDeletions: true });
        assert.deepEqual(commit.problems, problems);
        const after = bench.recorded().filter(([path]) => path !== 'a/closed');
        assert.deepEqual(
          after,
          before.filter(([path]) => path !== 'a/closed'),
        );
        assert.equal(commit.result.unconfirmed, 0);
        // What happened meanwhile is found when it opens again.
        fs.chmodSync(join(bench.root, 'a/closed'), 0o755);
        fs.rmSync(join(bench.root, 'a/closed/folder/deep/c'));
        plant(bench.root, { 'a/closed/b': 'edited', 'a/closed/folder/new': 'new' });
        const opened = await bench.status();
        assert.deepEqual(opened.problems, []);
        assert.deepEqual(opened.changes.slice(mode === 0o600 ? 1 : 0), [
          'changed file a/closed/b',
          'added file a/closed/folder/new',
          'missing file a/closed/folder/deep/c',
        ]);
        await bench.commit({ confirmDeletions: true });
        assert.deepEqual(bench.recorded(), linesIn(bench.root));
      });
    });
  }
}

test('the repository’s own folder that may not be listed freezes everything', async (t) => {
  const bench = await benchWith(t, { 'a/b': 'x', c: 'y' });
  await asNobody(bench, async () => {
    await bench.commit();
    const before = bench.recorded();
    fs.chmodSync(bench.root, 0o300);
    const { changes, problems } = await bench.status();
    assert.deepEqual([changes, problems], [[], ['scan/unreadable']]);
    await bench.commit({ confirmDeletions: true });
    fs.chmodSync(bench.root, 0o700);
    assert.deepEqual(bench.recorded(), before);
  });
});

test('a new file that may not be read is said at every commit and recorded when it may', async (t) => {
  const bench = await benchWith(t, { a: 'x', secret: file('y', 0o000) });
  await asNobody(bench, async () => {
    for (const round of [1, 2]) {
      const { problems } = await bench.commit();
      assert.deepEqual(problems, ['scan/unreadable secret'], `commit ${round}`);
      assert.equal(bench.entry('secret'), undefined);
    }
    fs.chmodSync(join(bench.root, 'secret'), 0o600);
    await bench.commit();
    assert.deepEqual(bench.recorded(), linesIn(bench.root));
  });
});

test('a recorded file that may not be read any more: its mode is news, its content is what it was', async (t) => {
  const bench = await benchWith(t, { a: 'x', secret: 'y' });
  await asNobody(bench, async () => {
    await bench.commit();
    fs.chmodSync(join(bench.root, 'secret'), 0o000);
    const { changes, problems } = await bench.status();
    assert.deepEqual([changes, problems], [['mode file secret'], []]);
    await bench.commit();
    assert.equal((bench.entry('secret') as { mode: number }).mode, 0);
    assert.deepEqual((await bench.status()).changes, []);
  });
});

test('an edited file that may not be read stays recorded as it was, and the edit is found later', async (t) => {
  const bench = await benchWith(t, { a: 'x', 'sub/secret': 'old' });
  await asNobody(bench, async () => {
    await bench.commit();
    const before = bench.entry('sub/secret');
    plant(bench.root, { 'sub/secret': file('new', 0o000) });
    for (const round of [1, 2]) {
      const { changes, problems } = await bench.status();
      assert.deepEqual([changes, problems], [[], ['scan/unreadable sub/secret']], `status ${round}`);
    }
    assert.deepEqual((await bench.commit()).problems, ['scan/unreadable sub/secret']);
    assert.deepEqual(bench.entry('sub/secret'), before);
    fs.chmodSync(join(bench.root, 'sub/secret'), 0o644);
    assert.deepEqual((await bench.status()).changes, ['changed file sub/secret']);
    await bench.commit();
    assert.deepEqual(bench.recorded(), linesIn(bench.root));
  });
});

/** Fails the calls of one method whose path ends so. */
function failing(method: keyof Disk, end: string, code: string, isOn: () => boolean): (disk: Disk) => Disk {
  return (disk) => {
    const failed = (...args: readonly unknown[]): unknown => {
      const path = args[0] as string;
      if (isOn() && path.endsWith(end) && !path.includes('/.dbk/'))
        throw Object.assign(new Error(`${code}: made to`), { code });
      return (disk[method] as (...all: readonly unknown[]) => unknown)(...args);
    };
    const wrapped: Disk = { ...disk, [method]: failed };
    return method === 'lstat' ? { ...wrapped, lstatOrdinary: failed as Disk['lstatOrdinary'] } : wrapped;
  };
}

const FAILURES: readonly (readonly [keyof Disk, string, string, string])[] = [
  ['readdir', '/a', 'EIO', 'scan/unreadable a'],
  ['readdir', '/a/sub', 'EIO', 'scan/unreadable a/sub'],
  ['lstat', '/a/file', 'EIO', 'scan/unreadable a/file'],
  ['lstat', '/a/sub', 'EIO', 'scan/unreadable a/sub'],
  ['lstat', '/a/sub/deep', 'ESTALE', 'scan/unreadable a/sub/deep'],
  ['openRead', '/a/file', 'EIO', 'scan/unreadable a/file'],
  ['readlink', '/a/link', 'EIO', 'scan/unreadable a/link'],
];

for (const [method, end, code, problem] of FAILURES) {
  test(`a disk whose ${method} of '${end}' fails with ${code} loses nothing`, async (t) => {
    let isOn = false;
    const options = { disk: failing(method, end, code, () => isOn) };
    const literal = { 'a/file': 'x', 'a/sub/deep/c': 'y', 'a/other': 'z' };
    const bench = await repository(t, { ...literal, 'a/link': { kind: 'link', target: 'b' } }, options);
    await bench.commit();
    const before = bench.recorded();
    // Without the cache everything is looked at again.
    fs.rmSync(join(bench.root, '.dbk/local/cache'));
    isOn = true;
    for (const round of [1, 2]) {
      const { changes, problems } = await bench.status();
      assert.deepEqual([changes, problems], [[], [problem]], `status ${round}`);
      const commit = await bench.commit({ confirmDeletions: true });
      assert.deepEqual([commit.problems, commit.result.commit], [[problem], undefined], `commit ${round}`);
    }
    isOn = false;
    assert.deepEqual(bench.recorded(), before);
    const { changes, problems } = await bench.status();
    assert.deepEqual([changes, problems], [[], []]);
  });
}

test('an error that no file system made is a bug and is not taken for something unreadable', async (t) => {
  const bench = await repository(
    t,
    { 'a/file': 'x' },
    {
      disk: (disk) => ({
        ...disk,
        readdir: (path) => {
          if (path.endsWith('/a')) throw new TypeError('a bug');
          return disk.readdir(path);
        },
      }),
    },
  );
  await assert.rejects(bench.commit(), TypeError);
});

test('hard links whose other half lies below a closed folder keep their id', async (t) => {
  const bench = await benchWith(t, { 'open/a': 'x', 'closed/deep/b': { kind: 'same', as: 'open/a' } });
  await asNobody(bench, async () => {
    await bench.commit();
    const ids = bench.same();
    assert.equal(Object.keys(ids).length, 2);
    fs.chmodSync(join(bench.root, 'closed'), 0o000);
    plant(bench.root, { 'open/new': 'y', 'open/empty': directory() });
    await bench.commit();
    assert.deepEqual(bench.same(), ids);
  });
});
