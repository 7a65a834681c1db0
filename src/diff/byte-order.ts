/** Many things in the order of the bytes of their paths, quickly. */

import { compareBytes } from '../model/name.ts';

/** Where the order of UTF-16 may not be that of the bytes. */
const BEYOND = /[\ud800-\uffff]/;

/**
 * A sorted copy, by one text of each thing and then by another.
 *
 * `<` is several times faster than `compareBytes`, and the same for texts without surrogates and what is above them.
 */
export function inByteOrder<T>(
  things: Iterable<T>,
  first: (thing: T) => string,
  second: (thing: T) => string = first,
): T[] {
  const copy = [...things];
  const isPlain = copy.every((thing) => !BEYOND.test(first(thing)) && !BEYOND.test(second(thing)));
  const compare = isPlain ? (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0) : compareBytes;
  return copy.sort((a, b) => compare(first(a), first(b)) || compare(second(a), second(b)));
}
