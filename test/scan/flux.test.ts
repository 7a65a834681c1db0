import { test } from 'node:test';
import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import { join } from 'node:path/posix';
import { digest } from '../../src/disk/blake3.ts';
import type { Disk } from '../../src/disk/disk.ts';
import { linesIn, plant } from '../tools/tree.ts';
import { repository } from '../tools/repository.ts';

/** Calls `meddle` before each read of a file that was opened by this name; it may end itself. */
function meddling(end: string, meddle: (path: string, reads: number) => void): (disk: Disk) => Disk {
  return (disk) => {
    const open = new Map<number, string>();
    let reads = 0;
    return {
      ...disk,
      openRead: (path, keep) => {
        const fd = disk.openRead(path, keep);
        if (path.endsWith(end)) open.set(fd, path);
        return fd;
      },
      read: (fd, ...rest) => {
        const path = open.get(fd);
        const count = disk.read(fd, ...rest);
        if (path !== undefined) meddle(path, ++reads);
        return count;
      },
      close: (fd) => {
        open.delete(fd);
        disk.close(fd);
      },
    };
  };
}

const BIG = 'x'.repeat(2_500_000);
const UNSTABLE = ['scan/unstable a/flux'];

/** What somebody does to a file after each read of it. */
const MEDDLERS: Readonly<Record<string, (path: string, reads: number) => void>> = {
  'appends to it': (path) => fs.appendFileSync(path, 'more'),
  'writes in place': (path, reads) => {
    const fd = fs.openSync(path, 'r+');
    fs.writeSync(fd, `written ${reads}`, reads);
    fs.closeSync(fd);
  },
  'cuts it': (path) => fs.truncateSync(path, fs.statSync(path).size >> 1),
  'writes and sets the old time': (path) => {
    const { atime, mtime } = fs.statSync(path);
    fs.writeFileSync(path, 'y'.repeat(BIG.length));
    fs.utimesSync(path, atime, mtime);
  },
};

for (const [what, meddle] of Object.entries(MEDDLERS)) {
  for (const isRecorded of [false, true]) {
    test(`somebody ${what} while it is read: ${isRecorded ? 'it stays as it was' : 'it is not recorded'}`, async (t) => {
      let isOn = !isRecorded;
      const disk = meddling('/a/flux', (path, reads) => isOn && meddle(path, reads));
      const bench = await repository(t, { 'a/flux': BIG, 'a/still': 'x' }, { disk });
      if (isRecorded) {
        await bench.commit();
        fs.writeFileSync(join(bench.root, 'a/flux'), `${BIG}${BIG}`);
        isOn = true;
      }
      const before = bench.entry('a/flux');
      for (const round of [1, 2]) {
        const { problems, all } = await bench.commit();
        assert.deepEqual(problems, UNSTABLE, `commit ${round}`);
        assert.equal(all[0]!.reason, "cannot read 'a/flux': it keeps changing");
        assert.deepEqual(bench.entry('a/flux'), before);
        assert.notEqual(bench.entry('a/still'), undefined);
      }
      isOn = false;
      const { problems } = await bench.commit();
      assert.deepEqual(problems, []);
      assert.deepEqual(bench.recorded(), linesIn(bench.root));
    });
  }
}

test('a file that changes once while it is read is read again, and recorded whole', async (t) => {
  const whole = 'y'.repeat(1_500_000);
  const disk = meddling('/flux', (path, reads) => reads === 1 && fs.writeFileSync(path, whole));
  const bench = await repository(t, { flux: BIG }, { disk });
  assert.deepEqual((await bench.commit()).problems, []);
  assert.equal((bench.entry('flux') as { blake3: string }).blake3, digest(whole));
  assert.deepEqual(bench.recorded(), linesIn(bench.root));
});

/** What is there instead when the file is opened. */
const REPLACED: Readonly<Record<string, (path: string) => void>> = {
  nothing: () => undefined,
  'a symlink': (path) => fs.symlinkSync('/etc/passwd', path),
  'a directory': (path) => fs.mkdirSync(path),
};

for (const [what, replace] of Object.entries(REPLACED)) {
  test(`${what} instead of the file that was just listed is no content of it`, async (t) => {
    let isOn = true;
    const bench = await repository(
      t,
      { 'a/flux': 'x', 'a/still': 'y' },
      {
        disk: (disk) => ({
          ...disk,
          openRead: (path, keep) => {
            if (isOn && path.endsWith('/a/flux')) {
              isOn = false;
              fs.rmSync(path);
              replace(path);
            }
            return disk.openRead(path, keep);
          },
        }),
      },
    );
    assert.deepEqual((await bench.commit()).problems, UNSTABLE);
    assert.equal(bench.entry('a/flux'), undefined);
    await bench.commit();
    assert.deepEqual(bench.recorded(), linesIn(bench.root));
  });
}

test('a folder that goes while it is looked at is frozen for this time and missing the next', async (t) => {
  let isOn = false;
  const bench = await repository(
    t,
    { 'a/sub/x': 'x', 'a/y': 'y' },
    {
      disk: (disk) => ({
        ...disk,
        readdir: (path) => {
          if (isOn && path.endsWith('/a/sub') && !path.includes('/.dbk/')) {
            isOn = false;
            fs.rmSync(path, { recursive: true });
          }
          return disk.readdir(path);
        },
      }),
    },
  );
  await bench.commit();
  plant(bench.root, { 'a/sub/z': 'z' });
  isOn = true;
  const { changes, problems } = await bench.status();
  assert.deepEqual([changes, problems], [[], ['scan/unreadable a/sub']]);
  const next = await bench.status();
  assert.deepEqual([next.changes, next.problems], [['missing directory a/sub', 'missing file a/sub/x'], []]);
});
