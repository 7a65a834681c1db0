import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import { test } from 'node:test';
import type { CommitId } from '../../src/model/id.ts';
import { history } from '../../src/store/history.ts';
import { again, emptyRepository, graph, quick, refusedWith, temporary } from './fixture.ts';

test('a history is told newest first, each commit once and after all that follow it', (t) => {
  const rows: [what: string, graph: [number[], number][], expected: number[]][] = [
    ['one', [[[], 1]], [0]],
    [
      'a line, whatever the clocks said',
      [
        [[], 9],
        [[0], 5],
        [[1], 7],
      ],
      [2, 1, 0],
    ],
    [
      'two lines that merge',
      [
        [[], 1],
        [[0], 2],
        [[0], 3],
        [[1, 2], 4],
      ],
      [3, 2, 1, 0],
    ],
    [
      'two lines side by side',
      [
        [[], 1],
        [[0], 2],
        [[0], 3],
        [[1], 4],
        [[2], 5],
        [[3, 4], 6],
      ],
      [5, 4, 3, 2, 1, 0],
    ],
    [
      'a parent dated after its children',
      [
        [[], 9],
        [[0], 2],
        [[0], 3],
        [[1, 2], 4],
      ],
      [3, 2, 1, 0],
    ],
    [
      'a child dated before everything',
      [
        [[], 5],
        [[0], 6],
        [[0], 1],
        [[1, 2], 7],
      ],
      [3, 1, 2, 0],
    ],
    [
      'unrelated beginnings',
      [
        [[], 1],
        [[], 2],
        [[0, 1], 3],
      ],
      [2, 1, 0],
    ],
    [
      'a parent named twice',
      [
        [[], 1],
        [[0, 0], 2],
      ],
      [1, 0],
    ],
    [
      'a merge below a line',
      [
        [[], 1],
        [[0], 2],
        [[0, 1], 3],
        [[2], 4],
        [[3], 5],
      ],
      [4, 3, 2, 1, 0],
    ],
    [
      'a criss-cross',
      [
        [[], 1],
        [[0], 2],
        [[0], 3],
        [[1, 2], 4],
        [[2, 1], 5],
        [[3, 4], 6],
      ],
      [5, 4, 3, 2, 1, 0],
    ],
  ];
  for (const [what, shape, expected] of rows) {
    const commits = emptyRepository(temporary(t), quick);
    const ids = graph(commits, shape);
    const told = Array.from(history(commits, ids.at(-1)), ({ id, commit }) => [
      ids.indexOf(id),
      commit.message,
    ]);
    assert.deepEqual(
      told,
      expected.map((number) => [number, `${number}\n`]),
      what,
    );
  }
  assert.deepEqual([...history(emptyRepository(temporary(t), quick), undefined)], []);
});

test('the beginning of a long history without merges is told without reading the rest', (t) => {
  const commits = emptyRepository(temporary(t), quick);
  const ids = graph(
    commits,
    Array.from({ length: 50 }, (_, number) => [number === 0 ? [] : [number - 1], number]),
  );
  fs.rmSync(commits.directoryOf(ids[0]!), { recursive: true });
  const told: CommitId[] = [];
  for (const { id } of history(again(commits), ids.at(-1))) if (told.push(id) === 10) break;
  assert.deepEqual(told, ids.slice(-10).reverse());
  assert.equal(
    refusedWith(() => [...history(again(commits), ids.at(-1))]),
    'store/commit-missing',
  );
});
