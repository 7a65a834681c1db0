/** Where contents were seen last: in one pass over the sizes, comparing hashes only where a size fits. */

import { hexOf } from '../disk/blake3.ts';
import type { ContentId } from '../model/id.ts';
import type { Name } from '../model/name.ts';
import * as T from './table.ts';

/** A file, by the row of its directory and its name. */
export interface Place {
  readonly row: number;
  readonly name: Name;
  readonly content: ContentId;
}

/** Every cached file that has one of these contents (and their sizes), in the order of rows. */
export function* placesOf(
  cached: T.Table,
  loadHashes: () => Uint8Array | undefined,
  wanted: ReadonlyMap<ContentId, number>,
): Generator<Place> {
  const sizes = new Set(wanted.values());
  const { size, flags, firstEntry, entryCount } = cached.columns;
  let hashes: Uint8Array | undefined;
  for (let row = 0; row < cached.directories; row++) {
    const first = firstEntry[row]!;
    for (let entry = first; entry < first + entryCount[row]!; entry++) {
      if (!sizes.has(size[entry]!) || (flags[entry]! & (T.HASHED | T.SUSPECT_ENTRY)) !== T.HASHED) continue;
      hashes ??= loadHashes();
      if (hashes === undefined) return;
      const content = hexOf(hashes.subarray(entry * 32, entry * 32 + 32));
      if (wanted.has(content)) yield { row, name: T.namesOf(cached, row)[entry - first + 1]!, content };
    }
  }
}
