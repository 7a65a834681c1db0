/** What every flow needs from the outside world, so that no flow reaches for it. */

import type { Disk } from '../disk/disk.ts';
import type { Progress } from '../model/progress.ts';
import type { TypePlugin } from '../plugin/api.ts';
import type { SshPrograms } from '../sync/address.ts';
import type { TrustPlace } from './trusted-plugins.ts';

export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Minutes that local time is ahead of UTC at a moment. */
  offset(milliseconds: number): number;
}

/** Who runs this, where. */
export interface Identity {
  readonly host: string;
  readonly user: string;
  /** As in a commit: `Ada <ada@example.org>`. */
  readonly author: string;
  readonly pid: number;
}

/** A thread in which files are read with the same plugins, and what it needs to know to load them. */
export interface ReadingThread {
  /** Its module calls `serveReading` of reading-thread.ts. */
  readonly module: URL;
  readonly trust: TrustPlace;
}

export interface Context {
  readonly disk: Disk;
  /** The disk as it is, where `disk` is that of one repository; absent: `disk` itself. */
  readonly below?: Disk;
  readonly clock: Clock;
  /** Bytes nobody can guess, for ids that are made once. */
  readonly random: (length: number) => Uint8Array;
  readonly identity: Identity;
  readonly progress: Progress;
  /** How many threads may read the disk: 1 or 2. */
  readonly threads: number;
  /**
   * Makes a folder the one that relative paths start from, and says whether it could; a program that owns its
   * process gives this, since looking at a million files takes a tenth longer by their absolute paths.
   */
  readonly standIn?: (folder: string) => boolean;
  /**
   * The plugins of this run, loaded when they are asked for; absent: none. Throws a Refusal where one that the person
   * trusts cannot be used: a command that writes stops there.
   */
  readonly plugins?: () => Promise<readonly TypePlugin[]>;
  /** Absent: files are read by their plugins in this thread, and one that never ends is waited for. */
  readonly readingThread?: ReadingThread;
  /** With what other machines are reached, where it is not the usual. */
  readonly programs?: Partial<SshPrograms>;
  /** Whether the person asked to stop; flows look often and stop where nothing is half done. */
  readonly interrupted: () => boolean;
}

const RANDOM_BYTES = 8;

/** 16 hexadecimal digits that nobody can guess. */
export function randomDigits({ random }: Pick<Context, 'random'>): string {
  return Buffer.from(random(RANDOM_BYTES)).toString('hex');
}
