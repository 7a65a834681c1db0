/** What both scans of a command share: the threads, the clock of the volume, who is told. */

import { nodeDisk, type Disk } from '../disk/disk.ts';
import { Colleague } from '../scan/crew.ts';
import type { ScanRequest } from '../scan/scan.ts';
import { probeHome, takeStamp, type Stamp } from '../scan/volume.ts';
import { makeDirectories } from '../store/directories.ts';
import type { Repository } from './repository.ts';

export type SharedRequest = Pick<
  ScanRequest,
  'disk' | 'home' | 'stamp' | 'colleague' | 'interrupted' | 'progress'
>;

export interface Eyes {
  readonly request: SharedRequest;
  /** The same with the clock read anew: what was written before this moment can be trusted when it is read now. */
  again(): SharedRequest;
  /** Whether anything learned can be kept: not on read-only media. */
  readonly canWrite: boolean;
  close(): Promise<void>;
}

/** A cache of some five thousand files. */
const WORTH_A_THREAD = 500_000;

function sizeOf(disk: Disk, path: string): number {
  return disk.lstat(path)?.size ?? 0;
}

/** Opens them for one command; to be closed in any case. */
export function openEyes({ context, layout }: Repository): Eyes {
  const { disk, threads, interrupted, progress } = context;
  let made: Colleague | undefined;
  function tryStamp(): Stamp | undefined {
    try {
      makeDirectories(disk, layout.local);
      return takeStamp(disk, `${layout.stamp}-${context.identity.pid}`);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === undefined) throw error;
      return undefined;
    }
  }
  // Another thread has a file system of its own: an injected one stays in this thread.
  const colleague =
    threads > 1 && disk === nodeDisk ? (): Colleague => (made ??= new Colleague()) : undefined;
  // A thread takes as long to start as a hundred thousand files to look at: much to come is known by the cache.
  if (sizeOf(disk, layout.cache) > WORTH_A_THREAD) colleague?.();
  const stamp = tryStamp();
  const requestAt = (at: Stamp | undefined): SharedRequest => ({
    disk,
    home: probeHome(disk, layout.local),
    // Nothing that cannot be compared with the volume's clock is ever trusted.
    stamp: at ?? { settled: Number.NEGATIVE_INFINITY },
    colleague,
    interrupted,
    progress,
  });
  return {
    request: requestAt(stamp),
    again: () => requestAt(tryStamp()),
    canWrite: stamp !== undefined,
    close: async () => made?.close(),
  };
}
