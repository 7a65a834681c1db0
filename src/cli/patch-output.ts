/** A patch on its way out: exactly as it is, or painted where a terminal shows it. */

import { nameOfBytes } from '../model/name.ts';
import type { Palette } from './colour.ts';
import type { Output } from './output.ts';

const EMPTY = new Uint8Array(0);

/** Writes the pieces of a patch, texts or bytes cut anywhere; `painted` where a terminal or a person's eye is the reader. */
export async function printPatch(
  output: Output,
  pieces: Iterable<string | Uint8Array>,
  palette: Palette,
  painted: boolean,
): Promise<void> {
  const painter = painted ? (await import('./patch-colour.ts')).patchPainter(palette) : undefined;
  for (const piece of textsOf(pieces)) {
    if (output.closed) return;
    output.write(painter === undefined ? piece : painter.push(piece));
    if (output.full) await output.drained();
  }
  if (painter !== undefined) output.write(painter.end());
}

/** Texts in which no character is cut, and bytes that are no text are held as a Name holds them. */
function* textsOf(pieces: Iterable<string | Uint8Array>): Generator<string> {
  let rest = EMPTY;
  for (const piece of pieces) {
    if (typeof piece === 'string') {
      yield piece;
      continue;
    }
    const bytes = rest.length === 0 ? piece : Buffer.concat([rest, piece]);
    const end = bytes.length - cutLength(bytes);
    yield nameOfBytes(bytes.subarray(0, end));
    // The next piece overwrites this one.
    rest = bytes.slice(end);
  }
  if (rest.length > 0) yield nameOfBytes(rest);
}

/** How many bytes at the end begin a character that is longer. */
function cutLength(bytes: Uint8Array): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back]!;
    if (byte < 0x80) return 0;
    if (byte >= 0xc0) return (byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2) > back ? back : 0;
  }
  return 0;
}
