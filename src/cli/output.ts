/** Writing to a stream: held back into large pieces, never lost at the end, quiet when the reader has gone. */

import { bytesOfName } from '../model/name.ts';
import { Refusal } from '../model/problem.ts';
import * as problems from './problems.ts';
import type { Sink } from './terminal.ts';

export interface Output {
  /** Takes text; a byte that is not UTF-8, held as a Name holds it, is written as that byte. */
  write(text: string): void;
  /** So much waits to be written that whoever writes much should await `drained` first. */
  readonly full: boolean;
  drained(): Promise<void>;
  /** The reader has gone: what is written is dropped, and going on is of no use to anyone. */
  readonly closed: boolean;
  /** Everything is handed over; afterwards nothing may be written. */
  end(): Promise<void>;
}

const HELD = 65_536;
const LAST_IS_HALF = /[\ud800-\udbff]$/;

/**
 * Writes to a file descriptor, synchronously: the writer waits for the reader, nothing piles up in memory, and
 * nothing is lost however the process ends. Loading Node's own streams for it would take some milliseconds.
 *
 * A terminal gets each text at once, as does what is opened with `hold: 0`; else `end` writes the rest. Refuses
 * (`failed`) when the stream cannot be written, as on a full disk.
 */
export function openOutput(sink: Sink, hold: number = sink.isTTY ? 0 : HELD): Output & { flush(): void } {
  let held = '';
  let closed = false;
  const flush = (all = true): void => {
    // A character's second half may come with the next text.
    const half = !all && LAST_IS_HALF.test(held) ? 1 : 0;
    const ready = held.slice(0, held.length - half);
    held = held.slice(ready.length);
    if (!closed && ready !== '') closed = !writeAll(sink, bytesOfName(ready));
  };
  return {
    write: (text) => {
      if (closed) return;
      held += text;
      if (held.length > hold) flush(false);
    },
    full: false,
    drained: () => Promise.resolve(),
    get closed() {
      return closed;
    },
    end: async () => flush(),
    flush,
  };
}

/** Writes lines, waiting where the reader is slower, until the reader has gone. */
export async function printLines(output: Output, lines: Iterable<string>): Promise<void> {
  for (const line of lines) {
    if (output.closed) return;
    output.write(`${line}\n`);
    if (output.full) await output.drained();
  }
}

/** Whether the reader is still there. */
export function writeAll(sink: Sink, bytes: Uint8Array): boolean {
  for (let done = 0; done < bytes.length;) {
    try {
      done += sink.write(bytes.subarray(done));
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      if (code === undefined) throw error;
      // A terminal that was closed answers EIO; of a file that would be a damaged disk.
      if (code === 'EPIPE' || (code === 'EIO' && sink.isTTY)) return false;
      if (code !== 'EAGAIN') throw new Refusal('failed', problems.cannotWriteOutput(message));
      waitForReader();
    }
  }
  return true;
}

/** Somebody who shares the pipe made it non-blocking. */
function waitForReader(): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
}
