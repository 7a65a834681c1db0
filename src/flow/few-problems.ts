/** Problems of which there may be one for each file: the first of a kind are told, of the others how many there are. */

import type { Problem } from '../model/problem.ts';

const MOST = 10;

export class FewProblems {
  private readonly tell: (problem: Problem) => void;
  private readonly counts = new Map<string, { readonly first: Problem; count: number }>();

  constructor(tell: (problem: Problem) => void) {
    this.tell = tell;
  }

  take(problem: Problem): void {
    const known = this.counts.get(problem.code);
    if (known === undefined) this.counts.set(problem.code, { first: problem, count: 1 });
    else known.count++;
    if ((known?.count ?? 1) <= MOST) this.tell(problem);
  }

  /** To be called at the end. */
  finish(): void {
    for (const { first, count } of this.counts.values()) {
      if (count <= MOST) continue;
      const { code, severity } = first;
      this.tell({ code, severity, reason: `and ${count - MOST} more files like the ${MOST} above` });
    }
    this.counts.clear();
  }
}
