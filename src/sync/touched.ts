/** The folders in which names came or went, and how they become durable. */

import type { Disk } from '../disk/disk.ts';
import { flushDirectory, isDirectory } from '../store/directories.ts';

/** Up to so many files or folders are flushed one by one; beyond, the volume is. */
export const FEW = 32;

export class Touched {
  private readonly disk: Disk;
  /** A folder on each volume that may have been changed. */
  private readonly volumes: readonly string[];
  private readonly folders = new Set<string>();

  constructor(disk: Disk, volumes: readonly string[]) {
    this.disk = disk;
    this.volumes = volumes;
  }

  add(...folders: readonly string[]): void {
    for (const folder of folders) this.folders.add(folder);
  }

  /** Makes their names durable; what is gone meanwhile has none. */
  flush(): void {
    const { disk, folders } = this;
    if (folders.size > FEW) for (const volume of this.volumes) disk.flushVolume(volume);
    else for (const folder of folders) if (isDirectory(disk, folder)) flushDirectory(disk, folder);
    folders.clear();
  }
}
