/** How a path of any bytes and any length is given to the operating system. */

import * as fs from 'node:fs';
import { bytesOfName, isUtf8 } from '../model/name.ts';

/** Longer paths are refused by the kernel (PATH_MAX counts the final NUL). */
const LONGEST = 4095;
/** Below this length no spelling in UTF-8 reaches LONGEST, and nothing has to be counted. */
const SURELY_SHORT = Math.floor(LONGEST / 3);
const { O_RDONLY, O_DIRECTORY, O_NOFOLLOW } = fs.constants;

/** What Node's file calls take for a path: the string, or bytes where the string would lose some. */
export function native(path: string): string | Buffer {
  return isUtf8(path) ? path : Buffer.from(bytesOfName(path));
}

/** Whether a path is short and holds no byte that is not UTF-8, so that the system takes the string itself. */
export function isOrdinary(path: string): boolean {
  return path.length <= SURELY_SHORT && isUtf8(path);
}

/**
 * Calls `use` with a path that the kernel takes.
 *
 * A path beyond PATH_MAX is reached through `/proc/self/fd` (Linux): its directories are opened one stretch after
 * the other, and the last one of a stretch is never a symlink. Elsewhere such a path fails with ENAMETOOLONG.
 */
export function reach<T>(path: string, use: (short: string | Buffer) => T): T {
  if (path.length <= SURELY_SHORT || Buffer.byteLength(path) <= LONGEST) return use(native(path));
  return reachByStretches(path, use);
}

function reachByStretches<T>(path: string, use: (short: string | Buffer) => T): T {
  const components = path.split('/');
  let fd = -1;
  try {
    let start = '';
    while (components.length > 1) {
      const stretch = takeStretch(start, components);
      const next = openFollowingNothing(stretch);
      if (fd !== -1) fs.closeSync(fd);
      fd = next;
      start = `/proc/self/fd/${fd}`;
      const rest = `${start}/${components.join('/')}`;
      if (Buffer.byteLength(rest) <= LONGEST) return use(native(rest));
    }
    return use(native(`${start}/${components.join('/')}`));
  } finally {
    if (fd !== -1) fs.closeSync(fd);
  }
}

/** Takes from the components as many as make a path the kernel takes, and leaves the last one. */
function takeStretch(start: string, components: string[]): string {
  let stretch = start;
  if (start === '' && components[0] === '') components.shift();
  while (components.length > 1) {
    const longer = `${stretch}/${components[0]}`;
    if (stretch !== start && Buffer.byteLength(longer) > LONGEST) return stretch;
    stretch = longer;
    components.shift();
  }
  return stretch;
}

function openFollowingNothing(stretch: string): number {
  return fs.openSync(native(stretch), O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
}
