/** How a patch is read: in pieces, hashed on the way. */

import type { Disk } from '../disk/disk.ts';
import type { ContentId } from '../model/id.ts';
import type { Hashers } from './hashers.ts';

const CHUNK = 1 << 20;

/** The bytes of a file, each chunk overwritten by the next; `check` is told their id once all were taken. */
export function* readChunks(
  disk: Disk,
  path: string,
  hashers: Hashers,
  check: (found: ContentId) => void,
): Generator<Uint8Array> {
  const fd = disk.openRead(path);
  const hasher = hashers.take();
  let found: ContentId | undefined;
  try {
    const size = Number(disk.fstatExact(fd).size);
    const buffer = Buffer.allocUnsafe(Math.min(CHUNK, size + 1));
    for (;;) {
      const count = disk.read(fd, buffer, 0, buffer.length, null);
      if (count === 0) break;
      const bytes = buffer.subarray(0, count);
      hasher.update(bytes);
      yield bytes;
    }
  } finally {
    found = hashers.giveBack(hasher);
    disk.close(fd);
  }
  check(found);
}
