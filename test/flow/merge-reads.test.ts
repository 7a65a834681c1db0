/** How much history a merge reads: as much as there are commits, however many folders changed. */

import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import { before, test, type TestContext } from 'node:test';
import { loadBlake3 } from '../../src/disk/blake3.ts';
import type { Repository } from '../../src/flow/repository.ts';
import { undo } from '../../src/flow/undo.ts';
import { commitAll, put, quick, reopened } from './fixture.ts';
import { mergeFrom, repositories } from './two-repositories.ts';

before(() => loadBlake3());

/** The patches that are opened while something is done in a repository. */
async function patchesRead(
  repository: Repository,
  act: (counted: Repository) => Promise<unknown>,
): Promise<number> {
  let count = 0;
  const openRead: typeof quick.openRead = (path, ...rest) => {
    if (path.endsWith('/changes.patch')) count++;
    return quick.openRead(path, ...rest);
  };
  const counted = reopened(repository, { ...quick, openRead });
  await act({ ...repository, context: counted.context });
  return count;
}

/** Both sides change a file in each of so many folders, and one of them takes what the other did. */
async function readsOf(t: TestContext, folders: number): Promise<Readonly<Record<string, number>>> {
  const files = (text: string): Record<string, string> =>
    Object.fromEntries(
      Array.from({ length: folders }, (_, i) => [
        [`f${i}/a`, text],
        [`f${i}/b`, 'b'],
      ]).flat() as [string, string][],
    );
  const [one, other] = (await repositories(t, ['laptop', 'disk'], files('a'))) as [Repository, Repository];
  put(one.root, files('one'));
  await commitAll(reopened(one));
  const forward = await patchesRead(other, (counted) => mergeFrom(counted, one));
  put(one.root, files('one more'));
  await commitAll(reopened(one));
  for (let i = 0; i < folders; i++) fs.writeFileSync(`${other.root}/f${i}/b`, 'other');
  await commitAll(reopened(other));
  const merged = await patchesRead(other, (counted) => mergeFrom(counted, one));
  const undone = await patchesRead(other, (counted) => undo(reopened(counted), { dryRun: false }));
  return { forward, merged, undone };
}

test('patches are not opened once more for each folder, by a merge or by taking it back', async (t) => {
  const folders = 60;
  // Which of the two commits is the first parent is chance, and worth a few.
  for (const [act, reads] of Object.entries(await readsOf(t, folders)))
    assert.ok(reads > 0 && reads < folders, `${act}: ${reads}`);
});
