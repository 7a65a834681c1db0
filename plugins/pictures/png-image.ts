/**
 * The id of a PNG's picture (W3C PNG, third edition): size, palette, transparency, pixels and frames as they are
 * packed, without what is told of it. How the pixels are divided into chunks does not matter.
 */

import type { FileView } from '../../src/plugin/api.ts';
import { startHash } from '../reading/content-hash.ts';
import { bigEndianAt, Window } from '../reading/window.ts';

const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
/** Header, palette, transparency, and of moving pictures control and frames. */
const OF_PICTURE = ['IHDR', 'PLTE', 'tRNS', 'acTL', 'fcTL', 'fdAT'];
/** Length and type before a chunk's data, and a checksum behind it. */
const HEAD = 8;
const CHECKSUM = 4;

/** Undefined unless the picture is there to its end. */
export async function pngImage({ bytes }: FileView): Promise<string | undefined> {
  const window = new Window(bytes);
  const signature = await window.exactly(0, SIGNATURE.length);
  if (signature === undefined || SIGNATURE.some((byte, i) => signature[i] !== byte)) return undefined;
  const hash = await startHash();
  const pixels = { before: 0, bytes: 0, isOver: false };
  let hashed = 0;
  for (let at = SIGNATURE.length, data = 0; ; at += HEAD + data + CHECKSUM) {
    const head = await window.exactly(at, HEAD);
    if (head === undefined) return undefined;
    data = bigEndianAt(head, 0, 4);
    const type = new TextDecoder('latin1').decode(head.subarray(4));
    if (type === 'IEND') break;
    if (at + HEAD + data + CHECKSUM > window.size) return undefined;
    if (type === 'IDAT') {
      if (pixels.isOver) return undefined;
      pixels.before = hashed;
      pixels.bytes += data;
    } else if (OF_PICTURE.includes(type)) {
      pixels.isOver = pixels.bytes > 0;
      hash.add(head.slice());
      hashed += HEAD + data;
    } else continue;
    if (!(await hash.addFrom(window, at + HEAD, at + HEAD + data))) return undefined;
  }
  // Other chunks say how long they are: with this, what was hashed can be taken apart in one way only.
  hash.add(new TextEncoder().encode(`${pixels.before} ${pixels.bytes}`));
  return pixels.bytes === 0 ? undefined : hash.digest();
}
