/** Hashers for contents that come in pieces, used again and again: there may be few, and new ones leave memory behind. */

import { hexOf, newHasher, type Hasher } from '../disk/blake3.ts';
import type { ContentId } from '../model/id.ts';

export interface Hashers {
  take(): Hasher;
  /** The id of what a hasher was given; it may then be taken again. */
  giveBack(hasher: Hasher): ContentId;
}

export function hashers(): Hashers {
  const idle: Hasher[] = [];
  return {
    take: () => idle.pop() ?? newHasher(),
    giveBack: (hasher) => {
      const id = hexOf(hasher.digest());
      idle.push(hasher);
      return id;
    },
  };
}
