/** Waits for an answer of a plugin, and not for ever. */

import { setTimeout } from 'node:timers/promises';

/** Code of a plugin that takes longer has hung. */
const LONGEST = 60_000;

export async function inTime<T>(answer: Promise<T>): Promise<T> {
  const over = new AbortController();
  const late = setTimeout(LONGEST, undefined, { signal: over.signal, ref: false }).then(() => {
    throw new Error(`no answer within ${LONGEST / 1000} seconds`);
  });
  late.catch(() => undefined);
  try {
    return await Promise.race([answer, late]);
  } finally {
    over.abort();
  }
}
