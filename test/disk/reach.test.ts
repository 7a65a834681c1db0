import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path/posix';
import { test, type TestContext } from 'node:test';
import { nodeDisk as disk } from '../../src/disk/disk.ts';
import { nameOfBytes } from '../../src/model/name.ts';

function temporary(t: TestContext): string {
  const path = fs.realpathSync(fs.mkdtempSync(join(tmpdir(), 'dbk-reach-')));
  // rm of Node fails on paths this long; the tool walks with directories held open.
  t.after(() => void spawnSync('rm', ['-rf', path]));
  return path;
}

function write(path: string, text: string): void {
  const fd = disk.openNew(path, 0o644);
  disk.write(fd, Buffer.from(text));
  disk.close(fd);
}

function codeOf(action: () => unknown): string | undefined {
  try {
    action();
    return undefined;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code;
  }
}

/** A directory whose path is a bit longer than so many bytes. */
function deep(start: string, bytes: number, name = 'd'.repeat(200)): string {
  let path = start;
  while (Buffer.byteLength(path) <= bytes) disk.mkdir((path = join(path, name)));
  return path;
}

test('paths around the length that the kernel takes, and far beyond, are reached by every call', (t) => {
  const root = temporary(t);
  for (const [bytes, name] of [
    [3900, 'd'.repeat(60)],
    [4040, 'd'.repeat(60)],
    [5000, 'd'.repeat(200)],
    [13_000, 'é'.repeat(127)],
  ] as const) {
    const start = join(root, String(bytes));
    disk.mkdir(start);
    const directory = deep(start, bytes, name);
    const [a, b, link, inner] = ['a', 'b', 'link', 'inner'].map((file) => join(directory, file)) as [
      string,
      string,
      string,
      string,
    ];
    write(a, 'text');
    disk.rename(a, b);
    disk.link(b, a);
    disk.symlink('somewhere', link);
    disk.mkdir(inner);
    disk.chmod(b, 0o600);
    disk.utimes(b, 1, 2);
    const seen = {
      names: disk.readdir(directory).sort(),
      text: String(disk.readFile(b)),
      target: disk.readlink(link),
      mode: disk.lstat(a)!.mode & 0o777,
      time: disk.lstatExact(a)!.mtimeNs,
      linked: disk.statExact(link),
      nothing: disk.lstat(join(directory, 'nothing')),
      nowhere: disk.lstat(join(directory, 'nothing', name, 'here')),
      nowhereExact:
        disk.lstatExact(join(directory, name, name)) ?? disk.statExact(join(directory, name, name)),
      free: disk.statfs(directory).bsize > 0n,
    };
    disk.close(disk.openDirectory(directory));
    for (const path of [a, b, link]) disk.unlink(path);
    disk.rmdir(inner);
    assert.deepEqual(
      { ...seen, left: disk.readdir(directory) },
      {
        names: ['a', 'b', 'inner', 'link'],
        text: 'text',
        target: 'somewhere',
        mode: 0o600,
        time: 2_000_000_000n,
        linked: undefined,
        nothing: undefined,
        nowhere: undefined,
        nowhereExact: undefined,
        free: true,
        left: [],
      },
      `${bytes} bytes`,
    );
  }
});

test('the longest path that the kernel takes and the next longer ones differ in nothing', (t) => {
  const root = temporary(t);
  const directory = deep(root, 3890);
  for (let length = 4090; length <= 4100; length++) {
    const path = join(directory, 'x'.repeat(length - directory.length - 1));
    write(path, String(length));
    assert.equal(String(disk.readFile(path)), String(length));
    disk.unlink(path);
  }
  assert.deepEqual(disk.readdir(directory), []);
});

test('a path beyond the limit that leads nowhere says so, and nothing stays open', (t) => {
  const root = temporary(t);
  const target = deep(root, 4900);
  write(join(target, 'a'), 'text');
  const open = fs.readdirSync('/proc/self/fd').length;
  assert.equal(String(disk.readFile(join(target, 'a'))), 'text');
  assert.equal(
    codeOf(() => disk.readFile(join(target, 'b'))),
    'ENOENT',
  );
  assert.equal(
    codeOf(() => disk.readFile(join(target, 'b', 'c'.repeat(200), 'd'))),
    'ENOENT',
  );
  assert.equal(fs.readdirSync('/proc/self/fd').length, open, 'nothing stays open');
});

test('names that are not UTF-8 come back as they were', (t) => {
  const root = temporary(t);
  const names = [[0xff], [0x61, 0xc3, 0x28], [0xed, 0xa0, 0x80], [0xef, 0xbf, 0xbd]].map((bytes) =>
    nameOfBytes(Uint8Array.from(bytes)),
  );
  for (const name of names) write(join(root, name), name);
  disk.symlink(names[0]!, join(root, 'link'));
  assert.deepEqual(disk.readdir(root).sort(), [...names, 'link'].sort());
  assert.equal(disk.readlink(join(root, 'link')), names[0]);
  for (const name of names) assert.equal(disk.lstat(join(root, name))?.isFile(), true);
  const bytes = fs.readdirSync(root, { encoding: 'buffer' }).map((name) => name.toString('hex'));
  assert.deepEqual(bytes.sort(), ['61c328', '6c696e6b', 'eda080', 'efbfbd', 'ff']);
});

test('what is opened is what the path itself names, and a regular file', (t) => {
  const root = temporary(t);
  const at = (name: string): string => join(root, name);
  write(at('file'), '12345');
  disk.mkdir(at('directory'));
  disk.symlink('file', at('to-file'));
  disk.symlink('directory', at('to-directory'));
  disk.symlink('nothing', at('dangling'));
  const fifo = spawnSync('mkfifo', [at('fifo')]).status === 0;
  const rows: [what: string, expected: string | undefined, action: () => unknown][] = [
    ['a symlink is not read through', 'ELOOP', () => disk.readFile(at('to-file'))],
    ['a directory is no file', 'EINVAL', () => disk.readFile(at('directory'))],
    ['a symlink is not opened as a directory', 'ENOTDIR', () => disk.openDirectory(at('to-directory'))],
    ['a file is not opened as a directory', 'ENOTDIR', () => disk.openDirectory(at('file'))],
    ['nothing is created through a dangling symlink', 'EEXIST', () => disk.openNew(at('dangling'), 0o644)],
    ['what is there is not created', 'EEXIST', () => disk.openNew(at('file'), 0o644)],
    ['what is not there is not read', 'ENOENT', () => disk.readFile(at('nothing'))],
    ['a file of exactly the limit is read', undefined, () => disk.readFile(at('file'), 5)],
    ['a file one byte longer is refused', 'EFBIG', () => disk.readFile(at('file'), 4)],
    ['an empty limit refuses all but an empty file', 'EFBIG', () => disk.readFile(at('file'), 0)],
    ...(fifo ? [['a fifo is not waited for', 'EINVAL', () => disk.readFile(at('fifo'))] as const] : []),
  ].map((row) => row as [string, string | undefined, () => unknown]);
  for (const [what, expected, action] of rows) assert.equal(codeOf(action), expected, what);
  assert.equal(fs.existsSync(at('nothing')), false);
});

test('files that say they are empty are read to their end', (t) => {
  if (!fs.existsSync('/proc/self/status')) return t.skip('needs /proc');
  assert.match(String(disk.readFile('/proc/self/status')), /^Name:[^]*\nPid:\t/);
  assert.equal(
    codeOf(() => disk.readFile('/proc/self/status', 100)),
    'EFBIG',
  );
});
