import { test } from 'node:test';
import assert from 'node:assert/strict';
import { findMoves } from '../../src/diff/moves.ts';
import type { MoveAnswer, Thing } from '../../src/diff/moves.ts';
import { parseCommit, writeCommit } from '../../src/text/commit.ts';
import type { ContentId } from '../../src/model/id.ts';
import type { RepositoryPath } from '../../src/model/path.ts';
import { MemoryDisk, questionOf, type Act } from './moves-disk.ts';

type Files = readonly (readonly [path: string, content: string])[];

/** `a b` stands for two files that hold their own paths; `a=x` for one that holds x; `a/` for an empty folder. */
function files(text: string): Files {
  return text.split(' ').map((word) => {
    const [path, content = path] = word.split('=') as [string, string?];
    return [path, content];
  });
}

function linesOf({ moved }: MoveAnswer): string[] {
  return moved.map(({ from, to, by }) => `${from} > ${to} ${by}`);
}

function answers(before: string, acts: readonly Act[]): { withInodes: string[]; without: string[] } {
  const disk = new MemoryDisk(files(before));
  const old = disk.state;
  for (const act of acts) disk.do(act);
  const answer = (keepsInodes: boolean): string[] =>
    linesOf(findMoves(questionOf(old, disk.state, keepsInodes)));
  return { withInodes: answer(true), without: answer(false) };
}

/** What is expected where the volume keeps no inodes: the same by content, or what stands in the fifth place. */
type Row = [what: string, before: string, acts: Act[], withInodes: string[], without?: string[]];

function check(rows: readonly Row[]): void {
  for (const [what, before, acts, withInodes, without] of rows) {
    const byContent = withInodes.map((line) => line.replace(/ inode$/, ' content'));
    assert.deepEqual(answers(before, acts), { withInodes, without: without ?? byContent }, what);
  }
}

test('files that moved', () => {
  check([
    ['nothing', 'a b', [], []],
    ['one', 'a b', ['mv a c'], ['a > c inode']],
    ['into a folder', 'a d/b', ['mv a d/a'], ['a > d/a inode']],
    ['up', 'd/a d/b', ['mv d/a a'], ['d/a > a inode']],
    ['edited as well', 'a b', ['mv a c', 'write c other'], ['a > c inode'], []],
    ['moved to another volume and back', 'a b', ['cp a c', 'rm a'], ['a > c content']],
    ['swapped', 'a b', ['mv a t', 'mv b a', 'mv t b'], ['b > a inode', 'a > b inode']],
    ['a chain', 'a b c', ['mv c d', 'mv b c', 'mv a b'], ['a > b inode', 'b > c inode', 'c > d inode']],
    [
      'a circle',
      'a b c',
      ['mv c t', 'mv b c', 'mv a b', 'mv t a'],
      ['c > a inode', 'a > b inode', 'b > c inode'],
    ],
    [
      'a chain without its beginning',
      'a b c',
      ['mv b t', 'mv a b', 'write b new', 'rm t'],
      ['a > b inode'],
      [],
    ],
    ['only the case', 'Foo b', ['mv Foo foo'], ['Foo > foo inode']],
    ['over another', 'a b', ['mv b a'], ['b > a inode'], []],
    ['over an equal one', 'a=x b=x', ['mv b a'], ['b > a inode'], []],
    ['over another, which moved too', 'a b', ['mv a c', 'mv b a'], ['b > a inode', 'a > c inode']],
    ["an editor's backup", 'a', ['mv a a~', 'put a new'], []],
    ["an editor's backup, and the old file moved", 'a', ['mv a a~', 'put a new', 'mv a~ d/a'], []],
    ['written anew', 'a', ['put a new'], []],
    ['written anew with what it held', 'a', ['put a a'], []],
    ['written anew with what another held', 'a b=x', ['rm b', 'put a x'], []],
    ['a copy', 'a', ['cp a b'], []],
    ['a copy, and the first moved', 'a', ['cp a b', 'mv a c'], ['a > c inode'], ['a > b content']],
    ['a copy over the next in a chain', 'a b', ['cp b c', 'put b new'], []],
    ['a folder in its place', 'a', ['mv a t', 'mkdir a', 'mv t a/a'], ['a > a/a inode']],
    ['in the place of its folder', 'a/a', ['mv a/a t', 'rm a', 'mv t a'], ['a/a > a inode']],
    [
      'names that mean something to JavaScript',
      '__proto__ constructor/x',
      ['mv __proto__ hasOwnProperty', 'mv constructor toString'],
      ['__proto__ > hasOwnProperty inode', 'constructor/ > toString/ inode'],
    ],
    [
      'names beyond the order of UTF-16',
      'a b c',
      ['mv a \u{1f3b5}', 'mv b \uffee', 'mv c \udcff'],
      ['b > \uffee inode', 'a > \u{1f3b5} inode', 'c > \udcff inode'],
    ],
  ]);
});

test('empty files pair by inode or with their folder, and say nothing of folders', () => {
  check([
    ['moved', 'a= b=', ['mv a c'], ['a > c inode'], []],
    ['removed here, made there', 'a=', ['rm a', 'put b '], []],
    ['with their folder', 'd/a= d/b', ['mv d e'], ['d/ > e/ inode']],
    ['alone in their folder', 'd/a= d/b=', ['mv d e'], ['d/ > e/ inode'], []],
    ['in a folder that is there', 'd/a= e/b', ['mv d/a e/a', 'rm d'], ['d/ > e/ inode'], []],
  ]);
});

test('equal files pair by name, then folder, then place', () => {
  check([
    [
      'by name',
      'a/x=1 a/y=1',
      ['cp a/x b/y', 'cp a/y b/x', 'rm a'],
      ['a/x > b/x content', 'a/y > b/y content'],
    ],
    [
      'by the folder that moved',
      'a/x=1 b/x=1 a/z b/w',
      ['mv a d', 'mv b c'],
      ['b/ > c/ inode', 'a/ > d/ inode'],
    ],
    [
      'by the folder that moved, under other names',
      'a/x=1 b/y=1 a/z b/w',
      ['mv a d', 'mv b c', 'mv d/x d/p', 'mv c/y c/q'],
      ['b/ > c/ inode', 'b/y > c/q inode', 'a/ > d/ inode', 'a/x > d/p inode'],
    ],
    [
      'by the own folder, before one below it',
      'a/x=1',
      ['cp a/x a/b/y', 'cp a/x a/y', 'rm a/x'],
      ['a/x > a/y content'],
    ],
    [
      'by the first names',
      'p/q/x=1 r/s/w=1',
      ['cp p/q/x r/n/y', 'cp p/q/x s/n/z', 'cp p/q/x p/n/z', 'rm p/q', 'rm r/s'],
      ['p/q/x > p/n/z content', 'r/s/w > r/n/y content'],
    ],
    [
      'by the own folder',
      'a/x=1 b/x=1',
      ['cp a/x a/y', 'cp b/x b/z', 'rm a/x', 'rm b/x'],
      ['a/x > a/y content', 'b/x > b/z content'],
    ],
    [
      'by the last names, then by the first',
      'p/a/x=1 q/a/x=1 q/b/x=1',
      ['cp p/a/x r/b/x', 'cp p/a/x q/n/a/x', 'rm p', 'rm q/a', 'rm q/b'],
      ['q/a/x > q/n/a/x content', 'q/b/x > r/b/x content'],
    ],
    [
      'by bytes, and one is left',
      'a=1 b=1 c=1',
      ['cp a x', 'cp a y', 'rm a', 'rm b', 'rm c'],
      ['a > x content', 'b > y content'],
    ],
    [
      'what vanished before what is still there',
      'a=1 b=1',
      ['cp a c', 'put a new', 'rm b'],
      ['b > c content'],
    ],
    [
      'they say nothing of folders',
      'd/a=1 d/b=1',
      ['cp d/a e/a', 'cp d/b e/b', 'rm d'],
      ['d/a > e/a content', 'd/b > e/b content'],
    ],
  ]);
});

test('folders that moved', () => {
  check([
    ['whole', 'd/a d/b', ['mv d e'], ['d/ > e/ inode']],
    ['only the case', 'Dir/a', ['mv Dir dir'], ['Dir/ > dir/ inode']],
    ['empty', 'd/ a', ['mv d e'], ['d/ > e/ inode'], []],
    ['down and up', 'd/a e/b/c', ['mv d f/g/d', 'mv e/b b'], ['e/b/ > b/ inode', 'd/ > f/g/d/ inode']],
    ['with all that is below', 'd/a d/x/b d/x/y/c', ['mv d e'], ['d/ > e/ inode']],
    [
      'some edited, added and removed meanwhile',
      'd/a d/b d/c d/e',
      ['mv d n', 'write n/b other', 'put n/new new', 'rm n/c', 'put n/e other'],
      ['d/ > n/ inode'],
      ['d/ > n/ content'],
    ],
    [
      'and files that went elsewhere or came',
      'd/a d/b d/c o',
      ['mv d n', 'mv n/b n/b2', 'mv n/c c', 'mv o n/o'],
      ['d/c > c inode', 'd/ > n/ inode', 'd/b > n/b2 inode', 'o > n/o inode'],
      ['d/c > c content', 'd/b > n/b2 content', 'o > n/o content', 'd/ > n/ content'].sort((a, b) =>
        a.split(' ')[2]! < b.split(' ')[2]! ? -1 : 1,
      ),
    ],
    [
      'nested ones that moved both',
      'd/a d/x/b d/x/c',
      ['mv d e', 'mv e/x f'],
      ['d/ > e/ inode', 'd/x/ > f/ inode'],
    ],
    [
      'a nested one under another name',
      'd/a d/x/b',
      ['mv d e', 'mv e/x e/y'],
      ['d/ > e/ inode', 'd/x/ > e/y/ inode'],
    ],
    [
      'split, the greater part',
      'd/a d/b d/c',
      ['mv d/a e/a', 'mv d/b e/b', 'mv d/c f/c', 'rm d'],
      ['d/ > e/ inode', 'd/c > f/c inode'],
    ],
    [
      'split in halves',
      'd/a d/b',
      ['mv d/a e/a', 'mv d/b f/b', 'rm d'],
      ['d/a > e/a inode', 'd/b > f/b inode'],
    ],
    [
      'files alone, while it is still there',
      'd/a d/b d/c',
      ['mv d/a e/a', 'mv d/b e/b'],
      ['d/a > e/a inode', 'd/b > e/b inode'],
    ],
    ['joined to one that was there', 'd/a d/b e/c', ['mv d/a e/a', 'mv d/b e/b', 'rm d'], ['d/ > e/ inode']],
    [
      'two joined, over one another',
      'd/a d/x e/b e/x',
      ['mv d/a n/a', 'mv e/b n/b', 'mv e/x n/x', 'rm d', 'rm e'],
      ['e/ > n/ inode', 'd/a > n/a inode'],
    ],
    [
      'no folder of which most was removed, and something saved',
      'd/a d/b d/c',
      ['mv d/a e/a', 'rm d'],
      ['d/a > e/a inode'],
    ],
    [
      'one that went by more than half, what is called the same counted',
      'd/a d/b d/c d/d',
      ['mv d/a e/a', 'mv d/b e/b', 'put e/c new', 'rm d'],
      ['d/ > e/ inode'],
    ],
    [
      'two joined, of which either may have been edited',
      'e/b e/x d/a d/x',
      ['mv e/b n/b', 'mv d/a n/a', 'put n/x new', 'rm d', 'rm e'],
      ['d/ > n/ inode', 'e/ > n/ inode', 'd/x > n/x name'],
    ],
    ['that held folders alone', 'd/x/a d/y/b', ['mv d e'], ['d/ > e/ inode']],
    ['out of one that was removed', 'd/x/a', ['mv d/x e/y', 'rm d'], ['d/x/ > e/y/ inode']],
    [
      'joined, over a file that was there',
      'd/a d/x e/x',
      ['mv d/a e/a', 'mv d/x e/x', 'rm d'],
      ['d/ > e/ inode', 'd/x > e/x inode'],
      ['d/ > e/ content', 'd/x > e/x name'],
    ],
    ['flattened', 'd/x/a d/x/b', ['mv d/x/a d/a', 'mv d/x/b d/b', 'rm d/x'], ['d/x/ > d/ inode']],
    ['into the top folder', 'd/a d/b', ['mv d/a a', 'mv d/b b', 'rm d'], ['d/a > a inode', 'd/b > b inode']],
    [
      'swapped',
      'd/a d/b e/a e/c',
      ['mv d t', 'mv e d', 'mv t e'],
      ['e/ > d/ inode', 'd/ > e/ inode'],
      ['e/a > d/a content', 'e/c > d/c content', 'd/a > e/a content', 'd/b > e/b content'],
    ],
    [
      'a chain of them',
      'd/a e/a f/a',
      ['mv f g', 'mv e f', 'mv d e'],
      ['d/ > e/ inode', 'e/ > f/ inode', 'f/ > g/ inode'],
      ['d/ > e/ content', 'e/a > f/a content', 'f/a > g/a content'],
    ],
    [
      'swapped, but for a file that was swapped back',
      'd/a d/b e/a e/b',
      ['mv d t', 'mv e d', 'mv t e', 'mv d/a t', 'mv e/a d/a', 'mv t e/a'],
      ['e/ > d/ inode', 'd/a > d/a name', 'd/ > e/ inode', 'e/a > e/a name'],
      ['e/b > d/b content', 'd/b > e/b content'],
    ],
    [
      'one made anew in its place',
      'd/a d/b',
      ['mv d e', 'put d/new new'],
      ['d/a > e/a inode', 'd/b > e/b inode'],
    ],
    [
      'into its own subfolder',
      'a/x a/y',
      ['mv a t', 'mkdir a', 'mv t a/a'],
      ['a/ > a/a/ inode'],
      ['a/x > a/a/x content', 'a/y > a/a/y content'],
    ],
    [
      'into its own subfolder, which held one of that name',
      'a/f a/a/f a/a/a/f',
      ['mv a t', 'mkdir a', 'mv t a/a'],
      ['a/ > a/a/ inode'],
      ['a/a/a/f > a/a/a/a/f content', 'a/a/f > a/a/a/f content', 'a/f > a/a/f content'],
    ],
    ['out of its own parent', 'a/a/x a/a/y', ['mv a/a t', 'rm a', 'mv t a'], ['a/a/ > a/ inode']],
    ['a file was a folder', 'd/x d/y=1 e', ['mv d f', 'mv e d'], ['e > d inode', 'd/ > f/ inode']],
  ]);
});

const at = (path: string, more: Partial<Thing>): Thing => ({
  path: path as RepositoryPath,
  content: undefined,
  inode: undefined,
  size: 3,
  ...more,
});
const NOTHING = {
  vanished: [],
  appeared: [],
  replaced: [],
  foldersGone: [],
  foldersNew: [],
  foldersReplaced: [],
};
const folder = (path: string, more: { inode?: string; entity?: string } = {}) => ({
  path: path as RepositoryPath,
  inode: undefined,
  ...more,
});

test('evidence counts in its order', () => {
  const flac = { media: ['flac:1'] };
  const rows: [what: string, question: Partial<Parameters<typeof findMoves>[0]>, expected: string[]][] = [
    [
      'inode before content',
      {
        vanished: [at('a', { inode: '1:1', content: 'x' }), at('b', { inode: '2:1', content: 'y' })],
        appeared: [at('c', { inode: '1:1', content: 'y' }), at('d', { inode: '3:1', content: 'x' })],
      },
      ['a > c inode'],
    ],
    [
      'an inode with another birth is another file',
      { vanished: [at('a', { inode: '1:1' })], appeared: [at('b', { inode: '1:2' })] },
      [],
    ],
    [
      'content before media',
      {
        vanished: [at('a', { content: 'x', ...flac }), at('b', { content: 'y', ...flac })],
        appeared: [at('c', { content: 'y', ...flac }), at('d', { content: 'z', ...flac })],
      },
      ['b > c content', 'a > d media'],
    ],
    [
      'tags changed in place',
      {
        vanished: [at('b', { content: 'y', ...flac })],
        replaced: [{ before: at('a', { content: 'x', ...flac }), after: at('a', { content: 'z', ...flac }) }],
      },
      [],
    ],
    [
      'media ids say where a folder went',
      {
        vanished: [at('d/a', { content: 'x', ...flac }), at('d/b', { content: 'y' })],
        appeared: [at('e/a', { content: 'z', ...flac }), at('e/b', { content: 'w' })],
        foldersGone: [folder('d')],
        foldersNew: [folder('e')],
      },
      ['d/ > e/ media'],
    ],
    [
      'an empty entity by its id',
      { foldersGone: [folder('d', { entity: '01' })], foldersNew: [folder('e', { entity: '01' })] },
      ['d/ > e/ media'],
    ],
    [
      'an entity by its id, against the majority of its files',
      {
        vanished: [at('d/a', { content: 'x' }), at('d/b', { content: 'y' })],
        appeared: [at('f/a', { content: 'x' }), at('e/b', { content: 'z' })],
        foldersGone: [folder('d', { entity: '01' })],
        foldersNew: [folder('e', { entity: '01' }), folder('f')],
      },
      ['d/ > e/ media', 'd/a > f/a content'],
    ],
    [
      'two folders with one entity id are none',
      {
        foldersGone: [folder('d', { entity: '01' })],
        foldersNew: [folder('e', { entity: '01' }), folder('f', { entity: '01' })],
      },
      [],
    ],
    [
      'links by their targets, also those that lead nowhere',
      {
        vanished: [at('a', { content: 'link:', size: 0 })],
        appeared: [at('b', { content: 'link:', size: 0 })],
      },
      ['a > b content'],
    ],
    [
      'hard links of one inode, each to its own name',
      {
        vanished: [at('d/a', { inode: '1:1' }), at('d/b', { inode: '1:1' })],
        appeared: [at('e/b', { inode: '1:1' }), at('e/a', { inode: '1:1' })],
        foldersGone: [folder('d')],
      },
      ['d/ > e/ inode'],
    ],
    [
      'what a person said before all',
      {
        vanished: [at('a', { inode: '1:1', content: 'x' }), at('b', { inode: '2:1', content: 'y' })],
        appeared: [at('c', { inode: '1:1', content: 'x' })],
        told: [{ from: 'b' as RepositoryPath, to: 'c' as RepositoryPath }],
      },
      ['b > c hand'],
    ],
    [
      'what a person said of a folder where there is none now',
      {
        vanished: [at('d/a', { content: 'x' })],
        appeared: [at('e', { content: 'y' })],
        foldersGone: [folder('d')],
        told: [
          { from: 'd' as RepositoryPath, to: 'e' as RepositoryPath },
          { from: 'd' as RepositoryPath, to: 'f' as RepositoryPath },
        ],
      },
      [],
    ],
    [
      'what a person said of a folder that was joined to one that is there',
      {
        vanished: [at('d/a', { content: 'x' })],
        appeared: [at('e/a', { content: 'y' })],
        foldersGone: [folder('d')],
        told: [{ from: 'd' as RepositoryPath, to: 'e' as RepositoryPath }],
      },
      ['d/ > e/ hand'],
    ],
    [
      'no folder becomes the top one, whatever a person says',
      {
        vanished: [at('d/a', { content: 'x' })],
        appeared: [at('b', { content: 'y' })],
        foldersGone: [folder('d')],
        told: [{ from: 'd' as RepositoryPath, to: '' as RepositoryPath }],
      },
      [],
    ],
    [
      'a folder that a person said',
      {
        vanished: [at('d/a', { content: 'x' })],
        appeared: [at('e/a', { content: 'y' })],
        foldersGone: [folder('d')],
        foldersNew: [folder('e')],
        told: [{ from: 'd' as RepositoryPath, to: 'e' as RepositoryPath }],
      },
      ['d/ > e/ hand'],
    ],
    [
      'what a person said moved, though something new is in its place',
      {
        replaced: [{ before: at('a', { content: 'x' }), after: at('a', { content: 'y' }) }],
        appeared: [at('b', { content: 'x' })],
        told: [{ from: 'a' as RepositoryPath, to: 'b' as RepositoryPath }],
      },
      ['a > b hand'],
    ],
    [
      'a pair that fell stands again by a name that fits',
      {
        vanished: [at('d/a', { content: '1' }), at('d/t', { content: '2' })],
        replaced: [{ before: at('e/t', { content: '3' }), after: at('e/t', { content: '4' }) }],
        appeared: [at('e/a', { content: '1' }), at('f', { content: '3' })],
        foldersGone: [folder('d')],
      },
      ['d/ > e/ content', 'e/t > f content'],
    ],
  ];
  for (const [what, question, expected] of rows)
    assert.deepEqual(linesOf(findMoves({ ...NOTHING, ...question })), expected, what);
});

test('a thousand equal files that moved at once are one line with their folder, else one each', () => {
  const many = Array.from({ length: 1000 }, (_, i) => `d/${i}=1`).join(' ');
  assert.deepEqual(answers(many, ['mv d e']).withInodes, ['d/ > e/ inode']);
  const without = answers(many, ['mv d e']).without;
  assert.equal(without.length, 1000);
  for (const line of without) assert.match(line, /^d\/(\d+) > e\/\1 content$/);
});

test('the lines are what a commit can say, in its order', () => {
  const disk = new MemoryDisk(files('d/a d/x/b e/a f "q"'));
  const old = disk.state;
  for (const act of ['mv d n', 'mv e/a a', 'mv n/x x', 'mv f e/f', 'mv "q" q']) disk.do(act);
  const { moved } = findMoves(questionOf(old, disk.state, true));
  const id = '0'.repeat(64) as ContentId;
  const summary = { added: 0, changed: 0, moved: 5, removed: 0, metadata: 0 };
  const date = '2026-11-22T19:20:11+01:00';
  const commit = { parents: [], index: id, changes: id, author: 'Ada', repository: 'r', date, summary };
  const text = writeCommit({ ...commit, moved, forgotten: [], message: '' });
  assert.deepEqual(parseCommit(text).moved, moved);
});
