/** Where an object stands in a pack, by the pack's index (gitformat-pack(5), version 2). */

import type { ByteSource } from '../../src/plugin/api.ts';
import { readExactly } from './text.ts';

const MAGIC = 0xff744f63;
const HEADER = 8;
const FANOUT = 4 * 256;

/** The offset in the pack; undefined where the object is not in it, or the index is damaged or older. */
export async function findInPack(index: ByteSource, id: string): Promise<number | undefined> {
  const wanted = bytesOfId(id);
  const head = await readExactly(index, 0, HEADER + FANOUT);
  if (head === undefined) return undefined;
  const numbers = viewOf(head);
  if (numbers.getUint32(0) !== MAGIC || numbers.getUint32(4) !== 2) return undefined;
  const fanout = (byte: number): number => (byte < 0 ? 0 : numbers.getUint32(HEADER + 4 * byte));
  const count = fanout(255);
  const ids = HEADER + FANOUT;
  let [low, high] = [fanout(wanted[0]! - 1), fanout(wanted[0]!)];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    const found = await readExactly(index, ids + middle * wanted.length, wanted.length);
    if (found === undefined) return undefined;
    const order = compare(found, wanted);
    if (order === 0) return offsetAt(index, ids + count * (wanted.length + 4), count, middle);
    if (order < 0) low = middle + 1;
    else high = middle;
  }
  return undefined;
}

/** Offsets from 2^31 on stand in a table of their own behind the others. */
async function offsetAt(
  index: ByteSource,
  table: number,
  count: number,
  at: number,
): Promise<number | undefined> {
  const small = await readExactly(index, table + 4 * at, 4);
  if (small === undefined) return undefined;
  const offset = viewOf(small).getUint32(0);
  if (offset < 0x80000000) return offset;
  const large = await readExactly(index, table + 4 * count + 8 * (offset - 0x80000000), 8);
  return large === undefined ? undefined : Number(viewOf(large).getBigUint64(0));
}

export function viewOf({ buffer, byteOffset, length }: Uint8Array): DataView {
  return new DataView(buffer, byteOffset, length);
}

function bytesOfId(id: string): Uint8Array {
  return Uint8Array.from({ length: id.length / 2 }, (_, i) =>
    Number.parseInt(id.slice(2 * i, 2 * i + 2), 16),
  );
}

function compare(a: Uint8Array, b: Uint8Array): number {
  const at = a.findIndex((byte, i) => byte !== b[i]);
  return at === -1 ? 0 : a[at]! - b[at]!;
}
