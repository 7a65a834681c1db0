/** Writes `index/` again from the commits, where it is gone as a whole: that is damage, and no edit of each text. */

import { dirname } from 'node:path/posix';
import type { Problem } from '../model/problem.ts';
import { makeDirectories } from '../store/directories.ts';
import { replaceFile } from '../store/files.ts';
import { recordedIds, textsAt } from '../store/texts.ts';
import * as say from './problems.ts';
import type { Repository } from './repository.ts';

/** How many texts are held at a time. */
const BATCH = 4096;

export function isIndexGone({ commits, context, layout }: Repository): boolean {
  return context.disk.lstat(layout.index) === undefined && commits.readHead() !== undefined;
}

/** To be called with the lock held; tells that it was done. */
export function restoreIndex({ commits, context, layout }: Repository): Problem[] {
  const { disk } = context;
  const head = commits.readHead()!;
  const paths = [...recordedIds(commits, head).keys()];
  // Aside first: a rebuilding that is broken off leaves nothing that could pass for edits.
  const aside = `${layout.scratch}/index`;
  makeDirectories(disk, aside);
  for (let from = 0; from < paths.length; from += BATCH) {
    for (const [path, text] of textsAt(commits, head, new Set(paths.slice(from, from + BATCH)))) {
      makeDirectories(disk, dirname(`${aside}/${path}`));
      replaceFile(disk, `${aside}/${path}`, text ?? '');
    }
  }
  disk.flushVolume(aside);
  disk.rename(aside, layout.index);
  return [say.indexRestored(paths.length)];
}
