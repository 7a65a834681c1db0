import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import { join } from 'node:path/posix';
import { test } from 'node:test';
import { nodeDisk, type Disk } from '../../src/disk/disk.ts';
import { Refusal } from '../../src/model/problem.ts';
import { checkFormat, findRepository, layoutOf } from '../../src/store/layout.ts';
import { temporary } from './fixture.ts';

function repositoryAt(root: string): void {
  fs.mkdirSync(join(root, '.dbk'), { recursive: true });
  fs.writeFileSync(join(root, '.dbk/format'), 'dbk 1\n');
}

test('the repository of a folder is the nearest one at or above it', (t) => {
  const root = temporary(t);
  const outer = join(root, 'outer');
  const inner = join(outer, 'a/inner');
  repositoryAt(outer);
  repositoryAt(inner);
  fs.mkdirSync(join(inner, 'b/c'), { recursive: true });
  fs.mkdirSync(join(outer, 'unfinished/.dbk'), { recursive: true });
  fs.mkdirSync(join(outer, 'file'));
  fs.writeFileSync(join(outer, 'file/.dbk'), '');
  const place = (found: string) => ({ root: found, home: join(found, '.dbk') });
  const rows: [from: string, expected: ReturnType<typeof place> | undefined][] = [
    [outer, place(outer)],
    [inner, place(inner)],
    [join(inner, 'b/c'), place(inner)],
    [join(outer, 'a'), place(outer)],
    [join(outer, 'unfinished'), place(outer)],
    [join(outer, 'file'), place(outer)],
    [join(outer, 'not/there'), place(outer)],
    [root, undefined],
    ['/', undefined],
  ];
  for (const [from, expected] of rows) assert.deepEqual(findRepository(nodeDisk, from), expected, from);
});

test('a folder that cannot be looked into counts as one without a repository', () => {
  for (const code of ['EACCES', 'ENOTDIR', 'ELOOP']) {
    const disk: Disk = {
      ...nodeDisk,
      lstat: (path) => {
        if (path.startsWith('/a/b/')) throw Object.assign(new Error(code), { code });
        return path === '/a/.dbk/format' ? nodeDisk.lstat('/') : undefined;
      },
    };
    assert.deepEqual(findRepository(disk, '/a/b'), { root: '/a', home: '/a/.dbk' });
  }
  const broken: Disk = {
    ...nodeDisk,
    lstat: () => {
      throw Object.assign(new Error('EIO'), { code: 'EIO' });
    },
  };
  assert.throws(() => findRepository(broken, '/a'), { code: 'EIO' });
});

test('a higher format is refused with a sentence, and so is none', (t) => {
  const home = temporary(t);
  const newer = 'this repository was written by a newer dbk (format 2); this dbk reads format 1';
  const unreadable = `'${join(home, 'format')}' does not say which format this repository has`;
  const rows: [text: string | undefined, expected: string | undefined][] = [
    ['dbk 1\n', undefined],
    ['dbk 1', undefined],
    ['dbk 2\n', newer],
    ['dbk 2', newer],
    ['dbk 0\n', unreadable],
    ['dbk one\n', unreadable],
    ['git 1\n', unreadable],
    ['', unreadable],
    [undefined, unreadable],
    ['dbk 1\n'.repeat(20), `'${join(home, 'format')}' is longer than 64 bytes`],
  ];
  for (const [text, expected] of rows) {
    fs.rmSync(join(home, 'format'), { force: true });
    if (text !== undefined) fs.writeFileSync(join(home, 'format'), text);
    let found: string | undefined;
    try {
      checkFormat(nodeDisk, layoutOf(home));
    } catch (error) {
      assert.ok(error instanceof Refusal);
      found = error.problem.reason;
    }
    assert.equal(found, expected, text);
  }
});
