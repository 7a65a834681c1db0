/** Which of several equal things is which: by name, by folder, by the nearest path, by bytes. */

import { parentOf, type RepositoryPath } from '../model/path.ts';
import { inByteOrder } from './byte-order.ts';

type Pair = readonly [from: number, to: number];

/**
 * Pairs as many of two lists of paths as there are in the shorter one; the answer's numbers are places in the lists.
 *
 * First the same name, at the place to which the folder moved and then at the nearest path; then the same folder,
 * the moved one before the own; then the nearest path. Nearest are those with the most last names in common, and of
 * them those with the most first names; the order of bytes settles the rest. No path is ever compared with all of
 * the others: what has a name in common is one heap, which is parted by the next name.
 */
export function pairNearest(
  from: readonly RepositoryPath[],
  to: readonly RepositoryPath[],
  whereTo: (path: string) => string | undefined,
): readonly Pair[] {
  const heaps = new Heaps(from, to);
  const parentThere = (path: RepositoryPath): string | undefined => {
    const there = whereTo(path);
    return there === undefined ? undefined : parentOf(there as RepositoryPath);
  };
  heaps.join(whereTo, (path) => path);
  heaps.joinByLastNames();
  heaps.join(parentThere, parentOf);
  heaps.join(parentOf, parentOf);
  heaps.joinByFirstNames();
  return heaps.pairs;
}

/** Places in the two lists, in the order of the paths' bytes. */
interface Heap {
  readonly from: readonly number[];
  readonly to: readonly number[];
}

class Heaps {
  readonly pairs: Pair[] = [];
  private readonly from: readonly RepositoryPath[];
  private readonly to: readonly RepositoryPath[];
  private readonly all: Heap;
  private readonly isPairedFrom: Uint8Array;
  private readonly isPairedTo: Uint8Array;
  /** How far the names of each path have been read, from behind and from the front. */
  private readonly readFrom: Int32Array;
  private readonly readTo: Int32Array;
  private readonly readFirstFrom: Int32Array;
  private readonly readFirstTo: Int32Array;

  constructor(from: readonly RepositoryPath[], to: readonly RepositoryPath[]) {
    this.from = from;
    this.to = to;
    this.all = { from: sorted(from), to: sorted(to) };
    this.isPairedFrom = new Uint8Array(from.length);
    this.isPairedTo = new Uint8Array(to.length);
    this.readFrom = new Int32Array(from.length);
    this.readTo = new Int32Array(to.length);
    this.readFirstFrom = new Int32Array(from.length);
    this.readFirstTo = new Int32Array(to.length);
  }

  /** Pairs those with equal keys in the order of bytes. */
  join(
    keyOfFrom: (path: RepositoryPath) => string | undefined,
    keyOfTo: (path: RepositoryPath) => string | undefined,
  ): void {
    const heaps = part(
      this.rest(this.all),
      (at) => keyOfFrom(this.from[at]!),
      (at) => keyOfTo(this.to[at]!),
    );
    for (const heap of heaps) this.zip(heap);
  }

  /** The name, then the folder's name, and so on: those that have most in common are paired first. */
  joinByLastNames(): void {
    const join = (heap: Heap): void => {
      for (const inner of this.parted(heap, lastName)) {
        if (inner.from.length > 1 || inner.to.length > 1) join(inner);
        this.byFirstNames(this.rest(inner));
      }
    };
    const heap = this.rest(this.all);
    for (const at of heap.from) this.readFrom[at] = this.from[at]!.length;
    for (const at of heap.to) this.readTo[at] = this.to[at]!.length;
    join(heap);
  }

  joinByFirstNames(): void {
    this.byFirstNames(this.rest(this.all));
  }

  private byFirstNames(heap: Heap): void {
    if (heap.from.length === 0 || heap.to.length === 0) return;
    const join = (outer: Heap): void => {
      for (const inner of this.parted(outer, firstName)) join(inner);
      this.zip(this.rest(outer));
    };
    for (const at of heap.from) this.readFirstFrom[at] = 0;
    for (const at of heap.to) this.readFirstTo[at] = 0;
    join(heap);
  }

  /** By the next name of each path; what has been read of a path is never read again. */
  private parted(heap: Heap, next: NextName): Iterable<Heap> {
    const [readFrom, readTo] =
      next === lastName ? [this.readFrom, this.readTo] : [this.readFirstFrom, this.readFirstTo];
    return part(
      heap,
      (at) => next(this.from[at]!, readFrom, at),
      (at) => next(this.to[at]!, readTo, at),
    );
  }

  private zip({ from, to }: Heap): void {
    for (let i = 0; i < from.length && i < to.length; i++) {
      this.isPairedFrom[from[i]!] = 1;
      this.isPairedTo[to[i]!] = 1;
      this.pairs.push([from[i]!, to[i]!]);
    }
  }

  private rest({ from, to }: Heap): Heap {
    return {
      from: from.filter((at) => this.isPairedFrom[at] === 0),
      to: to.filter((at) => this.isPairedTo[at] === 0),
    };
  }
}

/** The next name of a path, and how far it has been read then. */
type NextName = (path: string, read: Int32Array, at: number) => string | undefined;

const lastName: NextName = (path, read, at) => {
  const end = read[at]!;
  if (end < 0) return undefined;
  const slash = end === 0 ? -1 : path.lastIndexOf('/', end - 1);
  read[at] = slash;
  return path.slice(slash + 1, end);
};

/** Of the folders alone. */
const firstName: NextName = (path, read, at) => {
  const begin = read[at]!;
  const slash = path.indexOf('/', begin);
  if (slash === -1) return undefined;
  read[at] = slash + 1;
  return path.slice(begin, slash);
};

function sorted(paths: readonly RepositoryPath[]): number[] {
  return inByteOrder(paths.keys(), (at) => paths[at]!);
}

/** The heaps of those with equal keys, as far as both sides have some; who has no key is in none. */
function part(
  { from, to }: Heap,
  keyOfFrom: (at: number) => string | undefined,
  keyOfTo: (at: number) => string | undefined,
): Iterable<Heap> {
  if (from.length === 0 || to.length === 0) return [];
  const numbers = new Map<string, number>();
  const numberOf = from.map((at) => {
    const key = keyOfFrom(at);
    if (key === undefined) return -1;
    const known = numbers.get(key);
    if (known === undefined) numbers.set(key, numbers.size);
    return known ?? numbers.size - 1;
  });
  // Most keys stand on one side only: no heap is made for them.
  const heaps = new Map<number, { from: number[]; to: number[] }>();
  for (const at of numbers.size === 0 ? [] : to) {
    const key = keyOfTo(at);
    const number = key === undefined ? undefined : numbers.get(key);
    if (number === undefined) continue;
    const heap = heaps.get(number);
    if (heap === undefined) heaps.set(number, { from: [], to: [at] });
    else heap.to.push(at);
  }
  from.forEach((at, i) => heaps.get(numberOf[i]!)?.from.push(at));
  return heaps.values();
}
