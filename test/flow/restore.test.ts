import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import { join } from 'node:path/posix';
import { before, test } from 'node:test';
import { loadBlake3 } from '../../src/disk/blake3.ts';
import type { Repository } from '../../src/flow/repository.ts';
import { restore, type RestoreOptions, type RestoreResult } from '../../src/flow/restore.ts';
import { undo, listOperations } from '../../src/flow/undo.ts';
import type { CommitId } from '../../src/model/id.ts';
import type { RepositoryPath } from '../../src/model/path.ts';
import { stepValue } from '../../src/text/operation.ts';
import {
  codesOf,
  commitAll,
  leftoversIn,
  lines,
  move,
  newRepository,
  put,
  remove,
  reopened,
  statusOf,
  textsIn,
  treeOnDisk,
} from './fixture.ts';

before(() => loadBlake3());

function bring(
  repository: Repository,
  from: CommitId,
  paths: readonly string[],
  options: Partial<RestoreOptions> = {},
): Promise<RestoreResult> {
  const asked = { paths: paths as readonly RepositoryPath[], from, checkEverything: false, dryRun: false };
  return restore(reopened(repository), { ...asked, ...options });
}

/** What was done, `write a`, in order. */
function steps(repository: Repository): string[] {
  const [last] = listOperations(repository, () => undefined);
  return (last?.operation.steps ?? []).map((step) => `${step.kind} ${'path' in step ? step.path : step.to}`);
}

async function headOf(repository: Repository): Promise<CommitId> {
  return (await commitAll(reopened(repository))).commit ?? repository.commits.readHead()!;
}

const ODD = 1_500_000_000.123456;
function odd(root: string, path: string): void {
  fs.utimesSync(join(root, path), ODD, ODD);
}

const TREE = { a: 'a', 'm/b': 'b', 'm/deep/c': 'c', 'm/link': '-> ../a', empty: null, twin: 'b' };

test('what was lost or changed comes back with times and mode, and a folder with all that is in it', async (t) => {
  const repository = await newRepository(t);
  const { root } = repository;
  put(root, TREE);
  fs.chmodSync(join(root, 'm/b'), 0o640);
  fs.chmodSync(join(root, 'm/deep'), 0o500);
  odd(root, 'm/b');
  const head = await headOf(repository);
  const wanted = lines(treeOnDisk(root));
  fs.chmodSync(join(root, 'm/deep'), 0o700);
  remove(root, 'm', 'empty', 'twin');
  put(root, { a: 'edited', twin: 'other' });
  const found = await bring(repository, head, ['m', 'empty', 'a', 'twin']);
  assert.deepEqual(codesOf(found.problems), []);
  assert.deepEqual(lines(treeOnDisk(root)), wanted);
  assert.deepEqual((await statusOf(reopened(repository))).changes, []);
  assert.deepEqual(steps(repository), [
    'keep a',
    'write a',
    'make empty',
    'make m',
    'write m/b',
    'make m/deep',
    'write m/deep/c',
    'link m/link',
    'keep twin',
    'write twin',
  ]);
  assert.deepEqual(leftoversIn(repository), []);
  void stepValue;
  void move;
  void textsIn;
  void undo;
});
