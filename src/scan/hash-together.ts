/** Hashes many files with one thread or two. */

import type { Disk } from '../disk/disk.ts';
import { newHasher } from '../disk/blake3.ts';
import { Interrupted } from '../model/problem.ts';
import { emptyContents, readInto } from './contents.ts';
import { breathe, type Colleague } from './crew.ts';
import type { ReadingGear } from './hash.ts';
import { READ_BUFFER, SEEN_WIDTH, type Contents } from './messages.ts';
import { Protector, type GuardSetting, type Previous } from './protect.ts';

const SLICE = 8;
const BATCH_FILES = 128;
const BATCH_BYTES = 16 * 1024 * 1024;
/** The other thread always has one batch waiting, so that it never waits for this one to look up. */
const AHEAD = 2;
/** From so many bytes a file is begun before all others, so that at the end no thread is alone with one. */
const BIG = 64 * 1024 * 1024;
/** Less than this is hashed here before another thread has started. */
const WORTH_A_THREAD = 8 * 1024 * 1024;
const WORTH_A_THREAD_FILES = 500;

/** Files to hash, in columns: a million of them are no objects. */
export interface Jobs {
  readonly count: number;
  readonly absolute: (job: number) => string;
  readonly size: (job: number) => number;
  /** What the file was when it was last read, where that is known and matters. */
  readonly previous: (job: number) => Previous | undefined;
}

export interface HashTogether {
  readonly disk: Disk;
  /** What is read is put into this guard; absent: nothing is. */
  readonly guard?: GuardSetting | undefined;
  readonly jobs: Jobs;
  readonly colleague: (() => Colleague) | undefined;
  readonly interrupted: () => boolean;
  readonly tell: (job: number, files: number, bytes: number) => void;
  /** What became of the jobs from `first` on; batches come in any order, each job once. */
  readonly done: (first: number, contents: Contents) => void;
}

export async function hashTogether(request: HashTogether): Promise<void> {
  const { jobs } = request;
  const batches = bigFirst(makeBatches(jobs), jobs);
  if (batches.length === 0) return;
  const colleague = isWorthIt(jobs) ? request.colleague?.() : undefined;
  colleague?.resetBytes();
  const own = new OwnWork(request);
  let next = 0;
  let waiting = 0;
  const waitingFor = new Set<number>();
  const begun = new Int32Array(new SharedArrayBuffer(batches.length * 4));
  /** The next batch for this thread: one that nobody has, or one that only waits over there. */
  const takeBatch = (): number | undefined => {
    if (next < batches.length) return next++;
    const taken = [...waitingFor].findLast((batch) => Atomics.compareExchange(begun, batch, 0, 1) === 0);
    if (taken !== undefined) waitingFor.delete(taken);
    return taken;
  };
  const told = (): void => {
    request.tell(Math.min(own.job, jobs.count - 1), own.files + waiting, own.bytes + (colleague?.bytes ?? 0));
  };
  const give = (): void => {
    while (colleague !== undefined && waitingFor.size < AHEAD && next < batches.length) {
      const [first, count] = batches[next]!;
      const paths = Array.from({ length: count }, (_, i) => jobs.absolute(first + i));
      const { guard } = request;
      const previous = previousIn(jobs, first, count);
      const { control } = colleague;
      colleague.post({ kind: 'hash', batch: next, paths, previous, guard, begun, control });
      waitingFor.add(next++);
    }
  };
  const take = (message: ReturnType<Colleague['take']>): void => {
    if (message?.kind !== 'hashed') return;
    waitingFor.delete(message.batch);
    waiting += batches[message.batch]![1];
    request.done(batches[message.batch]![0], message.contents);
  };
  while (next < batches.length || waitingFor.size > 0 || own.isBusy) {
    give();
    const batch = own.isBusy ? undefined : takeBatch();
    if (batch !== undefined) own.begin(...batches[batch]!);
    if (own.isBusy) own.workFor(SLICE);
    else if (colleague !== undefined) take(await colleague.next());
    told();
    if (request.interrupted()) {
      own.abandon();
      colleague?.stop();
      throw new Interrupted();
    }
    await breathe();
    for (let message = colleague?.take(); message !== undefined; message = colleague?.take()) take(message);
  }
}

/** The batch that this thread is at. */
class OwnWork {
  files = 0;
  bytes = 0;
  job = 0;
  private first = 0;
  private count = 0;
  private row = 0;
  private contents = emptyContents(0);
  private reading: Generator<number, void> | undefined;
  private gear: ReadingGear | undefined;
  private readonly request: HashTogether;

  constructor(request: HashTogether) {
    this.request = request;
  }

  get isBusy(): boolean {
    return this.row < this.count;
  }

  begin(first: number, count: number): void {
    this.first = first;
    this.count = count;
    this.row = 0;
    this.contents = emptyContents(count);
  }

  workFor(milliseconds: number): void {
    this.gear ??= makeGear(this.request);
    const end = Date.now() + milliseconds;
    while (this.row < this.count && Date.now() < end) this.read(this.gear);
    if (this.row === this.count) this.request.done(this.first, this.contents);
  }

  /** Closes the file it is in the middle of. */
  abandon(): void {
    this.reading?.return();
  }

  /** A small file whole, or the next piece of a big one. */
  private read(gear: ReadingGear): void {
    this.job = this.first + this.row;
    const { jobs } = this.request;
    const { job } = this;
    this.reading ??= readInto(this.contents, this.row, gear, jobs.absolute(job), jobs.previous(job));
    const piece = this.reading.next();
    if (piece.done !== true) {
      this.bytes += piece.value;
      return;
    }
    this.bytes += this.contents.seen[this.row * SEEN_WIDTH]! % READ_BUFFER;
    this.reading = undefined;
    this.row++;
    this.files++;
  }
}

function makeGear({ disk, guard }: HashTogether): ReadingGear {
  const protector = guard && new Protector(disk, guard);
  return { disk, protector, hasher: newHasher(), buffer: Buffer.allocUnsafe(READ_BUFFER) };
}

function previousIn(jobs: Jobs, first: number, count: number): Map<number, Previous> {
  const known = new Map<number, Previous>();
  for (let row = 0; row < count; row++) {
    const previous = jobs.previous(first + row);
    if (previous !== undefined) known.set(row, previous);
  }
  return known;
}

/** Neighbours together, in the order they come; a file that is big alone is a batch alone. */
function makeBatches(jobs: Jobs): [number, number][] {
  const batches: [number, number][] = [];
  let first = 0;
  let bytes = 0;
  for (let job = 0; job < jobs.count; job++) {
    const size = jobs.size(job);
    if (job > first && (job - first >= BATCH_FILES || bytes + size > BATCH_BYTES)) {
      batches.push([first, job - first]);
      first = job;
      bytes = 0;
    }
    bytes += size;
  }
  if (jobs.count > first) batches.push([first, jobs.count - first]);
  return batches;
}

function bigFirst(batches: [number, number][], jobs: Jobs): [number, number][] {
  const sizeOf = ([first, count]: [number, number]): number => (count === 1 ? jobs.size(first) : 0);
  const big = batches.filter((batch) => sizeOf(batch) >= BIG);
  if (big.length === 0) return batches;
  big.sort((a, b) => sizeOf(b) - sizeOf(a));
  return [...big, ...batches.filter((batch) => sizeOf(batch) < BIG)];
}

function isWorthIt(jobs: Jobs): boolean {
  if (jobs.count >= WORTH_A_THREAD_FILES) return true;
  let bytes = 0;
  for (let job = 0; job < jobs.count; job++) bytes += jobs.size(job);
  return bytes >= WORTH_A_THREAD;
}
