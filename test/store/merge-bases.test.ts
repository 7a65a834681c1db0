import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CommitId } from '../../src/model/id.ts';
import type { Commits } from '../../src/store/commits.ts';
import { mergeBases } from '../../src/store/merge-bases.ts';

/** Commits by one letter each, with the letters of their parents; later in the alphabet is later in time. */
function commitsOf(graph: Readonly<Record<string, string>>): Commits {
  const readCommit = (id: string) => ({
    parents: [...graph[id]!],
    date: `2026-01-${String(id.charCodeAt(0) - 86).padStart(2, '0')}T00:00:00Z`,
  });
  return { readCommit } as unknown as Commits;
}

const CASES: readonly (readonly [
  says: string,
  graph: Readonly<Record<string, string>>,
  a: string,
  b: string,
  bases: string,
])[] = [
  ['a commit meets itself', { a: '' }, 'a', 'a', 'a'],
  ['one that the other came from is the base', { a: '', b: 'a', c: 'b' }, 'a', 'c', 'a'],
  ['two branches meet where they parted', { a: '', b: 'a', c: 'b', d: 'b' }, 'c', 'd', 'b'],
  ['after a merge the merged commit is the base', { a: '', b: 'a', c: 'a', d: 'bc', e: 'c' }, 'd', 'e', 'c'],
  ['histories that cross have two', { a: '', b: 'a', c: 'a', d: 'bc', e: 'cb' }, 'd', 'e', 'bc'],
  ['what a common one came from is no base', { a: '', b: 'a', c: 'b', d: 'ca', e: 'ca' }, 'd', 'e', 'c'],
  ['strangers have none', { a: '', b: '' }, 'a', 'b', ''],
];

for (const [says, graph, a, b, bases] of CASES) {
  test(says, () => {
    const commits = commitsOf(graph);
    assert.equal(mergeBases(commits, a as CommitId, b as CommitId).join(''), bases);
    assert.equal(mergeBases(commits, b as CommitId, a as CommitId).join(''), bases);
  });
}
