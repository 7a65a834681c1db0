/** What is different between the texts of two commits, however far apart and whether related or not. */

import type { TextChange } from '../model/change.ts';
import type { CommitId } from '../model/id.ts';
import { compareBytes } from '../model/name.ts';
import type { Commits } from './commits.ts';
import { firstParentsTo, forkOf } from './history.ts';
import { textsFrom, type AtHand } from './texts-at-hand.ts';
import { headersOf, replayEach, traceTexts } from './trace.ts';

/**
 * What is known of a text without reading it, as a string that is equal only for equal texts: its id; ABSENT; or
 * FORK and a path, for the text which that path has where the two histories meet, whatever that is.
 */
type State = string;

const ABSENT: State = '';
const FORK = '/';
/** How many texts of each side are held at a time. */
const BATCH = 4096;

/**
 * The texts that differ, sorted by path. undefined is the state before the first commit.
 *
 * Both are followed along first parents to where they meet; what no commit after that touched is equal and not
 * looked at. A rename shows as a text that is gone and one that came. Texts that are at hand spare reading old patches.
 */
export function* changesBetween(
  commits: Commits,
  before: CommitId | undefined,
  after: CommitId | undefined,
  hand?: AtHand,
): Generator<TextChange> {
  const fork = forkOf(commits, before, after);
  const atFork = new Map<string, State>();
  const olds = statesSince(commits, fork, before, atFork);
  const news = statesSince(commits, fork, after, atFork);
  const oldOf = (path: string): State => settled(atFork, olds.get(path) ?? FORK + path);
  const newOf = (path: string): State => settled(atFork, news.get(path) ?? FORK + path);
  const paths = [...new Set([...olds.keys(), ...news.keys()])]
    .filter((path) => oldOf(path) !== newOf(path))
    .sort(compareBytes);

  const oldTexts = textsInOrder(commits, before, paths, (path) => oldOf(path) !== ABSENT, hand);
  const newTexts = textsInOrder(commits, after, paths, (path) => newOf(path) !== ABSENT, hand);
  try {
    for (const path of paths) {
      const change = { path, before: next(oldTexts), after: next(newTexts) };
      if (change.before !== change.after) yield change;
    }
  } finally {
    // Whoever stops in between leaves nothing open.
    oldTexts.return(undefined);
    newTexts.return(undefined);
  }
}

/** The states of the texts that a side touched after the fork; fills in what its patches tell of the fork. */
function statesSince(
  commits: Commits,
  fork: CommitId | undefined,
  tip: CommitId | undefined,
  atFork: Map<string, State>,
): Map<string, State> {
  const states = new Map<string, State>();
  for (const id of firstParentsTo(commits, tip, fork).reverse()) {
    for (const { kind, path, from = path, oldId, newId } of headersOf(commits, id)) {
      const old = states.get(from) ?? FORK + from;
      if ((kind === 'new' || kind === 'renamed') && !states.has(path)) atFork.set(path, ABSENT);
      if (old.startsWith(FORK) && oldId !== undefined) atFork.set(old.slice(FORK.length), oldId);
      if (kind === 'renamed') states.set(from, ABSENT);
      states.set(path, kind === 'deleted' ? ABSENT : (newId ?? old));
    }
  }
  return states;
}

function settled(atFork: ReadonlyMap<string, State>, state: State): State {
  return state.startsWith(FORK) ? (atFork.get(state.slice(FORK.length)) ?? state) : state;
}

function next(texts: Generator<string | undefined>): string | undefined {
  return texts.next().value as string | undefined;
}

/** The text of each path at a commit, undefined where it has none. */
function* textsInOrder(
  commits: Commits,
  at: CommitId | undefined,
  paths: readonly string[],
  isThere: (path: string) => boolean,
  hand: AtHand | undefined,
): Generator<string | undefined> {
  const near = hand && textsFrom(commits, hand, at, paths.filter(isThere));
  if (near !== undefined) {
    for (const path of paths) yield near.get(path);
    return;
  }
  yield* replayEach(commits, traceTexts(commits, at, paths.filter(isThere)), paths, BATCH);
}
