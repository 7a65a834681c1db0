import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import { join } from 'node:path/posix';
import { test } from 'node:test';
import { nodeDisk } from '../../src/disk/disk.ts';
import {
  flushDirectory,
  isDirectory,
  makeDirectories,
  namesIn,
  removeEmptyDirectories,
  removeTree,
} from '../../src/store/directories.ts';
import { faultyDisk } from '../disk/faulty.ts';
import { temporary } from './fixture.ts';

test('directories are made and removed as far as they have to be', (t) => {
  const folder = temporary(t);
  const at = (name: string): string => join(folder, name);
  assert.deepEqual(makeDirectories(nodeDisk, at('a/b/c')), [at('a'), at('a/b'), at('a/b/c')]);
  assert.deepEqual(makeDirectories(nodeDisk, at('a/b/c')), []);
  assert.deepEqual(makeDirectories(nodeDisk, at('a/d'), { mode: 0o700 }), [at('a/d')]);
  assert.equal(fs.statSync(at('a/d')).mode & 0o777, 0o700);
  fs.symlinkSync('a', at('link'));
  assert.deepEqual(makeDirectories(nodeDisk, at('link/e')), [at('link/e')]);
  fs.writeFileSync(at('file'), '');
  fs.symlinkSync('nothing', at('dangling'));
  assert.throws(() => makeDirectories(nodeDisk, at('file')), { code: 'EEXIST' });
  assert.throws(() => makeDirectories(nodeDisk, at('file/b')), { code: 'ENOTDIR' });
  assert.throws(() => makeDirectories(nodeDisk, at('dangling/b')), { code: 'EEXIST' });
  assert.deepEqual(
    ['a', 'link', 'file', 'file/x', 'none', 'none/x'].map((name) => isDirectory(nodeDisk, at(name))),
    [true, false, false, false, false, false],
  );

  assert.deepEqual(removeEmptyDirectories(nodeDisk, at('a/b/c'), at('a')), [at('a/b/c'), at('a/b')]);
  assert.deepEqual(removeEmptyDirectories(nodeDisk, at('a/b/c'), at('a')), []);
  assert.deepEqual(removeEmptyDirectories(nodeDisk, at('a'), at('a')), [], 'never the limit itself');
  assert.deepEqual(
    removeEmptyDirectories(nodeDisk, at('a/d'), folder),
    [at('a/d')],
    'something is left in a',
  );
  assert.deepEqual(namesIn(nodeDisk, at('a')), ['e']);
  assert.deepEqual(namesIn(nodeDisk, at('none')), []);

  fs.writeFileSync(at('a/e/f'), '');
  fs.symlinkSync('../..', at('a/e/up'));
  removeTree(nodeDisk, at('a'));
  removeTree(nodeDisk, at('a'));
  assert.deepEqual(fs.readdirSync(folder).sort(), ['dangling', 'file', 'link']);
});

test('a directory is flushed through a symlink, and where that cannot be done nothing is said', (t) => {
  const folder = temporary(t);
  fs.mkdirSync(join(folder, 'a'));
  fs.symlinkSync('a', join(folder, 'link'));
  flushDirectory(nodeDisk, join(folder, 'link'));
  for (const [code, passes] of [
    ['EINVAL', true],
    ['ENOTSUP', true],
    ['EIO', false],
  ] as const) {
    const disk = faultyDisk(nodeDisk, { kind: 'fails', at: 1, code });
    const open = fs.readdirSync('/dev/fd').length;
    if (passes) flushDirectory(disk, folder);
    else assert.throws(() => flushDirectory(disk, folder), { code });
    assert.equal(fs.readdirSync('/dev/fd').length, open, 'nothing stays open');
  }
});
