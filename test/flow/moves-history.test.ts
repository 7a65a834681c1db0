/** What a history says of a file or folder under any of its names: `log`, `show`, and `diff` over several commits. */

import assert from 'node:assert/strict';
import { before, test, type TestContext } from 'node:test';
import { loadBlake3 } from '../../src/disk/blake3.ts';
import { diff } from '../../src/flow/diff.ts';
import { log } from '../../src/flow/log.ts';
import { show } from '../../src/flow/show.ts';
import type { CommitId } from '../../src/model/id.ts';
import type { RepositoryPath } from '../../src/model/path.ts';
import { repository, type Workbench } from '../tools/repository.ts';
import { shell, statusOf, wordsOf } from './moves-person.ts';

before(() => loadBlake3());

/** What people did, commit by commit, the first beginning with nothing. */
const ACTS = [
  'mkdir -p in/day; echo one > in/day/a; echo two > in/day/b; echo three > c; echo four > d',
  'mv in/day/a in/day/a2; echo more >> d',
  'mv in album; echo edited >> album/day/b',
  'mkdir sorted; mv album/day sorted/monday',
  'mv c t; mv d c; mv t d',
  'rm sorted/monday/b; echo edited >> sorted/monday/a2',
  'mv sorted/monday/a2 e; rmdir sorted/monday; echo anew > sorted/monday',
] as const;

interface History {
  readonly bench: Workbench;
  readonly ids: readonly CommitId[];
}

async function history(t: TestContext): Promise<History> {
  const bench = await repository(t, {});
  const ids: CommitId[] = [];
  for (const act of ACTS) {
    shell(bench.root, act);
    if (ids.length % 2 === 0) await statusOf(bench);
    const { result } = await bench.commit({ confirmDeletions: true });
    ids.push(result.commit!);
  }
  return { bench, ids };
}

function logOf({ bench, ids }: History, path: string, from = ids.at(-1)): string[] {
  return [...log(bench.repository, from, path as RepositoryPath)].map(({ id, fate }) => {
    const came = fate?.from === undefined ? '' : `${fate.from} → `;
    const size = fate?.size === undefined ? '' : ` ${fate.size}`;
    return `${ids.indexOf(id)} ${fate?.kind} ${came}${fate?.path}${size}`;
  });
}

const LIFE_OF_A = [
  '6 moved sorted/monday/a2 → e 11',
  '5 changed sorted/monday/a2 11',
  '3 moved album/day/a2 → sorted/monday/a2 4',
  '2 moved in/day/a2 → album/day/a2 4',
  '1 moved in/day/a → in/day/a2 4',
  '0 added in/day/a 4',
];
const LIFE_OF_B = [
  '5 removed sorted/monday/b',
  '3 moved album/day/b → sorted/monday/b 11',
  '2 moved in/day/b → album/day/b 11',
  '0 added in/day/b 4',
];

const LOGS: Readonly<Record<string, readonly string[]>> = {
  e: LIFE_OF_A,
  'album/day/a2': LIFE_OF_A,
  'in/day/a2': LIFE_OF_A,
  'in/day/a': LIFE_OF_A,
  'sorted/monday/b': LIFE_OF_B,
  'album/day/b': LIFE_OF_B,
  'in/day/b': LIFE_OF_B,
  c: ['4 moved d → c 10', '1 changed d 10', '0 added d 5'],
  d: ['4 moved c → d 6', '0 added c 6'],
};

test('a log follows a file by any name it had, through its own moves and those of folders, and past its deletion', async (t) => {
  const all = await history(t);
  for (const [path, lines] of Object.entries(LOGS)) assert.deepEqual(logOf(all, path), lines, path);
});

test('a log of a folder follows it, and of an older commit the names it had then', async (t) => {
  const all = await history(t);
  const day = logOf(all, 'sorted/monday');
  assert.deepEqual(logOf(all, 'in/day'), day);
  assert.deepEqual(logOf(all, 'album/day'), day);
  assert.deepEqual(
    day.map((line) => line.split(' ').slice(0, 2).join(' ')),
    // Another thing has that name now.
    ['6 added', '5 changed', '3 moved', '2 moved', '1 changed', '0 added'],
  );
  assert.deepEqual(logOf(all, 'in/day/a', all.ids[2]), LIFE_OF_A.slice(3));
  assert.deepEqual(logOf(all, 'never', all.ids[2]), []);
});

test('show tells of each commit what its moves are', async (t) => {
  const { bench, ids } = await history(t);
  const shown = ids.map((id) => [...show(bench.repository, id).changes()].map(wordsOf).sort());
  assert.deepEqual(shown.slice(1), [
    ['moved file in/day/a → in/day/a2 inode', 'changed file d'].sort(),
    ['changed file in/day/b → album/day/b inode in album', 'moved directory in → album inode (2)'],
    ['added directory sorted', 'moved directory album/day → sorted/monday inode (2)'],
    ['moved file c → d inode', 'moved file d → c inode'],
    ['changed file sorted/monday/a2', 'removed file sorted/monday/b'],
    ['added file sorted/monday', 'moved file sorted/monday/a2 → e inode', 'removed directory sorted/monday'],
  ]);
});

test('a diff over several commits tells each thing once, from where it was to where it is', async (t) => {
  const { bench, ids } = await history(t);
  const between = async (from: number, to: number): Promise<string[]> => {
    const { changes } = await diff(bench.repository, { from: ids[from]!, to: ids[to]!, paths: [] });
    return [...changes()].map(wordsOf).sort();
  };
  for (const [from, to, changes] of OVER)
    assert.deepEqual(await between(from, to), changes, `${from} to ${to}`);
});

/** From one commit to another, sorted. */
const OVER: readonly [from: number, to: number, changes: readonly string[]][] = [
  [
    0,
    2,
    [
      'changed file d',
      'changed file in/day/b → album/day/b name in album',
      'moved directory in → album inode (1)',
      'moved file in/day/a → album/day/a2 inode',
    ],
  ],
  [
    1,
    4,
    [
      'added directory sorted',
      'changed file in/day/b → sorted/monday/b name in sorted/monday',
      'moved directory in → album inode (0)',
      'moved directory in/day → sorted/monday inode (2)',
      'moved file c → d inode',
      'moved file d → c inode',
    ],
  ],
  [
    0,
    6,
    [
      'added directory sorted',
      'added file sorted/monday',
      'moved directory in → album inode (0)',
      'moved file c → d inode',
      'moved file d → c inode',
      'moved file in/day/a → e inode',
      'removed directory in/day',
      'removed file in/day/b',
    ],
  ],
  [
    3,
    0,
    [
      'added directory in',
      'changed file d',
      'changed file sorted/monday/b → in/day/b name in in/day',
      'moved directory sorted/monday → in/day content (1)',
      'moved file sorted/monday/a2 → in/day/a content',
      'removed directory album',
      'removed directory sorted',
    ],
  ],
];
