/** What happens to an edit of a text that the commits rule: it is kept aside and undone. */

import { dirname, join } from 'node:path/posix';
import { digest } from '../disk/blake3.ts';
import type { Disk } from '../disk/disk.ts';
import {
  discardTree,
  makeDirectories,
  makeScratch,
  removeEmptyDirectories,
  removeTree,
} from './directories.ts';
import { createFile, moveFile, readBytes, removeFile } from './files.ts';
import { LONGEST_TEXT, placesIn } from './index-places.ts';
import type { Layout } from './layout.ts';
import { notADirectory } from './problems.ts';

/**
 * Puts the recorded text (undefined: none) in the place of what stands at a path below `index/`, and gives the path
 * where that is kept now, relative to `local/edited/`; undefined where nothing stood there.
 */
export function undoEdit(
  disk: Disk,
  layout: Layout,
  path: string,
  recorded: string | undefined,
): string | undefined {
  const place = join(layout.index, path);
  if (placesIn(disk, layout.index).kindOf(dirname(path)) === 'other') throw notADirectory(dirname(place));
  const edited = readBytes(disk, place, LONGEST_TEXT);
  const kept = edited && keep(disk, layout, path, edited);
  if (recorded === undefined) {
    removeFile(disk, place, { durable: true });
    removeEmptyDirectories(disk, dirname(place), layout.index);
  } else {
    put(disk, layout, place, recorded);
  }
  return kept;
}

/** Equal edits are kept once. */
function keep(disk: Disk, layout: Layout, path: string, edited: Uint8Array): string {
  const name = `${path}.${digest(edited).slice(0, 8)}`;
  put(disk, layout, join(layout.edited, name), edited);
  return name;
}

/** Written where leftovers are cleared away, not beside its place: nothing of dbk's may stand among the texts. */
function put(disk: Disk, layout: Layout, path: string, content: Uint8Array | string): void {
  const scratch = makeScratch(disk, layout.scratch);
  const aside = join(scratch, 'text');
  try {
    createFile(disk, aside, content, { durable: true });
    makeDirectories(disk, dirname(path), { durable: true });
    moveFile(disk, aside, path, { durable: true });
    removeTree(disk, scratch);
  } catch (error) {
    discardTree(disk, scratch);
    throw error;
  }
}
