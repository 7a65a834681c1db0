import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CommitId } from '../../src/model/id.ts';
import { Refusal } from '../../src/model/problem.ts';
import { resolveCommit } from '../../src/store/resolve.ts';
import {
  again,
  emptyRepository,
  graph,
  quick,
  refusedWith,
  temporary,
  texts,
  writeTexts,
} from './fixture.ts';

test('what a person calls a commit is resolved, or refused with a reason', (t) => {
  const commits = emptyRepository(temporary(t), quick);
  assert.equal(
    refusedWith(() => resolveCommit(commits, 'HEAD')),
    'store/no-commits',
  );
  const ids = graph(commits, [
    [[], 1],
    [[0], 2],
    [[0], 3],
    [[1, 2], 4],
  ]) as [CommitId, CommitId, CommitId, CommitId];
  const [a, b, c, d] = ids;
  commits.writeHead(d);
  const rows: [spec: string, expected: CommitId | string][] = [
    ['HEAD', d],
    ['HEAD~0', d],
    ['HEAD^', b],
    ['HEAD^1', b],
    ['HEAD^2', c],
    ['HEAD^0', d],
    ['HEAD~', b],
    ['HEAD~1', b],
    ['HEAD~2', a],
    ['HEAD^^', a],
    ['HEAD^2~1', a],
    [a, a],
    [a.slice(0, 8), a],
    [a.slice(0, 20).toUpperCase(), a],
    [`${d.slice(0, 12)}^2^`, a],
    ['HEAD~3', 'store/no-parent'],
    ['HEAD^3', 'store/no-parent'],
    [a.slice(0, 3), 'store/short-commit'],
    ['', 'store/no-such-commit'],
    ['head', 'store/no-such-commit'],
    ['HEAD~x', 'store/no-such-commit'],
    ['--all', 'store/no-such-commit'],
    ['../../head', 'store/no-such-commit'],
    [`${a}0`, 'store/no-such-commit'],
    ['0'.repeat(64), 'store/no-such-commit'],
    [`${a.slice(0, 16)}${'0'.repeat(48)}`, 'store/no-such-commit'],
  ];
  for (const [spec, expected] of rows) {
    let found: string | undefined;
    const code = refusedWith(() => (found = resolveCommit(again(commits), spec)));
    assert.equal(code ?? found, expected, spec);
  }
});

test('the beginning of several ids is refused with some of them', (t) => {
  const commits = emptyRepository(temporary(t), quick);
  const byStart = new Map<string, CommitId>();
  for (let number = 0; ; number++) {
    const id = writeTexts(commits, texts({}), texts({}), { message: `${number}` });
    const other = byStart.get(id.slice(0, 4));
    byStart.set(id.slice(0, 4), id);
    if (other === undefined) continue;
    const digits = [id, other].sort().map((one) => one.slice(0, 16));
    assert.throws(
      () => resolveCommit(commits, id.slice(0, 4)),
      (error) => error instanceof Refusal && error.problem.hint === `give more digits: ${digits.join(', ')}`,
    );
    return;
  }
});
