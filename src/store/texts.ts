/** Any version of any text, from the commits alone: what stands in `index/` is never taken on trust. */

import type { CommitId, ContentId } from '../model/id.ts';
import type { Commits } from './commits.ts';
import { firstParents } from './history.ts';
import { follow } from './index-ids.ts';
import { historyContradicts } from './problems.ts';
import { headersOf, replay, traceTexts } from './trace.ts';

export { changesBetween } from './between.ts';

/** The ids of all texts at a commit; refuses ('damage') a history that contradicts itself. */
export function recordedIds(commits: Commits, at: CommitId | undefined): Map<string, ContentId> {
  const ids = new Map<string, ContentId>();
  for (const commit of chainTo(commits, at)) {
    for (const header of headersOf(commits, commit)) {
      if (!follow(ids, header)) throw historyContradicts(commit, header.path);
    }
  }
  return ids;
}

/** The texts of these paths at a commit; undefined where there is none. Memory is that of the texts asked for. */
export function textsAt(
  commits: Commits,
  at: CommitId | undefined,
  paths: ReadonlySet<string>,
): Map<string, string | undefined> {
  const texts = replay(commits, traceTexts(commits, at, paths), paths);
  const result = new Map<string, string | undefined>();
  for (const path of paths) result.set(path, texts.get(path));
  return result;
}

/** The ids of these paths at a commit; undefined where there is no text. Reads back no further than it must. */
export function idsAt(
  commits: Commits,
  at: CommitId | undefined,
  paths: Iterable<string>,
): Map<string, ContentId | undefined> {
  const ids = new Map<string, ContentId | undefined>();
  let names = new Map<string, string>();
  for (const path of paths) names.set(path, path);
  for (const asked of names.values()) ids.set(asked, undefined);
  for (const { id } of firstParents(commits, at)) {
    if (names.size === 0) break;
    const earlier: [name: string, asked: string][] = [];
    for (const { path, from, newId } of headersOf(commits, id)) {
      const asked = names.get(path);
      if (asked !== undefined) ids.set(asked, newId);
      // A rename that leaves the text as it is says no ids.
      if (asked !== undefined && from !== undefined && newId === undefined) earlier.push([from, asked]);
      names.delete(path);
      if (from !== undefined) names.delete(from);
    }
    names = new Map([...names, ...earlier]);
  }
  return ids;
}

function chainTo(commits: Commits, at: CommitId | undefined): CommitId[] {
  return Array.from(firstParents(commits, at), ({ id }) => id).reverse();
}
