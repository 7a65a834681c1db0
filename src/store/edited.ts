/** What happens to an edit of a text that the commits rule: it is kept aside and undone. */

import { dirname, join } from 'node:path/posix';
import { digest } from '../disk/blake3.ts';
import type { Disk } from '../disk/disk.ts';
import { makeDirectories, removeEmptyDirectories } from './directories.ts';
import { createFile, readBytes, removeFile, replaceFile } from './files.ts';
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
    makeDirectories(disk, dirname(place), { durable: true });
    replaceFile(disk, place, recorded, { durable: true });
  }
  return kept;
}

/** Equal edits are kept once. */
function keep(disk: Disk, layout: Layout, path: string, edited: Uint8Array): string {
  const name = `${path}.${digest(edited).slice(0, 8)}`;
  const kept = join(layout.edited, name);
  makeDirectories(disk, dirname(kept), { durable: true });
  if (disk.lstat(kept) === undefined) createFile(disk, kept, edited, { durable: true });
  return name;
}
