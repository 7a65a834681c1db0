/** Which exit code a command ends with. */

import type { ChangeKind } from '../model/change.ts';
import type { Problem, RefusalKind } from '../model/problem.ts';
import { Interrupted, Refusal } from '../model/problem.ts';

export const EXIT = {
  done: 0,
  /** Done, and the answer is no: conflicts left, differences with `--exit-code`, nothing found. */
  no: 1,
  usage: 2,
  /** Partly done: some files were unreadable or in flux, and are listed. */
  partly: 3,
  damage: 4,
  /** Refused for safety; the hint names the flag that allows it. */
  refused: 5,
  noRepository: 10,
  locked: 11,
  remote: 12,
  bug: 70,
  interrupted: 130,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

const REFUSALS: Readonly<Record<RefusalKind, ExitCode>> = {
  usage: EXIT.usage,
  damage: EXIT.damage,
  safety: EXIT.refused,
  'no-repository': EXIT.noRepository,
  locked: EXIT.locked,
  remote: EXIT.remote,
  failed: EXIT.no,
};

/** The code after an exception; one that is neither a refusal, an interruption nor a reader who left is a bug. */
export function exitOfError(error: unknown): ExitCode {
  if (error instanceof Refusal) return REFUSALS[error.kind];
  if (error instanceof Interrupted) return EXIT.interrupted;
  return isReaderGone(error) ? EXIT.done : EXIT.bug;
}

/** The code after a command that ran to its end: damage before what is only partly done. */
export function exitOfWork(problems: Iterable<Problem>, seen: { has(kind: ChangeKind): boolean }): ExitCode {
  if (seen.has('suspect')) return EXIT.damage;
  if (seen.has('unreadable') || seen.has('unstable')) return EXIT.partly;
  for (const { severity } of problems) if (severity === 'error') return EXIT.partly;
  return EXIT.done;
}

/** Whoever read our output went away (`dbk log | head`): nothing to say, and no failure. */
export function isReaderGone(error: unknown): boolean {
  return error instanceof Error && (error as NodeJS.ErrnoException).code === 'EPIPE';
}
