/** Conflicts of contents that other repositories hold. */

import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import { join } from 'node:path/posix';
import { before, test } from 'node:test';
import { digest, loadBlake3 } from '../../src/disk/blake3.ts';
import { countOpenConflicts } from '../../src/flow/conflict-names.ts';
import { mergeContents } from '../../src/flow/merge-contents.ts';
import { resolve } from '../../src/flow/resolve.ts';
import type { RepositoryPath } from '../../src/model/path.ts';
import { Refusal } from '../../src/model/problem.ts';
import { beside, conflicted, type Story } from './conflicted.ts';
import { codesOf, remove } from './fixture.ts';

before(() => loadBlake3());

const PATH = 'P/a.txt' as RepositoryPath;
const [LOW, HIGH] = ['one', 'two'].sort((a, b) => (digest(a) < digest(b) ? -1 : 1)) as [string, string];
const BESIDE = `P/${beside('a.txt', HIGH)}` as RepositoryPath;

/** Both changed one file; ours has the content that is given. */
const story = (ours: string, theirs: string): Story => ({
  base: { [PATH]: 'old', 'P/b': 'b' },
  ours: { [PATH]: ours },
  theirs: { [PATH]: theirs },
  merged: { [PATH]: LOW, [BESIDE]: HIGH },
  conflicts: [{ kind: 'content', paths: [PATH, BESIDE], ids: [LOW, HIGH] }],
});

test('a content that is not here is not chosen over one that is; the one that is can be', async (t) => {
  for (const [ours, theirs] of [
    [LOW, HIGH],
    [HIGH, LOW],
  ] as const) {
    const { repository } = await conflicted(t, story(ours, theirs));
    const { root, layout } = repository;
    const [mine, other] = ours === LOW ? [PATH, BESIDE] : [BESIDE, PATH];
    fs.writeFileSync(join(layout.repositories, 'nas.yaml'), '');
    remove(root, other);
    fs.rmSync(layout.guard, { recursive: true, force: true });
    const before = repository.commits.readHead();
    const refused = await resolve(repository, { paths: [PATH], choice: { kind: 'theirs' }, dryRun: false });
    const hint = `look for it in 'nas': a copy of this repository may still hold it`;
    assert.deepEqual(
      refused.problems.map((each) => each.hint),
      [hint],
    );
    assert.deepEqual(
      [codesOf(refused.problems), refused.left, repository.commits.readHead()],
      [[other === PATH ? `conflict/not-here ${PATH}` : `sync/nowhere ${PATH}`], 1, before],
    );
    assert.equal(fs.readFileSync(join(root, mine), 'utf8'), ours);
    await assert.rejects(mergeContents(repository, PATH, 'type'), (error) => {
      assert.ok(error instanceof Refusal);
      assert.deepEqual(
        [error.problem.code, error.problem.place, error.problem.hint],
        ['conflict/not-here', { path: other }, hint],
      );
      return true;
    });
    const settled = await resolve(repository, { paths: [PATH], choice: { kind: 'ours' }, dryRun: false });
    assert.deepEqual([codesOf(settled.problems), countOpenConflicts(repository)], [[], 0]);
    assert.deepEqual(fs.readdirSync(join(root, 'P')), ['a.txt', 'b']);
    assert.equal(fs.readFileSync(join(root, PATH), 'utf8'), ours);
  }
});
