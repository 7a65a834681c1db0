/** All commands there are, in the order in which help shows them. */

import { HELP } from '../command.ts';
import { COMMIT } from './commit.ts';
import { CONFIG } from './config.ts';
import { DIFF } from './diff.ts';
import type { Entry } from './entry.ts';
import { FORGET } from './forget.ts';
import { INIT } from './init.ts';
import { LOG } from './log.ts';
import { LS } from './ls.ts';
import { SHOW } from './show.ts';
import { STATUS } from './status.ts';
import { WHY } from './why.ts';

export type { Entry } from './entry.ts';

export const COMMANDS: readonly Entry[] = [
  INIT,
  CONFIG,
  STATUS,
  COMMIT,
  DIFF,
  LOG,
  SHOW,
  LS,
  WHY,
  FORGET,
  HELP,
];
