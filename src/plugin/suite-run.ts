/** Part of the contract suite: runs cases in a thread, and ends it where one takes too long or too much. */

import { Worker } from 'node:worker_threads';
import type { SuiteCase } from './suite-cases.ts';
import { withFolder } from './suite-local.ts';
import type { Outcome, Work } from './suite-worker.ts';

export interface Limits {
  /** For one case. */
  readonly milliseconds: number;
  /** For one case, of the heap and of arrays each. */
  readonly bytes: number;
}

/** After so many threads that did not come to their end a plugin has failed enough. */
const MOST_ENDED = 3;

/** The outcome of each case in its order; undefined for those that were not run because too many had to be ended. */
export async function runCases(
  module: URL,
  cases: readonly SuiteCase[],
  limits: Limits,
  around: number,
): Promise<readonly (Outcome | undefined)[]> {
  const outcomes: Outcome[] = [];
  await withFolder(async (folder) => {
    for (let ended = 0; outcomes.length < cases.length && ended < MOST_ENDED; ended++) {
      const left = cases.slice(outcomes.length);
      const work = { module: module.href, cases: left, mostBytes: limits.bytes, around, folder };
      const fault = await runSome(work, limits, outcomes);
      if (fault !== undefined) outcomes.push({ faults: [fault], findings: [] });
    }
  });
  return cases.map((_, i) => outcomes[i]);
}

/** Runs cases until the end, or until one has to be ended: why. */
function runSome(
  work: Work,
  { milliseconds, bytes }: Limits,
  outcomes: Outcome[],
): Promise<string | undefined> {
  const worker = new Worker(new URL('./suite-worker.js', import.meta.url), {
    workerData: work,
    resourceLimits: { maxOldGenerationSizeMb: Math.ceil(bytes / 2 ** 20) },
  });
  return new Promise((resolve) => {
    let timer: NodeJS.Timeout | undefined;
    let left = work.cases.length;
    let isDone = false;
    const finish = (fault?: string): void => {
      if (isDone) return;
      isDone = true;
      clearTimeout(timer);
      void worker.terminate().then(() => resolve(fault));
    };
    const wait = (): void => {
      clearTimeout(timer);
      timer = setTimeout(() => finish(`takes longer than ${milliseconds} ms`), milliseconds);
    };
    worker.on('online', wait);
    worker.on('message', (outcome: Outcome) => {
      if (isDone) return;
      outcomes.push(outcome);
      if (--left === 0) finish();
      else wait();
    });
    worker.on('error', (error) => finish(`ends its thread: ${error.message}`));
    worker.on('exit', () => finish('ends its thread'));
  });
}
