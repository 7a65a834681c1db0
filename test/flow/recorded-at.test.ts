import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { digest, loadBlake3 } from '../../src/disk/blake3.ts';
import { RecordedAt, type RecordedThing } from '../../src/flow/recorded-at.ts';
import type { RepositoryPath } from '../../src/model/path.ts';
import { commitAll, newRepository, put } from './fixture.ts';

before(() => loadBlake3());

const wordsOf = (thing: RecordedThing): string | undefined =>
  thing?.kind === 'file' ? thing.blake3 : thing?.kind;

test('what is recorded is found, below folders that fold alike too', async (t) => {
  const repository = await newRepository(t);
  const files = ['P/Rome/a', 'P/rome/a', 'P/ROME/Ä/a', 'P/ROME/ä/a', 'P/$/a', 'P/\u00c9/a', 'P/E\u0301/a'];
  put(repository.root, Object.fromEntries(files.map((path) => [path, path])));
  const { commit } = await commitAll(repository);
  const recorded = new RecordedAt(repository.commits);
  const rows: readonly (readonly [string, string | undefined])[] = [
    ...files.map((path) => [path, digest(path)] as const),
    ...files.map((path) => [path.slice(0, -'/a'.length), 'directory'] as const),
    ['', 'directory'],
    ['P/rOME/a', undefined],
    ['P/rome', 'directory'],
    ['P/ROME/a', undefined],
    ['P/rome/b', undefined],
  ];
  assert.deepEqual(
    rows.map(([path]) => [path, wordsOf(recorded.thing(commit, path as RepositoryPath))]),
    rows,
  );
  assert.equal(recorded.thing(undefined, 'P' as RepositoryPath), undefined);
});
