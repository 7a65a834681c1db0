/** What `forget` takes out of the index, and what it leaves. */

import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import { join } from 'node:path/posix';
import { before, test } from 'node:test';
import { loadBlake3 } from '../../src/disk/blake3.ts';
import { forget, type Forgotten } from '../../src/flow/forget.ts';
import type { Repository } from '../../src/flow/repository.ts';
import type { RepositoryPath } from '../../src/model/path.ts';
import { Refusal } from '../../src/model/problem.ts';
import { temporary } from '../tools/tree.ts';
import {
  commitAll,
  lines,
  newRepository,
  put,
  reopened,
  statusOf,
  textsIn,
  treeAt,
  treeOnDisk,
} from './fixture.ts';
import { judge, lacksTools } from './judges.ts';

before(() => loadBlake3());

const LONG = 'n'.repeat(255);

async function forgetting(repository: Repository, ...paths: readonly string[]): Promise<Forgotten> {
  return forget(reopened(repository), {
    paths: paths as readonly RepositoryPath[],
    message: 'forget',
    dryRun: false,
  });
}

test('what is forgotten leaves the index with all that was written about it, and stays on the disk', async (t) => {
  const repository = await newRepository(t);
  const { root, layout } = repository;
  put(root, {
    a: 'a',
    ab: 'ab',
    b: 'b',
    'cache/x': 'x',
    'cache/deep/y': 'y',
    'cache/.dbkignore': '#\n',
    keep: 'keep',
  });
  put(layout.index, {
    'tree/$a.metadata': 'a\n',
    'tree/$b.metadata': 'b\n',
    'tree/cache/$.metadata': 'cache\n',
    'tree/cache/deep/$y.metadata': 'y\n',
  });
  await commitAll(repository);
  fs.appendFileSync(join(layout.index, 'ignore'), '/a*\n/cache/\n');
  await commitAll(reopened(repository));
  const onDisk = treeOnDisk(root);
  const dry = await forget(reopened(repository), {
    paths: ['a', 'ab', 'cache'] as RepositoryPath[],
    message: '',
    dryRun: true,
  });
  assert.deepEqual([dry.commit, dry.files, dry.directories], [undefined, 5, 2]);
  const { commit, files, directories, problems } = await forgetting(
    repository,
    'cache/x',
    'a',
    'ab',
    'cache',
    'cache',
  );
  assert.deepEqual([files, directories, problems], [5, 2, []]);
  assert.deepEqual(repository.commits.readCommit(commit!).forgotten, ['a', 'ab', 'cache/']);
  assert.deepEqual([...treeAt(repository, commit!).keys()], ['b', 'keep']);
  const texts = [...textsIn(layout.index).keys()].filter(
    (path) => path.startsWith('tree') || path.startsWith('ignore.d'),
  );
  assert.deepEqual(texts.sort(), ['tree/$b.metadata', 'tree/manifest.yaml']);
  assert.deepEqual(lines(treeOnDisk(root)), lines(onDisk));
  assert.deepEqual(await statusOf(reopened(repository)), { changes: [], problems: [] });
  assert.equal((await commitAll(reopened(repository))).commit, undefined);
});

test('what nobody recorded, or nothing ignores, cannot be forgotten', async (t) => {
  const repository = await newRepository(t);
  put(repository.root, { a: 'a', b: 'b', 'c/d': 'd' });
  fs.appendFileSync(join(repository.layout.index, 'ignore'), '/new\n');
  await commitAll(repository);
  fs.appendFileSync(join(repository.layout.index, 'ignore'), '/c/d\n');
  put(repository.root, { new: 'new', c: 'a file now' });
  const rows: [path: string, code: string][] = [
    ['a', 'flow/not-ignored'],
    ['new', 'flow/not-recorded'],
    ['nothing', 'flow/not-recorded'],
    ['a/below', 'flow/not-recorded'],
    ['c/nothing', 'flow/not-recorded'],
  ];
  const head = repository.commits.readHead();
  for (const [path, code] of rows) {
    await assert.rejects(
      forgetting(repository, path),
      (error) => error instanceof Refusal && error.problem.code === code,
    );
  }
  assert.equal(reopened(repository).commits.readHead(), head);
  // What is gone may be forgotten: nothing would record it again.
  assert.equal((await forgetting(repository, 'c/d')).files, 1);
});

test('twins of what is forgotten take the names that it had in the index', async (t) => {
  const repository = await newRepository(t);
  const { root, layout } = repository;
  put(root, {
    'Album/x': 'x',
    'album/x': 'x',
    'album/.dbkignore': '#\n',
    'album/Deep/y': 'y',
    'album/deep/y': 'y',
    'album/deep/B': 'b',
    'album/deep/b': 'b',
    [`${LONG}/x`]: 'x',
  });
  await commitAll(repository);
  const mirror = fs.readdirSync(join(layout.index, 'tree')).find((name) => name.startsWith('album%~'))!;
  const deep = fs.readdirSync(join(layout.index, 'tree', mirror)).find((name) => name.startsWith('deep%~'))!;
  put(layout.index, {
    [`tree/${mirror}/$.metadata`]: 'about album\n',
    [`tree/${mirror}/${deep}/$.metadata`]: 'about deep\n',
    [`tree/${mirror}/${deep}/$b%~10e5cf3d.metadata`]: 'about b\n',
  });
  fs.appendFileSync(join(layout.index, 'ignore'), `/Album/\n/album/Deep/\n/album/deep/B\n/n*/\n`);
  await commitAll(reopened(repository));
  await forgetting(repository, 'Album', 'album/Deep', 'album/deep/B', LONG);
  const texts = [...textsIn(layout.index)].filter(
    ([path]) => /^(tree|ignore\.d)/.test(path) && !path.endsWith('manifest.yaml'),
  );
  assert.deepEqual(texts.sort(), [
    ['ignore.d/album/$rules', '#\n'],
    ['tree/album/$.metadata', 'about album\n'],
    ['tree/album/deep/$.metadata', 'about deep\n'],
    ['tree/album/deep/$b.metadata', 'about b\n'],
  ]);
  assert.doesNotMatch(fs.readFileSync(join(layout.index, 'tree/manifest.yaml'), 'utf8'), /directories/);
  assert.deepEqual(await statusOf(reopened(repository)), { changes: [], problems: [] });
  assert.deepEqual([...treeAt(repository, repository.commits.readHead()!).keys()].sort(), [
    'album',
    'album/.dbkignore',
    'album/deep',
    'album/deep/b',
    'album/deep/y',
    'album/x',
  ]);
  if (!lacksTools(t)) judge(repository, temporary(t));
});
