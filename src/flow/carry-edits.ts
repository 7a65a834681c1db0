/** What somebody wrote about a thing and no commit has goes along when the index moves, and stays an edit. */

import { dirname, join } from 'node:path/posix';
import { makeDirectories } from '../store/directories.ts';
import { removeFile } from '../store/files.ts';
import { rulerOf } from '../text/ruler.ts';
import type { IndexEdit } from './index-edit.ts';
import type { Look } from './look.ts';

export interface Carried {
  /** To be called when the index stands at the new place of everything. */
  readonly carry: () => void;
  /** Where they stand before, below `index/`. */
  readonly texts: ReadonlySet<string>;
}

/** Texts that are edited stay at their old place, beside no manifest, until they are carried. */
export function carryEdits({ repository, texts }: Look, edit: IndexEdit): Carried {
  const { context, layout } = repository;
  const moves: { readonly from: string; readonly to: string; readonly isRemoved: boolean }[] = [];
  for (const { path, current } of texts.edited) {
    const to = edit.placeAfter(path);
    if (to !== undefined && to !== path && rulerOf(path) === 'person')
      moves.push({ from: path, to, isRemoved: current === undefined });
  }
  const carry = (): void => {
    for (const { from, to, isRemoved } of moves) {
      if (isRemoved) {
        removeFile(context.disk, join(layout.index, to));
        continue;
      }
      makeDirectories(context.disk, join(layout.index, dirname(to)));
      context.disk.rename(join(layout.index, from), join(layout.index, to));
    }
  };
  return { carry, texts: new Set(moves.map(({ from }) => from)) };
}
