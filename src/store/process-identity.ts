/** Which process this is, in terms that another one can check later, and whether such a process still runs. */

import type { Disk } from '../disk/disk.ts';
import type { Holder } from '../text/journal.ts';

/** What identifies a process on one machine. */
export type ProcessIdentity = Pick<Holder, 'host' | 'boot' | 'pid' | 'started'>;

const BOOT = '/proc/sys/kernel/random/boot_id';
/** Fixed in the kernel: PROC_PID_INIT_INO. */
const FIRST_NAMESPACE = 'pid:[4026531836]';
const LONGEST = 4096;

interface ProcessState {
  readonly state: string;
  readonly started: string;
}

/**
 * The facts of a process of this machine. Where the system does not say, `boot` and `started` are ''.
 *
 * Containers count processes by themselves, often under their machine's own name: in one, `host` says so, for
 * there a number that is not in use proves nothing about a lock from outside.
 */
export function identifyProcess(disk: Disk, host: string, pid: number): ProcessIdentity {
  const boot = readSystemFile(disk, BOOT)?.trim() ?? '';
  const namespace = namespaceOf(disk, pid);
  return {
    host: namespace === undefined ? host : `${host} ${namespace}`,
    boot,
    pid,
    started: stateOf(disk, pid)?.started ?? '',
  };
}

/** The process namespace, unless it is the machine's first one or the system has none. */
function namespaceOf(disk: Disk, pid: number): string | undefined {
  try {
    const namespace = disk.readlink(`/proc/${pid}/ns/pid`);
    return namespace === FIRST_NAMESPACE ? undefined : namespace;
  } catch {
    return undefined;
  }
}

/**
 * Whether the process that took a lock on this machine since it was started still runs.
 *
 * 'unknown' where the number is in use and the system does not say by whom. `signal` is process.kill: it throws
 * ESRCH for a number that is not in use.
 */
export function isRunning(
  disk: Disk,
  holder: ProcessIdentity,
  signal: (pid: number, signal: 0) => unknown = process.kill,
): boolean | 'unknown' {
  const found = stateOf(disk, holder.pid);
  // A zombie has closed all its files; only its parent has not asked for its end yet.
  if (found && (found.state === 'Z' || found.state === 'X')) return false;
  if (found && found.started !== '' && holder.started !== '') return found.started === holder.started;
  try {
    signal(holder.pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
  }
  return 'unknown';
}

/** From proc(5): the third field is the state, the 22nd the start in ticks; the second, in brackets, may hold anything. */
function stateOf(disk: Disk, pid: number): ProcessState | undefined {
  const text = readSystemFile(disk, `/proc/${pid}/stat`);
  const fields = text?.slice(text.lastIndexOf(')') + 2).split(' ');
  return fields && { state: fields[0] ?? '', started: fields[19] ?? '' };
}

/** Files of the system say that they are empty, so they are read until nothing comes. */
function readSystemFile(disk: Disk, path: string): string | undefined {
  let fd: number;
  try {
    fd = disk.openRead(path);
  } catch {
    // Another system, or one that hides the processes of others.
    return undefined;
  }
  try {
    const buffer = Buffer.alloc(LONGEST);
    return buffer.toString('latin1', 0, disk.read(fd, buffer, 0, LONGEST, null));
  } catch {
    // The process ended between the two calls.
    return undefined;
  } finally {
    disk.close(fd);
  }
}
