/**
 * The id of what a Matroska or WebM file plays (RFC 9559): the blocks of its clusters with their times, in order.
 * Tags, titles, names of tracks and covers stand outside of them.
 */

import type { FileView } from '../../src/plugin/api.ts';
import { startHash, type ContentHash } from './content-hash.ts';
import { bigEndianAt, Window } from './window.ts';

const HEADER = 0x1a45dfa3;
const SEGMENT = 0x18538067;
const CLUSTER = 0x1f43b675;
/** Of a cluster: where it stands in the file, how long the one before is, a gap, a checksum. */
const PLACES = [0xa7, 0xab, 0xec, 0xbf];

interface Element {
  readonly id: number;
  readonly content: number;
  readonly end: number;
}

/** Undefined unless every element says its length, and there is a cluster. */
export async function matroskaMedia({ bytes }: FileView): Promise<string | undefined> {
  const window = new Window(bytes);
  const header = await elementAt(window, 0, window.size);
  if (header?.id !== HEADER) return undefined;
  const segment = await elementAt(window, header.end, window.size);
  if (segment?.id !== SEGMENT) return undefined;
  const hash = await startHash();
  let clusters = 0;
  for (let at = segment.content; at < segment.end;) {
    const element = await elementAt(window, at, segment.end);
    if (element === undefined) return undefined;
    if (element.id === CLUSTER) {
      clusters++;
      if (!(await addCluster(window, element, hash))) return undefined;
    }
    at = element.end;
  }
  return clusters === 0 ? undefined : hash.digest();
}

/** False where it does not hold what it says. */
async function addCluster(window: Window, cluster: Element, hash: ContentHash): Promise<boolean> {
  for (let at = cluster.content; at < cluster.end;) {
    const element = await elementAt(window, at, cluster.end);
    if (element === undefined) return false;
    if (!PLACES.includes(element.id)) {
      const length = element.end - element.content;
      hash.add(new TextEncoder().encode(`${element.id} ${length} `));
      if (!(await hash.addFrom(window, element.content, element.end))) return false;
    }
    at = element.end;
  }
  return true;
}

/** Undefined where there is none, it ends behind `most`, or its length is not known. */
async function elementAt(window: Window, at: number, most: number): Promise<Element | undefined> {
  const head = await window.at(at, 12);
  const idLength = lengthOfNumber(head[0]);
  const sizeLength = idLength > 4 ? 9 : lengthOfNumber(head[idLength]);
  if (sizeLength > 8 || head.length < idLength + sizeLength) return undefined;
  const id = bigEndianAt(head, 0, idLength);
  const first = head[idLength]! - 2 ** (8 - sizeLength);
  const rest = head.subarray(idLength + 1, idLength + sizeLength);
  // All ones: until something begins that cannot stand inside.
  if (first === 2 ** (8 - sizeLength) - 1 && rest.every((byte) => byte === 0xff)) return undefined;
  // Without the bit that says how long it is: with that one 8 bytes are no exact number.
  const size = first * 2 ** (8 * rest.length) + bigEndianAt(rest, 0, rest.length);
  const content = at + idLength + sizeLength;
  const end = content + size;
  return end > most ? undefined : { id, content, end };
}

/** RFC 8794, 4: the leading zeros of the first byte say how many follow; 9 where that is no number. */
function lengthOfNumber(first: number | undefined): number {
  return first === undefined ? 9 : Math.clz32(first) - 23;
}
