/** Reads a commit out of a pack, also where it stands there as a difference to others (gitformat-pack(5)). */

import type { ByteSource } from '../../src/plugin/api.ts';
import { inflate } from '../../src/plugin/inflate.ts';
import { applyDelta } from './git-delta.ts';

/** No commit that a person wrote is longer. */
export const LONGEST_OBJECT = 1024 * 1024;
/** Git makes chains of 50 unless it is told otherwise. */
const LONGEST_CHAIN = 100;
/** Type, size and where the base is take less. */
const LONGEST_HEADER = 64;
const COMMIT = 1;
const OFFSET_DELTA = 6;
const ID_DELTA = 7;

interface Entry {
  readonly type: number;
  /** Unpacked: the object, or the difference. */
  readonly bytes: Uint8Array;
  /** Where the base stands in the pack. */
  readonly base?: number | undefined;
}

/** The commit at an offset; undefined where it is none, or the pack is damaged. */
export async function readFromPack(
  pack: ByteSource,
  offset: number,
  idLength: number,
  find: (id: string) => Promise<number | undefined>,
): Promise<Uint8Array | undefined> {
  const deltas: Uint8Array[] = [];
  let at: number | undefined = offset;
  while (at !== undefined && deltas.length <= LONGEST_CHAIN) {
    const entry: Entry | undefined = await readEntry(pack, at, idLength, find);
    if (entry?.type === COMMIT)
      return deltas.reduceRight<Uint8Array | undefined>(
        (base, delta) => base && applyDelta(base, delta, LONGEST_OBJECT),
        entry.bytes,
      );
    if (entry !== undefined) deltas.push(entry.bytes);
    at = entry?.base;
  }
  return undefined;
}

async function readEntry(
  pack: ByteSource,
  offset: number,
  idLength: number,
  find: (id: string) => Promise<number | undefined>,
): Promise<Entry | undefined> {
  if (!Number.isSafeInteger(offset) || offset >= pack.size) return undefined;
  const head = await pack.read(offset, LONGEST_HEADER);
  const { type, size, length } = readTypeAndSize(head);
  if (size > LONGEST_OBJECT || ![COMMIT, OFFSET_DELTA, ID_DELTA].includes(type)) return undefined;
  let begin = length;
  let base: number | undefined;
  if (type === OFFSET_DELTA) {
    const distance = readDistance(head, length);
    base = distance.value > 0 && distance.value <= offset ? offset - distance.value : undefined;
    begin = distance.end;
  } else if (type === ID_DELTA) {
    begin = length + idLength;
    base = await find(hexOf(head.subarray(length, begin)).padEnd(2 * idLength, '0'));
  }
  if (type !== COMMIT && base === undefined) return undefined;
  // What does not get shorter gets little longer: a header, and five bytes for each block.
  const packed = await pack.read(offset + begin, size + Math.ceil(size / 1000) + 1024);
  const bytes = inflate(packed, size);
  return bytes?.length === size ? { type, bytes, base } : undefined;
}

/** Three bits of type and four of size, then seven of size a byte, the lowest first. */
function readTypeAndSize(head: Uint8Array): { type: number; size: number; length: number } {
  const first = head[0] ?? 0;
  let size = first & 15;
  let length = 1;
  let factor = 16;
  for (let byte = first; byte & 128 && length < 10; factor *= 128) {
    byte = head[length++] ?? 0;
    size += (byte & 127) * factor;
  }
  return { type: (first >> 4) & 7, size, length };
}

/** Seven bits a byte, the highest first, and one more for each byte that follows. */
function readDistance(head: Uint8Array, begin: number): { value: number; end: number } {
  let end = begin;
  let byte = head[end++] ?? 0;
  let value = byte & 127;
  while (byte & 128 && end < begin + 8) {
    byte = head[end++] ?? 0;
    value = (value + 1) * 128 + (byte & 127);
  }
  return { value, end };
}

function hexOf(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
