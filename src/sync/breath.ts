/** Lets signals and timers in while much is done at once, and stops it where somebody asked for that. */

import { Interrupted } from '../model/problem.ts';

/** What looking and naming cost for one file, as bytes. */
const FILE = 1 << 16;
const BETWEEN = 1 << 24;

export class Breath {
  private readonly interrupted: () => boolean;
  private done = 0;

  constructor(interrupted: () => boolean) {
    this.interrupted = interrupted;
  }

  /** To be called after each piece of work, a file or some bytes of one; throws Interrupted. */
  async after(bytes = FILE): Promise<void> {
    this.done += bytes;
    if (this.done >= BETWEEN) {
      this.done = 0;
      await new Promise((done) => setImmediate(done));
    }
    if (this.interrupted()) throw new Interrupted();
  }
}
