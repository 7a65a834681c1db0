/**
 * The texts of a commit from those of another one that are at hand: back through the patches to where the two histories
 * part, and forth from there. So what a text was long before is not read again.
 */

import type { CommitId } from '../model/id.ts';
import type { Commits } from './commits.ts';
import { firstParentsTo, forkOf } from './history.ts';
import { applyOf, headersOf, patchOf, revertOf, traceThrough, type Trace } from './trace.ts';

/** All texts that are recorded at a commit. */
export interface AtHand {
  readonly commit: CommitId;
  readonly text: (path: string) => string | undefined;
}

/** So many are held at a time. */
const MOST = 4096;

/**
 * The texts of these paths at a commit, each that is there; undefined where another way is better: they are very many,
 * or the histories do not meet.
 */
export function textsFrom(
  commits: Commits,
  hand: AtHand,
  at: CommitId | undefined,
  paths: readonly string[],
): ReadonlyMap<string, string> | undefined {
  if (at === undefined || paths.length > MOST) return undefined;
  const fork = forkOf(commits, hand.commit, at);
  if (fork === undefined) return undefined;
  const forth = traceThrough(commits, firstParentsTo(commits, at, fork), paths);
  const since = firstParentsTo(commits, hand.commit, fork).reverse();
  const back = forwardTo(commits, since, [...forth.names.keys()]);
  const texts = new Map<string, string>();
  const set = (name: string, text: string | undefined): void => {
    if (text === undefined) texts.delete(name);
    else texts.set(name, text);
  };
  for (const [path, name] of back.names) set(name, hand.text(path));
  for (const { commit, touched } of [...back.trace].reverse())
    for (const stanza of patchOf(commits, commit, false)) {
      const name = touched.get(stanza.path);
      if (name !== undefined) set(name, revertOf(commits, commit, stanza, texts.get(name)));
    }
  const found = new Map(
    [...forth.names].flatMap(([name, path]) => (texts.has(name) ? [[path, texts.get(name)!]] : [])),
  );
  for (const { commit, touched } of forth.trace)
    for (const stanza of patchOf(commits, commit, false)) {
      const path = touched.get(stanza.path);
      if (path === undefined) continue;
      const text = applyOf(commits, commit, stanza, stanza.kind === 'new' ? undefined : found.get(path));
      if (text === undefined) found.delete(path);
      else found.set(path, text);
    }
  return found;
}

interface Followed {
  /** The oldest step first. */
  readonly trace: Trace;
  /** The paths at the far end, and what each was called where it was asked for. */
  readonly names: ReadonlyMap<string, string>;
}

/** What texts are called after these commits; those that they took away have no name there. */
function forwardTo(commits: Commits, chain: readonly CommitId[], paths: readonly string[]): Followed {
  const trace: { commit: CommitId; touched: Map<string, string> }[] = [];
  const names = new Map(paths.map((path) => [path, path]));
  for (const commit of chain) {
    const touched = new Map<string, string>();
    const later: [string, string][] = [];
    for (const { kind, path, from = path } of headersOf(commits, commit)) {
      const asked = kind === 'new' ? undefined : names.get(from);
      if (asked === undefined) continue;
      touched.set(path, asked);
      names.delete(from);
      if (kind !== 'deleted') later.push([path, asked]);
    }
    for (const [name, asked] of later) names.set(name, asked);
    if (touched.size > 0) trace.push({ commit, touched });
  }
  return { trace, names };
}
