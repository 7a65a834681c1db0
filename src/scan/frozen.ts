/** Which cached directories could not be looked at, themselves or one above: all of them stay as they are recorded. */

import type { Table } from './table.ts';
import { FROZEN } from './walk.ts';

/** 1 for each such directory, by row; `marks` are those of a walk. */
export function frozenRows(cached: Table, marks: Uint8Array): Uint8Array {
  const frozen = new Uint8Array(cached.directories);
  if (!marks.includes(FROZEN)) return frozen;
  const { parent } = cached.columns;
  // Parents come before their children.
  for (let row = 0; row < cached.directories; row++) {
    frozen[row] = marks[row] === FROZEN || (row > 0 && frozen[parent[row]!] === 1) ? 1 : 0;
  }
  return frozen;
}
