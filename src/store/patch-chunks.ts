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
  check: ((found: ContentId) => void) | undefined,
): Generator<Uint8Array> {
  const hasher = check && hashers.take();
  let found: ContentId | undefined;
  try {
    for (const bytes of chunksOf(disk, path)) {
      hasher?.update(bytes);
      yield bytes;
    }
  } finally {
    found = hasher && hashers.giveBack(hasher);
  }
  if (found !== undefined) check?.(found);
}

function* chunksOf(disk: Disk, path: string): Generator<Uint8Array> {
  const fd = disk.openRead(path);
  try {
    const size = Number(disk.fstatExact(fd).size);
    const buffer = Buffer.allocUnsafe(Math.min(CHUNK, size + 1));
    for (;;) {
      const count = disk.read(fd, buffer, 0, buffer.length, null);
      if (count === 0) return;
      yield buffer.subarray(0, count);
    }
  } finally {
    disk.close(fd);
  }
}
