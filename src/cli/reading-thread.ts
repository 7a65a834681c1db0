/** Where a reading thread of the program begins: with the same plugins as the program itself. */

import { parentPort, workerData } from 'node:worker_threads';
import { nodeDisk } from '../flow/machine.ts';
import { pluginsFrom, PluginsFailed } from '../flow/load-plugins.ts';
import type { TypePlugin } from '../plugin/api.ts';
import { serveReading, type ThreadStart } from '../flow/reading-thread.ts';

const start = workerData as ThreadStart;
const builtIn = async (): Promise<readonly TypePlugin[]> => (await import('../../plugins/index.ts')).PLUGINS;
const plugins = pluginsFrom(nodeDisk, { builtIn, ...start.trust });

// What this rejects with ends the thread, and whoever started it is told.
if (parentPort !== null)
  void serveReading(parentPort, start, nodeDisk, () =>
    plugins().catch((error: unknown) => {
      // Who started this has told it already, and went on.
      if (error instanceof PluginsFailed) return error.working;
      throw error;
    }),
  );
