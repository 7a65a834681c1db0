import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { loadBlake3 } from '../../src/disk/blake3.ts';
import { mergeLiterals, type Literal } from './trees.ts';

before(() => loadBlake3());

interface Case {
  readonly says: string;
  readonly base: Literal;
  readonly ours: Literal;
  readonly theirs: Literal;
  readonly tree: Literal;
  readonly conflicts?: readonly string[];
}

const CASES: readonly Case[] = [
  {
    says: 'additions of both sides are there',
    base: {},
    ours: { a: '1' },
    theirs: { b: '2' },
    tree: { a: '1', b: '2' },
  },
  {
    says: 'a file renamed here and edited there is edited at its new place',
    base: { a: '1' },
    ours: { b: '1' },
    theirs: { a: '2' },
    tree: { b: '2' },
  },
  {
    says: 'a deletion of what did not change holds',
    base: { a: '1', b: '2' },
    ours: { b: '2' },
    theirs: { a: '1', b: '2' },
    tree: { b: '2' },
  },
  {
    says: 'a deletion gives way to changed bytes',
    base: { a: '1', b: '2' },
    ours: { b: '2' },
    theirs: { a: '3', b: '2' },
    tree: { a: '3', b: '2' },
    conflicts: ['delete a'],
  },
  {
    says: 'the same edit on both sides is one',
    base: { a: '1' },
    ours: { a: '2' },
    theirs: { a: '2' },
    tree: { a: '2' },
  },
  {
    says: 'a new file goes along with a folder that was renamed',
    base: { 'a/x': '1', 'a/y': '2' },
    ours: { 'b/x': '1', 'b/y': '2' },
    theirs: { 'a/x': '1', 'a/y': '2', 'a/z': '3' },
    tree: { 'b/x': '1', 'b/y': '2', 'b/z': '3' },
  },
  {
    says: 'an empty folder is kept',
    base: { 'e/': '' },
    ours: { 'e/': '', a: '1' },
    theirs: { 'e/': '', b: '1' },
    tree: { 'e/': '', a: '1', b: '1' },
  },
];

for (const { says, base, ours, theirs, tree, conflicts = [] } of CASES) {
  test(says, () => {
    assert.deepEqual(mergeLiterals({ base, ours, theirs }), { tree, conflicts });
    assert.deepEqual(mergeLiterals({ base, ours: theirs, theirs: ours }), { tree, conflicts });
  });
}
