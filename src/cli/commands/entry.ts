/** A command of the table together with what it does. */

import type { Command } from '../command.ts';
import type { ExitCode } from '../exit.ts';
import type { Work } from '../work.ts';

export interface Entry extends Command {
  /** Absent only for `help`, which the parser answers. */
  readonly run?: (work: Work) => Promise<ExitCode>;
}
