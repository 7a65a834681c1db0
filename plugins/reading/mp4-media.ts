/**
 * The id of what an MP4, QuickTime or 3GP file plays (ISO 14496-12, 4.2): the content of its `mdat` boxes in order.
 * Tags stand in other boxes, and when they grow only the places of these change.
 */

import type { FileView } from '../../src/plugin/api.ts';
import { startHash, type ContentHash } from './content-hash.ts';
import { bigEndianAt, Window } from './window.ts';

/** No file has more boxes at its top: each fragment of a stream is two. */
const MOST_BOXES = 1_000_000;

interface Box {
  readonly type: string;
  readonly content: number;
  readonly end: number;
}

/** Undefined unless boxes fill the file, and one of them says how the data is to be read. */
export async function mp4Media({ bytes }: FileView): Promise<string | undefined> {
  const window = new Window(bytes);
  const hash = await startHash();
  let data = 0;
  let hasIndex = false;
  let boxes = 0;
  for (let at = 0; at < window.size; boxes++) {
    const box = await boxAt(window, at);
    // The first says at once whether this is such a file.
    if (box === undefined || (at === 0 && !isFirst(box.type)) || boxes === MOST_BOXES) return undefined;
    if (box.type === 'moov') hasIndex = true;
    if (box.type === 'mdat') data += await addData(window, box, hash);
    at = box.end;
  }
  return hasIndex && data > 0 ? hash.digest() : undefined;
}

async function boxAt(window: Window, at: number): Promise<Box | undefined> {
  const head = await window.at(at, 16);
  if (head.length < 8) return undefined;
  const short = bigEndianAt(head, 0, 4);
  const isLong = short === 1;
  if (isLong && head.length < 16) return undefined;
  // 0: to the end of the file.
  const length = isLong ? bigEndianAt(head, 8, 8) : short === 0 ? window.size - at : short;
  const content = at + (isLong ? 16 : 8);
  const end = at + length;
  const type = new TextDecoder('latin1').decode(head.subarray(4, 8));
  return end < content || end > window.size ? undefined : { type, content, end };
}

function isFirst(type: string): boolean {
  return ['ftyp', 'moov', 'mdat', 'wide', 'free', 'skip', 'pnot', 'styp'].includes(type);
}

/** How many bytes it was. */
async function addData(window: Window, { content, end }: Box, hash: ContentHash): Promise<number> {
  await hash.addFrom(window, content, end);
  return end - content;
}
