import assert from 'node:assert/strict';
import { test } from 'node:test';
import { indexOnDisk } from '../../src/flow/index-on-disk.ts';
import { sidecarPlace, subjectOf } from '../../src/flow/sidecar-of.ts';
import { Refusal } from '../../src/model/problem.ts';
import type { RepositoryPath } from '../../src/model/path.ts';
import { beginEdit } from '../../src/flow/edit-sidecar.ts';
import { commitAll, move, newRepository, put, remove } from './fixture.ts';
import { textIn, withSidecars, write } from './with-sidecars.ts';

const LONG = 'ä'.repeat(125);

const THINGS: Readonly<Record<string, string | null>> = {
  'a.flac': 'a',
  'Music/Rock/b.flac': 'b',
  '$.metadata': 'no sidecar',
  'CON/aux.txt': 'c',
  'what?/is: this.': 'd',
  'manifest.yaml/manifest.yaml': 'e',
  'bad\udcff/\udcfe': 'f',
  [`${LONG}/${LONG}1`]: 'g',
  'alike/A.txt': 'h',
  'alike/a.TXT': 'i',
  'Twice/x': 'j',
  'twice/x': 'k',
  '.git/config': 'l',
  link: '-> a.flac',
};

const paths = (): RepositoryPath[] => {
  const all = new Set<string>(['']);
  for (const thing of Object.keys(THINGS)) {
    const parts = thing.split('/');
    parts.forEach((_, i) => all.add(parts.slice(0, i + 1).join('/')));
  }
  return [...all] as RepositoryPath[];
};

test('a sidecar has one place before and after its file is recorded, and the place gives the path back', async (t) => {
  const repository = await newRepository(t);
  put(repository.root, THINGS);
  const places = (): (readonly [RepositoryPath, string, string])[] => {
    const index = indexOnDisk(repository);
    return paths().map((path) => {
      const { text, kind } = sidecarPlace(index, path)!;
      assert.deepEqual(subjectOf(index, text), { kind, path });
      return [path, kind, text] as const;
    });
  };
  const before = places();
  await commitAll(repository);
  assert.deepEqual(places(), before);
  assert.equal(new Set(before.map(([, , text]) => text)).size, before.length);
  // Also when nothing is left of them here.
  remove(repository.root, ...Object.keys(THINGS).map((path) => path.split('/')[0]!));
  assert.deepEqual(places(), before);
  for (const [path, , text] of before) {
    if (path !== '') assert.match(text, /^tree\/(?:[^/]+\/)*\$(?:[^/]+)?\.metadata$/);
  }
  assert.deepEqual(before.slice(0, 2), [
    ['', 'folder', 'tree/$.metadata'],
    ['a.flac', 'file', 'tree/$a.flac.metadata'],
  ]);
});

test('what a commit records is written where it was said to be', async (t) => {
  const repository = await newRepository(t);
  put(repository.root, THINGS);
  const index = indexOnDisk(repository);
  const said = new Map(
    paths().map((path) => [
      sidecarPlace(index, path)!.text,
      `---\nsays: ${JSON.stringify(path.replace(/[\udc80-\udcff]/g, '?'))}\n---\n`,
    ]),
  );
  for (const [place, text] of said) write(repository, place, text);
  const { problems } = await commitAll(repository);
  assert.deepEqual(problems, []);
  for (const [place, text] of said) assert.equal(textIn(repository, place), text);
});

test('of names that fold alike the second waits for the first to be recorded', async (t) => {
  const repository = await newRepository(t);
  put(repository.root, { 'x.txt': '1', 'dir/a': '1' });
  await commitAll(repository);
  put(repository.root, { 'X.txt': '2', 'DIR/a': '2', 'y.txt': '3' });
  const at = (path: string): string | undefined =>
    sidecarPlace(indexOnDisk(repository), path as RepositoryPath)?.text;
  for (const path of ['X.txt', 'DIR', 'DIR/a'])
    assert.throws(
      () => at(path),
      (error) => error instanceof Refusal && error.problem.code === 'flow/names-alike',
    );
  assert.deepEqual(['x.txt', 'dir', 'y.txt', 'nothing'].map(at), [
    'tree/$x.txt.metadata',
    'tree/dir/$.metadata',
    'tree/$y.txt.metadata',
    undefined,
  ]);
});

test('what moved since the last commit has its sidecar where it was, and the commit takes it along', async (t) => {
  const repository = await newRepository(t);
  put(repository.root, { 'a.txt': 'one', 'b.txt': 'two', 'dir/c.txt': 'three', 'new.txt': 'x' });
  write(repository, 'tree/$a.txt.metadata', '---\nsays: a\n---\n');
  await commitAll(repository);
  move(repository.root, 'a.txt', 'sub/A.txt');
  move(repository.root, 'b.txt', 'B2.txt');
  move(repository.root, 'dir', 'folder');
  put(repository.root, { 'fresh.txt': 'four' });
  const rows = ['sub/A.txt', 'B2.txt', 'folder', 'folder/c.txt', 'fresh.txt', 'sub'] as RepositoryPath[];
  const found = await withSidecars(repository, async (sidecars) => {
    const texts: string[] = [];
    for (const path of rows) texts.push((await sidecars.at(path)).text);
    return texts;
  });
  assert.deepEqual(found, [
    'tree/$a.txt.metadata',
    'tree/$b.txt.metadata',
    'tree/dir/$.metadata',
    'tree/dir/$c.txt.metadata',
    'tree/$fresh.txt.metadata',
    'tree/sub/$.metadata',
  ]);
  const opened = await beginEdit(repository, 'B2.txt' as RepositoryPath);
  write(repository, opened.at.text, '---\nsays: b\n---\n');
  write(repository, 'tree/dir/$c.txt.metadata', '---\nsays: c\n---\n');
  await commitAll(repository);
  const after = ['tree/sub/$A.txt.metadata', 'tree/$B2.txt.metadata', 'tree/folder/$c.txt.metadata'];
  assert.deepEqual(
    after.map((path) => textIn(repository, path)),
    ['a', 'b', 'c'].map((says) => `---\nsays: ${says}\n---\n`),
  );
  assert.deepEqual(
    found.slice(0, 4).map((path) => textIn(repository, path)),
    [undefined, undefined, undefined, undefined],
  );
});
