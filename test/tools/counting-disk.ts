/** A disk that counts what is asked of it. */

import type { Disk } from '../../src/disk/disk.ts';
import { compareBytes } from '../../src/model/name.ts';

/** Counts the calls that cost something. */
export interface CountingDisk extends Disk {
  /** Calls by method, since the last `forgetCounts`. */
  readonly counts: ReadonlyMap<string, number>;
  /** The person's files that were opened, sorted. */
  readonly opened: readonly string[];
  forgetCounts(): void;
}

/** Passes all on to `disk`. */
export function countingDisk(disk: Disk, root: string): CountingDisk {
  const counts = new Map<string, number>();
  const opened: string[] = [];
  const call = (name: string, args: readonly unknown[]): unknown => {
    counts.set(name, (counts.get(name) ?? 0) + 1);
    const path = args[0];
    if (
      name === 'openRead' &&
      typeof path === 'string' &&
      path.startsWith(`${root}/`) &&
      !path.startsWith(`${root}/.dbk/`)
    ) {
      opened.push(path.slice(root.length + 1));
    }
    return (disk[name as keyof Disk] as (...all: readonly unknown[]) => unknown)(...args);
  };
  const methods = Object.keys(disk).map((name) => [name, (...args: unknown[]) => call(name, args)]);
  return Object.defineProperties(Object.fromEntries(methods) as CountingDisk, {
    counts: { value: counts },
    opened: { get: () => [...opened].sort(compareBytes) },
    forgetCounts: {
      value: () => {
        counts.clear();
        opened.length = 0;
      },
    },
  });
}
