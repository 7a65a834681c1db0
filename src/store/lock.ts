/**
 * How one process at a time writes to a repository (section 15 of ../text/README.md).
 *
 * A lock is removed by its holder, or, when the holder is dead, by a process that holds the lock's *guard*: a
 * lock of the same kind whose name follows from the dead lock's text. The guard's holder looks again before it
 * removes, so nobody ever removes a lock that came later; and as no dead process writes its text again, a guard
 * that stays behind guards nothing. A guard of a dead process is broken in the same way as any lock.
 */

import { join } from 'node:path/posix';
import { digest } from '../disk/blake3.ts';
import type { Disk } from '../disk/disk.ts';
import { parseLock, writeLock, type Holder } from '../text/journal.ts';
import { makeDirectories, namesIn } from './directories.ts';
import { claimFile, readBytes, removeFile, timeOn } from './files.ts';
import type { Layout } from './layout.ts';
import { lockedBy, lockedByNewer, lockedBySomebody } from './problems.ts';

export interface Lock {
  readonly holder: Holder;
  /** Removes it, if it is still this one; to be called once. */
  release(): void;
}

/** Whether a process of this machine that took a lock still runs. */
export type IsRunning = (holder: Holder) => boolean | 'unknown';

interface Contender {
  readonly disk: Disk;
  readonly layout: Layout;
  readonly holder: Holder;
  readonly text: string;
  readonly isRunning: IsRunning;
}

/** A lock that somebody else has. */
interface Found {
  readonly text: string;
  readonly holder: Holder | undefined;
  /** When it was written, in nanoseconds by the file system's clock. */
  readonly written: bigint;
}

const LONGEST = 64 * 1024;
/** Where there are no hard links a lock is empty for a moment; one that is so for longer was left by a dead process. */
const UNREADABLE_FOR = 10_000_000_000n;
/** Each attempt but the first follows one of another process that came or went in between. */
const ATTEMPTS = 20;
const VERSION = /^dbk: lock ([0-9]+)\n/;

/**
 * Takes the lock of a repository, or refuses ('locked') with the name of who has it.
 *
 * A lock of this machine whose process is gone is taken over. Never waits.
 */
export function acquireLock(disk: Disk, layout: Layout, holder: Holder, isRunning: IsRunning): Lock {
  const text = writeLock(holder);
  makeDirectories(disk, layout.local);
  take({ disk, layout, holder, text, isRunning }, layout.lock);
  clearGuards(disk, layout);
  return {
    holder,
    release: () => {
      if (textAt(disk, layout.lock) === text) removeFile(disk, layout.lock);
    },
  };
}

function take(contender: Contender, path: string): void {
  const { disk, text } = contender;
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    if (claimFile(disk, path, text)) return;
    const found = look(contender, path);
    if (found === undefined) continue;
    refuseLiving(contender, found);
    takeAway(contender, path, found);
  }
  throw lockedBySomebody(path);
}

/** Removes the lock of a dead process, unless another process was faster. */
function takeAway(contender: Contender, path: string, dead: Found): void {
  const { disk, layout } = contender;
  const guard = `${layout.lock}.break-${digest(dead.text).slice(0, 16)}`;
  take(contender, guard);
  try {
    const found = look(contender, path);
    if (found?.text === dead.text && isDead(contender, found)) removeFile(disk, path);
  } finally {
    removeFile(disk, guard);
  }
}

function refuseLiving(contender: Contender, found: Found): void {
  if (isDead(contender, found)) return;
  if (found.holder) throw lockedBy(found.holder, contender.layout.lock, contender.holder.host);
  const version = Number(VERSION.exec(found.text)?.[1] ?? 1);
  throw version > 1 ? lockedByNewer(version) : lockedBySomebody(contender.layout.lock);
}

function isDead(contender: Contender, { holder, text, written }: Found): boolean {
  if (holder === undefined) {
    if (Number(VERSION.exec(text)?.[1] ?? 1) > 1) return false;
    return timeOn(contender.disk, contender.layout.local) - written > UNREADABLE_FOR;
  }
  const me = contender.holder;
  if (holder.host !== me.host) return false;
  if (holder.boot !== '' && me.boot !== '' && holder.boot !== me.boot) return true;
  return contender.isRunning(holder) === false;
}

function look({ disk }: Contender, path: string): Found | undefined {
  const text = textAt(disk, path);
  const written = disk.lstatExact(path)?.mtimeNs;
  return text === undefined || written === undefined ? undefined : { text, holder: holderOf(text), written };
}

function textAt(disk: Disk, path: string): string | undefined {
  const bytes = readBytes(disk, path, LONGEST);
  return bytes && Buffer.from(bytes).toString('utf8');
}

function holderOf(text: string): Holder | undefined {
  try {
    return parseLock(text);
  } catch {
    // Torn, or a person's.
    return undefined;
  }
}

/** Whoever holds the lock may do this: every guard belongs to a lock that is no more. */
function clearGuards(disk: Disk, layout: Layout): void {
  for (const name of namesIn(disk, layout.local)) {
    if (name.startsWith('lock.break-')) removeFile(disk, join(layout.local, name));
  }
}
