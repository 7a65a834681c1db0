/** Where the stanzas of a patch begin and end, found in its bytes as they come. */

import { cutPatch, notPatch } from './patch-problems.ts';

/** The bytes of one stanza, or of its header alone. */
export interface RawStanza {
  readonly bytes: Uint8Array;
  /** The number of its first line in the patch, counted from 1. */
  readonly line: number;
  readonly hasHunks: boolean;
}

const LINE_FEED = 10;
const AT = 64;
const D = 100;

/**
 * Splits a patch, holding one stanza at a time; a chunk may be overwritten once the next one is asked for.
 *
 * Every line of a hunk has a sign, and in a header only the second line can begin with the `d` of `diff --git`
 * (`deleted file mode`): the first byte of a line tells where a stanza begins, however the chunks are cut.
 */
export function* splitStanzas(chunks: Iterable<Uint8Array>, headersOnly: boolean): Generator<RawStanza> {
  let pieces: Uint8Array[] = [];
  let line = 0;
  let first = 0;
  let hasHunks = false;
  let midLine = false;
  for (const chunk of chunks) {
    let from = 0;
    for (let at = 0; at < chunk.length;) {
      if (!midLine) {
        const byte = chunk[at];
        line++;
        if (byte === D && (first === 0 || line !== first + 1)) {
          if (!(headersOnly && hasHunks)) pieces.push(chunk.subarray(from, at));
          if (first > 0) yield { bytes: joined(pieces), line: first, hasHunks };
          [pieces, from, first, hasHunks] = [[], at, line, false];
        } else if (first === 0) notPatch(line);
        else if (byte === AT && !hasHunks) {
          if (headersOnly) pieces.push(copyOf(chunk, from, at));
          hasHunks = true;
        }
      }
      const feed = chunk.indexOf(LINE_FEED, at);
      midLine = feed === -1;
      at = midLine ? chunk.length : feed + 1;
    }
    if (!(headersOnly && hasHunks)) pieces.push(copyOf(chunk, from, chunk.length));
  }
  if (midLine) cutPatch(line);
  if (first > 0) yield { bytes: joined(pieces), line: first, hasHunks };
}

/** A copy; the `slice` of Node's Buffer is a view, which the next chunk would overwrite. */
function copyOf(chunk: Uint8Array, from: number, to: number): Uint8Array {
  return Uint8Array.prototype.slice.call(chunk, from, to);
}

function joined(pieces: readonly Uint8Array[]): Uint8Array {
  const filled = pieces.filter((piece) => piece.length > 0);
  if (filled.length === 1) return filled[0]!;
  const bytes = new Uint8Array(filled.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of filled) {
    bytes.set(piece, at);
    at += piece.length;
  }
  return bytes;
}
