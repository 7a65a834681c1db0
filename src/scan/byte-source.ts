/** The bytes of a file that is as it is recorded, for readers: what changed meanwhile is not read on. */

import type { Disk, ExactStats } from '../disk/disk.ts';
import { showsTime, type Rendering } from '../model/rendering.ts';
import { LONGEST_READ, type ByteSource } from '../plugin/api.ts';

/** What a file was when it was recorded. */
export interface Expected {
  readonly size: number;
  /** Nanoseconds since 1970. */
  readonly mtime: bigint;
}

/** Thrown at a reader whose file is not what is recorded any more, or cannot be read. */
export class NotAsRecorded extends Error {}

/** Files that are opened when they are first read, and closed together. */
export class OpenFiles {
  /** Whether every file that was read was what is recorded, up to the end. */
  areAsRecorded = true;
  private readonly disk: Disk;
  private readonly most: number;
  private readonly rendering: Rendering;
  private readonly open: { readonly fd: number; readonly stats: ExactStats; readonly path?: string }[] = [];
  private total = 0;

  /** `most` is how many bytes may be read altogether; `rendering` says which times the volume can show. */
  constructor(disk: Disk, most: number, rendering: Rendering) {
    this.disk = disk;
    this.most = most;
    this.rendering = rendering;
  }

  source(path: string, expected: Expected): ByteSource {
    let fd: number | undefined;
    return {
      size: expected.size,
      read: async (offset, length) => {
        this.refuseWrong(offset, length);
        fd ??= this.openAsRecorded(path, expected, false);
        return this.readFrom(fd, offset, Math.max(0, Math.min(length, expected.size - offset)));
      },
    };
  }

  /** For who reads it by its path: it has to be there, as it is recorded, now and when all are closed. */
  holdPath(path: string, expected: Expected): void {
    this.openAsRecorded(path, expected, true);
  }

  /** Closes all; afterwards `areAsRecorded` holds for good. */
  close(): void {
    for (const { fd, stats, path } of this.open) {
      const isStill =
        isSameState(this.disk.fstatExact(fd), stats) &&
        (path === undefined || isSameFile(this.disk.lstatExact(path), stats));
      if (!isStill) this.areAsRecorded = false;
      this.disk.close(fd);
    }
    this.open.length = 0;
  }

  private refuseWrong(offset: number, length: number): void {
    const isCount = (number: number): boolean => Number.isSafeInteger(number) && number >= 0;
    if (!isCount(offset) || !isCount(length)) throw new RangeError('offset and length are whole numbers');
    if (length > LONGEST_READ) throw new RangeError(`more than ${LONGEST_READ} bytes at once`);
    this.total += length;
    if (this.total > this.most) throw new RangeError(`more than ${this.most} bytes altogether`);
  }

  private openAsRecorded(path: string, { size, mtime }: Expected, isPathKept: boolean): number {
    try {
      const fd = this.disk.openRead(path, true);
      const stats = this.disk.fstatExact(fd);
      this.open.push({ fd, stats, ...(isPathKept && { path }) });
      const isTime = showsTime(this.rendering, stats.mtimeNs, mtime);
      if (stats.isFile() && Number(stats.size) === size && isTime) return fd;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === undefined) throw error;
    }
    this.areAsRecorded = false;
    throw new NotAsRecorded(`'${path}' is not what is recorded`);
  }

  private readFrom(fd: number, offset: number, length: number): Uint8Array {
    const bytes = new Uint8Array(length);
    let done = 0;
    while (done < length) {
      const count = this.disk.read(fd, bytes, done, length - done, offset + done);
      if (count === 0) break;
      done += count;
    }
    return bytes.subarray(0, done);
  }
}

function isSameState(now: ExactStats, then: ExactStats): boolean {
  return now.size === then.size && now.mtimeNs === then.mtimeNs && now.ctimeNs === then.ctimeNs;
}

function isSameFile(now: ExactStats | undefined, then: ExactStats): boolean {
  return now !== undefined && now.ino === then.ino && now.dev === then.dev;
}
