/** What the command line takes from the machine it runs on; main.ts makes one, tests make their own. */

import type { Context } from '../flow/context.ts';
import type { PluginSources } from '../flow/load-plugins.ts';
import type { Terminal } from './terminal.ts';

export interface World {
  readonly terminal: Terminal;
  readonly disk: Context['disk'];
  /** Where the program was started: absolute, without symlinks; throws Node's error where that is gone. */
  startedIn(): string;
  /** All of what a path gives, be it a file or a pipe; throws Node's errors. */
  readAll(path: string): Uint8Array;
  context(parts: Pick<Context, 'progress' | 'interrupted'>): Context;
  /** The absolute path of the person's own settings; undefined where there can be none. */
  readonly settingsOfPerson: string | undefined;
  /** Where plugins come from: none is loaded before it is needed. */
  readonly plugins: PluginSources;
  /**
   * Hands over the signals that ask to stop until the function it returns is called; before and after that they
   * end the program. One that `take` does not take (false) ends it at once.
   */
  watchSignals(take: (signal: 'SIGINT' | 'SIGTERM') => boolean): () => void;
}
