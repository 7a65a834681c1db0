/** Repositories that commit and pull from each other, at the level of trees. */

import { digest } from '../../src/disk/blake3.ts';
import { mergeTrees } from '../../src/merge/tree.ts';
import { compareBytes } from '../../src/model/name.ts';
import { literalOf, manifestsOf, sideOf, stateOf, stateOfManifests, type LiteralState } from './trees.ts';

export interface Commit {
  readonly id: string;
  readonly parents: readonly Commit[];
  readonly state: LiteralState;
  /** All it came from, itself included. */
  readonly history: ReadonlyMap<string, Commit>;
  /** How many there were when it was made. */
  readonly conflicts: number;
}

/** The same id for the same parents and tree, whoever makes it. */
export function commitOf(parents: readonly Commit[], state: LiteralState, conflicts = 0): Commit {
  const tree = Object.entries(literalOf(state.all)).map(([path, content]) => `${path}\0${content}`);
  const id = digest([...parents.map((parent) => parent.id), ...tree].join('\0\0'));
  const history = new Map(parents.flatMap((parent) => [...parent.history]));
  const commit = { id, parents, state, history, conflicts };
  history.set(id, commit);
  return commit;
}

/** What a repository that has `ours` has after it pulled `theirs`. */
export function pulled(ours: Commit, theirs: Commit): Commit {
  if (ours.history.has(theirs.id)) return ours;
  if (theirs.history.has(ours.id)) return theirs;
  return mergeOf(ours, theirs);
}

/** The merge of two commits, which does not ask who made it. */
function mergeOf(one: Commit, other: Commit): Commit {
  const parents = [one, other].sort((a, b) => compareBytes(a.id, b.id));
  const [ours, theirs] = parents as [Commit, Commit];
  const { base, isJoined } = baseOf(ours, theirs);
  const question = {
    base,
    isJoined,
    ours: sideOf(base, ours.state),
    theirs: sideOf(base, theirs.state),
    wholeTypes: new Set<string>(),
  };
  const merged = mergeTrees(question, digest);
  return commitOf(parents, stateOfManifests(manifestsOf(base, merged)), merged.conflicts.length);
}

/** Several bases are merged first, in the order of their ids. */
function baseOf(ours: Commit, theirs: Commit): { readonly base: LiteralState; readonly isJoined: boolean } {
  const common = [...ours.history.values()].filter(({ id }) => theirs.history.has(id));
  const best = common.filter(({ id }) => !common.some((it) => it.id !== id && it.history.has(id)));
  best.sort((a, b) => compareBytes(a.id, b.id));
  const [first, ...others] = best;
  const base = first === undefined ? stateOf({}) : others.reduce(mergeOf, first).state;
  return { base, isJoined: others.length > 0 };
}
