import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import { join } from 'node:path/posix';
import { test, type TestContext } from 'node:test';
import { digest } from '../../src/disk/blake3.ts';
import { nodeDisk, type Disk } from '../../src/disk/disk.ts';
import { GuardFolder } from '../../src/disk/guard-folder.ts';
import type { ContentId } from '../../src/model/id.ts';
import { Guard, type GuardKind } from '../../src/store/guard.ts';
import { canGuard } from '../../src/store/guard-probe.ts';
import { layoutOf } from '../../src/store/layout.ts';
import { plant, temporary, type Literal } from '../tools/tree.ts';

const ONE = digest('one');
const OTHER = digest('other');

interface Bench {
  readonly root: string;
  readonly guard: Guard;
  at(path: string): string;
  inode(path: string): bigint;
  /** `<first digits>.<which file>[t]`, sorted; the inode of a file that stands is called by its path. */
  held(): string[];
}

function bench(t: TestContext, literal: Literal, kind: GuardKind = 'links', disk: Disk = nodeDisk): Bench {
  const root = temporary(t);
  plant(root, literal);
  const home = join(root, '.dbk');
  fs.mkdirSync(home);
  const guard = new Guard(disk, layoutOf(home), kind);
  const inode = (path: string): bigint => nodeDisk.lstatExact(join(root, path))!.ino;
  const names = new Map(Object.keys(literal).map((path) => [inode(path), path]));
  const held = (): string[] =>
    [...guard.all()]
      .map(({ blake3, stats, isTaken }) => {
        const which = blake3 === ONE ? 'one' : blake3 === OTHER ? 'other' : blake3.slice(0, 8);
        return `${which} ${names.get(stats.ino) ?? '?'}${isTaken ? ' taken' : ''}`;
      })
      .sort();
  return { root, guard, at: (path) => join(root, path), inode, held };
}

test('each inode has one name in the guard for its content, whatever its paths', (t) => {
  const { guard, at, held, root } = bench(t, { a: 'one', b: 'one', c: 'other', 'sub/d': 'one' });
  fs.linkSync(at('a'), at('a again'));
  const outcomes = [
    ['a', ONE],
    ['b', ONE],
    ['c', OTHER],
    ['a', ONE],
    ['a again', ONE],
    ['sub/d', ONE],
    ['nowhere', ONE],
    ['sub', ONE],
  ].map(([path, blake3]) => guard.protect(at(path!), blake3 as ContentId));
  assert.deepEqual(outcomes, [
    'linked',
    'linked',
    'linked',
    'there',
    'there',
    'linked',
    'refused',
    'refused',
  ]);
  assert.deepEqual(held(), ['one a', 'one b', 'one sub/d', 'other c']);
  assert.deepEqual(guard.find(ONE).length, 3);
  assert.deepEqual(guard.find(digest('nothing')), []);
  const modes = ['', ONE.slice(0, 2)].map((name) => fs.statSync(join(root, '.dbk/guard', name)).mode & 0o777);
  assert.deepEqual(modes, [0o700, 0o700]);
});

test('a name that another inode has is left, and the next number taken', (t) => {
  const { guard, at, inode, held, root } = bench(t, { a: 'one', stranger: 'one' });
  const shard = join(root, '.dbk/guard', ONE.slice(0, 2));
  fs.mkdirSync(shard, { recursive: true });
  fs.linkSync(at('stranger'), join(shard, `${ONE.slice(2)}.${inode('a')}`));
  assert.equal(guard.protect(at('a'), ONE), 'linked');
  assert.equal(guard.protect(at('a'), ONE), 'there');
  assert.deepEqual(held(), ['one a', 'one stranger']);
  assert.deepEqual(fs.readdirSync(shard).sort(), [
    `${ONE.slice(2)}.${inode('a')}`,
    `${ONE.slice(2)}.${inode('a') + 1n}`,
  ]);
});

const REFUSALS = ['EPERM', 'EMLINK', 'EXDEV', 'ENOTSUP', 'ENOSPC', 'EROFS'];

test('what the file system refuses is no error', (t) => {
  for (const code of REFUSALS) {
    const link = (): never => {
      throw Object.assign(new Error(code), { code });
    };
    const { guard, at, held } = bench(t, { a: 'one' }, 'links', { ...nodeDisk, link });
    assert.equal(guard.protect(at('a'), ONE), 'refused', code);
    assert.deepEqual(held(), []);
  }
  const { guard, at } = bench(t, { a: 'one' }, 'none');
  assert.equal(guard.protect(at('a'), ONE), 'refused');
});

test('a file that is taken is in the guard and not where it was, with every kind, linked before or not', (t) => {
  for (const kind of ['links', 'none'] as const) {
    for (const isLinked of [false, true]) {
      const { guard, at, inode, held } = bench(t, { a: 'one' }, kind);
      const before = inode('a');
      if (isLinked) guard.protect(at('a'), ONE);
      const taken = guard.take(at('a'), ONE);
      assert.deepEqual(
        [taken.blake3, taken.stats.ino, taken.stats.nlink, taken.isTaken],
        [ONE, before, 1n, true],
      );
      assert.ok(!fs.existsSync(at('a')));
      assert.deepEqual(held(), ['one a taken']);
      // A person links it to its old place, and it is taken once more.
      fs.linkSync(taken.path, at('a'));
      assert.equal(guard.take(at('a'), ONE).path, taken.path);
      assert.deepEqual([held(), fs.existsSync(at('a'))], [['one a taken'], false]);
      assert.throws(() => guard.take(at('a'), ONE), { code: 'ENOENT' });
    }
  }
});

test('a link of what was written in place gets the name of the content it has now', (t) => {
  const { guard, at, inode, held, root } = bench(t, { a: 'one', b: 'one' });
  const folder = new GuardFolder(nodeDisk, join(root, '.dbk/guard'));
  for (const path of ['a', 'b']) guard.protect(at(path), ONE);
  assert.equal(folder.renameWritten(inode('a'), ONE, OTHER), true);
  assert.equal(folder.renameWritten(inode('a'), ONE, OTHER), false);
  assert.deepEqual(held(), ['one b', 'other a']);
  // Both names are there: one is enough.
  guard.protect(at('b'), OTHER);
  assert.equal(folder.renameWritten(inode('b'), ONE, OTHER), true);
  assert.deepEqual(held(), ['other a', 'other b']);
});

test('what is freed is found no more, and what stands in the guard by chance is none of it', (t) => {
  const { guard, at, held, root } = bench(t, { a: 'one', b: 'one' });
  for (const path of ['a', 'b']) guard.protect(at(path), ONE);
  plant(join(root, '.dbk/guard'), { 'notes.txt': 'x', 'zz/x': 'x', [`${ONE.slice(0, 2)}/readme`]: 'x' });
  guard.free(guard.find(ONE)[0]!);
  assert.equal(guard.find(ONE).length, 1);
  assert.equal(held().length, 1);
});

test('a volume is asked what it can by trying, and nothing of that stays', (t) => {
  const home = join(temporary(t), '.dbk');
  const layout = layoutOf(home);
  const without: Disk = {
    ...nodeDisk,
    link: () => {
      throw Object.assign(new Error('EPERM'), { code: 'EPERM' });
    },
  };
  assert.deepEqual(
    [
      canGuard(nodeDisk, layout, 'links'),
      canGuard(without, layout, 'links'),
      canGuard(without, layout, 'none'),
    ],
    [true, false, true],
  );
  assert.deepEqual(fs.readdirSync(layout.scratch), []);
});
