/** The lists of a record where not all is wanted, and what they say together with the rules. */

import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { loadBlake3 } from '../../src/disk/blake3.ts';
import { openWanted } from '../../src/flow/open-wanted.ts';
import { viewOfCommit } from '../../src/flow/texts-view.ts';
import { asTold, withUnwanted } from '../../src/flow/unwanted.ts';
import type { RepositoryPath } from '../../src/model/path.ts';
import { commitAll, newRepository, put } from './fixture.ts';

before(() => loadBlake3());

test('a file is absent where a folder still stands in its place', async (t) => {
  const repository = await newRepository(t);
  put(repository.root, { 'a/x': 'x', 'b/y': 'y', 'b/z': 'z' });
  const { commit } = await commitAll(repository);
  const state = await openWanted([{ not: 'a/' }], viewOfCommit(repository.commits, commit!));
  const older = [{ path: 'b/y' as RepositoryPath, kind: 'directory', mode: 0o755 }] as const;
  const told = asTold({ absent: ['a/', 'b/y'], older }, state);
  assert.deepEqual(told, { absent: ['b/y'], older, extra: [] });
  assert.deepEqual([...withUnwanted(told, state, true).absent].sort(), ['a/', 'b/y']);
});
