/** The pages of an Ogg file (RFC 3533), and what is coded in its streams. */

import { Window } from '../reading/window.ts';
import { isText, littleEndianAt } from './bytes.ts';

export interface Page {
  readonly serial: number;
  /** Whether it begins with the rest of a packet. */
  readonly isContinued: boolean;
  /** Whether it is the first of its stream, or the last. */
  readonly isFirst: boolean;
  readonly isLast: boolean;
  /** How long each piece of a packet on it is; one below 255 ends its packet. */
  readonly lacing: Uint8Array;
  readonly body: Uint8Array;
  /** Behind it. */
  readonly end: number;
}

export const PAGE_HEADER = 27;

/** Undefined where none begins, or where it is cut off. The bytes are a view that the next read may end. */
export async function pageAt(window: Window, at: number): Promise<Page | undefined> {
  const head = await window.exactly(at, PAGE_HEADER);
  if (head === undefined || !isText(head, 0, 'OggS') || head[4] !== 0) return undefined;
  const behind = PAGE_HEADER + head[26]!;
  const [flags, serial] = [head[5]!, littleEndianAt(head, 14, 4)];
  const lacing = (await window.exactly(at, behind))?.slice(PAGE_HEADER);
  if (lacing === undefined) return undefined;
  const length = behind + lacing.reduce((sum, piece) => sum + piece, 0);
  const page = await window.exactly(at, length);
  if (page === undefined) return undefined;
  return {
    serial,
    isContinued: (flags & 1) !== 0,
    isFirst: (flags & 2) !== 0,
    isLast: (flags & 4) !== 0,
    lacing,
    body: page.subarray(behind),
    end: at + length,
  };
}

/** What a stream is coded as, told by its first packet; `other` is hashed as it is. */
export type Coding = 'opus' | 'vorbis' | 'flac' | 'speex' | 'theora' | 'skeleton' | 'other';

const BEGINNINGS: readonly (readonly [Coding, string])[] = [
  ['opus', 'OpusHead'],
  ['vorbis', '\x01vorbis'],
  ['flac', '\x7fFLAC'],
  ['speex', 'Speex   '],
  ['theora', '\x80theora'],
  ['skeleton', 'fishead\0'],
];

export function codingOf(packet: Uint8Array): Coding {
  return BEGINNINGS.find(([, beginning]) => isText(packet, 0, beginning))?.[0] ?? 'other';
}
