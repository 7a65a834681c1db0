/** What a list given with `--files-from` names. */

import type { Name } from '../model/name.ts';
import { nameOfBytes } from '../model/name.ts';

const LINE_FEED = 10;

/**
 * The paths in a list, each any bytes; empty ones are left out.
 *
 * With `nul` a path ends with NUL and may hold line feeds; else it ends with a line feed, and a carriage return
 * belongs to the name.
 */
export function pathsInList(list: Uint8Array, nul: boolean): Name[] {
  const separator = nul ? 0 : LINE_FEED;
  const paths: Name[] = [];
  for (let start = 0; start < list.length;) {
    const found = list.indexOf(separator, start);
    const end = found === -1 ? list.length : found;
    if (end > start) paths.push(nameOfBytes(list.subarray(start, end)));
    start = end + 1;
  }
  return paths;
}
