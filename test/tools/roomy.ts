/** A disk that is never nearly full: what the guard frees for want of room would depend on the machine. */

import type { Disk } from '../../src/disk/disk.ts';

/** Passes all on to `disk`; `share` of each volume is free. */
export function roomy(disk: Disk, share = () => 1): Disk {
  return {
    ...disk,
    statfs: (path) => {
      const found = disk.statfs(path);
      const bavail = BigInt(Math.floor(Number(found.blocks) * share()));
      return Object.assign(Object.create(Object.getPrototypeOf(found) as object) as typeof found, found, {
        bavail,
      });
    },
  };
}
