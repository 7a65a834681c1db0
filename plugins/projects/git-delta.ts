/** Makes an object out of another and the difference between them (gitformat-pack(5), "Deltified representation"). */

/** Undefined where the difference is damaged, not one to this base, or longer than `most` bytes. */
export function applyDelta(base: Uint8Array, delta: Uint8Array, most: number): Uint8Array | undefined {
  const cursor = { at: 0 };
  const [from, to] = [readSize(delta, cursor), readSize(delta, cursor)];
  if (from !== base.length || to > most) return undefined;
  const result = new Uint8Array(to);
  let end = 0;
  while (cursor.at < delta.length) {
    const piece = readPiece(base, delta, cursor);
    if (piece === undefined || end + piece.length > to) return undefined;
    result.set(piece, end);
    end += piece.length;
  }
  return end === to ? result : undefined;
}

interface Cursor {
  at: number;
}

/** What the next instruction adds: a part of the base, or bytes that follow. */
function readPiece(base: Uint8Array, delta: Uint8Array, cursor: Cursor): Uint8Array | undefined {
  const command = delta[cursor.at++]!;
  if (command === 0) return undefined;
  const [source, begin, length] =
    command < 128
      ? [delta, cursor.at, command]
      : [base, readNumber(delta, cursor, command, 4), readNumber(delta, cursor, command >> 4, 3) || 65536];
  if (command < 128) cursor.at += length;
  return begin + length <= source.length ? source.subarray(begin, begin + length) : undefined;
}

/** A number of which only the bytes that are not 0 stand there; the lowest bits of the command say which. */
function readNumber(delta: Uint8Array, cursor: Cursor, command: number, bytes: number): number {
  let number = 0;
  for (let i = 0; i < bytes; i++) if (command & (1 << i)) number += (delta[cursor.at++] ?? 0) * 256 ** i;
  return number;
}

function readSize(delta: Uint8Array, cursor: Cursor): number {
  let size = 0;
  for (let factor = 1; factor < 2 ** 49; factor *= 128) {
    const byte = delta[cursor.at++] ?? 0;
    size += (byte & 127) * factor;
    if (byte < 128) break;
  }
  return size;
}
