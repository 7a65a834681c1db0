/** Where in a file its sound begins and ends: tags that any format may have before and behind it are left out. */

import type { Window } from '../reading/window.ts';
import { isText, littleEndianAt } from './bytes.ts';

/** From the first byte to the one behind the last. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** No file has more of them; who made one wants a loop. */
const MOST_TAGS = 64;
const ID3V1 = 128;
/** 'TAG+', which some players wrote before an ID3v1. */
const ENHANCED = 227;
/** Lyrics3 1.0: at most 5,100 bytes between its words. */
const LYRICS3 = 5100 + 20;
const HAS_FOOTER = 0x10;

/** Less ID3v2 and APEv2 before, and ID3v1, ID3v2.4, APEv1, APEv2 and Lyrics3 behind, in any order and number. */
export async function untagged(window: Window): Promise<Span> {
  let start = 0;
  for (let tags = 0; tags < MOST_TAGS; tags++) {
    const length = await tagBefore(window, start);
    if (length === 0) break;
    start += length;
  }
  let end = window.size;
  for (let tags = 0; tags < MOST_TAGS && end > start; tags++) {
    const length = await tagBehind(window, end);
    if (length === 0 || length > end - start) break;
    end -= length;
  }
  return { start: Math.min(start, end), end };
}

/** How long the tag is that begins here; 0 where none does. */
async function tagBefore(window: Window, at: number): Promise<number> {
  const head = await window.at(at, 32);
  if (head.length >= 10 && isText(head, 0, 'ID3') && head[3] !== 0xff) {
    const footer = (head[5]! & HAS_FOOTER) === 0 ? 0 : 10;
    return 10 + syncSafeAt(head, 6) + footer;
  }
  return head.length === 32 && isText(head, 0, 'APETAGEX') ? 32 + littleEndianAt(head, 12, 4) : 0;
}

/** How long the tag is that ends here; 0 where none does. */
async function tagBehind(window: Window, end: number): Promise<number> {
  const from = Math.max(0, end - LYRICS3);
  const tail = await window.at(from, end - from);
  const at = (back: number): number => tail.length - back;
  if (tail.length >= ID3V1 && isText(tail, at(ID3V1), 'TAG'))
    return tail.length >= ID3V1 + ENHANCED && isText(tail, at(ID3V1 + ENHANCED), 'TAG+')
      ? ID3V1 + ENHANCED
      : ID3V1;
  if (tail.length >= 32 && isText(tail, at(32), 'APETAGEX')) {
    // The length counts this footer, not the header that may stand before.
    const header = (tail[at(9)]! & 0x80) === 0 ? 0 : 32;
    return Math.max(32, littleEndianAt(tail, at(20), 4)) + header;
  }
  if (tail.length >= 10 && isText(tail, at(10), '3DI')) return 20 + syncSafeAt(tail, at(4));
  return lyricsBehind(tail);
}

/** Lyrics3 2.00 says how long it is; 1.00 is looked for. */
function lyricsBehind(tail: Uint8Array): number {
  const text = new TextDecoder('latin1').decode(tail);
  const [, digits] = /(\d{6})LYRICS200$/.exec(text) ?? [];
  if (digits !== undefined) return Number(digits) + 15;
  if (!text.endsWith('LYRICSEND')) return 0;
  const begin = text.lastIndexOf('LYRICSBEGIN');
  return begin === -1 ? 0 : text.length - begin;
}

/** ID3v2.4, 6.2: four bytes of seven bits. */
function syncSafeAt(bytes: Uint8Array, at: number): number {
  let number = 0;
  for (let i = 0; i < 4; i++) number = number * 128 + (bytes[at + i]! & 0x7f);
  return number;
}
