import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path/posix';
import { before, test } from 'node:test';
import { loadBlake3 } from '../../src/disk/blake3.ts';
import { b3sums, type Sum } from '../../src/flow/export-b3sums.ts';
import type { Repository } from '../../src/flow/repository.ts';
import type { CommitId } from '../../src/model/id.ts';
import { compareBytes } from '../../src/model/name.ts';
import type { RepositoryPath } from '../../src/model/path.ts';
import { commitAll, newRepository, put, treeAt } from './fixture.ts';
import { lacksTools } from './judges.ts';

before(() => loadBlake3());

const LONG = 'l'.repeat(250);
const NASTY = {
  'a.txt': '1',
  'a/b': '2',
  'a/b.c/d': '3',
  'a/b.c/e': '3',
  'a!': '4',
  'a b/c': '5',
  '-': '6',
  'dir/-': '7',
  '-c': '8',
  'line\nfeed/x\n': '9',
  'back\\slash': '10',
  '\\n': '11',
  'carriage\r': '12',
  ' blank ': '13',
  'Ünïcode ♥ \u{1f600}': '14',
  '\uffee after the surrogates': '15',
  [`${LONG}/${LONG}`]: '16',
  link: '-> a.txt',
  empty: '',
  '# no comment': '17',
};
const NO_NAMES = { 'caf\udce9': '18', 'fffd \ufffd': '19', 'dir\udcff/x': '20' };

function sumsOf(repository: Repository, at: CommitId, ...paths: readonly string[]): Sum[] {
  return [...b3sums(repository, at, paths as readonly string[] as readonly RepositoryPath[])];
}

test('b3sum checks every line, whatever the names are, and finds what changed', async (t) => {
  if (lacksTools(t)) return;
  const repository = await newRepository(t);
  put(repository.root, { ...NASTY, ...NO_NAMES });
  const { commit } = await commitAll(repository);
  const sums = sumsOf(repository, commit!);
  const expected = [...treeAt(repository, commit!)].filter(([, { kind }]) => kind === 'file');
  assert.deepEqual(
    sums.map(({ path, blake3 }) => [path, blake3]),
    expected
      .map(([path, thing]) => [path, 'id' in thing ? thing.id : ''])
      .sort(([a], [b]) => compareBytes(a!, b!)),
  );
  const without = sums.filter(({ line }) => line === undefined).map(({ path }) => path);
  assert.deepEqual(without, Object.keys(NO_NAMES).sort(compareBytes));
  const input = sums.flatMap(({ line }) => (line === undefined ? [] : [`${line}\n`])).join('');
  const check = () => spawnSync('b3sum', ['-c'], { cwd: repository.root, input, encoding: 'utf8' });
  const { status, stdout, stderr } = check();
  assert.equal(status, 0, stderr);
  assert.equal(
    stdout.split('\n').filter((line) => line.endsWith(': OK')).length,
    sums.length - without.length,
  );
  put(repository.root, { 'line\nfeed/x\n': 'changed' });
  const changed = check();
  assert.equal(changed.status, 1);
  assert.match(changed.stdout, /^\\line\\nfeed\/x\\n: FAILED$/m);
});

test('with paths there is only what is at or below them, at any commit', async (t) => {
  const repository = await newRepository(t);
  put(repository.root, { 'a/b/c': '1', 'a/bb': '2', 'a/b.x': '3', d: '4' });
  const first = (await commitAll(repository)).commit!;
  put(repository.root, { 'a/b/c': '11', e: '5' });
  const second = (await commitAll(repository)).commit!;
  const rows: [at: CommitId, paths: string[], expected: string[]][] = [
    [first, [], ['a/b.x', 'a/b/c', 'a/bb', 'd']],
    [first, ['a/b'], ['a/b/c']],
    [first, ['a/bb', 'd'], ['a/bb', 'd']],
    [first, ['a/b/c', 'a'], ['a/b.x', 'a/b/c', 'a/bb']],
    [first, [''], ['a/b.x', 'a/b/c', 'a/bb', 'd']],
    [first, ['e'], []],
    [second, ['e'], ['e']],
  ];
  for (const [at, paths, expected] of rows) {
    assert.deepEqual(
      sumsOf(repository, at, ...paths).map(({ path }) => path),
      expected,
      paths.join(),
    );
  }
  const hash = (at: CommitId) => sumsOf(repository, at, 'a/b/c')[0]!.blake3;
  assert.notEqual(hash(first), hash(second));
});

test("a person's edit of a manifest changes no sum", async (t) => {
  const repository = await newRepository(t);
  put(repository.root, { a: '1' });
  const { commit } = await commitAll(repository);
  const before = sumsOf(repository, commit!);
  put(join(repository.layout.index, 'tree'), { 'manifest.yaml': 'dbk: manifest 1\nmode: 755\n' });
  assert.deepEqual(sumsOf(repository, commit!), before);
});
