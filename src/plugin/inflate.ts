/** Unpacks zlib streams from hostile bytes within a bound: for plugins, which may not import Node's modules. */

import { constants, inflateSync } from 'node:zlib';

/**
 * The bytes that a zlib stream at the beginning of some bytes unpacks to; what is behind its end is ignored.
 *
 * Undefined where it is damaged or would be longer than `most` bytes. Of a stream that is cut off, what there is.
 */
export function inflate(bytes: Uint8Array, most: number): Uint8Array | undefined {
  try {
    return inflateSync(bytes, { maxOutputLength: Math.max(1, most), finishFlush: constants.Z_SYNC_FLUSH });
  } catch {
    // Damaged or too long: zlib has no other way to say so.
    return undefined;
  }
}
