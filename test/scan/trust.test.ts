import { test, type TestContext } from 'node:test';
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path/posix';
import { digest } from '../../src/disk/blake3.ts';
import type { Disk, ExactStats, Stats } from '../../src/disk/disk.ts';
import { IN_MEMORY, link, linesIn, plant, sameAs, type Literal } from '../tools/tree.ts';
import { repository, type Options, type Workbench } from '../tools/repository.ts';

/** A place whose file system says when a file was made, so that its inodes can be trusted. */
const KEEPING = [IN_MEMORY, tmpdir()].find((place) => {
  const path = fs.mkdtempSync(join(place, 'dbk-test-'));
  const { birthtimeMs } = fs.statSync(path);
  fs.rmdirSync(path);
  return birthtimeMs > 0;
});

async function keepingRepository(
  t: TestContext,
  literal: Literal,
  options: Options = {},
): Promise<Workbench | undefined> {
  if (KEEPING === undefined) {
    t.skip('needs a file system with birth times');
    return undefined;
  }
  return repository(t, literal, { ...options, place: KEEPING });
}

/** Whatever happens to the file of this name, its times and its inode are said to be those it had first. */
function timeless(end: string): (disk: Disk) => Disk {
  const isIt = (path: string): boolean =>
    path.endsWith(end) && path.includes('/.dbk/') === end.includes('/.dbk/');
  return (disk) => {
    const open = new Map<number, string>();
    let first: Stats | undefined;
    let firstExact: ExactStats | undefined;
    const pin = <T extends object>(stats: T, pinned: object): T =>
      Object.assign(Object.create(Object.getPrototypeOf(stats) as object) as T, stats, pinned);
    const pinned = (stats: Stats | undefined): Stats | undefined => {
      if (stats === undefined) return undefined;
      const { mtimeMs, ctimeMs, birthtimeMs, ino } = (first ??= stats);
      return pin(stats, { mtimeMs, ctimeMs, birthtimeMs, ino });
    };
    const pinnedExact = (stats: ExactStats): ExactStats => {
      const { mtimeNs, ctimeNs, birthtimeNs, ino } = (firstExact ??= stats);
      return pin(stats, { mtimeNs, ctimeNs, birthtimeNs, ino });
    };
    const lstat = (path: string): Stats | undefined => {
      const stats = disk.lstat(path);
      return isIt(path) ? pinned(stats) : stats;
    };
    return {
      ...disk,
      lstat,
      lstatOrdinary: lstat,
      openRead: (path, keep) => {
        const fd = disk.openRead(path, keep);
        if (isIt(path)) open.set(fd, path);
        return fd;
      },
      fstat: (fd) => (open.has(fd) ? pinned(disk.fstat(fd))! : disk.fstat(fd)),
      fstatExact: (fd) => (open.has(fd) ? pinnedExact(disk.fstatExact(fd)) : disk.fstatExact(fd)),
      close: (fd) => {
        open.delete(fd);
        disk.close(fd);
      },
    };
  };
}

const EDIT = { before: 'same length, before', after: 'same length,  after' };

test('an edit that no stat shows is found where the file was as young as its hashing', async (t) => {
  for (const path of ['a', 'sub/a']) {
    const bench = await repository(t, { [path]: EDIT.before }, { age: 'young', disk: timeless(`/${path}`) });
    await bench.commit();
    fs.writeFileSync(join(bench.root, path), EDIT.after);
    for (const round of [1, 2]) {
      const { changes, problems } = await bench.status();
      assert.deepEqual([changes, problems], [[`changed file ${path}`], []], `status ${round}`);
    }
    await bench.commit();
    assert.equal((bench.entry(path) as { blake3: string }).blake3, digest(EDIT.after));
  }
});

test('a folder and a symlink as young as the look are looked at again, also where no stat shows why', async (t) => {
  const literal = { 'sub/a': 'a', link: link('one') };
  for (const [end, change, expected] of [
    ['/sub', { 'sub/new': 'new' }, 'added file sub/new'],
    ['/link', { link: link('two') }, 'changed link link'],
  ] as const) {
    const bench = await repository(t, literal, { age: 'young', disk: timeless(end) });
    await bench.commit();
    await bench.status();
    if (end === '/link') fs.unlinkSync(join(bench.root, 'link'));
    plant(bench.root, change);
    for (const round of [1, 2]) {
      assert.deepEqual((await bench.status()).changes, [expected], `status ${round}`);
    }
    await bench.commit();
    assert.deepEqual(bench.recorded(), linesIn(bench.root));
  }
});

test('where the file was old, an edit that no stat shows is rot: told by --checksum, and kept out', async (t) => {
  for (const isCacheLost of [false, true]) {
    const bench = await repository(t, { a: EDIT.before, b: 'b' }, { disk: timeless('/a') });
    await bench.commit();
    const before = bench.entry('a');
    fs.writeFileSync(join(bench.root, 'a'), EDIT.after);
    assert.deepEqual((await bench.status()).changes, []);
    if (isCacheLost) fs.rmSync(join(bench.root, '.dbk/local/cache'));
    const { changes, problems } = await bench.status({ checkEverything: true });
    assert.deepEqual([changes, problems], [['suspect file a'], ['scan/suspect a']]);
    // It is not forgotten again by a look that reads nothing.
    for (const round of [1, 2]) {
      const again = await bench.status();
      assert.deepEqual(
        [again.changes, again.problems],
        [['suspect file a'], ['scan/suspect a']],
        `status ${round}`,
      );
    }
    plant(bench.root, { b: 'edited' });
    const commit = await bench.commit();
    assert.deepEqual([commit.changes, commit.problems], [['changed file b'], ['scan/suspect a']]);
    assert.deepEqual(bench.entry('a'), before);
    // Put right, it is no longer suspect.
    fs.writeFileSync(join(bench.root, 'a'), EDIT.before);
    const healed = await bench.status();
    assert.deepEqual([healed.changes, healed.problems], [[], []]);
  }
});

/** Writes a file so that its time shows nothing. */
function write(bench: Workbench, path: string, content: string): void {
  fs.writeFileSync(join(bench.root, path), content);
  fs.utimesSync(join(bench.root, path), 1_000_000_000, 1_000_000_000);
}

test('rot in a text of the index is told by --checksum, and neither taken for an edit nor believed', async (t) => {
  const text = '.dbk/index/tree/$a.metadata';
  const bench = await repository(t, { a: 'a' }, { disk: timeless(`/${text}`) });
  await bench.commit();
  plant(bench.root, { [text]: '---\ntitle: One\n---\n' });
  await bench.commit();
  fs.writeFileSync(join(bench.root, text), '---\ntitle: Two\n---\n');
  assert.deepEqual((await bench.status()).problems, []);
  const expected = ['flow/suspect-text tree/$a.metadata'];
  for (const checkEverything of [true, false]) {
    const { changes, problems } = await bench.status({ checkEverything });
    assert.deepEqual([changes, problems], [[], expected]);
  }
  fs.rmSync(join(bench.root, 'a'));
  const { problems } = await bench.commit({ dryRun: true, confirmDeletions: true });
  assert.deepEqual(problems, expected);
});

test('rot that is touched is an edit', async (t) => {
  const bench = await repository(t, {});
  write(bench, 'a', EDIT.before);
  await bench.commit();
  write(bench, 'a', EDIT.after);
  fs.rmSync(join(bench.root, '.dbk/local/cache'));
  assert.deepEqual((await bench.status()).problems, ['scan/suspect a']);
  fs.utimesSync(join(bench.root, 'a'), 1, 1);
  const { changes, problems } = await bench.status();
  assert.deepEqual([changes, problems], [['changed file a'], []]);
  await bench.commit();
  assert.deepEqual(bench.recorded(), linesIn(bench.root));
});

test('an edit of the same length whose time was put back is found by its change time', async (t) => {
  const bench = await keepingRepository(t, { 'sub/other': 'x' });
  if (bench === undefined) return;
  for (const path of ['a', 'sub/a']) write(bench, path, EDIT.before);
  await bench.commit();
  for (const path of ['a', 'sub/a']) write(bench, path, EDIT.after);
  const { changes } = await bench.status();
  assert.deepEqual(changes, ['changed file a', 'changed file sub/a']);
});

test('a file that is replaced by another one with the same size and times is found by its inode', async (t) => {
  const bench = await keepingRepository(t, {});
  if (bench === undefined) return;
  write(bench, 'a', EDIT.before);
  await bench.commit();
  write(bench, 'other', EDIT.after);
  fs.renameSync(join(bench.root, 'other'), join(bench.root, 'a'));
  assert.deepEqual((await bench.status()).changes, ['changed file a']);
});

/** Each fact that a row keeps, changed alone: of a file, which is read then, or of a folder, which is listed then. */
const FACTS: readonly (readonly [
  what: 'file' | 'folder',
  fact: keyof Stats,
  change: number,
  costs: boolean,
])[] = [
  ['file', 'size', 1, true],
  ['file', 'mtimeMs', 0.001, true],
  ['file', 'ctimeMs', 0.001, true],
  ['file', 'ino', 1, true],
  ['file', 'birthtimeMs', 0.001, true],
  ['file', 'mode', 0o100, false],
  ['file', 'atimeMs', 1, false],
  ['folder', 'mtimeMs', 0.001, true],
  ['folder', 'ctimeMs', 0.001, true],
  ['folder', 'ino', 1, true],
  ['folder', 'birthtimeMs', 0.001, true],
  ['folder', 'mode', 0o010, true],
  ['folder', 'atimeMs', 1, false],
];

for (const [what, fact, change, costs] of FACTS) {
  test(`a ${what} whose ${fact} alone is different is ${costs ? '' : 'not '}looked into`, async (t) => {
    let isOn = false;
    const listed: string[] = [];
    const end = what === 'file' ? '/sub/a' : '/sub';
    const lie = (disk: Disk, path: string): Stats | undefined => {
      const stats = disk.lstat(path);
      if (!isOn || stats === undefined || !path.endsWith(end) || path.includes('/.dbk/')) return stats;
      const value = (stats[fact] as number) + change;
      return Object.assign(Object.create(Object.getPrototypeOf(stats) as object) as Stats, stats, {
        [fact]: value,
      });
    };
    const bench = await keepingRepository(
      t,
      { 'sub/a': 'a', b: 'b' },
      {
        disk: (disk) => ({
          ...disk,
          lstat: (path) => lie(disk, path),
          lstatOrdinary: (path) => lie(disk, path),
          readdir: (path) => (listed.push(path), disk.readdir(path)),
        }),
      },
    );
    if (bench === undefined) return;
    await bench.commit();
    await bench.status();
    bench.disk.forgetCounts();
    listed.length = 0;
    isOn = true;
    await bench.status();
    const expected = costs ? ['sub/a'] : [];
    if (what === 'file') assert.deepEqual(bench.disk.opened, expected);
    else
      assert.deepEqual(
        listed.filter((path) => path.endsWith('/sub') && !path.includes('/.dbk/')).length,
        costs ? 1 : 0,
      );
  });
}

test('a file as young as its hashing is read again also where its folder is old', async (t) => {
  const isFolder = (path: string): boolean => path.endsWith('/sub') && !path.includes('/.dbk/');
  const old = (disk: Disk, path: string): Stats | undefined => {
    const stats = disk.lstat(path);
    if (stats === undefined || !isFolder(path)) return stats;
    return Object.assign(Object.create(Object.getPrototypeOf(stats) as object) as Stats, stats, {
      mtimeMs: 1e12,
      ctimeMs: 1e12,
    });
  };
  const bench = await repository(
    t,
    { 'sub/a': EDIT.before },
    {
      age: 'young',
      disk: (plain) => {
        const disk = timeless('/sub/a')(plain);
        return { ...disk, lstat: (path) => old(disk, path), lstatOrdinary: (path) => old(disk, path) };
      },
    },
  );
  await bench.commit();
  fs.writeFileSync(join(bench.root, 'sub/a'), EDIT.after);
  assert.deepEqual((await bench.status()).changes, ['changed file sub/a']);
});

/** What somebody does to a tree of four files, and which of the person's files are read for it. */
const COSTS: Readonly<Record<string, readonly [(bench: Workbench) => void, readonly string[]]>> = {
  nothing: [() => undefined, []],
  'renames the folder': [({ root }) => fs.renameSync(join(root, 'Music'), join(root, 'Musik')), []],
  'moves the folder deeper': [
    ({ root }) => {
      fs.mkdirSync(join(root, 'deep'));
      fs.renameSync(join(root, 'Music'), join(root, 'deep/Music'));
    },
    [],
  ],
  'swaps two folders': [
    ({ root }) => {
      fs.renameSync(join(root, 'Music/a'), join(root, 'aside'));
      fs.renameSync(join(root, 'Music/b'), join(root, 'Music/a'));
      fs.renameSync(join(root, 'aside'), join(root, 'Music/b'));
    },
    [],
  ],
  'swaps two folders whose files have the same names': [
    ({ root }) => {
      fs.renameSync(join(root, 'same/a'), join(root, 'aside'));
      fs.renameSync(join(root, 'same/b'), join(root, 'same/a'));
      fs.renameSync(join(root, 'aside'), join(root, 'same/b'));
    },
    [],
  ],
  'puts another folder in the place of one, with files of the same names, one of them edited': [
    ({ root }) => {
      fs.renameSync(join(root, 'same/a'), join(root, 'aside'));
      fs.renameSync(join(root, 'same/b'), join(root, 'same/a'));
      fs.writeFileSync(join(root, 'same/a/2'), 'beta too');
    },
    ['same/a/2'],
  ],
  'changes all modes': [
    ({ root }) => void execFileSync('chmod', ['-R', 'u+rwx,go=', join(root, 'Music')]),
    [],
  ],
  'touches one file': [({ root }) => fs.utimesSync(join(root, 'Music/a/1'), 1, 1), ['Music/a/1']],
  'edits one file': [({ root }) => fs.writeFileSync(join(root, 'Music/a/1'), 'edited'), ['Music/a/1']],
  'makes a hard link': [
    ({ root }) => plant(root, { 'Music/c/1': sameAs('Music/a/1') }),
    // Its change time says that something happened to it, so both names of it are looked at once.
    ['Music/a/1', 'Music/c/1'],
  ],
  'changes the owner of one file': [
    ({ root }) => fs.chownSync(join(root, 'Music/a/1'), process.getuid!(), process.getgid!()),
    ['Music/a/1'],
  ],
  'makes a folder, a file and a link': [
    ({ root }) => plant(root, { 'new/file': 'x', 'new/link': link('file') }),
    ['new/file'],
  ],
  'deletes a file': [({ root }) => fs.rmSync(join(root, 'Music/a/1')), []],
};

for (const [what, [action, read]] of Object.entries(COSTS)) {
  test(`who ${what} makes dbk read ${read.length === 0 ? 'nothing' : read.join(' and ')}, once`, async (t) => {
    const bench = await keepingRepository(t, {
      'Music/a/1': 'one',
      'Music/a/2': 'two',
      'Music/b/3': 'three',
      'Music/cover': link('a/1'),
      'same/a/1': 'alpha',
      'same/a/2': 'alpha 2',
      'same/b/1': 'betas',
      'same/b/2': 'beta 22',
      alone: 'four',
    });
    if (bench === undefined) return;
    await bench.commit();
    action(bench);
    bench.disk.forgetCounts();
    const { problems } = await bench.commit({ confirmDeletions: true });
    assert.deepEqual([bench.disk.opened, problems], [read, []]);
    assert.deepEqual(bench.recorded(), linesIn(bench.root));
    bench.disk.forgetCounts();
    for (const checkEverything of [false, true]) {
      const { changes } = await bench.status({ checkEverything });
      const all: [string, string][] = linesIn(bench.root).filter(([, line]) => line.startsWith('file'));
      assert.deepEqual([changes, bench.disk.opened], [[], checkEverything ? all.map(([path]) => path) : []]);
    }
  });
}

test('a status reads what changed, not what is new, and the commit after it reads no more than that', async (t) => {
  const bench = await keepingRepository(t, { a: 'a', 'sub/b': 'b' });
  if (bench === undefined) return;
  await bench.status();
  assert.deepEqual(bench.disk.opened, []);
  await bench.commit();
  plant(bench.root, { a: 'edited', new: 'new' });
  bench.disk.forgetCounts();
  for (const round of [1, 2]) {
    await bench.status();
    assert.deepEqual(bench.disk.opened, ['a'], `status ${round}`);
  }
  await bench.commit();
  assert.deepEqual(bench.disk.opened, ['a', 'new']);
});

test('folders that did not change are not listed, and a clean look writes no cache', async (t) => {
  const bench = await keepingRepository(t, { 'a/b/c/file': 'x', 'd/file': 'y' });
  if (bench === undefined) return;
  await bench.commit();
  await bench.status();
  const written = fs.statSync(join(bench.root, '.dbk/local/cache'), { bigint: true });
  bench.disk.forgetCounts();
  assert.deepEqual((await bench.status()).changes, []);
  assert.equal(bench.disk.counts.get('rename') ?? 0, 0);
  assert.equal(fs.statSync(join(bench.root, '.dbk/local/cache'), { bigint: true }).ino, written.ino);
  plant(bench.root, { 'd/new': 'z' });
  bench.disk.forgetCounts();
  const listed: string[] = [];
  const { readdir } = bench.disk;
  Object.assign(bench.disk, { readdir: (path: string) => (listed.push(path), readdir(path)) });
  await bench.status();
  assert.deepEqual(
    listed.filter((path) => !path.includes('/.dbk')),
    [join(bench.root, 'd')],
  );
});

test('a volume without birth times is trusted by path, size and time only; nothing moves by inode there', async (t) => {
  // As exFAT through FUSE: each mount numbers its files anew, and no time of making is known.
  let mount = 0;
  const renumbered = <T extends Stats | ExactStats>(stats: T): T => {
    const exact = typeof stats.ino === 'bigint';
    const times = exact
      ? { birthtimeNs: 0n, ctimeNs: (stats as ExactStats).mtimeNs }
      : { birthtimeMs: 0, ctimeMs: (stats as Stats).mtimeMs };
    const ino = exact
      ? BigInt(mount) * 1000n + ((stats.ino as bigint) % 1000n)
      : mount * 1000 + ((stats.ino as number) % 1000);
    return Object.assign(Object.create(Object.getPrototypeOf(stats) as object) as T, stats, times, { ino });
  };
  const maybe = <T extends Stats | ExactStats>(stats: T | undefined): T | undefined =>
    stats && renumbered(stats);
  const bench = await repository(
    t,
    { 'a/1': 'one', 'a/2': 'two', 'b/1': 'one' },
    {
      disk: (disk) => ({
        ...disk,
        lstat: (path) => maybe(disk.lstat(path)),
        lstatOrdinary: (path) => maybe(disk.lstatOrdinary(path)),
        lstatExact: (path) => maybe(disk.lstatExact(path)),
        fstat: (fd) => maybe(disk.fstat(fd))!,
        fstatExact: (fd) => renumbered(disk.fstatExact(fd)),
      }),
    },
  );
  await bench.commit();
  bench.disk.forgetCounts();
  mount = 1;
  assert.deepEqual((await bench.status()).changes, []);
  assert.deepEqual(bench.disk.opened, []);
  fs.renameSync(join(bench.root, 'a'), join(bench.root, 'c'));
  await bench.commit({ confirmDeletions: true });
  assert.deepEqual(bench.disk.opened, ['c/1', 'c/2']);
  plant(bench.root, { 'c/1': 'ONE' });
  fs.utimesSync(join(bench.root, 'c/1'), 1, 1);
  assert.deepEqual((await bench.status()).changes, ['changed file c/1']);
});

test('a volume without birth times where all numbers are one: a new file is not taken for one that looks like it', async (t) => {
  const one = <T extends Stats | ExactStats>(stats: T): T => {
    const isExact = typeof stats.ino === 'bigint';
    const same = isExact
      ? { ino: 1n, birthtimeNs: 0n, ctimeNs: 10n ** 18n }
      : { ino: 1, birthtimeMs: 0, ctimeMs: 1e12 };
    return Object.assign(Object.create(Object.getPrototypeOf(stats) as object) as T, stats, same);
  };
  const maybe = <T extends Stats | ExactStats>(stats: T | undefined): T | undefined => stats && one(stats);
  const bench = await repository(
    t,
    {},
    {
      disk: (disk) => ({
        ...disk,
        lstat: (path) => maybe(disk.lstat(path)),
        lstatOrdinary: (path) => maybe(disk.lstatOrdinary(path)),
        lstatExact: (path) => maybe(disk.lstatExact(path)),
        fstat: (fd) => maybe(disk.fstat(fd))!,
        fstatExact: (fd) => one(disk.fstatExact(fd)),
      }),
    },
  );
  write(bench, 'a', 'one');
  await bench.commit();
  write(bench, 'b', 'two');
  await bench.commit();
  assert.deepEqual(bench.recorded(), linesIn(bench.root));
});

/** Every byte of a cache would be a long test: each section's, and the header's, at random but fixed places. */
function damages(length: number): [string, (bytes: Buffer) => Buffer][] {
  const found: [string, (bytes: Buffer) => Buffer][] = [
    ['is empty', () => Buffer.alloc(0)],
    ['is something else', () => Buffer.from('no cache at all')],
    ['is all zeros', (bytes) => Buffer.alloc(bytes.length)],
  ];
  for (let i = 1; i < 16; i++) {
    const at = Math.floor((length * i) / 16);
    found.push([`is cut at ${at}`, (bytes) => bytes.subarray(0, at)]);
  }
  let seed = 1;
  for (let i = 0; i < 60; i++) {
    seed = (seed * 48271) % 2147483647;
    const at = i < 12 ? i : seed % length;
    const bit = 1 << (seed % 8);
    found.push([
      `has bit ${bit} of byte ${at} flipped`,
      (bytes) => {
        const flipped = Buffer.from(bytes);
        flipped[at]! ^= bit;
        return flipped;
      },
    ]);
  }
  return found;
}

for (const name of ['cache', 'cache-index']) {
  test(`a damaged ${name} changes no answer`, async (t) => {
    const bench = await repository(t, {
      'a/1': 'one',
      'a/2': 'two',
      'a/twin': sameAs('a/1'),
      'b/3': 'three',
      'b/c/4': 'four',
      link: link('a/1'),
      'untouched/5': 'five',
    });
    await bench.commit();
    await bench.status();
    const edits = '.dbk/index/tree/a/$1.metadata';
    plant(bench.root, { 'b/3': 'THREE', 'new/6': 'six', [edits]: '---\ntitle: One\n---\n' });
    fs.rmSync(join(bench.root, 'a/2'));
    fs.rmSync(join(bench.root, 'b/c'), { recursive: true });
    const local = join(bench.root, '.dbk/local');
    const whole = new Map(
      ['cache', 'cache-index'].map((cache) => [cache, fs.readFileSync(join(local, cache))]),
    );
    const put = (damaged: Buffer | undefined): void => {
      for (const [cache, bytes] of whole) fs.writeFileSync(join(local, cache), bytes);
      if (damaged === undefined) fs.rmSync(join(local, name));
      else fs.writeFileSync(join(local, name), damaged);
    };
    const answers = async (checkEverything: boolean): Promise<unknown> => {
      const { changes, problems, status } = await bench.status({ checkEverything });
      const dry = await bench.commit({ dryRun: true, confirmDeletions: true, checkEverything });
      return [changes, problems, status.files, status.bytes, dry.changes, dry.problems, dry.result.summary];
    };
    put(undefined);
    const expected = await answers(true);
    assert.deepEqual(await answers(false), expected);
    const length = whole.get(name)!.length;
    for (const [i, [what, damage]] of damages(length).entries()) {
      put(damage(whole.get(name)!));
      assert.deepEqual(await answers(i % 2 === 0), expected, `the ${name} ${what}`);
    }
    put(undefined);
    await bench.commit({ confirmDeletions: true });
    assert.deepEqual(bench.recorded(), linesIn(bench.root));
  });
}

test('rot is told where the hashes of the cache are damaged too, and the damage is not kept', async (t) => {
  const bench = await repository(t, { a: EDIT.before, b: 'b', 'c/d': 'd' }, { disk: timeless('/a') });
  await bench.commit();
  const cache = join(bench.root, '.dbk/local/cache');
  const damage = (): void => {
    const bytes = fs.readFileSync(cache);
    bytes[bytes.length - 20]! ^= 1;
    fs.writeFileSync(cache, bytes);
  };
  fs.writeFileSync(join(bench.root, 'a'), EDIT.after);
  damage();
  const { changes, problems } = await bench.status({ checkEverything: true });
  assert.deepEqual([changes, problems], [['suspect file a'], ['scan/suspect a']]);
  damage();
  // Only a text changes, so that no hash is needed before the cache is written.
  fs.writeFileSync(join(bench.root, '.dbk/index/policy.yaml'), 'dbk: policy 1\ncopies: 3\n');
  await bench.commit();
  plant(bench.root, { 'c/new': 'new', new: 'new' });
  const commit = await bench.commit();
  assert.deepEqual(
    [commit.changes, commit.problems],
    [['added file c/new', 'added file new'], ['scan/suspect a']],
  );
});
