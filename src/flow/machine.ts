/** The context of the machine this runs on: for the command line, and for programs that use dbk as a library. */

import { availableParallelism, hostname, userInfo } from 'node:os';
import { nodeDisk } from '../disk/disk.ts';
import { SILENT } from '../model/progress.ts';
import type { Context, Identity } from './context.ts';

export { nodeDisk } from '../disk/disk.ts';

/** What a caller knows better; `pid` is the process's own number, by which its lock is known. */
export interface Caller extends Partial<
  Pick<Context, 'progress' | 'threads' | 'interrupted' | 'standIn' | 'programs' | 'readingThread'>
> {
  readonly pid: number;
  /** As in a commit: `Ada <ada@example.org>`; by default the user of the system on this machine. */
  readonly author?: string;
}

/** A context with the machine's disk, clock and names. */
export function machineContext(caller: Caller): Context {
  return {
    disk: nodeDisk,
    clock: { now: () => Date.now(), offset: (moment) => 0 - new Date(moment).getTimezoneOffset() },
    random: (length) => crypto.getRandomValues(new Uint8Array(length)),
    identity: identityOf(caller),
    progress: caller.progress ?? SILENT,
    // More threads read no disk faster.
    threads: caller.threads ?? Math.min(2, availableParallelism()),
    interrupted: caller.interrupted ?? (() => false),
    ...(caller.standIn && { standIn: caller.standIn }),
    ...(caller.readingThread && { readingThread: caller.readingThread }),
    ...(caller.programs && { programs: caller.programs }),
  };
}

/** Asked for piece by piece: most flows need only the name of the machine. */
function identityOf({ pid, author }: Caller): Identity {
  return {
    get host() {
      return hostname();
    },
    get user() {
      return userName();
    },
    get author() {
      return author ?? `${userName()} <${userName()}@${hostname().replace(/\..*$/, '')}>`;
    },
    pid,
  };
}

function userName(): string {
  try {
    return userInfo().username;
  } catch {
    // A container may run as a number that no user has.
    return 'somebody';
  }
}
