/** What has to hold of every commit with moves, however they came about: read with nothing but the format's words. */

import assert from 'node:assert/strict';
import { digest } from '../../src/disk/blake3.ts';
import { MoveFacts } from '../../src/diff/move-facts.ts';
import type { Repository } from '../../src/flow/repository.ts';
import type { Move } from '../../src/model/commit.ts';
import type { CommitId } from '../../src/model/id.ts';
import { compareBytes } from '../../src/model/name.ts';
import type { RepositoryPath } from '../../src/model/path.ts';
import { firstParents } from '../../src/store/history.ts';
import { patchOf } from '../../src/store/trace.ts';
import { applyStanza } from '../../src/text/patch-apply.ts';
import * as fixture from './fixture.ts';

/** `a → b inode`, as the commit says it. */
export function movedOf({ commits }: Repository, id = commits.readHead()!): string[] {
  return commits.readCommit(id).moved.map(wordsOfMove);
}

export function wordsOfMove({ from, to, by }: Move): string {
  return `${from} → ${to} ${by}`;
}

/**
 * A commit's `moved:` and its changes explain every path once: what was there before stayed, went where `moved:`
 * says, or was removed; what is there now stayed, came from where it says, or was added; and `summary:` counts that.
 */
export function checkExplained(repository: Repository, id: CommitId): void {
  const { commits } = repository;
  const { moved, parents, summary } = commits.readCommit(id);
  const parent = parents[0];
  const before: fixture.Tree = parent === undefined ? new Map() : fixture.treeAt(repository, parent);
  const after = fixture.treeAt(repository, id);
  checkLines(moved, before, after);
  // Of files and links; a folder that stands where a line would put one of them is something else.
  const holds = (tree: fixture.Tree, path: string): boolean =>
    tree.has(path) && tree.get(path)!.kind !== 'directory';
  const facts = new MoveFacts(moved, {
    wasThere: (path) => holds(before, path),
    isThere: (path) => holds(after, path),
  });
  const went = new Map<string, string>();
  for (const [path, thing] of before) {
    const to = facts.forwards(path as RepositoryPath);
    if (to === undefined || thing.kind === 'directory') continue;
    assert.ok(after.has(to), `${path} went to ${to}, where nothing is`);
    assert.notEqual(after.get(to)!.kind, 'directory', `${path} is the folder ${to} now`);
    assert.equal(facts.backwards(to), path, `${to} came from where it went from`);
    went.set(path, to);
  }
  const came = new Set(went.values());
  assert.equal(came.size, went.size, 'no two went to one place');
  const counts = { added: 0, changed: 0, moved: came.size, removed: 0, metadata: summary.metadata };
  for (const [path, thing] of after) {
    const from = facts.backwards(path as RepositoryPath);
    if (thing.kind === 'directory') continue;
    assert.equal(from !== undefined, came.has(path), `${path} came from where it went from`);
    if (from !== undefined) continue;
    const old = before.get(path);
    if (old === undefined || old.kind === 'directory') counts.added++;
    else if (JSON.stringify(old) !== JSON.stringify(thing)) counts.changed++;
    assert.ok(!went.has(path) || came.has(path), `${path} is still there, so it is no source`);
  }
  for (const [path, thing] of before) {
    if (thing.kind === 'directory' || went.has(path)) continue;
    const now = after.get(path);
    if (now === undefined || now.kind === 'directory') counts.removed++;
  }
  assert.deepEqual({ ...summary }, counts, 'the summary');
}

/** The order and the words of section 8. */
function checkLines(moved: readonly Move[], before: fixture.Tree, after: fixture.Tree): void {
  const sorted = [...moved].sort((a, b) => compareBytes(a.to, b.to) || compareBytes(a.from, b.from));
  assert.deepEqual(moved, sorted, 'sorted by to, then from');
  assert.equal(new Set(moved.map(({ from }) => from)).size, moved.length, 'each from stands once');
  const targets = moved.map(({ to }) => to).filter((to) => !to.endsWith('/'));
  assert.equal(new Set(targets).size, targets.length, 'each to that is no folder stands once');
  for (const { from, to } of moved) {
    assert.equal(from.endsWith('/'), to.endsWith('/'), `${from} and ${to}`);
    const isFolder = to.endsWith('/');
    const kind = (tree: fixture.Tree, path: string): boolean | undefined => {
      const thing = tree.get(isFolder ? path.slice(0, -1) : path);
      return thing && (thing.kind === 'directory') === isFolder;
    };
    if (from !== to) assert.equal(kind(before, from), true, `${from} was recorded`);
    if (from !== to) assert.equal(kind(after, to), true, `${to} is there`);
  }
}

/** Patches along first parents, from nothing, with our own applier: `index/` byte for byte. */
export function checkPatches({ commits, layout }: Repository): void {
  const chain = [...firstParents(commits, commits.readHead())].reverse();
  let texts = new Map<string, string>();
  for (const { id } of chain) {
    const next = new Map(texts);
    const came = new Map<string, string>();
    for (const stanza of patchOf(commits, id)) {
      const old = stanza.from ?? stanza.path;
      const now = applyStanza(stanza, texts.get(old), digest);
      if (stanza.from !== undefined) {
        assert.ok(!texts.has(stanza.path), `${stanza.path} was free`);
        assert.ok(!came.has(stanza.from), `${stanza.from} is gone`);
      }
      next.delete(old);
      if (now !== undefined) came.set(stanza.path, now);
    }
    for (const [path, text] of came) next.set(path, text);
    texts = next;
  }
  const sorted = (all: ReadonlyMap<string, string>): [string, string][] =>
    [...all].filter(([path]) => !path.endsWith('/')).sort(([a], [b]) => compareBytes(a, b));
  assert.deepEqual(sorted(texts), sorted(fixture.textsIn(layout.index)), 'index/ from the patches');
}
