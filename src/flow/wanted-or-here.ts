/** What is wanted of what comes, and what was here and goes elsewhere: that comes along, whatever the rules say. */

import type { Moves } from '../diff/move-lookup.ts';
import { contentOf } from '../merge/entries.ts';
import type { DirectoryChange } from '../model/change.ts';
import { childOf, foldersAbove, nameOf, parentOf, type RepositoryPath } from '../model/path.ts';
import type { Held } from './held.ts';
import type { Wanted as Rules } from './wanted.ts';

/** What of a tree is wanted. */
export type Wanting = Pick<Rules, 'share' | 'takes'>;

/** What is between the head that was looked at and the one that is to come. */
export interface Coming {
  readonly changes: readonly DirectoryChange[];
  readonly moves: Pick<Moves, 'facts' | 'things'>;
  /** What was looked at is not recorded. */
  readonly isUnrecorded?: boolean;
}

/** What was here under another name goes where it is to go, wanted there or not: nothing is lost by a rule. */
export function wantedOrHere(wanted: Wanting, held: Held, { changes, moves }: Coming): Wanting {
  const here = new Set(placedElsewhere(held, changes));
  for (const { from, to } of moves.things)
    if (held.standing(parentOf(from.path), nameOf(from.path))?.entry !== undefined) here.add(to.path);
  const above = foldersAbove(here);
  return {
    share: (folder) => {
      const share = wanted.share(folder);
      return share === 'none' && above.has(folder) ? 'some' : share;
    },
    takes: (directory, name) => here.has(childOf(directory, name)) || wanted.takes(directory, name),
  };
}

/** New paths of contents that are here and give way: what is kept beside another version has not moved. */
function* placedElsewhere(held: Held, changes: readonly DirectoryChange[]): Generator<RepositoryPath> {
  const leaving = new Set<string>();
  for (const { path, before, after } of changes) {
    for (const name of before?.files.keys() ?? []) {
      const stood = held.standing(path, name)?.entry;
      const said = after?.files.get(name);
      const stays = stood === undefined || (said !== undefined && contentOf(said) === contentOf(stood));
      if (!stays) leaving.add(contentOf(stood));
    }
  }
  if (leaving.size === 0) return;
  for (const { path, before, after } of changes)
    for (const [name, entry] of after?.files ?? [])
      if (before?.files.has(name) !== true && leaving.has(contentOf(entry))) yield childOf(path, name);
}
