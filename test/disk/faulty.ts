/** A disk that goes wrong at a chosen moment: its n-th changing call fails, or the process dies there. */

import * as fs from 'node:fs';
import type { Disk } from '../../src/disk/disk.ts';

/** What goes wrong, at the n-th changing call, counted from 1. */
export type Fault =
  /** The call throws an error with this code; with `onwards` all later changing calls do too. */
  | { readonly kind: 'fails'; readonly at: number; readonly code: string; readonly onwards?: boolean }
  /**
   * The process is no more: this call and every later one, readers included, throw Killed. `torn`: if it is a
   * write, half of the bytes arrive. `powerLoss`: of each file that was not flushed nothing remains but the name.
   */
  | { readonly kind: 'dies'; readonly at: number; readonly torn?: boolean; readonly powerLoss?: boolean };

export class Killed extends Error {
  constructor() {
    super('the process was killed');
    this.name = 'Killed';
  }
}

export interface FaultyDisk extends Disk {
  /** The changing calls so far: `rename /a /b`. */
  readonly calls: readonly string[];
  /** Whether the fault has come. */
  readonly happened: boolean;
}

const CHANGING = new Set<string>([
  'openNew',
  'write',
  'fsync',
  'mkdir',
  'rename',
  'link',
  'cloneFile',
  'symlink',
  'unlink',
  'rmdir',
  'chmod',
  'utimes',
  'setTimes',
  'flushVolume',
]);

/** Passes all calls on to `disk`; without a fault it only counts. */
export function faultyDisk(disk: Disk, fault?: Fault): FaultyDisk {
  const calls: string[] = [];
  const unflushed = new Unflushed();
  const open = new Set<number>();
  let happened = false;

  const die = (): never => {
    happened = true;
    for (const fd of open) fs.closeSync(fd);
    open.clear();
    if (fault?.kind === 'dies' && fault.powerLoss) unflushed.lose();
    throw new Killed();
  };
  const goWrong = (name: string, args: readonly unknown[]): void => {
    const now = fault !== undefined && calls.length === fault.at;
    if (fault?.kind === 'dies' && now) {
      if (fault.torn && name === 'write') {
        const [fd, bytes] = args as [number, Uint8Array];
        disk.write(fd, bytes.subarray(0, bytes.length >> 1));
      }
      die();
    }
    if (fault?.kind === 'fails' && (now || (happened && fault.onwards))) {
      happened = true;
      throw Object.assign(new Error(`${fault.code}: ${name} was made to fail`), { code: fault.code });
    }
  };
  const call = (name: string, args: readonly unknown[]): unknown => {
    if (happened && fault?.kind === 'dies') throw new Killed();
    if (CHANGING.has(name)) {
      calls.push([name, ...args.filter((value) => typeof value === 'string')].join(' '));
      goWrong(name, args);
    }
    const result = (disk[name as keyof Disk] as (...all: readonly unknown[]) => unknown)(...args);
    if (name.startsWith('open')) open.add(result as number);
    if (name === 'close') open.delete(args[0] as number);
    unflushed.follow(name, args, result);
    return result;
  };

  const methods = Object.keys(disk).map((name) => [name, (...args: unknown[]) => call(name, args)]);
  return Object.defineProperties(Object.fromEntries(methods) as FaultyDisk, {
    calls: { value: calls },
    happened: { get: () => happened },
  });
}

/** Which files hold bytes that a power loss would take; names are taken to be safe. */
class Unflushed {
  readonly #paths = new Set<string>();
  readonly #open = new Map<number, string>();

  follow(name: string, args: readonly unknown[], result: unknown): void {
    const [first, second] = args as [string, string];
    const fd = args[0] as number;
    if (name.startsWith('open')) this.#open.set(result as number, first);
    if (name === 'openNew') this.#paths.add(first);
    if (name === 'fsync') this.#paths.delete(this.#open.get(fd)!);
    if (name === 'unlink') this.#paths.delete(first);
    if (name === 'link' && this.#paths.has(first)) this.#paths.add(second);
    if (name === 'rename') this.#rename(first, second);
    if (name === 'flushVolume') this.#paths.clear();
  }

  #rename(from: string, to: string): void {
    this.#paths.delete(to);
    for (const path of Array.from(this.#paths)) {
      if (path !== from && !path.startsWith(`${from}/`)) continue;
      this.#paths.delete(path);
      this.#paths.add(to + path.slice(from.length));
    }
  }

  lose(): void {
    for (const path of this.#paths) fs.truncateSync(path, 0);
  }
}
