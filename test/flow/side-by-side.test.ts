import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import { join } from 'node:path/posix';
import { before, test, type TestContext } from 'node:test';
import { loadBlake3 } from '../../src/disk/blake3.ts';
import { openAside } from '../../src/flow/aside.ts';
import type { Repository } from '../../src/flow/repository.ts';
import { sideBySide } from '../../src/flow/side-by-side.ts';
import type { CommitId } from '../../src/model/id.ts';
import type { RepositoryPath } from '../../src/model/path.ts';
import { Interrupted } from '../../src/model/problem.ts';
import { faultyDisk } from '../disk/faulty.ts';
import { commitAll, move, newRepository, put, quick, reopened, textsIn } from './fixture.ts';

before(() => loadBlake3());

interface Furnished {
  readonly repository: Repository;
  readonly first: CommitId;
  readonly second: CommitId;
}

async function furnished(t: TestContext): Promise<Furnished> {
  const repository = await newRepository(t);
  put(repository.root, { 'a/x': '1', 'b/y': '2', 'same/z': '3' });
  const first = (await commitAll(repository)).commit!;
  put(repository.root, { 'a/x': '11', 'new/n': '4' });
  put(repository.layout.index, { 'tree/b/$y.metadata': 'mine\n' });
  const second = (await commitAll(repository)).commit!;
  return { repository, first, second };
}

const asideOf = ({ layout }: Repository): string => join(layout.local, 'aside');

test('two folders hold the texts that differ, as they were and as they are, and no others', async (t) => {
  const { repository, first, second } = await furnished(t);
  const sides = await sideBySide(repository, { from: first, to: second, paths: [] });
  const [a, b] = ['a', 'b'].map((side) => textsIn(join(sides.folder, side)));
  assert.deepEqual([...a!.keys()], ['tree/a/manifest.yaml']);
  assert.deepEqual([...b!.keys()].sort(), [
    'tree/a/manifest.yaml',
    'tree/b/$y.metadata',
    'tree/new/manifest.yaml',
  ]);
  assert.equal(b!.get('tree/b/$y.metadata'), 'mine\n');
  assert.equal(
    b!.get('tree/a/manifest.yaml'),
    fs.readFileSync(join(repository.layout.index, 'tree/a/manifest.yaml'), 'utf8'),
  );
  assert.deepEqual([sides.texts, sides.problems], [3, []]);
  sides.remove();
  assert.ok(!fs.existsSync(asideOf(repository)));
});

test('with paths there is what is about them, and without a second commit what one would record', async (t) => {
  const { repository, first, second } = await furnished(t);
  put(repository.root, { 'same/z': '33' });
  move(repository.root, 'b/y', 'c/y');
  const rows: [
    from: CommitId | undefined,
    to: CommitId | undefined,
    path: string,
    a: string[],
    b: string[],
  ][] = [
    [first, second, 'b', [], ['tree/b/$y.metadata']],
    [first, second, 'same', [], []],
    [second, first, 'new', ['tree/new/manifest.yaml'], []],
    [undefined, undefined, 'same', ['tree/same/manifest.yaml'], ['tree/same/manifest.yaml']],
    [first, undefined, 'same/z', ['tree/same/manifest.yaml'], ['tree/same/manifest.yaml']],
  ];
  for (const [from, to, path, a, b] of rows) {
    const request = { ...(from && { from }), ...(to && { to }), paths: [path as RepositoryPath] };
    const { folder, remove } = await sideBySide(repository, request);
    assert.deepEqual(
      ['a', 'b'].map((side) => [...textsIn(join(folder, side)).keys()]),
      [a, b],
      path,
    );
    remove();
  }
  const { folder, remove } = await sideBySide(repository, { paths: [] });
  const sidecars = ['a', 'b'].map((side) =>
    [...textsIn(join(folder, side))].filter(([path]) => path.endsWith('.metadata')),
  );
  assert.deepEqual(sidecars, [[['tree/b/$y.metadata', 'mine\n']], [['tree/c/$y.metadata', 'mine\n']]]);
  remove();
});

test('whatever goes wrong while they are written, nothing of them is left', async (t) => {
  const { repository, first, second } = await furnished(t);
  const request = { from: first, to: second, paths: [] };
  let asked = 0;
  const context = { ...repository.context, interrupted: () => ++asked > 1 };
  await assert.rejects(sideBySide({ ...repository, context }, request), Interrupted);
  assert.ok(!fs.existsSync(asideOf(repository)));
  for (let at = 1; ; at++) {
    const disk = faultyDisk(quick, { kind: 'fails', at, code: 'ENOSPC' });
    const broken = reopened(repository, disk);
    try {
      (await sideBySide(broken, request)).remove();
    } catch (error) {
      assert.equal((error as NodeJS.ErrnoException).code, 'ENOSPC');
    }
    if (!disk.happened) break;
    // What could not be cleared away is left for the next process.
    if (/^(?:unlink|rmdir) /.test(disk.calls[at - 1]!))
      fs.rmSync(asideOf(repository), { recursive: true, force: true });
    assert.ok(!fs.existsSync(asideOf(repository)), `${disk.calls[at - 1]}`);
  }
});

test('what a process left that ended too early is cleared away by the next, and what a living one has is not', async (t) => {
  const { repository } = await furnished(t);
  const dead = spawnSync('true').pid;
  const as = (pid: number, host = 'machine'): Repository => ({
    ...repository,
    context: { ...repository.context, identity: { ...repository.context.identity, pid, host } },
  });
  const living = openAside(repository, 'difftool');
  openAside(as(dead), 'difftool');
  const elsewhere = openAside(as(dead, 'another'), 'difftool');
  const next = openAside(repository, 'export git');
  const expected = [living, elsewhere, next].map(({ folder }) => folder.split('/').at(-2)).sort();
  assert.deepEqual(fs.readdirSync(asideOf(repository)).sort(), expected);
  for (const each of [living, elsewhere, next]) each.remove();
  assert.ok(!fs.existsSync(asideOf(repository)));
});
