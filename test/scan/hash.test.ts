import { before, test } from 'node:test';
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import { join } from 'node:path/posix';
import { digest, hexOf, loadBlake3, newHasher } from '../../src/disk/blake3.ts';
import { nodeDisk } from '../../src/disk/disk.ts';
import {
  FAILED,
  millisecondsOf,
  READ,
  readContent,
  seenOf,
  UNSTABLE,
  VANISHED,
  type Content,
} from '../../src/scan/hash.ts';
import { directory, link, temporary, tree } from '../tools/tree.ts';

before(() => loadBlake3());

function read(path: string, disk = nodeDisk, length = 64): Content & { readonly pieces: number } {
  const reading = readContent({ disk, hasher: newHasher(), buffer: Buffer.alloc(length) }, path);
  let pieces = 0;
  for (let next = reading.next(); ; next = reading.next()) {
    if (next.done === true) return { ...next.value, pieces };
    pieces++;
  }
}

test('the content of a file is its bytes, in however many pieces they come', (t) => {
  for (const size of [0, 1, 63, 64, 65, 128, 1000]) {
    const content = Buffer.alloc(size, 'abc');
    const root = tree(t, { file: content });
    const { outcome, hash, stats, pieces } = read(join(root, 'file'));
    assert.deepEqual([outcome, hexOf(hash!), stats!.size], [READ, digest(content), BigInt(size)]);
    assert.equal(pieces, size === 0 ? 0 : Math.ceil(size / 64) - 1);
  }
});

test('what is no regular file has no content', (t) => {
  const root = tree(t, { folder: directory(), file: 'x', link: link('file'), dangling: link('x') });
  execFileSync('mkfifo', [join(root, 'fifo')]);
  const rows: readonly (readonly [string, number])[] = [
    ['nothing', VANISHED],
    ['file/below', VANISHED],
    ['folder', UNSTABLE],
    ['link', UNSTABLE],
    ['dangling', UNSTABLE],
    ['fifo', UNSTABLE],
  ];
  for (const [name, outcome] of rows) assert.equal(read(join(root, name)).outcome, outcome, name);
});

test('an error ends the reading, closes the file, and the next content begins anew', (t) => {
  const root = tree(t, { a: 'x'.repeat(200), b: 'fine' });
  const open = (): number => fs.readdirSync('/proc/self/fd').length;
  const before_ = open();
  const gear = { disk: nodeDisk, hasher: newHasher(), buffer: Buffer.alloc(64) };
  let reads = 0;
  const failing = {
    ...nodeDisk,
    read: (...args: Parameters<typeof nodeDisk.read>) => {
      if (++reads === 2) throw Object.assign(new Error('EIO: made to'), { code: 'EIO' });
      return nodeDisk.read(...args);
    },
  };
  const failed = readContent({ ...gear, disk: failing }, join(root, 'a'));
  failed.next();
  const { value } = failed.next() as { value: Content };
  assert.deepEqual([value.outcome, (value.error as { code: string }).code], [FAILED, 'EIO']);
  // Abandoned in the middle.
  const abandoned = readContent(gear, join(root, 'a'));
  abandoned.next();
  abandoned.return(undefined as never);
  assert.equal(open(), before_);
  const whole = readContent(gear, join(root, 'b')).next().value as Content;
  assert.equal(hexOf(whole.hash!), digest('fine'));
});

test('exact numbers become the inexact ones of Node, bit for bit', (t) => {
  const root = temporary(t);
  const path = join(root, 'file');
  fs.writeFileSync(path, 'x');
  let seed = 1;
  const next = (below: number): number => (seed = (seed * 48271) % 2147483647) % below;
  for (let i = 0; i < 300; i++) {
    const seconds = i < 5 ? [0, -1, 1, 2 ** 31, -(2 ** 31)][i]! : next(4e9) - 2e9;
    fs.utimesSync(path, seconds, seconds + next(1e9) / 1e9);
    const exact = fs.lstatSync(path, { bigint: true });
    const plain = fs.lstatSync(path);
    assert.equal(millisecondsOf(exact.mtimeNs), plain.mtimeMs);
    const { size, mtimeMs, ctimeMs, birthtimeMs, ino, mode } = plain;
    assert.deepEqual(seenOf(exact), { size, mtimeMs, ctimeMs, birthtimeMs, ino, mode });
  }
});
