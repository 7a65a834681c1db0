/** What volumes are found to keep, and that it is found once. */

import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import { join } from 'node:path/posix';
import { test } from 'node:test';
import type { Disk } from '../../src/disk/disk.ts';
import { nodeDisk } from '../../src/disk/disk.ts';
import { FAITHFUL, UNTRIED, type Rendering } from '../../src/model/rendering.ts';
import { layoutOf } from '../../src/store/layout.ts';
import { renderingOf, tryOut } from '../../src/store/rendering.ts';
import { temporary } from '../tools/tree.ts';
import { volume } from '../tools/volumes.ts';

const EXFAT: Rendering = {
  modes: false,
  links: false,
  times: 1_000_000_000n,
  signs: false,
  endings: true,
  bytes: false,
  cases: false,
};

test('a usual volume keeps everything, and is not even tried', (t) => {
  const folder = temporary(t);
  assert.deepEqual({ ...tryOut(nodeDisk, join(folder, 'new')), times: 1n }, FAITHFUL);
  const layout = layoutOf(join(folder, 'home'));
  fs.mkdirSync(layout.local, { recursive: true });
  assert.deepEqual(renderingOf(nodeDisk, layout), FAITHFUL);
  assert.deepEqual(fs.readdirSync(layout.local), []);
});

test('exFAT through FUSE: what it keeps is tried, and known from then on', (t) => {
  const disk = volume(t, 'exfat');
  if (typeof disk === 'string') return t.skip(disk);
  const layout = layoutOf(join(disk.folder, '.dbk'));
  fs.mkdirSync(layout.local, { recursive: true });
  assert.deepEqual(renderingOf(nodeDisk, layout), EXFAT);
  assert.deepEqual(fs.readdirSync(layout.scratch), []);
  let tried = 0;
  const counting: Disk = { ...nodeDisk, mkdir: (path, mode) => void (tried++, nodeDisk.mkdir(path, mode)) };
  assert.deepEqual([renderingOf(counting, layout), tried], [EXFAT, 0]);
  fs.writeFileSync(layout.volume, fs.readFileSync(layout.volume, 'utf8').replace(/type: "\d+"/, 'type: "1"'));
  assert.deepEqual(renderingOf(counting, layout), EXFAT);
  assert.ok(tried > 0);
});

test('of what can be neither tried nor known only names are believed', (t) => {
  const layout = layoutOf(join(temporary(t), 'home'));
  fs.mkdirSync(layout.local, { recursive: true });
  const unknown: Disk = {
    ...nodeDisk,
    statfs: (path) => Object.assign(nodeDisk.statfs(path), { type: 0x4d44n }),
    openNew: () => {
      throw Object.assign(new Error('EROFS'), { code: 'EROFS' });
    },
  };
  assert.deepEqual(renderingOf(unknown, layout), UNTRIED);
  const writable: Disk = { ...unknown, openNew: nodeDisk.openNew };
  assert.deepEqual(renderingOf(writable, layout, false), UNTRIED);
  assert.deepEqual(fs.readdirSync(layout.local), ['new']);
});
