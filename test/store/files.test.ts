import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import { join } from 'node:path/posix';
import { test } from 'node:test';
import { nodeDisk, type Disk } from '../../src/disk/disk.ts';
import { Refusal } from '../../src/model/problem.ts';
import { makeDirectories, makeScratch } from '../../src/store/directories.ts';
import {
  claimFile,
  createFile,
  isLeftover,
  moveFile,
  readBytes,
  readText,
  removeFile,
  removeLeftovers,
  replaceFile,
  timeOn,
} from '../../src/store/files.ts';
import { faultyDisk, Killed, type Fault } from '../disk/faulty.ts';
import { quick, readTree, temporary } from './fixture.ts';

/** The changing calls of an action, without what is random and without the folder. */
function callsOf(folder: string, action: (disk: Disk) => unknown): string[] {
  const disk = faultyDisk(nodeDisk);
  action(disk);
  return disk.calls.map((call) => call.replaceAll(`${folder}/`, '').replace(/[0-9a-f]{12,16}/g, 'RANDOM'));
}

test('what has to be durable is flushed before it gets its name, and the name after that', (t) => {
  const folder = temporary(t);
  const at = (name: string): string => join(folder, name);
  const durable = { durable: true };
  const rows: [what: string, action: (disk: Disk) => unknown, calls: string[]][] = [
    [
      'replace',
      (disk) => replaceFile(disk, at('a'), 'x'),
      ['openNew $new-RANDOM', 'write', 'rename $new-RANDOM a'],
    ],
    [
      'replace durably',
      (disk) => replaceFile(disk, at('a'), 'x', durable),
      ['openNew $new-RANDOM', 'write', 'fsync', 'rename $new-RANDOM a', 'fsync'],
    ],
    ['create', (disk) => createFile(disk, at('b'), 'x'), ['openNew b', 'write']],
    [
      'create durably',
      (disk) => createFile(disk, at('c'), 'x', durable),
      ['openNew c', 'write', 'fsync', 'fsync'],
    ],
    ['move', (disk) => moveFile(disk, at('b'), at('d')), ['rename b d']],
    ['make directories', (disk) => makeDirectories(disk, at('e/f')), ['mkdir e/f', 'mkdir e', 'mkdir e/f']],
    [
      'move durably',
      (disk) => moveFile(disk, at('d'), at('e/d'), durable),
      ['rename d e/d', 'fsync', 'fsync'],
    ],
    ['move durably in place', (disk) => moveFile(disk, at('a'), at('g'), durable), ['rename a g', 'fsync']],
    [
      'make directories durably',
      (disk) => makeDirectories(disk, at('e/h/i'), durable),
      ['mkdir e/h/i', 'mkdir e/h', 'mkdir e/h/i', 'fsync', 'fsync'],
    ],
    ['remove', (disk) => removeFile(disk, at('g')), ['unlink g']],
    ['remove durably', (disk) => removeFile(disk, at('c'), durable), ['unlink c', 'fsync']],
    ['remove what is not there', (disk) => removeFile(disk, at('c'), durable), ['unlink c']],
    ['make a scratch directory', (disk) => makeScratch(disk, at('e')), ['mkdir e/RANDOM']],
  ];
  for (const [what, action, calls] of rows) assert.deepEqual(callsOf(folder, action), calls, what);
});

test('wherever replacing or creating a file is broken off, the old or the new one is there, whole', (t) => {
  const old = 'old text\n'.repeat(100);
  const now = 'new text\n'.repeat(50);
  const faults: ((at: number) => Fault)[] = [
    (at) => ({ kind: 'dies', at }),
    (at) => ({ kind: 'dies', at, torn: true }),
    (at) => ({ kind: 'dies', at, powerLoss: true }),
    (at) => ({ kind: 'fails', at, code: 'ENOSPC' }),
  ];
  for (const [number, fault] of faults.entries()) {
    for (let at = 1, happened = true; happened; at++) {
      const folder = temporary(t);
      fs.writeFileSync(join(folder, 'a'), old);
      const disk = faultyDisk(quick, fault(at));
      try {
        replaceFile(disk, join(folder, 'a'), now, { durable: true });
      } catch (error) {
        assert.ok(error instanceof Killed || (error as NodeJS.ErrnoException).code === 'ENOSPC');
      }
      happened = disk.happened;
      const found = fs.readFileSync(join(folder, 'a'), 'utf8');
      assert.ok(found === old || found === now, `fault ${number} at call ${at}: ${found.length} bytes`);
      if (number === 3) assert.deepEqual(fs.readdirSync(folder), ['a'], 'an error leaves nothing beside');
      removeLeftovers(nodeDisk, folder);
      assert.deepEqual(fs.readdirSync(folder), ['a']);
    }
    if (number !== 3) continue;
    for (let at = 1, happened = true; happened; at++) {
      const folder = temporary(t);
      const disk = faultyDisk(quick, fault(at));
      const create = () => createFile(disk, join(folder, 'a'), now, { durable: true });
      if (at <= 4) assert.throws(create, { code: 'ENOSPC' });
      else create();
      happened = disk.happened;
      assert.deepEqual(fs.readdirSync(folder), happened ? [] : ['a']);
    }
  }
});

test('no name of a text is that of a leftover', () => {
  const names = [
    '$new-0123456789ab',
    '$.metadata',
    '$new-0123456789ab.metadata',
    '$new-',
    'manifest.yaml',
    '%24new-0123456789ab',
  ];
  assert.deepEqual(names.filter(isLeftover), ['$new-0123456789ab']);
});

test('a file is claimed by one, with hard links and without', (t) => {
  for (const code of [undefined, 'EPERM', 'ENOSYS', 'EOPNOTSUPP', 'EMLINK']) {
    const folder = temporary(t);
    const path = join(folder, 'a');
    const disk: Disk = { ...nodeDisk };
    if (code !== undefined) {
      disk.link = () => {
        throw Object.assign(new Error(code), { code });
      };
    }
    assert.deepEqual([claimFile(disk, path, 'first'), claimFile(disk, path, 'second')], [true, false]);
    assert.deepEqual(readTree(folder), new Map([['a', 'first']]));
  }
});

test('a claim is not lost when its file beside is taken for a leftover, and other errors pass on', (t) => {
  const folder = temporary(t);
  let swept = 0;
  const disk: Disk = {
    ...nodeDisk,
    link: (from, to) => {
      if (swept++ < 2) removeLeftovers(nodeDisk, folder);
      nodeDisk.link(from, to);
    },
  };
  assert.equal(claimFile(disk, join(folder, 'a'), 'x'), true);
  assert.deepEqual(fs.readdirSync(folder), ['a']);
  assert.throws(
    () => claimFile(faultyDisk(nodeDisk, { kind: 'fails', at: 3, code: 'EIO' }), join(folder, 'b'), 'x'),
    {
      code: 'EIO',
    },
  );
  assert.deepEqual(fs.readdirSync(folder), ['a']);
});

test('a text is read whole, or refused with the reason', (t) => {
  const folder = temporary(t);
  const at = (name: string): string => join(folder, name);
  fs.writeFileSync(at('text'), '\ufeffé\r\n');
  fs.writeFileSync(at('bytes'), Buffer.from([0x61, 0xff]));
  fs.mkdirSync(at('directory'));
  fs.symlinkSync('text', at('link'));
  const rows: [name: string, limit: number, expected: string | undefined][] = [
    ['text', 7, '\ufeffé\r\n'],
    ['text', 6, `damage: '${at('text')}' is longer than 6 bytes`],
    ['none', 7, undefined],
    ['none/below', 7, undefined],
    ['text/below', 7, undefined],
    ['bytes', 7, `damage: '${at('bytes')}' is not UTF-8`],
    ['directory', 7, `damage: '${at('directory')}' is not a regular file`],
    ['link', 7, `damage: '${at('link')}' is not a regular file`],
  ];
  for (const [name, limit, expected] of rows) {
    let found: string | undefined;
    try {
      found = readText(nodeDisk, at(name), limit);
    } catch (error) {
      assert.ok(error instanceof Refusal);
      assert.equal(error.problem.place?.path, at(name));
      found = `${error.kind}: ${error.problem.reason}`;
    }
    assert.equal(found, expected, name);
  }
  assert.deepEqual([...readBytes(nodeDisk, at('bytes'), 2)!], [0x61, 0xff]);
  assert.throws(
    () => readBytes({ ...nodeDisk, readFile: () => assert.fail('broken') }, at('text'), 9),
    /broken/,
  );
});

test('the time of a file system is that of its files', (t) => {
  const folder = temporary(t);
  const before = timeOn(nodeDisk, folder);
  fs.writeFileSync(join(folder, 'a'), '');
  const written = fs.statSync(join(folder, 'a'), { bigint: true }).mtimeNs;
  assert.ok(before <= written && written <= timeOn(nodeDisk, folder));
  assert.deepEqual(fs.readdirSync(folder), ['a']);
});
