/**
 * The id of a JPEG's picture (ITU T.81, annex B): its tables and scans as they are coded, without what is told of it.
 *
 * Not hashed are application segments, comments, and what stands behind the end of the picture: Exif, XMP, profiles,
 * previews, a phone's short movie. Of application segments only Adobe's counts, which says what the numbers mean.
 */

import type { FileView } from '../../src/plugin/api.ts';
import { startHash, type ContentHash } from '../reading/content-hash.ts';
import { bigEndianAt, Window } from '../reading/window.ts';

const START = 0xd8;
const END = 0xd9;
const SCAN = 0xda;
const ADOBE = 0xee;
const COMMENT = 0xfe;
const PIECE = 1024 * 1024;

/** Undefined unless the picture is there from its start to its end, with a scan in it. */
export async function jpegImage({ bytes }: FileView): Promise<string | undefined> {
  const window = new Window(bytes);
  const start = await window.exactly(0, 2);
  if (start === undefined || start[0] !== 0xff || start[1] !== START) return undefined;
  const hash = await startHash();
  let hasScan = false;
  for (let at: number | undefined = 2; at !== undefined;) {
    const marker = await markerAt(window, at);
    if (marker === undefined) return undefined;
    if (marker.code === END) return hasScan ? hash.digest() : undefined;
    at = await addSegment(window, marker, hash);
    if (marker.code === SCAN && at !== undefined) {
      hasScan = true;
      at = await addScan(window, at, hash);
    }
  }
  return undefined;
}

interface Marker {
  readonly code: number;
  /** Behind its two bytes. */
  readonly at: number;
}

/** The marker that stands here, maybe behind bytes that only fill. */
async function markerAt(window: Window, offset: number): Promise<Marker | undefined> {
  for (let at = offset; ; at++) {
    const bytes = await window.exactly(at, 2);
    if (bytes === undefined || bytes[0] !== 0xff || bytes[1] === 0) return undefined;
    if (bytes[1] !== 0xff) return { code: bytes[1]!, at: at + 2 };
  }
}

/** Where the segment of a marker ends; hashed with marker and length if it is part of the picture. */
async function addSegment(
  window: Window,
  { code, at }: Marker,
  hash: ContentHash,
): Promise<number | undefined> {
  if (isBare(code)) {
    hash.add(Uint8Array.of(0xff, code));
    return at;
  }
  const head = await window.exactly(at, 2);
  const length = head === undefined ? 0 : bigEndianAt(head, 0, 2);
  const segment = length < 2 ? undefined : await window.exactly(at, length);
  if (segment === undefined) return undefined;
  if (isOfPicture(code, segment)) {
    hash.add(Uint8Array.of(0xff, code));
    hash.add(segment);
  }
  return at + length;
}

/** TEM, and restarts, which belong into scans. */
function isBare(code: number): boolean {
  return code === 0x01 || (code >= 0xd0 && code <= START);
}

function isOfPicture(code: number, segment: Uint8Array): boolean {
  if (code === ADOBE) return new TextDecoder('latin1').decode(segment.subarray(2, 7)) === 'Adobe';
  return code !== COMMENT && (code < 0xe0 || code > 0xef);
}

/** Where coded data ends, at the 255 before the next marker; all before it is hashed. */
async function addScan(window: Window, start: number, hash: ContentHash): Promise<number | undefined> {
  for (let at = start; ;) {
    const piece = await window.at(at, PIECE);
    const end = endOfScan(piece);
    if (end.isFound) {
      hash.add(piece.subarray(0, end.at));
      return at + end.at;
    }
    // A 255 at the end of a piece is looked at again, with what follows it.
    if (end.at === 0) return undefined;
    hash.add(piece.subarray(0, end.at));
    at += end.at;
  }
}

function endOfScan(piece: Uint8Array): { readonly isFound: boolean; readonly at: number } {
  for (let at = piece.indexOf(0xff); at !== -1; at = piece.indexOf(0xff, at + 2)) {
    const next = piece[at + 1];
    if (next === undefined) return { isFound: false, at };
    if (next !== 0 && !(next >= 0xd0 && next <= 0xd7)) return { isFound: true, at };
  }
  return { isFound: false, at: piece.length };
}
