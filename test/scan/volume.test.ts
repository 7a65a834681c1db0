import { test } from 'node:test';
import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import { join } from 'node:path/posix';
import { nodeDisk, type Disk, type Stats } from '../../src/disk/disk.ts';
import {
  isYoung,
  keepsOf,
  probeHome,
  takeStamp,
  type HomeVolume,
  type KeepsInodes,
} from '../../src/scan/volume.ts';
import { plant, temporary } from '../tools/tree.ts';
import { repository } from '../tools/repository.ts';

interface Times {
  readonly dev?: number;
  readonly birthtimeMs?: number;
  readonly mtimeMs?: number;
  readonly ctimeMs?: number;
}

function stats(times: Times): Stats {
  return { dev: 1, birthtimeMs: 100, mtimeMs: 200, ctimeMs: 300, ...times } as Stats;
}

function diskOf(type: bigint, seen: Stats | undefined): Disk {
  return { ...nodeDisk, lstat: () => seen, statfs: () => ({ type }) as never };
}

const EXT4 = 0xef53n;
const MSDOS = 0x4d44n;
const EXFAT = 0x2011bab0n;

test('a volume keeps its inodes where a birth time is one: not 0, and not another time under its name', () => {
  const rows: readonly (readonly [string, bigint, Stats | undefined, HomeVolume])[] = [
    ['a birth time of its own', EXT4, stats({}), { device: 1, keeps: 'yes' }],
    ['none', EXT4, stats({ birthtimeMs: 0 }), { device: 1, keeps: 'no' }],
    ['the change time', EXT4, stats({ birthtimeMs: 300 }), { device: 1, keeps: 'unknown' }],
    ['the time of the last write', EXT4, stats({ birthtimeMs: 200 }), { device: 1, keeps: 'unknown' }],
    ['FAT, whatever it shows', MSDOS, stats({}), { device: 1, keeps: 'no' }],
    ['exFAT, whatever it shows', EXFAT, stats({}), { device: 1, keeps: 'no' }],
    ['nothing there', EXT4, undefined, { device: -1, keeps: 'unknown' }],
  ];
  for (const [what, type, seen, expected] of rows) {
    assert.deepEqual(probeHome(diskOf(type, seen), '/x'), expected, what);
  }
});

test('of another volume below the folder is learned what it shows, and FAT is asked for', () => {
  const home: HomeVolume = { device: 1, keeps: 'no' };
  const asked: string[] = [];
  const types = new Map([
    ['/fat', MSDOS],
    ['/ext4', EXT4],
  ]);
  const disk: Disk = {
    ...nodeDisk,
    statfs: (path) => {
      asked.push(path);
      return { type: types.get(path)! } as never;
    },
  };
  const keeps = keepsOf(home, disk);
  const rows: readonly (readonly [Stats, string | undefined, KeepsInodes])[] = [
    [stats({ dev: 1 }), '/home', 'no'],
    [stats({ dev: 2 }), '/fat', 'no'],
    [stats({ dev: 2 }), undefined, 'no'],
    [stats({ dev: 3, birthtimeMs: 300 }), '/ext4', 'unknown'],
    [stats({ dev: 3, birthtimeMs: 0 }), undefined, 'no'],
    [stats({ dev: 3 }), '/ext4', 'yes'],
    [stats({ dev: 3, birthtimeMs: 300 }), undefined, 'yes'],
  ];
  for (const [seen, directory, expected] of rows) assert.equal(keeps.volume(seen, directory), expected);
  assert.deepEqual(asked, ['/fat', '/ext4']);
});

test('young is what may have changed again in the moment it was read', () => {
  const keeping: HomeVolume = { device: 1, keeps: 'yes' };
  const other: HomeVolume = { device: 1, keeps: 'no' };
  const stamp = { settled: 10_000 };
  const rows: readonly (readonly [string, Times, HomeVolume, number, boolean])[] = [
    ['changed before', { mtimeMs: 9999, ctimeMs: 9999 }, keeping, 1, false],
    ['changed right then', { mtimeMs: 9999, ctimeMs: 10_000 }, keeping, 1, true],
    ['changed in the future', { mtimeMs: 0, ctimeMs: 99_999 }, keeping, 1, true],
    ['a camera whose clock is ahead', { mtimeMs: 99_999, ctimeMs: 9999 }, keeping, 1, false],
    ['the same where no inode is kept', { mtimeMs: 99_999, ctimeMs: 9999 }, other, 1, true],
    ['old where no inode is kept', { mtimeMs: 9999, ctimeMs: 9999 }, other, 1, false],
    ['another volume, whose clock may be coarse', { mtimeMs: 8000, ctimeMs: 8000 }, keeping, 2, true],
    ['another volume, surely over', { mtimeMs: 7999, ctimeMs: 7999 }, keeping, 2, false],
  ];
  for (const [what, times, home, device, expected] of rows) {
    assert.equal(isYoung(stats(times), home, stamp, device), expected, what);
  }
  const { settled } = { settled: Number.NEGATIVE_INFINITY };
  assert.equal(isYoung(stats({ mtimeMs: 0, ctimeMs: 0 }), keeping, { settled }, 1), true);
});

test('a stamp is the volume’s own time, and leaves nothing behind', (t) => {
  const folder = temporary(t);
  plant(folder, { 'left behind': 'by a process that died' });
  const place = join(folder, 'left behind');
  const before = fs.statSync(place).mtimeMs;
  const { settled } = takeStamp(nodeDisk, place);
  assert.deepEqual(fs.readdirSync(folder), []);
  assert.ok(settled >= before - 20 && settled < before + 60_000);
  const wholeSeconds: Disk = {
    ...nodeDisk,
    lstat: (path) => nodeDisk.lstat(path) && stats({ mtimeMs: 50_000 }),
  };
  assert.equal(takeStamp(wholeSeconds, place).settled, 48_000);
});

test('FAT mounted below the folder: neither numbers nor the times of its folders are believed', async (t) => {
  // Windows leaves the time of a folder on FAT as it is when something comes into it.
  const first = new Map<string, Stats>();
  const isOnStick = (path: string): boolean => /\/stick(\/|$)/.test(path) && !path.includes('/.dbk/');
  const fat = (disk: Disk, path: string): Stats | undefined => {
    const seen = disk.lstat(path);
    if (seen === undefined || !isOnStick(path)) return seen;
    const { mtimeMs, ctimeMs, birthtimeMs } = seen.isDirectory() ? (first.get(path) ?? seen) : seen;
    first.set(path, seen);
    const said = { dev: seen.dev + 1, mtimeMs, ctimeMs, birthtimeMs: birthtimeMs - 1 };
    return Object.assign(Object.create(Object.getPrototypeOf(seen) as object) as Stats, seen, said);
  };
  const bench = await repository(
    t,
    { 'stick/sub/a': 'a', mine: 'mine' },
    {
      disk: (disk) => ({
        ...disk,
        lstat: (path) => fat(disk, path),
        lstatOrdinary: (path) => fat(disk, path),
        statfs: (path) => (isOnStick(path) ? ({ type: MSDOS } as never) : disk.statfs(path)),
      }),
    },
  );
  await bench.commit();
  await bench.status();
  const kept = first.get(`${bench.root}/stick/sub`)!;
  plant(bench.root, { 'stick/sub/new': 'new' });
  first.set(`${bench.root}/stick/sub`, kept);
  assert.deepEqual((await bench.status()).changes, ['added file stick/sub/new']);
});
