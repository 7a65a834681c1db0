/** What went wrong, as a value: problems are collected on the way, an exception refuses a command. */

export type Severity = 'error' | 'warning' | 'note';

/** Where: a path of the person's, a text of the index, a file of dbk's; the line counts from 1. */
export interface Place {
  readonly path: string;
  readonly line?: number;
}

/**
 * One thing worth a person's attention.
 *
 * `code` is stable (`scan/unreadable`). `reason` is lower case without a full stop and names what failed first;
 * `hint` begins with a verb.
 */
export interface Problem {
  readonly code: string;
  readonly severity: Severity;
  readonly place?: Place;
  readonly reason: string;
  readonly hint?: string;
}

/** Exit codes of the command line, which refusals choose from (../cli/exit.ts has the words). */
export type RefusalKind = 'usage' | 'damage' | 'safety' | 'no-repository' | 'locked' | 'remote' | 'failed';

/** Refuses a command. Any other exception is a bug. */
export class Refusal extends Error {
  readonly problem: Problem;
  readonly kind: RefusalKind;

  constructor(kind: RefusalKind, problem: Problem) {
    super(problem.reason);
    this.name = 'Refusal';
    this.kind = kind;
    this.problem = problem;
  }
}

/** A command that the person interrupted, at a point where nothing is half done. */
export class Interrupted extends Error {
  constructor() {
    super('interrupted');
    this.name = 'Interrupted';
  }
}

export function refuse(
  kind: RefusalKind,
  code: string,
  reason: string,
  more: { hint?: string; place?: Place } = {},
): never {
  throw new Refusal(kind, { code, severity: 'error', reason, ...more });
}
