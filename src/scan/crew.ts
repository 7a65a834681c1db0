/** The threads of a scan: this one, and for anything larger a second that shares its work. */

import { Worker } from 'node:worker_threads';
import {
  CONTROL_CELLS,
  FILES,
  CHUNK,
  CHUNKS,
  HUNGRY,
  STOP,
  type FromWorker,
  type ToWorker,
} from './messages.ts';

/** A worker thread with the messages it has sent and nobody has taken yet. */
export class Colleague {
  readonly control = new Int32Array(new SharedArrayBuffer(CONTROL_CELLS * 4));
  private readonly worker: Worker;
  private readonly inbox: FromWorker[] = [];
  private failure: Error | undefined;
  private wake: (() => void) | undefined;
  private sent = 0;
  private idle = true;
  private ready = false;

  constructor() {
    this.worker = new Worker(new URL('./worker.js', import.meta.url), {
      // Garbage of short-lived stat results: a small nursery is quicker than a big heap, and smaller.
      resourceLimits: { maxYoungGenerationSizeMb: 8 },
    });
    this.worker.unref();
    this.worker.on('message', (message: FromWorker) => {
      if (message.kind === 'ready') this.ready = true;
      else this.inbox.push(message);
      this.wake?.();
    });
    this.worker.on('error', (error) => {
      this.failure = error;
      this.wake?.();
    });
  }

  post(message: ToWorker): void {
    if (message.kind === 'tasks') {
      this.sent++;
      this.idle = false;
    }
    this.worker.postMessage(message);
  }

  /** Whether it has started: what it is given before that would only wait. */
  get isReady(): boolean {
    return this.ready;
  }

  /** Whether it has nothing left of all it was given. */
  get isIdle(): boolean {
    return this.idle;
  }

  /** The next message that is here, if one is. */
  take(): FromWorker | undefined {
    if (this.failure !== undefined) throw this.failure;
    const message = this.inbox.shift();
    if (message?.kind === 'idle' && message.received === this.sent) this.idle = true;
    return message;
  }

  /** The next message, whenever it comes. */
  async next(): Promise<FromWorker> {
    for (;;) {
      const message = this.take();
      if (message !== undefined) return message;
      this.worker.ref();
      await new Promise<void>((resolve) => (this.wake = resolve));
      this.worker.unref();
      this.wake = undefined;
    }
  }

  askForWork(): void {
    Atomics.store(this.control, HUNGRY, 1);
  }

  get files(): number {
    return Atomics.load(this.control, FILES);
  }

  get bytes(): number {
    return Atomics.load(this.control, CHUNKS) * CHUNK;
  }

  resetBytes(): void {
    Atomics.store(this.control, CHUNKS, 0);
  }

  stop(): void {
    Atomics.store(this.control, STOP, 1);
  }

  async close(): Promise<void> {
    this.stop();
    await this.worker.terminate();
  }
}

/** Lets messages, signals and timers be handled. */
export function breathe(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
