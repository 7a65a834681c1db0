/** Whose a text of a side is: what conflicts of its values are labelled with (../merge/README.md, "Labels"). */

import type { CommitId } from '../model/id.ts';
import { compareBytes } from '../model/name.ts';
import type { SideOfText } from '../merge/means.ts';
import type { Commits } from '../store/commits.ts';
import { headersOf } from '../store/trace.ts';
import { ancestorsOf, type Point } from './join-points.ts';

/** What a merge that nobody decided is made by: it has changed nothing itself. */
export const MERGER = 'merge';

export type LabelOf = (path: string) => SideOfText;

/**
 * The repository and the id of the newest commit of a side, since the base, that changed a text; by date, then by
 * id. Where none did, those of the side's newest. History is read when the first label is asked for.
 */
export function labelsOf(commits: Commits, base: Point, side: Point): LabelOf {
  let known: ReadonlyMap<string, SideOfText> | undefined;
  return (path) => {
    known ??= newestOf(commits, base, side);
    return known.get(path) ?? known.get('') ?? { repository: MERGER, id: side.tips[0] ?? '' };
  };
}

function newestOf(commits: Commits, base: Point, side: Point): ReadonlyMap<string, SideOfText> {
  const known = ancestorsOf(commits, base.tips);
  const own = [...ancestorsOf(commits, side.tips).keys()]
    .filter((id) => !known.has(id))
    .map((id) => ({ id, ...dateOf(commits, id) }))
    .filter(({ repository }) => repository !== MERGER)
    .sort((a, b) => b.time - a.time || compareBytes(b.id, a.id));
  const found = new Map<string, SideOfText>();
  for (const { id, repository } of own) {
    const label = { repository, id };
    if (!found.has('')) found.set('', label);
    for (const { path, from } of headersOf(commits, id))
      for (const each of from === undefined ? [path] : [path, from])
        if (!found.has(each)) found.set(each, label);
  }
  return found;
}

function dateOf(commits: Commits, id: CommitId): { readonly repository: string; readonly time: number } {
  const { repository, date } = commits.readCommit(id);
  return { repository, time: Date.parse(date) };
}
