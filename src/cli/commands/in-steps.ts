/** How long work that is done in one go lets signals through. */

/** So many steps are done at a time. */
const STEPS = 64;

/** Runs a flow that gives what it has as it goes; stops early where `take` says false. Gives the flow's result. */
export async function inSteps<T, R>(
  steps: Generator<T, R>,
  take: (each: T) => boolean,
): Promise<R | undefined> {
  try {
    for (let count = 1; ; count++) {
      const step = steps.next();
      if (step.done) return step.value;
      if (!take(step.value)) return undefined;
      if (count % STEPS === 0) await new Promise((resolve) => setImmediate(resolve));
    }
  } finally {
    // A flow that is not at its end clears away what it began.
    steps.return(undefined as R);
  }
}
