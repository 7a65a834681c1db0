/** Where two histories met last. */

import type { CommitId } from '../model/id.ts';
import { compareBytes } from '../model/name.ts';
import type { Commits } from './commits.ts';
import { history } from './history.ts';

/**
 * The best common ancestors of two commits: those that no other common one came from, in the order of their ids;
 * several where histories cross, none where they have nothing in common.
 */
export function mergeBases(commits: Commits, a: CommitId, b: CommitId): CommitId[] {
  if (a === b) return [a];
  const ofA = ancestorsOf(commits, a);
  if (ofA.has(b)) return [b];
  const ofB = ancestorsOf(commits, b);
  if (ofB.has(a)) return [a];
  const best = new Set<CommitId>();
  const behind = new Set<CommitId>();
  // A history tells every commit before those that it came from, so the first one met is behind no other.
  for (const [id, parents] of ofB) {
    if (behind.has(id)) for (const parent of parents) behind.add(parent);
    else if (ofA.has(id)) {
      best.add(id);
      for (const parent of parents) behind.add(parent);
    }
  }
  return [...best].sort(compareBytes);
}

/** With their parents, each before those that it came from. */
function ancestorsOf(commits: Commits, from: CommitId): ReadonlyMap<CommitId, readonly CommitId[]> {
  const found = new Map<CommitId, readonly CommitId[]>();
  for (const { id, commit } of history(commits, from)) found.set(id, commit.parents);
  return found;
}
