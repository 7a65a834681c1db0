/** Whether the frames of a FLAC file go on to its last sample: a copy that was broken off keeps the MD5 of the whole. */

import type { Window } from '../reading/window.ts';
import type { Span } from './untagged.ts';

export interface StreamInfo {
  /** In samples, of all frames but the last where they are of one size; else of the shortest. */
  readonly blockSize: number;
  /** In bytes; 0 where it is not known. */
  readonly longestFrame: number;
  /** Of one channel; 0 where it is not known. */
  readonly samples: number;
}

/** Of one of eight channels with 4,608 samples of 24 bits, and some more. */
const LIKELY_FRAME = 128 * 1024;
const MOST = 1024 * 1024;
/** A header with all that may stand in it. */
const HEADER = 16;

/** True as well where the file does not say how many samples there are. */
export async function reachesEnd(window: Window, info: StreamInfo, frames: Span): Promise<boolean> {
  if (info.samples === 0) return true;
  const reach = Math.min(Math.max(info.longestFrame, LIKELY_FRAME) + HEADER, MOST, frames.end - frames.start);
  const tail = await window.at(frames.end - reach, reach);
  for (let at = tail.lastIndexOf(0xff); at !== -1; at = at === 0 ? -1 : tail.lastIndexOf(0xff, at - 1)) {
    if (endOfFrame(tail, at, info.blockSize) === info.samples) return true;
  }
  return false;
}

/** The number of the sample behind the frame that begins there; undefined where none does (RFC 9639, 9.1). */
function endOfFrame(bytes: Uint8Array, at: number, blockSize: number): number | undefined {
  const [second, third] = [bytes[at + 1] ?? 0, bytes[at + 2] ?? 0];
  if ((second & 0xfe) !== 0xf8) return undefined;
  const number = codedNumberAt(bytes, at + 4);
  const bits = third >> 4;
  if (number === undefined || bits === 0) return undefined;
  const sizeLength = bits === 6 ? 1 : bits === 7 ? 2 : 0;
  const rateBits = third & 15;
  const rateLength = rateBits === 12 ? 1 : rateBits === 13 || rateBits === 14 ? 2 : 0;
  const behind = number.end + sizeLength + rateLength;
  if (behind >= bytes.length || checksum(bytes, at, behind) !== bytes[behind]) return undefined;
  const written = sizeLength === 1 ? bytes[number.end]! : bytes[number.end]! * 256 + bytes[number.end + 1]!;
  const size = sizeLength > 0 ? written + 1 : sizeOf(bits);
  // Samples are counted where blocks are of several sizes, blocks where they are of one.
  return (second & 1) === 1 ? number.value + size : number.value * blockSize + size;
}

function sizeOf(bits: number): number {
  if (bits === 1) return 192;
  return bits < 6 ? 144 << bits : 1 << bits;
}

/** As UTF-8 has numbers, up to 36 bits. */
function codedNumberAt(
  bytes: Uint8Array,
  at: number,
): { readonly value: number; readonly end: number } | undefined {
  const first = bytes[at] ?? 0xff;
  const more = first < 0x80 ? 0 : Math.clz32(~(first << 24)) - 1;
  if (first === 0xff || (first >= 0x80 && more === 0)) return undefined;
  let value = more === 0 ? first : first & (0x3f >> more);
  for (let i = 1; i <= more; i++) {
    const byte = bytes[at + i] ?? 0;
    if ((byte & 0xc0) !== 0x80) return undefined;
    value = value * 64 + (byte & 0x3f);
  }
  return { value, end: at + more + 1 };
}

/** CRC-8 with the polynomial x^8 + x^2 + x + 1. */
function checksum(bytes: Uint8Array, start: number, end: number): number {
  let sum = 0;
  for (let at = start; at < end; at++) {
    sum ^= bytes[at]!;
    for (let bit = 0; bit < 8; bit++) sum = (sum & 0x80) === 0 ? sum << 1 : ((sum << 1) ^ 0x07) & 0xff;
  }
  return sum;
}
