/** One writer at a time: a command that changes the repository, from the lock to its release. */

import { Refusal } from '../model/problem.ts';
import type { Problem } from '../model/problem.ts';
import { acquireLock, type Lock } from '../store/lock.ts';
import { identifyProcess, isRunning } from '../store/process-identity.ts';
import { recover } from '../store/working.ts';
import { openEyes, type Eyes } from './eyes.ts';
import type { Repository } from './repository.ts';

/** What a command is given while it is the only one that writes. */
export interface Exclusive {
  readonly eyes: Eyes;
  /** What finishing an interrupted command met. */
  readonly problems: readonly Problem[];
}

/** Runs `work` with the lock held, after finishing what an interrupted command left; refuses ('locked') where another has it. */
export async function exclusively<T>(
  repository: Repository,
  command: string,
  work: (exclusive: Exclusive) => Promise<T>,
): Promise<T> {
  const lock = lockFor(repository, command);
  try {
    const problems = recover(repository.commits)?.problems ?? [];
    const eyes = openEyes(repository);
    try {
      return await work({ eyes, problems });
    } finally {
      await eyes.close();
    }
  } finally {
    lock.release();
  }
}

/** The same for a command that only reads, and keeps what it learned if it can: another writer does not stop it. */
export async function besideOthers<T>(
  repository: Repository,
  command: string,
  work: (exclusive: Exclusive, canKeep: boolean) => Promise<T>,
): Promise<T> {
  let lock: Lock | undefined;
  let problems: readonly Problem[] = [];
  try {
    lock = lockFor(repository, command);
    problems = recover(repository.commits)?.problems ?? [];
  } catch (error) {
    const isReadOnly = ['EROFS', 'EACCES', 'EPERM'].includes((error as NodeJS.ErrnoException).code ?? '');
    if (!isReadOnly && !(error instanceof Refusal && error.kind === 'locked')) throw error;
  }
  const eyes = openEyes(repository);
  try {
    return await work({ eyes, problems }, lock !== undefined);
  } finally {
    await eyes.close();
    lock?.release();
  }
}

function lockFor({ context, layout }: Repository, command: string): Lock {
  const { disk, identity, clock } = context;
  const who = identifyProcess(disk, identity.host, identity.pid);
  const since = new Date(clock.now()).toISOString().replace(/\.\d+Z$/, 'Z');
  return acquireLock(disk, layout, { ...who, command, since }, (holder) => isRunning(disk, holder));
}
