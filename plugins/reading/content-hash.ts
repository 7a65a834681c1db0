/** The hash of some parts of a file, fed in order and however large. */

import type { Window } from './window.ts';

export interface ContentHash {
  add(bytes: Uint8Array): void;
  /** A stretch of a file; false where the file ends before, and the hash is of no use. */
  addFrom(window: Window, start: number, end: number): Promise<boolean>;
  /** Of all, in hexadecimal digits. */
  digest(): string;
}

const PIECE = 1024 * 1024;

/** BLAKE3, for which no binary is needed; loaded with the first file. */
export async function startHash(): Promise<ContentHash> {
  const { createBLAKE3 } = await import('hash-wasm');
  const hasher = await createBLAKE3();
  hasher.init();
  return {
    add: (bytes) => void hasher.update(bytes),
    addFrom: async (window, start, end) => {
      for (let at = start; at < end;) {
        const piece = await window.at(at, Math.min(end - at, PIECE));
        if (piece.length === 0) return false;
        hasher.update(piece);
        at += piece.length;
      }
      return true;
    },
    digest: () => hasher.digest('hex'),
  };
}
