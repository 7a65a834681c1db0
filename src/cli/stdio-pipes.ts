/** Standard input and output as pipes to another program; to write never waits for its reader, and what waits is kept. */

import { Socket } from 'node:net';
import type { CallersLine } from '../flow/receive.ts';
import { Refusal } from '../model/problem.ts';
import * as problems from './problems.ts';

const STDIN = 0;
const STDOUT = 1;

/**
 * A line to whoever started this program. Not `process.stdout`, which waits: two programs that both wait for the other
 * to read would wait for ever.
 */
export function lineToCaller(): CallersLine {
  const incoming = new Socket({ fd: STDIN, readable: true, writable: false });
  const outgoing = new Socket({ fd: STDOUT, readable: false, writable: true });
  // That nobody reads any more shows in that nothing comes.
  outgoing.on('error', () => undefined);
  return {
    incoming,
    send: (bytes) => void outgoing.write(bytes),
    ended: async () => new Refusal('remote', problems.callerGone()),
    close: async () => {
      await new Promise<void>((resolve) => {
        if (outgoing.destroyed) resolve();
        else outgoing.once('close', resolve).end(() => outgoing.destroy());
      });
      incoming.destroy();
    },
  };
}
