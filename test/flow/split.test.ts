/** Changes that are too big for one patch become several commits. */

import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import { join } from 'node:path/posix';
import { before, test } from 'node:test';
import { loadBlake3 } from '../../src/disk/blake3.ts';

import { decide } from '../../src/flow/decide.ts';
import { readPolicy } from '../../src/flow/policy.ts';
import { typesHere } from '../../src/flow/types.ts';
import { sortEdits } from '../../src/flow/edits.ts';
import { exclusively } from '../../src/flow/exclusively.ts';
import { look } from '../../src/flow/look.ts';
import type { Repository } from '../../src/flow/repository.ts';
import { writeCommits, type Written } from '../../src/flow/write-commits.ts';
import type { CommitId } from '../../src/model/id.ts';
import { temporary } from '../tools/tree.ts';
import {
  lines,
  newRepository,
  put,
  remove,
  reopened,
  statusOf,
  treeAt,
  treeOnDisk,
  withoutRoot,
} from './fixture.ts';
import { judge, keyOf, lacksTools } from './judges.ts';

before(() => loadBlake3());

const LIMIT = 2000;

/** As commit() does, with patches of at most so many bytes. */
async function commitInParts(repository: Repository, message: string, limit = LIMIT): Promise<Written> {
  return exclusively(repository, 'commit', async ({ eyes }) => {
    const seen = await look(repository, eyes, { hashNew: true, checkEverything: false });
    const types = await typesHere(repository.context, seen.texts, await readPolicy(seen.texts));
    const decision = await decide(seen, 1000, types, { confirmDeletions: true });
    const options = { message, dryRun: false, report: () => undefined, limit };
    return writeCommits(seen, await sortEdits(seen.texts), decision, options);
  });
}

function manyFolders(content: string): Record<string, string> {
  const files = Array.from({ length: 40 }, (_, i) => [`folder ${i % 8}/file ${i}`, `${content} ${i}`]);
  return Object.fromEntries(files) as Record<string, string>;
}

interface Part {
  readonly message: string;
  readonly texts: readonly string[];
  readonly bytes: number;
  readonly added: string;
}

function partsOf({ commits }: Repository, ids: readonly CommitId[]): Part[] {
  return ids.map((id) => {
    const directory = commits.directoryOf(id);
    const patch = fs.readFileSync(join(directory, 'changes.patch'), 'utf8');
    const texts = [...patch.matchAll(/^diff --git "?a\/(.*?)"? "?b\//gm)].map(([, path]) => path!);
    const added = /added: (\d+)/.exec(fs.readFileSync(join(directory, 'commit.yaml'), 'utf8'))![1]!;
    return { message: commits.readCommit(id).message, texts, bytes: patch.length, added };
  });
}

test('a big change becomes commits that each fit into a patch, manifests first', async (t) => {
  if (lacksTools(t)) return;
  const repository = await newRepository(t);
  const { root, layout } = repository;
  put(root, manyFolders('first'));
  const first = await commitInParts(reopened(repository), 'All of it\n\nIn parts.');
  const parts = partsOf(repository, first.commits);
  assert.ok(parts.length > 5);
  for (const [i, { message, bytes, texts }] of parts.entries()) {
    assert.equal(message, `All of it (${i + 1} of ${parts.length})\n\nIn parts.\n`);
    assert.ok(bytes <= LIMIT || texts.length === 1, `${bytes} bytes`);
  }
  const kinds = parts.map(({ texts }) => new Set(texts.map((text) => text.endsWith('/manifest.yaml'))));
  assert.deepEqual(kinds, [...parts.slice(1).map(() => new Set([true])), new Set([false])]);
  assert.equal(first.summary.added, 40);
  assert.equal(
    parts.reduce((sum, { added }) => sum + Number(added), 0),
    40,
  );
  assert.equal(keyOf(repository.commits.directoryOf(first.commits[0]!), 'parents'), '[]');

  put(root, { ...manyFolders('second'), 'folder 3': 'a file now', 'new/deep/x': 'x' });
  remove(root, 'folder 5', 'folder 6/file 6');
  put(layout.index, { 'tree/$.metadata': 'a\n'.repeat(300), 'tree/folder 1/$.metadata': 'b\n'.repeat(1500) });
  const second = await commitInParts(reopened(repository), 'Changes');
  assert.ok(second.commits.length > 5);
  assert.deepEqual((await statusOf(reopened(repository))).changes, []);
  assert.deepEqual(lines(treeAt(repository, second.commits.at(-1)!)), lines(withoutRoot(treeOnDisk(root))));
  judge(repository, temporary(t));
});

test('what fits is one commit, and parts that say nothing are none', async (t) => {
  const repository = await newRepository(t);
  put(repository.root, manyFolders('first'));
  const whole = await commitInParts(reopened(repository), 'Once', 1e6);
  assert.deepEqual(
    partsOf(repository, whole.commits).map(({ message }) => message),
    ['Once\n'],
  );
  // Every manifest is looked at again, and only one other text changes.
  fs.rmSync(repository.layout.local, { recursive: true });
  put(repository.layout.index, { 'tree/folder 1/$.metadata': 'a\n' });
  const edited = await commitInParts(reopened(repository), 'Once more');
  assert.deepEqual(
    partsOf(repository, edited.commits).map(({ message }) => message),
    ['Once more\n'],
  );
  fs.rmSync(repository.layout.local, { recursive: true });
  assert.deepEqual((await commitInParts(reopened(repository), 'Nothing')).commits, []);
});

test('many sidecars make a change as big as many files do', async (t) => {
  const repository = await newRepository(t);
  put(repository.root, { a: 'a' });
  await commitInParts(reopened(repository), 'Once', 1e6);
  const sidecars = Array.from({ length: 10 }, (_, i) => [`people/${i}.metadata`, `${i}\n`.repeat(400)]);
  put(repository.layout.index, Object.fromEntries(sidecars) as Record<string, string>);
  const { commits } = await commitInParts(reopened(repository), 'People', 3000);
  assert.ok(partsOf(repository, commits).every(({ bytes }) => bytes <= 3000));
  assert.deepEqual(commits.length, 5);
});
