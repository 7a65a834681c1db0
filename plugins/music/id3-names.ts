/**
 * Names in ID3v2.2 and ID3v2.3 as they stand there.
 *
 * The standard separates several by '/', and music-metadata takes them apart there. Nobody writes so: other programs
 * show `AC/DC`, and several artists separated by NUL, as in ID3v2.4.
 */

import type { ByteSource } from '../../src/plugin/api.ts';
import { bigEndianAt } from '../reading/window.ts';
import { isText } from './bytes.ts';

export interface Id3Names {
  readonly artists?: readonly string[];
  readonly albumArtists?: readonly string[];
  readonly composers?: readonly string[];
}

const NAMES: ReadonlyMap<string, keyof Id3Names> = new Map([
  ['TP1', 'artists'],
  ['TPE1', 'artists'],
  ['TP2', 'albumArtists'],
  ['TPE2', 'albumArtists'],
  ['TCM', 'composers'],
  ['TCOM', 'composers'],
]);

/** Names stand before pictures. */
const MOST = 1024 * 1024;

/** Of a tag at the beginning of a file; of two frames of one kind the first counts. */
export async function id3Names(source: ByteSource): Promise<Id3Names> {
  const head = await source.read(0, 10);
  const version = head[3] ?? 0;
  if (head.length < 10 || !isText(head, 0, 'ID3') || (version !== 2 && version !== 3)) return {};
  const flags = head[5]!;
  const size = (head[6]! << 21) | (head[7]! << 14) | (head[8]! << 7) | head[9]!;
  const read = await source.read(10, Math.min(size & 0x0fffffff, MOST));
  const tag = (flags & 0x80) === 0 ? read : synchronised(read);
  const start = version === 3 && (flags & 0x40) !== 0 && tag.length >= 4 ? 4 + bigEndianAt(tag, 0, 4) : 0;
  return namesOf(tag, start, version === 2 ? 3 : 4);
}

function namesOf(tag: Uint8Array, start: number, idLength: number): Id3Names {
  const names: { -readonly [K in keyof Id3Names]: Id3Names[K] } = {};
  const header = idLength === 3 ? 6 : 10;
  for (let at = start; at + header < tag.length && tag[at] !== 0;) {
    const content = at + header;
    const end = content + bigEndianAt(tag, at + idLength, idLength);
    const key = NAMES.get(String.fromCharCode(...tag.subarray(at, at + idLength)));
    // Behind the id and the length: compressed or encrypted.
    const isPlain = idLength === 3 || (tag[at + 9]! & 0xc0) === 0;
    if (key !== undefined && isPlain && end <= tag.length) names[key] ??= textsOf(tag.subarray(content, end));
    at = end;
  }
  return names;
}

/** 4.2 of the standard: the encoding, then the text; NUL ends it, or separates several. */
function textsOf(frame: Uint8Array): readonly string[] {
  const [encoding, ...mark] = frame.subarray(0, 3);
  const isBig = mark[0] === 0xfe && mark[1] === 0xff;
  const name = encoding === 0 ? 'latin1' : encoding === 3 ? 'utf-8' : isBig ? 'utf-16be' : 'utf-16le';
  const texts = new TextDecoder(name).decode(frame.subarray(1)).split('\0');
  return texts.map((text) => text.replace(/^\ufeff/, '').trim()).filter((text) => text !== '');
}

/** Less each 0 that was put behind a 255 so that nothing looks like the beginning of a frame of sound. */
function synchronised(bytes: Uint8Array): Uint8Array {
  return bytes.filter((byte, i) => byte !== 0 || bytes[i - 1] !== 0xff);
}
