/** A file as if its ID3v2 tags had no pictures: music-metadata reads a tag as a whole, and pictures are most of it. */

import type { ByteSource } from '../../src/plugin/api.ts';
import { bigEndianAt, Window } from '../reading/window.ts';
import { isText } from './bytes.ts';

/** From one place of the file to another, or some bytes instead. */
type Piece = { readonly start: number; readonly end: number } | Uint8Array;

/** Pictures, other files, and what programs note for themselves. */
const LEFT_OUT = ['APIC', 'PIC', 'GEOB', 'GEO', 'PRIV'];
/** Smaller ones cost nothing. */
const LARGE = 16 * 1024;
/** Of the headers of frames, several at once. */
const NEAR = 4096;
const MOST_TAGS = 16;
const MOST_FRAMES = 10_000;
/** Of the header of a tag: an extended one follows, or another at its end. */
const IS_UNUSUAL = 0x50;

/** The file itself where there is nothing to leave out. */
export async function withoutCovers(source: ByteSource): Promise<ByteSource> {
  const window = new Window(source, NEAR);
  const pieces: Piece[] = [];
  let at = 0;
  for (let tags = 0; tags < MOST_TAGS; tags++) {
    const head = await window.at(at, 10);
    const size = sizeOfTag(head);
    if (size === undefined || at + 10 + size > source.size) break;
    pieces.push(...(await keptOfTag(window, head, at, at + 10 + size)));
    at += 10 + size;
  }
  pieces.push({ start: at, end: source.size });
  const isWhole = pieces.every((piece) => !(piece instanceof Uint8Array));
  return isWhole ? source : joined(source, pieces);
}

function sizeOfTag(head: Uint8Array): number | undefined {
  if (head.length < 10 || !isText(head, 0, 'ID3') || head[3]! < 2 || head[3]! > 4) return undefined;
  return syncSafeAt(head, 6);
}

function syncSafeAt(bytes: Uint8Array, at: number): number {
  const [a, b, c, d] = bytes.subarray(at, at + 4);
  return ((a! & 0x7f) << 21) | ((b! & 0x7f) << 14) | ((c! & 0x7f) << 7) | (d! & 0x7f);
}

/** The tag with another length in its header, or as it is. */
async function keptOfTag(
  window: Window,
  head: Uint8Array,
  start: number,
  end: number,
): Promise<readonly Piece[]> {
  const whole = [{ start, end }];
  if ((head[5]! & IS_UNUSUAL) !== 0 || end - start < LARGE) return whole;
  const version = head[3]!;
  const idLength = version === 2 ? 3 : 4;
  const header = version === 2 ? 6 : 10;
  const kept: { start: number; end: number }[] = [];
  let at = start + 10;
  for (let frames = 0; frames < MOST_FRAMES && at + header <= end; frames++) {
    const frame = await window.at(at, header);
    const id = String.fromCharCode(...frame.subarray(0, idLength));
    if (frame.length < header || !/^[A-Z0-9]+$/.test(id)) break;
    const size = version === 4 ? syncSafeAt(frame, 4) : bigEndianAt(frame, idLength, idLength);
    if (at + header + size > end) break;
    if (size < LARGE || !LEFT_OUT.includes(id)) kept.push({ start: at, end: at + header + size });
    at += header + size;
  }
  // What is left is room for more tags, or no frames at all.
  const length = kept.reduce((sum, piece) => sum + piece.end - piece.start, 0);
  const shorter = head.slice();
  for (let i = 0; i < 4; i++) shorter[6 + i] = (length >> (7 * (3 - i))) & 0x7f;
  return length + 10 === end - start ? whole : [shorter, ...kept];
}

function joined(source: ByteSource, pieces: readonly Piece[]): ByteSource {
  const size = pieces.reduce((sum, piece) => sum + lengthOf(piece), 0);
  return {
    size,
    read: async (offset, length) => {
      const into = new Uint8Array(Math.max(0, Math.min(length, size - offset)));
      let begin = 0;
      for (const piece of pieces) {
        const [from, to] = [Math.max(offset, begin), Math.min(offset + into.length, begin + lengthOf(piece))];
        if (from < to) into.set(await partOf(source, piece, from - begin, to - from), from - offset);
        begin += lengthOf(piece);
      }
      return into;
    },
  };
}

function lengthOf(piece: Piece): number {
  return piece instanceof Uint8Array ? piece.length : piece.end - piece.start;
}

async function partOf(source: ByteSource, piece: Piece, at: number, length: number): Promise<Uint8Array> {
  return piece instanceof Uint8Array
    ? piece.subarray(at, at + length)
    : source.read(piece.start + at, length);
}
