/** A history of everything that is hard to say in a patch, made by commits, judged by git, patch and b3sum. */

import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import { join } from 'node:path/posix';
import { before, test } from 'node:test';
import { loadBlake3 } from '../../src/disk/blake3.ts';
import { diff } from '../../src/flow/diff.ts';
import { forget } from '../../src/flow/forget.ts';
import type { Repository } from '../../src/flow/repository.ts';
import type { CommitId } from '../../src/model/id.ts';
import type { RepositoryPath } from '../../src/model/path.ts';
import { at, commitAll, move, newRepository, put, remove, reopened } from './fixture.ts';
import { temporary } from '../tools/tree.ts';
import { judge, lacksTools, shell, textsOf } from './judges.ts';

before(() => loadBlake3());

/** What somebody does, to the folder and to `.dbk/index`. */
type Step = readonly [what: string, edit: (root: string, index: string) => void];

const LONG = 'n'.repeat(255);

const STEPS: readonly Step[] = [
  [
    'a folder as people have them',
    (root) => {
      put(root, {
        'Music/Band/Album/01.flac': 'one',
        'Music/Band/Album/02.flac': 'two',
        'Music/Band/Album/cover.jpg': 'cover',
        'Pictures/a.jpg': 'a',
        'Pictures/b.jpg': 'b',
        'Pictures/c.jpg': 'c',
        'Work/project/.git/HEAD': 'ref: refs/heads/main\n',
        'Work/project/.git/objects/4b/825d': 'x\x01\x02',
        'Work/project/.git/hooks': null,
        'Work/project/.gitignore': '*\n',
        'Work/project/main.c': 'int main;',
        'Work/empty': null,
        'empty file': '',
        newest: '-> Music/Band/Album/01.flac',
        nowhere: '-> /does/not/exist',
      });
    },
  ],
  [
    'names that programs take amiss',
    (root) => {
      const names = [
        'new\nline',
        'tab\t',
        '$x',
        '$.metadata',
        'manifest.yaml',
        'say "hi"',
        'back\\slash',
        '100%',
        '%41',
      ];
      const more = [
        'CON',
        'con.txt',
        'dot.',
        'blank ',
        ' ',
        '-dash',
        '__proto__',
        '\udcff\udcfe',
        'e\u0301',
        'é',
        '.GIT',
      ];
      for (const name of [...names, ...more, LONG])
        put(root, { [`odd/${name}`]: name, [`odd folders/${name}/in it`]: name });
    },
  ],
  [
    'sidecars by hand, with all sorts of ends and lines',
    (_root, index) => {
      put(index, {
        'tree/$.metadata': '---\ntitle: All of it\n---\n',
        'tree/Pictures/$.metadata': '---\r\nrating: 5\r\n---\r\nWith CRLF.\r\n',
        'tree/Pictures/$a.jpg.metadata': '---\nrating: 1\n---\nno line feed at the end',
        'tree/Pictures/$b.jpg.metadata': '',
        'tree/Pictures/$c.jpg.metadata': '\ufeff---\nrating: 3\n---\n',
        'tree/Work/project/%2Egit/$.metadata':
          '---\n---\n--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n+b\ndiff --git a/x b/x\n',
        'tree/odd/$%24x.metadata': '\n',
        'people/Ada L.metadata': '---\nname: Ada\n---\n',
      });
    },
  ],
  [
    'sidecars edited, emptied, filled and removed',
    (_root, index) => {
      put(index, {
        'tree/$.metadata': '',
        'tree/Pictures/$.metadata': '---\r\nrating: 4\r\n---\r\nWith CRLF, still.\r\n',
        'tree/Pictures/$a.jpg.metadata': '---\nrating: 1\n---\nno line feed at the end\n',
        'tree/Pictures/$b.jpg.metadata': 'now it says something',
      });
      remove(index, 'tree/Pictures/$c.jpg.metadata', 'people/Ada L.metadata');
    },
  ],
  [
    'two names swapped, three in a circle, and two folders',
    (root) => {
      for (const [from, to] of [
        ['a', 'x'],
        ['b', 'a'],
        ['c', 'b'],
        ['x', 'c'],
      ]) {
        move(root, `Pictures/${from}.jpg`, `Pictures/${to}.jpg`);
      }
      move(root, 'Music', 'x');
      move(root, 'Work', 'Music');
      move(root, 'x', 'Work');
      move(root, 'odd/CON', 'odd/x');
      move(root, 'odd/__proto__', 'odd/CON');
      move(root, 'odd/x', 'odd/__proto__');
    },
  ],
  [
    'files that become folders, and folders that become files',
    (root) => {
      put(root, { 'empty file': null, 'Pictures/a.jpg/a.jpg': 'deeper', newest: 'no link any more' });
      put(root, { 'odd folders/new\nline': 'a file', 'Music/project/.git': 'gitdir: elsewhere\n' });
    },
  ],
  [
    'and back',
    (root) => {
      remove(root, 'empty file', 'Pictures/a.jpg', 'odd folders/new\nline');
      put(root, { 'empty file': '', 'Pictures/a.jpg': 'a', 'odd folders/new\nline/in it': 'again' });
      put(root, { 'Music/project/.git/HEAD': 'ref: refs/heads/main\n', newest: '-> Work' });
    },
  ],
  [
    'names taken again by something else',
    (root) => {
      move(root, 'Pictures', 'Photos');
      put(root, { 'Pictures/a.jpg': 'another a' });
      move(root, 'Work/Band/Album/01.flac', 'Work/Band/Album/01~.flac');
      put(root, { 'Work/Band/Album/01.flac': 'written anew' });
    },
  ],
  [
    'twins that differ in case and in form come',
    (root) => {
      put(root, {
        'PICTURES/a.jpg': 'upper',
        'pictures/A.jpg': 'lower',
        'Pictures/A.JPG': 'twin',
        'Pictures/a.JPG': 'twin',
      });
      put(root, {
        'odd folders/E\u0301/x': 'É',
        'odd folders/É/x': 'É',
        [`odd folders/${LONG.toUpperCase()}/x`]: 'long',
      });
    },
  ],
  [
    'sidecars of twins',
    (_root, index) => {
      const twin = fs.readdirSync(join(index, 'tree')).find((name) => name.startsWith('pictures%~'))!;
      put(index, {
        [`tree/${twin}/$.metadata`]: 'of the twin',
        [`tree/${twin}/$A.jpg.metadata`]: 'of its file',
      });
    },
  ],
  [
    'the first of the twins goes',
    (root) => remove(root, 'PICTURES', 'Pictures/A.JPG', 'odd folders/E\u0301'),
  ],
  [
    'only the case changes',
    (root) => {
      move(root, 'Photos', 'PHOTOS');
      move(root, 'Work/Band', 'Work/band');
      move(root, 'odd/con.txt', 'odd/CON.TXT');
    },
  ],
  [
    'policy and rules',
    (root, index) => {
      fs.appendFileSync(join(index, 'policy.yaml'), '# a comment\n');
      fs.appendFileSync(join(index, 'ignore'), '*.tmp\n/odd folders/CON/\n/odd/-dash\n');
      put(root, {
        'Work/.dbkignore': '*.o\n',
        'Work/x.o': 'not recorded',
        'Work/y.tmp': 'neither',
        'odd/.dbkignore': '',
      });
    },
  ],
  ['rules change', (root) => put(root, { 'Work/.dbkignore': '', 'odd/.dbkignore': '!x\n', 'Work/z': 'new' })],
  [
    'times and modes alone',
    (root) => {
      fs.chmodSync(at(root, 'Work/z'), 0o600);
      fs.chmodSync(at(root, 'Work'), 0o700);
      fs.utimesSync(at(root, 'Pictures/a.jpg'), 1e9, -1e9);
    },
  ],
  ['a folder with sidecars and rules goes', (root) => remove(root, 'PHOTOS', 'Work', 'odd')],
  [
    'everything goes',
    (root) =>
      remove(
        root,
        ...fs
          .readdirSync(root, 'buffer')
          .map((name) => name.toString('latin1'))
          .filter((name) => name !== '.dbk'),
      ),
  ],
  ['and something comes', (root) => put(root, { 'Pictures/a.jpg': 'once more', LAST: '' })],
];

test('git apply and patch rebuild index/ from any history, and take it back', async (t) => {
  if (lacksTools(t)) return;
  const repository = await newRepository(t);
  const states = new Map<CommitId, ReadonlyMap<string, string>>();
  const ids: CommitId[] = [];
  for (const [what, edit] of STEPS) {
    edit(repository.root, repository.layout.index);
    const { commit, problems } = await commitAll(reopened(repository), { message: what });
    assert.deepEqual(problems, [], what);
    assert.ok(commit !== undefined, what);
    keep(repository, commit, states, ids);
    if (what === 'policy and rules') keep(repository, await forgetOdd(reopened(repository)), states, ids);
  }
  judge(repository, temporary(t), states);
  await judgeDistant(repository, temporary(t), states, ids);
});

function keep(
  { layout }: Repository,
  id: CommitId,
  states: Map<CommitId, ReadonlyMap<string, string>>,
  ids: CommitId[],
): void {
  states.set(id, textsOf(layout.index));
  ids.push(id);
}

async function forgetOdd(repository: Repository): Promise<CommitId> {
  const paths = ['odd folders/CON', 'odd/-dash'] as RepositoryPath[];
  const { commit, files, directories, problems } = await forget(repository, {
    paths,
    message: 'forget',
    dryRun: false,
  });
  assert.deepEqual([files, directories, problems], [2, 1, []]);
  return commit!;
}

/** A diff between any two commits is a patch like those of the commits. */
async function judgeDistant(
  repository: Repository,
  scratch: string,
  states: ReadonlyMap<CommitId, ReadonlyMap<string, string>>,
  ids: readonly CommitId[],
): Promise<void> {
  for (const [from, to] of [
    [0, 7],
    [9, 2],
    [4, 13],
    [12, ids.length - 1],
    [ids.length - 2, 1],
    [5, 6],
  ] as const) {
    const folder = join(scratch, `${from} to ${to}`);
    put(folder, Object.fromEntries(states.get(ids[from]!)!));
    const { patch } = await diff(repository, { from: ids[from]!, to: ids[to]!, paths: [] });
    fs.writeFileSync(`${folder}.patch`, [...patch()].join(''));
    shell(`git apply --whitespace=nowarn '../${from} to ${to}.patch'`, folder);
    assert.deepEqual(textsOf(folder), states.get(ids[to]!), `${from} to ${to}`);
  }
}
