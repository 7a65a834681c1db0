/** Files that are read by their plugins, several at a time: in threads of their own where the program has such. */

import { tmpdir } from 'node:os';
import { join } from 'node:path/posix';
import { Worker } from 'node:worker_threads';
import { discardTree } from '../store/directories.ts';
import { randomDigits, type Context, type ReadingThread } from './context.ts';
import type { FileRead, FileTask } from './read-file.ts';
import { readerOf, type FromThread, type ThreadStart, type ToThread } from './reading-thread.ts';

/** What came of a task; `failed` is a file that hung, or ended its thread. */
export type CrewRead = FileRead | { readonly kind: 'failed'; readonly message: string };

/** Who reads files. `close` ends what is not done; nothing more is answered then. */
export interface ReadingCrew {
  read(task: FileTask): Promise<CrewRead>;
  close(): Promise<void>;
}

/** So many files a thread has at once: one waits for another program while one is read. */
const AT_ONCE = 2;
/** How many files all threads together may have: more would only wait. */
export const MOST_AT_ONCE = 4;
/** Longer than anything that ends by itself. */
const LONGEST_SILENCE = 90_000;
const MEGABYTES = 512;

/** Starts no thread before the first file. `silence`: so many milliseconds without an answer, and a thread has hung. */
export function openReadingCrew(context: Context, silence = LONGEST_SILENCE): ReadingCrew {
  const base = /^[!-~]+$/.test(tmpdir()) ? tmpdir() : '/tmp';
  const links = join(base, `dbk-reading-${randomDigits(context)}`);
  const { below = context.disk, readingThread } = context;
  const dropLinks = (): void => discardTree(below, links);
  if (readingThread !== undefined)
    return new Crew((prefix) => startThread(readingThread, { links, prefix }), {
      size: context.threads,
      silence,
      dropLinks,
    });
  let reader: Promise<(task: FileTask) => Promise<FileRead>> | undefined;
  return {
    read: async (task) => {
      reader ??= (async () => readerOf(below, { links, prefix: '' }, (await context.plugins?.()) ?? []))();
      return (await reader)(task);
    },
    close: async () => dropLinks(),
  };
}

function startThread({ module, trust }: ReadingThread, names: Omit<ThreadStart, 'trust'>): Worker {
  const workerData: ThreadStart = { ...names, trust };
  return new Worker(module, { workerData, resourceLimits: { maxOldGenerationSizeMb: MEGABYTES } });
}

interface Job {
  readonly id: number;
  readonly task: FileTask;
  readonly done: (read: CrewRead) => void;
  /** It was there when a thread ended: with others beside it nobody could tell whose fault that is. */
  isSuspect: boolean;
}

interface CrewLimits {
  /** How many threads. */
  readonly size: number;
  readonly silence: number;
  /** Removes what threads left. */
  readonly dropLinks: () => void;
}

/** Threads that are ended when one of their files hangs; the others of these files are read again, one by one. */
class Crew implements ReadingCrew {
  private readonly start: (prefix: string) => Worker;
  private readonly limits: CrewLimits;
  private readonly waiting: Job[] = [];
  private readonly threads = new Set<Thread>();
  private isClosed = false;
  /** Why no thread can be started. */
  private fault: string | undefined;
  private count = 0;
  private started = 0;

  constructor(start: (prefix: string) => Worker, limits: CrewLimits) {
    this.start = start;
    this.limits = limits;
  }

  read(task: FileTask): Promise<CrewRead> {
    return new Promise((done) => {
      if (this.fault !== undefined) return done({ kind: 'failed', message: this.fault });
      this.waiting.push({ id: this.count++, task, done, isSuspect: false });
      this.give();
    });
  }

  async close(): Promise<void> {
    this.isClosed = true;
    await Promise.all([...this.threads].map((thread) => thread.end()));
    this.limits.dropLinks();
  }

  private give(): void {
    for (let next = this.waiting[0]; next !== undefined && !this.isClosed; next = this.waiting[0]) {
      const thread = [...this.threads].find((each) => each.takes(next!)) ?? this.another();
      if (thread === undefined) return;
      this.waiting.shift();
      thread.give(next);
    }
  }

  /** One file does not need two of them. */
  private another(): Thread | undefined {
    if (this.threads.size >= this.limits.size) return undefined;
    const thread = new Thread(
      this.start(`${this.started++}-`),
      this.limits.silence,
      () => this.give(),
      (left, message) => this.ended(thread, left, message),
    );
    this.threads.add(thread);
    return thread;
  }

  private ended(thread: Thread, left: readonly Job[], { message, isOfFile }: Ending): void {
    this.threads.delete(thread);
    if (this.isClosed) return;
    if (!isOfFile) this.fault = message;
    const isGuilty = left.length === 1 || !isOfFile;
    for (const job of left) {
      if (isGuilty) job.done({ kind: 'failed', message });
      else this.waiting.unshift(Object.assign(job, { isSuspect: true }));
    }
    if (!isOfFile) for (const job of this.waiting.splice(0)) job.done({ kind: 'failed', message });
    this.give();
  }
}

/** Why a thread ended, and whether one of its files may be to blame. */
interface Ending {
  readonly message: string;
  readonly isOfFile: boolean;
}

class Thread {
  private readonly worker: Worker;
  private readonly longestSilence: number;
  private readonly jobs = new Map<number, Job>();
  private readonly onFree: () => void;
  private readonly onEnd: (left: readonly Job[], ending: Ending) => void;
  private silence: ReturnType<typeof setTimeout> | undefined;
  private isReady = false;
  private isOver = false;

  constructor(
    worker: Worker,
    longestSilence: number,
    onFree: () => void,
    onEnd: (left: readonly Job[], ending: Ending) => void,
  ) {
    this.worker = worker;
    this.longestSilence = longestSilence;
    this.onFree = onFree;
    this.onEnd = onEnd;
    worker.on('message', (message: FromThread) => this.take(message));
    worker.on('error', (error) => this.over({ message: wordsOf(error), isOfFile: this.isReady }));
    worker.on('exit', () => this.over({ message: 'its reader ended', isOfFile: this.isReady }));
  }

  takes({ isSuspect }: Job): boolean {
    const hasSuspect = [...this.jobs.values()].some((job) => job.isSuspect);
    return isSuspect ? this.jobs.size === 0 : this.jobs.size < AT_ONCE && !hasSuspect;
  }

  give(job: Job): void {
    this.jobs.set(job.id, job);
    this.worker.postMessage({ id: job.id, task: job.task } satisfies ToThread);
    this.worker.ref();
    this.listen();
  }

  async end(): Promise<void> {
    clearTimeout(this.silence);
    this.isOver = true;
    await this.worker.terminate();
  }

  private take(message: FromThread): void {
    if (message.kind === 'ready') {
      this.isReady = true;
      return this.listen();
    }
    const job = this.jobs.get(message.id);
    this.jobs.delete(message.id);
    this.listen();
    if (this.jobs.size === 0) this.worker.unref();
    job?.done(message.kind === 'done' ? message.read : message);
    this.onFree();
  }

  /** Waits for the next message, but not for ever. */
  private listen(): void {
    clearTimeout(this.silence);
    if (this.jobs.size === 0 || this.isOver) return;
    this.silence = setTimeout(() => {
      void this.worker.terminate();
      this.over({ message: `no answer within ${this.longestSilence / 1000} seconds`, isOfFile: true });
    }, this.longestSilence);
  }

  private over(ending: Ending): void {
    if (this.isOver) return;
    this.isOver = true;
    clearTimeout(this.silence);
    this.onEnd([...this.jobs.values()], ending);
  }
}

function wordsOf(error: Error & { readonly code?: string }): string {
  return error.code === 'ERR_WORKER_OUT_OF_MEMORY' ? 'it takes too much memory' : error.message;
}
