/** Trees in which something moved, told by plain maps. */

import assert from 'node:assert/strict';
import { MoveFacts } from '../../src/diff/move-facts.ts';
import type { Change } from '../../src/model/change.ts';
import type { Move } from '../../src/model/commit.ts';
import { parentOf, type RepositoryPath } from '../../src/model/path.ts';
import * as fixture from '../flow/fixture.ts';
import type { Thing, Tree } from '../flow/fixture.ts';
import { differences, told, withUnconfirmed } from './expected.ts';

/** Where things went from one tree to another. */
export interface Facts {
  forwards(path: RepositoryPath): RepositoryPath | undefined;
  backwards(path: RepositoryPath): RepositoryPath | undefined;
}

export function factsOf(moved: Iterable<Pick<Move, 'from' | 'to'>>, before: Tree, after: Tree): Facts {
  const lines = [...moved];
  const isFolder = (tree: Tree, path: string): boolean => tree.get(path)?.kind === 'directory';
  const factsOver = (ofFolders: boolean): MoveFacts =>
    new MoveFacts(lines, {
      wasThere: (path) => before.has(path) && isFolder(before, path) === ofFolders,
      isThere: (path) => after.has(path) && isFolder(after, path) === ofFolders,
    });
  const [things, folders] = [factsOver(false), factsOver(true)];
  return {
    forwards: (path) => (isFolder(before, path) ? folders : things).forwards(path),
    backwards: (path) => (isFolder(after, path) ? folders : things).backwards(path),
  };
}

/** What a commit records that may record no deletion: what moved is at its new place alone. */
export function unconfirmedWith(facts: Facts, recorded: Tree, onDisk: Tree): Tree {
  const stays = new Map<string, Thing>();
  for (const [path, thing] of recorded) {
    if (thing.kind !== 'directory' && facts.forwards(path as RepositoryPath) === undefined)
      stays.set(path, thing);
  }
  for (const [path, thing] of recorded) {
    if (thing.kind !== 'directory') continue;
    const files = [...recorded].filter(([below, { kind }]) => kind !== 'directory' && isIn(below, path));
    const isEmptied = files.length > 0 && files.every(([below]) => !stays.has(below));
    const isExplained =
      isEmptied || (files.length === 0 && facts.forwards(path as RepositoryPath) !== undefined);
    if (onDisk.get(path)?.kind === 'directory' || !isExplained) stays.set(path, thing);
  }
  for (const path of [...stays.keys()]) {
    for (let above = path; above !== '';) {
      above = parentOf(above as RepositoryPath);
      const thing = recorded.get(above);
      if (thing !== undefined) stays.set(above, thing);
    }
  }
  return withUnconfirmed(stays, onDisk);
}

function isIn(path: string, directory: string): boolean {
  return path !== '' && parentOf(path as RepositoryPath) === directory;
}

/** What somebody wrote about things, after they moved: it goes with them. */
export function sidecarsAfter(
  sidecars: ReadonlyMap<string, string>,
  facts: Facts,
  stayed: (path: string) => boolean,
): Map<string, string> {
  const after = new Map<string, string>();
  for (const [path, text] of sidecars) if (stayed(path) && !hasLeft(facts, path)) after.set(path, text);
  for (const [path, text] of sidecars) {
    const to = facts.forwards(path as RepositoryPath);
    if (to !== undefined && facts.backwards(to) === path) after.set(to, text);
  }
  return after;
}

function hasLeft(facts: Facts, path: string): boolean {
  const to = facts.forwards(path as RepositoryPath);
  return to !== undefined && facts.backwards(to) === path;
}

/** Every difference is told: as what it is, or by a move that takes it along. */
export function assertTold(changes: readonly Change[], before: Tree, after: Tree, gone: string): void {
  const plain = changes.map((change) => (change.kind === 'copied' ? asAdded(change) : change));
  const moves = plain.filter(({ from }) => from !== undefined);
  const isCovered = (path: string): boolean => moves.some((move) => covers(move, path));
  const all = differences(before, after, gone);
  // A folder that is gone because all that was in it moved is not missing.
  const own = told(plain.filter(({ from }) => from === undefined))
    .map((line) => line.replace(/^removed directory /, `${gone} directory `))
    .sort();
  assert.deepEqual(
    own.filter((line) => !isCovered(pathOf(line))),
    all.filter((line) => !isCovered(pathOf(line))),
  );
  const known = new Set(all);
  assert.deepEqual(
    // A folder that moved is told against what it was where it was.
    own.filter(
      (line) => !known.has(line) && !(line.startsWith('mode directory ') && isCovered(pathOf(line))),
    ),
    [],
    'nothing is told that is not so',
  );
  for (const { path, from, what } of moves) {
    assert.ok(before.has(from!), `'${from}' was there`);
    assert.equal(after.get(path)?.kind, what, `'${path}' is there`);
  }
}

function asAdded({ from: _original, ...change }: Change): Change {
  return { ...change, kind: 'added' };
}

function covers({ what, path: to, from }: Change, path: string): boolean {
  if (path === to || path === from) return true;
  return what === 'directory' && (path.startsWith(`${to}/`) || path.startsWith(`${from}/`));
}

/** `added file a b` to `a b`. */
function pathOf(line: string): string {
  return line.split(' ').slice(2).join(' ');
}

/** The tree that changes make of another; the mode of a directory is taken from the result. */
export function applied(base: Tree, changes: Iterable<Change>, result: Tree): Tree {
  const all = [...changes];
  const moves = all.filter(({ kind, from }) => from !== undefined && kind !== 'copied');
  const lines = moves
    .filter(({ kind, what }) => kind === 'moved' || what !== 'directory')
    .filter(({ kind, within }) => kind === 'moved' || within === undefined)
    .map(({ from, path, what }) => (what === 'directory' ? line(from!, path) : { from: from!, to: path }));
  const facts = factsOf(lines, base, result);
  const gone = new Set(all.filter(({ kind }) => kind === 'removed').map(({ path }) => path as string));
  const tree = new Map<string, Thing>();
  const arrivals: [string, Thing][] = [];
  for (const [path, thing] of base) {
    const to = gone.has(path) ? undefined : facts.forwards(path as RepositoryPath);
    if (to !== undefined && facts.backwards(to) === path) arrivals.push([to, thing]);
    else if (to === undefined && !gone.has(path)) tree.set(path, thing);
    // A folder whose missing files nobody confirmed is still recorded where it was.
    if (to !== undefined && thing.kind === 'directory' && result.get(path)?.kind === 'directory') {
      tree.set(path, thing);
    }
  }
  for (const [path, thing] of arrivals) tree.set(path, thing);
  for (const { kind, path, what, after } of all) {
    if (kind === 'removed') continue;
    if (what === 'directory') tree.set(path, result.get(path)!);
    else if (after !== undefined) tree.set(path, fixture.thingOf(after));
  }
  return tree;
}

function line(from: string, to: string): { from: string; to: string } {
  return { from: `${from}/`, to: `${to}/` };
}
