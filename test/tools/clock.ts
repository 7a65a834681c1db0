/** A disk whose clock is ahead of its files, so that what was written a moment ago seems old. */

import type { Disk } from '../../src/disk/disk.ts';

/** Where a scan reads the volume's clock (src/scan/volume.ts). */
const STAMP = '/.dbk/local/stamp';

/** Passes all on to `disk`; what it says of a stamp file's time is `ahead` milliseconds later. */
export function clockAhead(disk: Disk, ahead: () => number): Disk {
  return {
    ...disk,
    lstat: (path) => {
      const found = disk.lstat(path);
      if (found === undefined || !path.includes(STAMP)) return found;
      const plain = Object.create(Object.getPrototypeOf(found) as object) as object;
      return Object.assign(plain, found, { mtimeMs: found.mtimeMs + ahead() });
    },
  };
}
