/** One writer at a time: a command that changes the repository, from the lock to its release. */

import { Refusal, refuse } from '../model/problem.ts';
import type { Problem } from '../model/problem.ts';
import { acquireLock, type Lock } from '../store/lock.ts';
import { identifyProcess, isRunning } from '../store/process-identity.ts';
import { Guard } from '../store/guard.ts';
import { isUnfinished, recover } from '../store/working.ts';
import { finishSteps } from '../sync/resume.ts';
import { openEyes, type Eyes } from './eyes.ts';
import { noteRecovery } from './note-operation.ts';
import type { Repository } from './repository.ts';
import { isIndexGone, restoreIndex } from './restore-index.ts';

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
    const problems = mend(repository);
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

/** Runs a short action with the lock held, if nobody else has it; whether it ran does not matter. */
export type IfAlone = (action: () => void) => void;

/**
 * Runs a command that only reads: it neither waits for a writer nor stops one.
 *
 * What an interrupted command left is finished first where that is possible. `ifAlone` is for keeping what was
 * learned: it also does nothing when another command has moved the head meanwhile.
 */
export async function besideOthers<T>(
  repository: Repository,
  command: string,
  work: (exclusive: Exclusive, ifAlone: IfAlone) => Promise<T>,
): Promise<T> {
  const { commits, context, layout } = repository;
  let problems: readonly Problem[] = [];
  const alone = (action: () => void): void => {
    let lock: Lock;
    try {
      lock = lockFor(repository, command);
    } catch (error) {
      if (isInTheWay(error)) return;
      throw error;
    }
    try {
      action();
    } finally {
      lock.release();
    }
  };
  const needsMending = isUnfinished(context.disk, layout) || isIndexGone(repository);
  if (needsMending) alone(() => (problems = mend(repository)));
  if (isIndexGone(repository)) {
    refuse('damage', 'flow/index-gone', `'${layout.index}' is gone`, {
      hint: 'run this where dbk can write',
    });
  }
  const head = commits.readHead();
  const eyes = openEyes(repository);
  try {
    return await work({ eyes, problems }, (action) =>
      alone(() => {
        if (commits.readHead() === head && !isUnfinished(context.disk, layout)) action();
      }),
    );
  } finally {
    await eyes.close();
  }
}

/** Finishes what was interrupted, and writes `index/` again where it is gone. */
function mend(repository: Repository): readonly Problem[] {
  const problems = finishInterrupted(repository);
  return isIndexGone(repository) ? [...problems, ...restoreIndex(repository)] : problems;
}

function finishInterrupted(repository: Repository): readonly Problem[] {
  const { commits, context, root, layout } = repository;
  // What a person's files lose goes into the guard in the same way with every kind.
  const guard = new Guard(context.disk, layout, 'none');
  const resumption = { disk: context.disk, root, commits, guard };
  const recovery = recover(commits, { finishSteps: (journal) => finishSteps(resumption, journal) });
  if (recovery !== undefined) noteRecovery(repository, recovery);
  return recovery?.problems ?? [];
}

/** Another writer, or media that cannot be written: no reason not to read. */
function isInTheWay(error: unknown): boolean {
  if (error instanceof Refusal) return error.kind === 'locked';
  return ['EROFS', 'EACCES', 'EPERM'].includes((error as NodeJS.ErrnoException).code ?? '');
}

function lockFor({ context, layout }: Repository, command: string): Lock {
  const { disk, identity, clock } = context;
  const who = identifyProcess(disk, identity.host, identity.pid);
  const since = new Date(clock.now()).toISOString().replace(/\.\d+Z$/, 'Z');
  return acquireLock(disk, layout, { ...who, command, since }, (holder) => isRunning(disk, holder));
}
