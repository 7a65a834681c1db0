/** Which steps of a journal or an operation belong together: what went from a path, and what came there. Pure. */

import type { RepositoryPath } from '../model/path.ts';
import type { Step } from '../text/operation.ts';

/** The steps at one path that belong together: what went, and what came. */
export interface Pair {
  readonly path: RepositoryPath;
  readonly goes?: Extract<Step, { kind: 'keep' | 'unlink' | 'remove' }>;
  readonly comes?: Exclude<Step, { kind: 'move' | 'keep' | 'unlink' | 'remove' }>;
  /** The number of the last step in the list. */
  readonly number: number;
}

/** The steps of a journal or an operation by what belongs together, in their order. Moves are left out. */
export function* pairsOf(steps: readonly Step[]): Generator<Pair> {
  for (let at = 0; at < steps.length; at++) {
    const step = steps[at]!;
    if (step.kind === 'move') continue;
    const { path } = step;
    if (step.kind !== 'keep' && step.kind !== 'unlink' && step.kind !== 'remove') {
      yield { path, comes: step, number: at };
      continue;
    }
    const next = steps[at + 1];
    if (next?.kind === 'write' || next?.kind === 'link' || next?.kind === 'make') {
      if (next.path === path) {
        yield { path, goes: step, comes: next, number: ++at };
        continue;
      }
    }
    yield { path, goes: step, number: at };
  }
}
