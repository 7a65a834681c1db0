/** What a program is given beside files: its streams, and lists that may be pipes. */

import * as fs from 'node:fs';
import { native } from './reach.ts';

/** Writes some of the bytes and says how many; throws Node's errors (EPIPE, EAGAIN, ENOSPC …). */
export function writeSome(fd: number, bytes: Uint8Array): number {
  return fs.writeSync(fd, bytes);
}

/**
 * Whether a stream may be a terminal: it is a device, and not the one that swallows all.
 *
 * To know for sure takes `node:tty`, which takes 3 ms to load: too much where it is a file or a pipe.
 */
export function mayBeTerminal(fd: number): boolean {
  try {
    const stats = fs.fstatSync(fd);
    return (
      stats.isCharacterDevice() && stats.rdev !== fs.statSync('/dev/null', { throwIfNoEntry: false })?.rdev
    );
  } catch {
    // The stream was closed before the program began.
    return false;
  }
}

/** All of what a path gives, be it a file, a pipe or a symlink to one; waits for its end. */
export function readAll(path: string): Uint8Array {
  return fs.readFileSync(native(path));
}
