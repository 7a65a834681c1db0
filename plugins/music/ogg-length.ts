/** How long an Ogg file sounds, told by its first and its last page: music-metadata would read all of it. */

import type { ByteSource } from '../../src/plugin/api.ts';
import { isText, littleEndianAt } from './bytes.ts';
import { codingOf, PAGE_HEADER } from './ogg-pages.ts';

/** The first page has the first packet alone. */
const HEAD = 1024;
/** Longer than any page. */
const REACH = 66 * 1024;
const NO_TIME = 2 ** 64;

/** In seconds; undefined where it is not Opus, Vorbis, FLAC or Speex. */
export async function oggLength(source: ByteSource): Promise<number | undefined> {
  const head = await source.read(0, HEAD);
  if (head.length < PAGE_HEADER || !isText(head, 0, 'OggS')) return undefined;
  const clock = clockOf(head.subarray(PAGE_HEADER + head[26]!));
  if (clock === undefined || clock.rate === 0) return undefined;
  const serial = littleEndianAt(head, 14, 4);
  const from = Math.max(0, source.size - REACH);
  const tail = await source.read(from, source.size - from);
  for (let at = tail.lastIndexOf(0x4f); at !== -1; at = at === 0 ? -1 : tail.lastIndexOf(0x4f, at - 1)) {
    if (at + PAGE_HEADER > tail.length || !isText(tail, at, 'OggS')) continue;
    if (littleEndianAt(tail, at + 14, 4) !== serial) continue;
    const samples = littleEndianAt(tail, at + 6, 8);
    // Of a page on which no packet ends.
    if (samples < NO_TIME / 2) return (samples - clock.skipped) / clock.rate;
  }
  return undefined;
}

interface Clock {
  /** In samples a second. */
  readonly rate: number;
  /** In samples, at the beginning. */
  readonly skipped: number;
}

/** RFC 7845, 5.1; Vorbis I, 4.2.2; RFC 9639, 10.1 and 8.2; the manual of Speex, 8. */
function clockOf(packet: Uint8Array): Clock | undefined {
  if (packet.length < 19) return undefined;
  switch (codingOf(packet)) {
    case 'opus':
      return { rate: 48_000, skipped: littleEndianAt(packet, 10, 2) };
    case 'vorbis':
      return { rate: littleEndianAt(packet, 12, 4), skipped: 0 };
    case 'flac':
      return packet.length < 51 ? undefined : { rate: rateOfStreamInfo(packet.subarray(17)), skipped: 0 };
    case 'speex':
      return packet.length < 80 ? undefined : { rate: littleEndianAt(packet, 36, 4), skipped: 0 };
    default:
      return undefined;
  }
}

/** Twenty bits. */
function rateOfStreamInfo(block: Uint8Array): number {
  return block[10]! * 4096 + block[11]! * 16 + (block[12]! >> 4);
}
