import { test } from 'node:test';
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import { join } from 'node:path/posix';
import { link, linesIn, plant, temporary } from '../tools/tree.ts';
import { repository } from '../tools/repository.ts';
import { volume } from '../tools/volumes.ts';

test('exFAT through FUSE: numbers that change at each mount are not trusted, and nothing is read for them', async (t) => {
  const disk = volume(t, 'exfat');
  if (typeof disk === 'string') return t.skip(disk);
  const literal = { 'a/1': 'one', 'a/2': 'two', 'b/c/3': 'three', 'b/Ünïcode': 'x', '4': 'four' };
  const bench = await repository(t, literal, { root: disk.folder });
  await bench.commit();
  assert.deepEqual(bench.recorded(), linesIn(disk.folder, 'usual'));
  const inodes = (): number[] => Object.keys(literal).map((path) => fs.statSync(join(disk.folder, path)).ino);
  const before = inodes();
  disk.unmount();
  disk.mount();
  // Numbers are given in the order of asking.
  fs.statSync(join(disk.folder, 'b/c/3'));
  fs.statSync(join(disk.folder, '4'));
  assert.notDeepEqual(inodes(), before);
  for (const round of [1, 2]) {
    bench.disk.forgetCounts();
    const { changes, problems } = await bench.status();
    assert.deepEqual([changes, problems, bench.disk.opened], [[], [], []], `status ${round}`);
  }
  // Two files that swap their names and their sizes are equal: their old numbers would tell nonsense.
  plant(disk.folder, { 'a/1': 'ONE', 'b/c/3': 'edited', new: 'new' });
  // Seconds are whole here, and the test is quicker.
  fs.utimesSync(join(disk.folder, 'a/1'), 1e9, 1e9);
  fs.renameSync(join(disk.folder, 'a/2'), join(disk.folder, 'a/moved'));
  disk.unmount();
  disk.mount();
  const { changes } = await bench.status();
  assert.deepEqual(changes, [
    'added file new',
    'changed file a/1',
    'moved file a/moved',
    'changed file b/c/3',
  ]);
  await bench.commit({ confirmDeletions: true });
  assert.deepEqual(bench.recorded(), linesIn(disk.folder, 'usual'));
  for (const cache of ['cache', 'cache-index']) fs.rmSync(join(disk.folder, '.dbk/local', cache));
  assert.deepEqual((await bench.status()).changes, []);
});

test('exFAT: an edit of the same length in the same two seconds as the commit is found', async (t) => {
  const disk = volume(t, 'exfat');
  if (typeof disk === 'string') return t.skip(disk);
  const bench = await repository(t, {}, { root: disk.folder, age: 'true' });
  for (let i = 0; i < 5; i++) {
    plant(disk.folder, { a: `edit ${2 * i}` });
    await bench.commit();
    fs.writeFileSync(join(disk.folder, 'a'), `edit ${2 * i + 1}`);
    assert.deepEqual((await bench.status()).changes, ['changed file a']);
    await bench.commit();
    assert.deepEqual(bench.recorded(), linesIn(disk.folder, 'usual'));
  }
});

test('exFAT: a folder that changes only the case of its name', async (t) => {
  const disk = volume(t, 'exfat');
  if (typeof disk === 'string') return t.skip(disk);
  const bench = await repository(t, { 'Music/x': 'x', 'Music/sub/y': 'y' }, { root: disk.folder });
  await bench.commit();
  fs.renameSync(join(disk.folder, 'Music'), join(disk.folder, 'aside'));
  fs.renameSync(join(disk.folder, 'aside'), join(disk.folder, 'MUSIC'));
  await bench.commit({ confirmDeletions: true });
  assert.deepEqual(bench.recorded(), linesIn(disk.folder, 'usual'));
  assert.deepEqual((await bench.status()).changes, []);
});

test('rot below the file system: no status sees it, --checksum does, no commit takes it, touch makes it an edit', async (t) => {
  const disk = volume(t, 'ext4');
  if (typeof disk === 'string') return t.skip(disk);
  const marker = 'This sentence stands once on this volume. ';
  const content = marker + 'x'.repeat(20_000);
  const bench = await repository(t, { 'a/rotten': content, 'a/fine': 'fine', b: 'b' }, { root: disk.folder });
  await bench.commit();
  const before = bench.recorded();
  disk.unmount();
  const bytes = fs.readFileSync(disk.image);
  const at = bytes.indexOf(marker);
  assert.notEqual(at, -1);
  const fd = fs.openSync(disk.image, 'r+');
  fs.writeSync(fd, Buffer.of(bytes[at]! ^ 1), 0, 1, at);
  fs.closeSync(fd);
  disk.mount();
  assert.notEqual(fs.readFileSync(join(disk.folder, 'a/rotten'), 'utf8'), content);
  assert.deepEqual((await bench.status()).changes, []);
  for (const isCacheLost of [false, true]) {
    if (isCacheLost) fs.rmSync(join(disk.folder, '.dbk/local/cache'));
    const { changes, problems } = await bench.status({ checkEverything: true });
    assert.deepEqual([changes, problems], [['suspect file a/rotten'], ['scan/suspect a/rotten']]);
    const commit = await bench.commit({ checkEverything: true });
    assert.deepEqual([commit.result.commit, commit.problems], [undefined, ['scan/suspect a/rotten']]);
    assert.deepEqual(bench.recorded(), before);
  }
  fs.utimesSync(join(disk.folder, 'a/rotten'), 1, 1);
  assert.deepEqual((await bench.status()).changes, ['changed file a/rotten']);
  assert.deepEqual((await bench.commit()).problems, []);
  assert.deepEqual(bench.recorded(), linesIn(disk.folder));
});

/** What is done to the folder that a volume was mounted at, while the volume is away. */
const AWAY: Readonly<Record<string, (folder: string) => void>> = {
  'is left empty': () => undefined,
  'is removed': (folder) => fs.rmdirSync(folder),
  'gets something of its own': (folder) => plant(folder, { 'written/by mistake': 'x' }),
};

for (const [what, action] of Object.entries(AWAY)) {
  test(`a volume is taken away, and the folder it was mounted at ${what}: nothing below is gone`, async (t) => {
    const root = temporary(t);
    const disk = volume(t, 'ext4', join(root, 'disks/usb'));
    if (typeof disk === 'string') return t.skip(disk);
    fs.rmdirSync(join(disk.folder, 'lost+found'));
    const literal = {
      'disks/usb/photos/1': 'one',
      'disks/usb/2': 'two',
      'disks/other': 'other',
      mine: 'mine',
    };
    const bench = await repository(t, { ...literal, 'disks/usb/link': link('2') }, { root });
    await bench.commit();
    const before = bench.recorded();
    disk.unmount();
    action(disk.folder);
    const expected = ['scan/vanished-mount disks/usb'];
    for (const round of [1, 2]) {
      const { changes, problems } = await bench.status();
      assert.deepEqual([changes, problems], [[], expected], `status ${round}`);
      const commit = await bench.commit({ confirmDeletions: true });
      assert.deepEqual([commit.result.commit, commit.problems], [undefined, expected], `commit ${round}`);
    }
    // The rest goes on.
    plant(root, { mine: 'edited', 'disks/new': 'new' });
    assert.deepEqual((await bench.commit({ confirmDeletions: true })).problems, expected);
    assert.deepEqual(
      bench.recorded().filter(([path]) => path.startsWith('disks/usb')),
      before.filter(([path]) => path.startsWith('disks/usb')),
    );
    fs.rmSync(disk.folder, { recursive: true, force: true });
    fs.mkdirSync(disk.folder);
    disk.mount();
    bench.disk.forgetCounts();
    const { changes, problems } = await bench.status();
    assert.deepEqual([changes, problems, bench.disk.opened], [[], [], []]);
    plant(root, { 'disks/usb/2': 'edited' });
    fs.rmSync(join(root, 'disks/usb/photos'), { recursive: true });
    assert.deepEqual((await bench.status()).changes, [
      'changed file disks/usb/2',
      'missing directory disks/usb/photos',
      'missing file disks/usb/photos/1',
    ]);
  });
}

test('a volume in a volume: taken away with it, or alone', async (t) => {
  const root = temporary(t);
  const outer = volume(t, 'ext4', join(root, 'outer'));
  if (typeof outer === 'string') return t.skip(outer);
  const inner = volume(t, 'tmpfs', join(root, 'outer/inner'));
  if (typeof inner === 'string') return t.skip(inner);
  plant(root, { 'outer/x': 'x', 'outer/inner/y': 'y', z: 'z' });
  const bench = await repository(t, {}, { root });
  await bench.commit();
  inner.unmount();
  assert.deepEqual((await bench.status()).problems, ['scan/vanished-mount outer/inner']);
  outer.unmount();
  const { changes, problems } = await bench.status();
  assert.deepEqual([changes, problems], [[], ['scan/vanished-mount outer']]);
});

test('what was on a volume that will not come back can be forgotten, and then nothing more is said', async (t) => {
  const root = temporary(t);
  const disk = volume(t, 'tmpfs', join(root, 'usb'));
  if (typeof disk === 'string') return t.skip(disk);
  plant(root, { 'usb/sub/x': 'x', mine: 'mine' });
  const bench = await repository(t, {}, { root });
  await bench.commit();
  disk.unmount();
  fs.rmdirSync(disk.folder);
  await bench.forget('usb');
  for (const round of [1, 2]) {
    const { changes, problems } = await bench.status();
    assert.deepEqual([changes, problems], [[], []], `status ${round}`);
  }
  fs.mkdirSync(disk.folder);
  plant(root, { 'usb/ordinary': 'now' });
  await bench.commit();
  assert.deepEqual(bench.recorded(), linesIn(root));
});

test('another volume at the same place: what the first one held is missing', async (t) => {
  const root = temporary(t);
  const disk = volume(t, 'tmpfs', join(root, 'usb'));
  if (typeof disk === 'string') return t.skip(disk);
  plant(root, { 'usb/x': 'x' });
  const bench = await repository(t, {}, { root });
  await bench.commit();
  disk.unmount();
  disk.mount();
  plant(root, { 'usb/y': 'y' });
  fs.chmodSync(join(root, 'usb'), 0o755);
  const { changes, problems } = await bench.status();
  assert.deepEqual(problems, []);
  assert.deepEqual(
    changes.filter((change) => change.includes('file')),
    ['missing file usb/x', 'added file usb/y'],
  );
});

test('a volume that can only be read is looked at, and nothing is learned', async (t) => {
  const disk = volume(t, 'ext4');
  if (typeof disk === 'string') return t.skip(disk);
  const bench = await repository(t, { 'a/1': 'one', b: 'two' }, { root: disk.folder });
  await bench.commit();
  plant(disk.folder, { b: 'edited', new: 'new' });
  assert.equal(spawnSync('mount', ['-o', 'remount,ro', disk.folder]).status, 0);
  for (const checkEverything of [false, true]) {
    const { changes, problems } = await bench.status({ checkEverything });
    assert.deepEqual([changes, problems], [['changed file b', 'added file new'], []]);
  }
  await assert.rejects(bench.commit(), { code: 'EROFS' });
});
