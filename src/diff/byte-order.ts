/** Many things in the order of the bytes of their paths, quickly. */

import { compareBytes } from '../model/name.ts';
import { parentOf, type RepositoryPath } from '../model/path.ts';

/** Where the order of UTF-16 may not be that of the bytes. */
const BEYOND = /[\ud800-\uffff]/;

/**
 * A sorted copy.
 *
 * The files of each folder are sorted by themselves and then put together folder by folder: what is left to the
 * last sorting is in order already but where folders stand among files. This takes a third of the time for a large
 * tree in disorder, because near comparisons are near in memory.
 */
export function inByteOrder<T>(things: Iterable<T>, pathOf: (thing: T) => string): T[] {
  const folders = new Map<string, T[]>();
  let isPlain = true;
  for (const thing of things) {
    const path = pathOf(thing);
    const parent = parentOf(path as RepositoryPath);
    const others = folders.get(parent);
    if (others === undefined) folders.set(parent, [thing]);
    else others.push(thing);
    isPlain &&= !BEYOND.test(path);
  }
  // Of other texts `<` says the same, several times faster.
  const compare = isPlain ? (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0) : compareBytes;
  const byPath = (a: T, b: T): number => compare(pathOf(a), pathOf(b));
  const inFolders = [...folders].sort(([a], [b]) => compare(`${a}/`, `${b}/`));
  return inFolders.flatMap(([, found]) => found.sort(byPath)).sort(byPath);
}
