/**
 * What people do to a folder, and what a status and a commit say of it: what moved, by which evidence, and how much.
 * Long because it is a table.
 */

import assert from 'node:assert/strict';
import { before, test, type TestContext } from 'node:test';
import { loadBlake3 } from '../../src/disk/blake3.ts';
import { repository } from '../tools/repository.ts';
import {
  directory,
  link,
  linesIn,
  named,
  sameAs,
  temporary,
  type Literal,
  type Thing,
} from '../tools/tree.ts';
import { judge, lacksTools } from './judges.ts';
import { checkExplained, checkPatches, movedOf } from './moves-laws.ts';
import { shell, statusOf } from './moves-person.ts';

before(() => loadBlake3());

interface Row {
  readonly what: string;
  readonly before: Literal;
  /** What a person does, in the folder; each one a line of shell. */
  readonly acts: readonly string[];
  readonly status: readonly string[];
  readonly moved: readonly string[];
  /** added, changed, moved, removed. */
  readonly summary: readonly [number, number, number, number];
  /** Files that the commit reads, where no status came before it. */
  readonly hashed: number;
  /** Files that are gone and have to be confirmed. */
  readonly gone?: number;
}

/** Mirror names of these are cut. */
const LONG = { n: 'n'.repeat(250), m: 'm'.repeat(250) };

const ROWS: readonly Row[] = [
  {
    what: 'a file is renamed',
    before: { a: 'one', b: 'two' },
    acts: ['mv a c'],
    status: ['moved file a → c inode'],
    moved: ['a → c inode'],
    summary: [0, 0, 1, 0],
    hashed: 1,
  },
  {
    what: 'a file goes to another folder',
    before: { 'x/a': 'one', 'x/b': 'two', 'y/c': 'three' },
    acts: ['mv x/a y/'],
    status: ['moved file x/a → y/a inode'],
    moved: ['x/a → y/a inode'],
    summary: [0, 0, 1, 0],
    hashed: 1,
  },
  {
    what: 'a file goes to a new folder',
    before: { 'x/a': 'one', 'x/b': 'two' },
    acts: ['mkdir -p y/z; mv x/a y/z/'],
    status: ['added directory y', 'added directory y/z', 'moved file x/a → y/z/a inode'],
    moved: ['x/a → y/z/a inode'],
    summary: [0, 0, 1, 0],
    hashed: 1,
  },
  {
    what: 'renamed, then edited in place',
    before: { a: 'one', b: 'two' },
    acts: ['mv a c', 'echo more >> c'],
    status: ['moved file a → c inode'],
    moved: ['a → c inode'],
    summary: [0, 0, 1, 0],
    hashed: 1,
  },
  {
    what: 'edited in place, then renamed',
    before: { a: 'one', b: 'two' },
    acts: ['echo more >> a', 'mv a c'],
    status: ['moved file a → c inode'],
    moved: ['a → c inode'],
    summary: [0, 0, 1, 0],
    hashed: 1,
  },
  {
    what: "renamed and replaced by another program's file",
    before: { a: 'one', b: 'two' },
    acts: ['mv a c', 'echo anew > t; mv t c'],
    status: ['missing file a', 'added file c'],
    moved: [],
    summary: [1, 0, 0, 0],
    hashed: 1,
    gone: 1,
  },
  {
    what: 'a folder is renamed',
    before: { 'x/a': 'one', 'x/b': 'two', 'x/y/c': 'three', d: 'four' },
    acts: ['mv x z'],
    status: ['moved directory x → z inode (3)'],
    moved: ['x/ → z/ inode'],
    summary: [0, 0, 3, 0],
    hashed: 0,
  },
  {
    what: 'a folder is renamed while files in it change, come and go',
    before: { 'x/a': 'one', 'x/b': 'two', 'x/y/c': 'three', 'x/y/d': 'four', e: 'five' },
    acts: ['mv x z', 'echo more >> z/a; rm z/y/d; echo new > z/y/n; mv z/b z/y/b2'],
    status: [
      'missing file x/y/d',
      'moved directory x → z inode (2)',
      'changed file x/a → z/a inode in z',
      'moved file x/b → z/y/b2 inode',
      'added file z/y/n',
    ],
    moved: ['x/ → z/ inode', 'x/b → z/y/b2 inode'],
    summary: [1, 0, 3, 0],
    hashed: 3,
    gone: 1,
  },
  {
    what: 'a folder is split in halves',
    before: { 'x/a': 'one', 'x/b': 'two', 'x/c': 'three', 'x/d': 'four' },
    acts: ['mkdir y z; mv x/a x/b y/; mv x/c x/d z/; rmdir x'],
    status: [
      'removed directory x',
      'added directory y',
      'moved file x/a → y/a inode',
      'moved file x/b → y/b inode',
      'added directory z',
      'moved file x/c → z/c inode',
      'moved file x/d → z/d inode',
    ],
    moved: ['x/a → y/a inode', 'x/b → y/b inode', 'x/c → z/c inode', 'x/d → z/d inode'],
    summary: [0, 0, 4, 0],
    hashed: 4,
  },
  {
    what: 'a folder of folders is emptied',
    before: { 'x/y/a': 'one', 'x/z/b': 'two', c: 'three' },
    acts: ['mv x/y/a d; mv x/z/b e; rm -r x'],
    status: [
      'moved file x/y/a → d inode',
      'moved file x/z/b → e inode',
      'removed directory x',
      'removed directory x/y',
      'removed directory x/z',
    ],
    moved: ['x/y/a → d inode', 'x/z/b → e inode'],
    summary: [0, 0, 2, 0],
    hashed: 2,
  },
  {
    what: 'a folder of folders is emptied but for an empty one',
    before: { 'x/y/a': 'one', 'x/z': directory(), c: 'three' },
    acts: ['mv x/y/a d; rm -r x'],
    status: [
      'moved file x/y/a → d inode',
      'missing directory x',
      'removed directory x/y',
      'missing directory x/z',
    ],
    moved: ['x/y/a → d inode'],
    summary: [0, 0, 1, 0],
    hashed: 1,
  },
  {
    what: 'a folder is split unevenly',
    before: { 'x/a': 'one', 'x/b': 'two', 'x/c': 'three', 'x/d': 'four' },
    acts: ['mkdir y z; mv x/a x/b x/c y/', 'mv x/d z/; rmdir x'],
    status: ['moved directory x → y inode (3)', 'added directory z', 'moved file x/d → z/d inode'],
    moved: ['x/ → y/ inode', 'x/d → z/d inode'],
    summary: [0, 0, 4, 0],
    hashed: 4,
  },
  {
    what: 'two folders are joined in a third',
    before: { 'x/a': 'one', 'x/b': 'two', 'y/c': 'three', 'y/d': 'four' },
    acts: ['mkdir z; mv x/* y/* z/; rmdir x y'],
    status: ['moved directory x → z inode (2)', 'moved directory y → z inode (2)'],
    moved: ['x/ → z/ inode', 'y/ → z/ inode'],
    summary: [0, 0, 4, 0],
    hashed: 4,
  },
  {
    what: 'a folder is joined to one that is there',
    before: { 'x/a': 'one', 'x/b': 'two', 'y/c': 'three' },
    acts: ['mv x/* y/; rmdir x'],
    status: ['moved directory x → y inode (2)'],
    moved: ['x/ → y/ inode'],
    summary: [0, 0, 2, 0],
    hashed: 2,
  },
  {
    what: 'two files are swapped',
    before: { a: 'one', b: 'two' },
    acts: ['mv a t; mv b a; mv t b'],
    status: ['moved file b → a inode', 'moved file a → b inode'],
    moved: ['b → a inode', 'a → b inode'],
    summary: [0, 0, 2, 0],
    hashed: 2,
  },
  {
    what: 'two files of one content are swapped',
    before: { a: 'one', b: 'one' },
    acts: ['mv a t; mv b a; mv t b'],
    status: ['moved file b → a inode', 'moved file a → b inode'],
    moved: ['b → a inode', 'a → b inode'],
    summary: [0, 0, 2, 0],
    hashed: 2,
  },
  {
    what: 'two files are swapped, both edited',
    before: { a: 'one', b: 'two' },
    acts: ['mv a t; mv b a; mv t b', 'echo 1 >> a; echo 2 >> b'],
    status: ['moved file b → a inode', 'moved file a → b inode'],
    moved: ['b → a inode', 'a → b inode'],
    summary: [0, 0, 2, 0],
    hashed: 2,
  },
  {
    what: 'two folders are swapped',
    before: { 'x/a': 'one', 'x/b': 'two', 'y/a': 'three', 'y/c': 'four' },
    acts: ['mv x t; mv y x; mv t y'],
    status: ['moved directory y → x inode (2)', 'moved directory x → y inode (2)'],
    moved: ['y/ → x/ inode', 'x/ → y/ inode'],
    summary: [0, 0, 4, 0],
    hashed: 0,
  },
  {
    what: 'two folders are swapped and a file in one edited',
    before: { 'x/a': 'one', 'x/b': 'two', 'y/a': 'three', 'y/c': 'four' },
    acts: ['mv x t; mv y x; mv t y', 'echo more >> x/a'],
    status: [
      'moved directory y → x inode (2)',
      'changed file y/a → x/a inode in x',
      'moved directory x → y inode (2)',
    ],
    moved: ['y/ → x/ inode', 'x/ → y/ inode'],
    summary: [0, 0, 4, 0],
    hashed: 1,
  },
  {
    what: 'a chain of files',
    before: { a: 'one', b: 'two', c: 'three' },
    acts: ['mv c d; mv b c; mv a b'],
    status: ['moved file a → b inode', 'moved file b → c inode', 'moved file c → d inode'],
    moved: ['a → b inode', 'b → c inode', 'c → d inode'],
    summary: [0, 0, 3, 0],
    hashed: 3,
  },
  {
    what: 'a chain of folders',
    before: { 'x/a': 'one', 'y/a': 'two', 'z/a': 'three' },
    acts: ['mv z w; mv y z; mv x y'],
    status: [
      'moved directory z → w inode (1)',
      'moved directory x → y inode (1)',
      'moved directory y → z inode (1)',
    ],
    moved: ['z/ → w/ inode', 'x/ → y/ inode', 'y/ → z/ inode'],
    summary: [0, 0, 3, 0],
    hashed: 0,
  },
  {
    what: 'a circle of three files',
    before: { a: 'one', b: 'two', c: 'three' },
    acts: ['mv a t; mv b a; mv c b; mv t c'],
    status: ['moved file b → a inode', 'moved file c → b inode', 'moved file a → c inode'],
    moved: ['b → a inode', 'c → b inode', 'a → c inode'],
    summary: [0, 0, 3, 0],
    hashed: 3,
  },
  {
    what: 'a circle of three folders',
    before: { 'x/a': 'one', 'y/a': 'two', 'z/a': 'three', 'z/b': 'four' },
    acts: ['mv x t; mv y x; mv z y; mv t z'],
    status: [
      'moved directory y → x inode (1)',
      'moved directory z → y inode (2)',
      'moved directory x → z inode (1)',
    ],
    moved: ['y/ → x/ inode', 'z/ → y/ inode', 'x/ → z/ inode'],
    summary: [0, 0, 4, 0],
    hashed: 0,
  },
  {
    what: 'only the case of a name changes',
    before: { a: 'one', 'x/b': 'two' },
    acts: ['mv a A', 'mv x X'],
    status: ['moved file a → A inode', 'moved directory x → X inode (1)'],
    moved: ['a → A inode', 'x/ → X/ inode'],
    summary: [0, 0, 2, 0],
    hashed: 1,
  },
  {
    what: 'the case changes while a twin is there',
    before: { 'x/a': 'one', 'X/a': 'two', b: 'three', B: 'four' },
    acts: ['mv x t; mv X x; mv t X', 'mv b c; mv B b'],
    status: [
      'moved file B → b inode',
      'moved file b → c inode',
      'moved directory x → X inode (1)',
      'moved directory X → x inode (1)',
    ],
    moved: ['x/ → X/ inode', 'B → b inode', 'b → c inode', 'X/ → x/ inode'],
    summary: [0, 0, 4, 0],
    hashed: 2,
  },
  {
    what: 'a twin folder comes where one of that name in other case stays',
    before: { 'x/a': 'one', 'x/b': 'two', 'y/a': 'three' },
    acts: ['mv y X'],
    status: ['moved directory y → X inode (1)'],
    moved: ['y/ → X/ inode'],
    summary: [0, 0, 1, 0],
    hashed: 0,
  },
  {
    what: 'a folder and one inside it are renamed',
    before: { 'x/y/a': 'one', 'x/y/b': 'two', 'x/c': 'three' },
    acts: ['mv x z; mv z/y z/w'],
    status: ['moved directory x → z inode (1)', 'moved directory x/y → z/w inode (2)'],
    moved: ['x/ → z/ inode', 'x/y/ → z/w/ inode'],
    summary: [0, 0, 3, 0],
    hashed: 0,
  },
  {
    what: 'a folder goes out of one that is renamed',
    before: { 'x/y/a': 'one', 'x/c': 'three', 'x/d': 'four' },
    acts: ['mv x z', 'mv z/y .'],
    status: ['moved directory x/y → y inode (1)', 'moved directory x → z inode (2)'],
    moved: ['x/y/ → y/ inode', 'x/ → z/ inode'],
    summary: [0, 0, 3, 0],
    hashed: 0,
  },
  {
    what: 'a folder goes into a new one of its own name',
    before: { 'x/a': 'one', 'x/b': 'two' },
    acts: ['mv x t; mkdir x; mv t x/y'],
    status: ['moved directory x → x/y inode (2)'],
    moved: ['x/ → x/y/ inode'],
    summary: [0, 0, 2, 0],
    hashed: 0,
  },
  {
    what: 'a folder comes out of its parent and takes its name',
    before: { 'x/x/a': 'one', 'x/x/b': 'two' },
    acts: ['mv x/x t; rmdir x; mv t x'],
    status: ['moved directory x/x → x inode (2)'],
    moved: ['x/x/ → x/ inode'],
    summary: [0, 0, 2, 0],
    hashed: 0,
  },
  {
    what: "a subfolder takes its parent's place, what else was there goes",
    before: { 'x/y/a': 'one', 'x/b': 'two' },
    acts: ['mv x/y t; mkdir old; mv x/b old; rmdir x; mv t x'],
    status: ['moved directory x → old inode (1)', 'moved directory x/y → x inode (1)'],
    moved: ['x/ → old/ inode', 'x/y/ → x/ inode'],
    summary: [0, 0, 2, 0],
    hashed: 1,
  },
  {
    what: 'many files of one content in a folder that is renamed',
    before: {
      'x/0': 'same',
      'x/1': 'same',
      'x/2': 'same',
      'x/3': 'same',
      'x/4': 'same',
      'x/5': 'same',
      'x/6': 'same',
      'x/7': 'same',
      'x/8': 'same',
      'x/9': 'same',
      'x/10': 'same',
      'x/11': 'same',
      y: 'other',
    },
    acts: ['mv x z'],
    status: ['moved directory x → z inode (12)'],
    moved: ['x/ → z/ inode'],
    summary: [0, 0, 12, 0],
    hashed: 0,
  },
  {
    what: 'files of one content are renamed one by one',
    before: { 'x/a': 'same', 'x/b': 'same', 'y/a': 'same', 'y/b': 'same' },
    acts: ['mv x/a x/c; mv y/b y/d'],
    status: ['moved file x/a → x/c inode', 'moved file y/b → y/d inode'],
    moved: ['x/a → x/c inode', 'y/b → y/d inode'],
    summary: [0, 0, 2, 0],
    hashed: 2,
  },
  {
    what: 'empty files',
    before: { 'x/a': '', 'x/b': '', 'y/c': '', d: 'one' },
    acts: ['mv x/a x/e; mv y z; mv d f'],
    status: ['moved file d → f inode', 'moved file x/a → x/e inode', 'moved directory y → z inode (1)'],
    moved: ['d → f inode', 'x/a → x/e inode', 'y/ → z/ inode'],
    summary: [0, 0, 3, 0],
    hashed: 2,
  },
  {
    what: 'empty folders',
    before: { x: directory(), 'y/z': directory(), 'y/a': 'one' },
    acts: ['mv x w; mv y v'],
    status: ['moved directory y → v inode (1)', 'moved directory x → w inode (0)'],
    moved: ['y/ → v/ inode', 'x/ → w/ inode'],
    summary: [0, 0, 1, 0],
    hashed: 0,
  },
  {
    what: 'symlinks',
    before: { a: link('nowhere'), b: link('elsewhere'), 'x/c': link('..') },
    acts: ['mv a d', 'mv b x/b; mv x y'],
    status: ['moved link a → d inode', 'moved directory x → y inode (1)', 'moved link b → y/b inode'],
    moved: ['a → d inode', 'x/ → y/ inode', 'b → y/b inode'],
    summary: [0, 0, 3, 0],
    hashed: 0,
  },
  {
    what: 'hard links, one of them',
    before: { a: 'one', b: sameAs('a'), c: 'two' },
    acts: ['mv a d'],
    status: ['moved file a → d inode'],
    moved: ['a → d inode'],
    summary: [0, 0, 1, 0],
    hashed: 2,
  },
  {
    what: 'hard links, both',
    before: { 'x/a': 'one', 'x/b': sameAs('x/a'), c: 'two' },
    acts: ['mkdir y; mv x/a y/c; mv x/b y/d'],
    status: ['added directory y', 'moved file x/a → y/c inode', 'moved file x/b → y/d inode'],
    moved: ['x/a → y/c inode', 'x/b → y/d inode'],
    summary: [0, 0, 2, 0],
    hashed: 2,
  },
  {
    what: 'hard links, swapped with another file',
    before: { a: 'one', b: sameAs('a'), c: 'two' },
    acts: ['mv a t; mv c a; mv t c'],
    status: ['moved file c → a inode', 'moved file a → c inode'],
    moved: ['c → a inode', 'a → c inode'],
    summary: [0, 0, 2, 0],
    hashed: 3,
  },
  {
    what: "an editor's backup",
    before: { a: 'one', b: 'two' },
    acts: ['mv a a~; echo anew > a'],
    status: ['changed file a', 'added file a~'],
    moved: [],
    summary: [1, 1, 0, 0],
    hashed: 2,
  },
  {
    what: "an editor's backup, the old one replaced",
    before: { a: 'one', 'a~': 'zero' },
    acts: ['mv a a~; echo anew > a'],
    status: ['changed file a', 'changed file a~'],
    moved: [],
    summary: [0, 2, 0, 0],
    hashed: 2,
  },
  {
    what: 'a file takes the place of another',
    before: { a: 'one', b: 'two' },
    acts: ['mv a b'],
    status: ['moved file a → b inode'],
    moved: ['a → b inode'],
    summary: [0, 0, 1, 0],
    hashed: 1,
  },
  {
    what: 'a copy, then its original goes',
    before: { a: 'one', b: 'two' },
    acts: ['cp a c', 'rm a'],
    status: ['moved file a → c content'],
    moved: ['a → c content'],
    summary: [0, 0, 1, 0],
    hashed: 1,
  },
  {
    what: 'a copy',
    before: { a: 'one', b: 'two' },
    acts: ['cp a c'],
    status: ['added file c'],
    moved: [],
    summary: [1, 0, 0, 0],
    hashed: 1,
  },
  {
    what: 'a copied folder',
    before: { 'x/a': 'one', 'x/b': 'two' },
    acts: ['cp -a x y'],
    status: ['added directory y', 'added file y/a', 'added file y/b'],
    moved: [],
    summary: [2, 0, 0, 0],
    hashed: 2,
  },
  {
    what: 'a folder is copied and the original removed',
    before: { 'x/a': 'one', 'x/b': 'two', c: 'three' },
    acts: ['cp -a x y; rm -r x'],
    status: ['moved directory x → y content (2)'],
    moved: ['x/ → y/ content'],
    summary: [0, 0, 2, 0],
    hashed: 2,
  },
  {
    what: 'a file becomes a folder that holds it',
    before: { a: 'one', b: 'two' },
    acts: ['mv a t; mkdir a; mv t a/a'],
    status: ['added directory a', 'moved file a → a/a inode'],
    moved: ['a → a/a inode'],
    summary: [0, 0, 1, 0],
    hashed: 1,
  },
  {
    what: 'a folder becomes a file that was in it',
    before: { 'x/a': 'one', b: 'two' },
    acts: ['mv x/a t; rmdir x; mv t x'],
    status: ['moved file x/a → x inode', 'removed directory x'],
    moved: ['x/a → x inode'],
    summary: [0, 0, 1, 0],
    hashed: 1,
  },
  {
    what: 'a link and a file are swapped',
    before: { a: 'one', b: link('a') },
    acts: ['mv a t; mv b a; mv t b'],
    status: ['moved link b → a inode', 'moved file a → b inode'],
    moved: ['b → a inode', 'a → b inode'],
    summary: [0, 0, 2, 0],
    hashed: 1,
  },
  {
    what: 'a folder and a file are swapped',
    before: { a: 'one', 'x/b': 'two' },
    acts: ['mv a t; mv x a; mv t x'],
    status: ['moved file a → x inode', 'moved directory x → a inode (1)'],
    moved: ['x/ → a/ inode', 'a → x inode'],
    summary: [0, 0, 2, 0],
    hashed: 1,
  },
  {
    what: 'a folder is renamed and another comes in its place',
    before: { 'x/a': 'one', 'x/b': 'two' },
    acts: ['mv x y; mkdir x; echo new > x/a'],
    status: ['changed file x/a', 'added directory y', 'added file y/a', 'moved file x/b → y/b inode'],
    moved: ['x/b → y/b inode'],
    summary: [1, 1, 1, 0],
    hashed: 1,
  },
  {
    what: 'a folder is renamed, remade, and a file comes back',
    before: { 'x/a': 'one', 'x/b': 'two', 'x/c': 'three' },
    acts: ['mv x y; mkdir x; mv y/a x/a'],
    status: ['added directory y', 'moved file x/b → y/b inode', 'moved file x/c → y/c inode'],
    moved: ['x/b → y/b inode', 'x/c → y/c inode'],
    summary: [0, 0, 2, 0],
    hashed: 1,
  },
  {
    what: 'files are removed and a folder renamed',
    before: { 'x/a': 'one', 'x/b': 'two', 'x/c': 'three', d: 'four' },
    acts: ['rm x/b; mv x y'],
    status: ['missing file x/b', 'moved directory x → y inode (2)'],
    moved: ['x/ → y/ inode'],
    summary: [0, 0, 2, 0],
    hashed: 0,
    gone: 1,
  },
  {
    what: 'a folder goes and one file of it is saved',
    before: { 'x/a': 'one', 'x/b': 'two', 'x/c': 'three', d: 'four', e: 'five', f: 'six', g: 'seven' },
    acts: ['mv x/a .; rm -r x'],
    status: ['moved file x/a → a inode', 'missing directory x', 'missing file x/b', 'missing file x/c'],
    moved: ['x/a → a inode'],
    summary: [0, 0, 1, 0],
    hashed: 1,
    gone: 2,
  },
  {
    what: 'a folder of folders is moved by hand, file by file',
    before: { 'x/y/a': 'one', 'x/y/b': 'two', 'x/z/c': 'three' },
    acts: ['mkdir -p w/y w/z; mv x/y/* w/y; mv x/z/* w/z; rm -r x'],
    status: ['moved directory x → w inode (3)'],
    moved: ['x/ → w/ inode'],
    summary: [0, 0, 3, 0],
    hashed: 3,
  },
  {
    what: 'names of other bytes',
    before: { [named('n', 0xff)]: 'one', [named('d', 0xfe, '/a')]: 'two' },
    acts: ['mv n* m; mv d* e'],
    status: ['moved file n\udcff → m inode', 'moved directory d\udcfe → e inode (1)'],
    moved: ['d\udcfe/ → e/ inode', 'n\udcff → m inode'],
    summary: [0, 0, 2, 0],
    hashed: 1,
  },
  {
    what: 'names that are too long for the index',
    before: { [`${LONG.n}/a`]: 'one', [`${LONG.m}/a`]: 'two' },
    acts: [`mv n* t; mv m* ${LONG.n}; mv t ${LONG.m}`],
    status: [
      `moved directory ${LONG.n} → ${LONG.m} inode (1)`,
      `moved directory ${LONG.m} → ${LONG.n} inode (1)`,
    ],
    moved: [`${LONG.n}/ → ${LONG.m}/ inode`, `${LONG.m}/ → ${LONG.n}/ inode`],
    summary: [0, 0, 2, 0],
    hashed: 0,
  },
  {
    what: 'permissions and times change on the way',
    before: { 'x/a': 'one', 'x/b': 'two' },
    acts: ['mv x y; chmod 600 y/a; touch -d 2001-01-01 y/b; chmod 700 y'],
    status: [
      'mode directory y',
      'moved directory x → y inode (2)',
      'mode file x/a → y/a inode in y',
      'metadata file x/b → y/b inode in y',
    ],
    moved: ['x/ → y/ inode'],
    summary: [0, 0, 2, 0],
    hashed: 2,
  },
  {
    what: 'nothing in the end',
    before: { 'x/a': 'one' },
    acts: ['mv x y', 'mv y x'],
    status: [],
    moved: [],
    summary: [0, 0, 0, 0],
    hashed: 0,
  },
  {
    what: 'there, and back under another name',
    before: { 'x/a': 'one', 'x/b': 'two' },
    acts: ['mv x y', 'echo more >> y/a', 'mv y x; mv x/a x/c'],
    status: ['moved file x/a → x/c inode'],
    moved: ['x/a → x/c inode'],
    summary: [0, 0, 1, 0],
    hashed: 1,
  },
];

async function run(t: TestContext, row: Row, isLookedAt: boolean): Promise<void> {
  const bench = await repository(t, row.before);
  await bench.commit();
  const { commits } = bench.repository;
  for (const act of row.acts) {
    shell(bench.root, act);
    if (isLookedAt) await statusOf(bench);
  }
  if (isLookedAt) assert.deepEqual(await statusOf(bench), row.status, 'status');
  const onDisk = linesIn(bench.root);
  const { result } = await bench.commit();
  assert.deepEqual(linesIn(bench.root), onDisk, 'nothing of the person is touched');
  assert.deepEqual(movedOf(bench.repository), row.moved, 'moved:');
  const { added, changed, moved, removed } = result.summary;
  assert.deepEqual([added, changed, moved, removed], row.summary, 'summary');
  if (!isLookedAt) assert.equal(result.hashed.files, row.hashed, 'files that were read');
  assert.equal(result.unconfirmed, row.gone ?? 0, 'what has to be confirmed');
  checkExplained(bench.repository, commits.readHead()!);
  const isMissed = row.status.some((line) => line.startsWith('missing'));
  if (isMissed) {
    assert.notDeepEqual(await statusOf(bench), [], 'what is missing is still told');
    await bench.commit({ confirmDeletions: true });
    checkExplained(bench.repository, commits.readHead()!);
  }
  assert.deepEqual(await statusOf(bench), [], 'status afterwards');
  assert.deepEqual(bench.recorded(), linesIn(bench.root), 'what is recorded');
  checkPatches(bench.repository);
}

for (const isLookedAt of [false, true]) {
  const how = isLookedAt ? 'with a status after each step' : 'committed at once';
  test(`what moved is told as that, read as little as can be, and nothing else is gone (${how})`, async (t) => {
    for (const row of ROWS) await t.test(row.what, (inner) => run(inner, row, isLookedAt));
  });
}

test('all of that at once, each in a folder of its own, as git and patch read it', async (t) => {
  const every = ROWS.flatMap(({ before }, at) =>
    Object.entries(before).map(([path, thing]): [string, Thing] => {
      const isSame = typeof thing === 'object' && 'kind' in thing && thing.kind === 'same';
      return [`${at}/${path}`, isSame ? sameAs(`${at}/${thing.as}`) : thing];
    }),
  );
  const bench = await repository(t, Object.fromEntries(every));
  await bench.commit();
  for (const [at, { acts }] of ROWS.entries()) shell(`${bench.root}/${at}`, acts.join('; '));
  await bench.commit();
  checkExplained(bench.repository, bench.repository.commits.readHead()!);
  await bench.commit({ confirmDeletions: true });
  checkExplained(bench.repository, bench.repository.commits.readHead()!);
  assert.deepEqual(bench.recorded(), linesIn(bench.root));
  checkPatches(bench.repository);
  if (!lacksTools(t)) judge(bench.repository, temporary(t));
});
