/** In which order the commits of a history are told: newest first, and none before one that follows it. */

import type { Commit } from '../model/commit.ts';
import type { CommitId } from '../model/id.ts';
import type { Commits } from './commits.ts';

export interface CommitInHistory {
  readonly id: CommitId;
  readonly commit: Commit;
}

/** What is kept of a commit that waits for its turn. */
interface Waiting {
  readonly id: CommitId;
  readonly time: number;
  readonly parents: readonly CommitId[];
  /** How many commits that follow it were not told yet. */
  followers: number;
}

/**
 * A commit and all that it came from, each once, newest first by date; a parent after all its children, whatever
 * the dates say. A history without merges is read as it is told; from the first merge on the rest is read ahead.
 */
export function* history(commits: Commits, from: CommitId | undefined): Generator<CommitInHistory> {
  for (let id = from; id !== undefined;) {
    const commit = commits.readCommit(id);
    if (commit.parents.length > 1) return yield* sorted(commits, id);
    yield { id, commit };
    id = commit.parents[0];
  }
}

/** The first parents of a commit, beginning with itself. */
export function* firstParents(commits: Commits, from: CommitId | undefined): Generator<CommitInHistory> {
  for (let id = from; id !== undefined;) {
    const commit = commits.readCommit(id);
    yield { id, commit };
    id = commit.parents[0];
  }
}

/** The nearest commit that both come from along first parents; undefined where there is none. */
export function forkOf(
  commits: Commits,
  a: CommitId | undefined,
  b: CommitId | undefined,
): CommitId | undefined {
  const sides = [a, b].map((from) => ({ chain: firstParents(commits, from), seen: new Set<CommitId>() }));
  for (let ended = 0; ended < sides.length;) {
    ended = 0;
    for (const [i, { chain, seen }] of sides.entries()) {
      const step = chain.next();
      if (step.done) {
        ended++;
        continue;
      }
      if (sides[1 - i]!.seen.has(step.value.id)) return step.value.id;
      seen.add(step.value.id);
    }
  }
  return undefined;
}

/** The first parents of a commit, beginning with itself, up to one that is not told any more. */
export function firstParentsTo(
  commits: Commits,
  from: CommitId | undefined,
  end: CommitId | undefined,
): CommitId[] {
  const ids: CommitId[] = [];
  for (const { id } of firstParents(commits, from)) {
    if (id === end) break;
    ids.push(id);
  }
  return ids;
}

function* sorted(commits: Commits, from: CommitId): Generator<CommitInHistory> {
  const graph = readGraph(commits, from);
  const ready = [graph.get(from)!];
  for (let next = ready.pop(); next !== undefined; next = ready.pop()) {
    yield { id: next.id, commit: commits.readCommit(next.id) };
    for (const id of new Set(next.parents)) {
      const parent = graph.get(id)!;
      if (--parent.followers === 0) insert(ready, parent);
    }
  }
}

function readGraph(commits: Commits, from: CommitId): ReadonlyMap<CommitId, Waiting> {
  const graph = new Map<CommitId, Waiting>();
  const unread = [from];
  for (let id = unread.pop(); id !== undefined; id = unread.pop()) {
    if (graph.has(id)) continue;
    const { parents, date } = commits.readCommit(id);
    graph.set(id, { id, time: Date.parse(date), parents, followers: 0 });
    unread.push(...parents);
  }
  for (const { parents } of graph.values()) for (const id of new Set(parents)) graph.get(id)!.followers++;
  return graph;
}

/** Keeps a list sorted so that the newest is the last; few commits are ready at a time. */
function insert(ready: Waiting[], commit: Waiting): void {
  let at = ready.length;
  while (at > 0 && isBefore(commit, ready[at - 1]!)) at--;
  ready.splice(at, 0, commit);
}

function isBefore(a: Waiting, b: Waiting): boolean {
  return a.time === b.time ? a.id < b.id : a.time < b.time;
}
