/** A reading thread whose plugin does to it what the name of a file says: for tests of who starts such threads. */

import { parentPort, workerData } from 'node:worker_threads';
import { nodeDisk } from '../../src/disk/disk.ts';
import { serveReading, type ThreadStart } from '../../src/flow/reading-thread.ts';
import { letters } from './letters.ts';

const DOES: Readonly<Record<string, () => unknown>> = {
  'hangs.txt': () => {
    for (;;);
  },
  'ends.txt': () => process.exit(3),
  'throws.txt': () => {
    setImmediate(() => {
      throw new Error('behind its back');
    });
    return new Promise(() => undefined);
  },
  'grows.txt': () => {
    const all: object[] = [];
    for (;;) all.push(new Array(1000).fill(all.length));
  },
};

// The module is imported by the runner of tests, too.
if (parentPort !== null)
  void serveReading(parentPort, workerData as ThreadStart, nodeDisk, async () => [
    letters((path) => DOES[path]?.()).plugin,
  ]);
