/** The one value that says what all texts of an index are. */

import { hexOf, newHasher, type Hasher } from '../disk/blake3.ts';
import type { ContentId } from '../model/id.ts';

let hasher: Hasher | undefined;
const CHUNK = 1 << 16;

/** The digest of an index: BLAKE3 of a line `ID  PATH` for each text, sorted by path. */
export function digestOf(texts: Iterable<{ readonly path: string; readonly id: ContentId }>): ContentId {
  hasher ??= newHasher();
  let lines = '';
  for (const { path, id } of texts) {
    lines += `${id}  ${path}\n`;
    if (lines.length < CHUNK) continue;
    hasher.update(Buffer.from(lines));
    lines = '';
  }
  hasher.update(Buffer.from(lines));
  return hexOf(hasher.digest());
}
