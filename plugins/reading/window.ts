/** Reading a large file from its beginning to its end, mostly forwards, a block at a time. */

import type { ByteSource } from '../../src/plugin/api.ts';

const BLOCK = 1024 * 1024;

/** Gives pieces of a file; what lies in the block that was read last costs nothing. */
export class Window {
  readonly size: number;
  readonly #source: ByteSource;
  readonly #length: number;
  #block: Uint8Array = new Uint8Array();
  #start = 0;

  /** `block` is how much is read at once. */
  constructor(source: ByteSource, block = BLOCK) {
    this.#source = source;
    this.#length = block;
    this.size = source.size;
  }

  /** Some bytes, at most a block; fewer only at the end of the file. */
  async at(offset: number, length: number): Promise<Uint8Array> {
    const end = Math.min(offset + Math.min(length, this.#length), this.size);
    if (end <= offset) return new Uint8Array();
    const holds = offset >= this.#start && end <= this.#start + this.#block.length;
    if (!holds) {
      this.#block = await this.#source.read(offset, this.#length);
      this.#start = offset;
    }
    return this.#block.subarray(offset - this.#start, end - this.#start);
  }

  /** Exactly so many bytes, at most a block; undefined where the file ends before. */
  async exactly(offset: number, length: number): Promise<Uint8Array | undefined> {
    const bytes = await this.at(offset, length);
    return bytes.length === length ? bytes : undefined;
  }
}

/** A whole number, its highest byte first; `length` is at most 8, and what is above 2^53 is not exact. */
export function bigEndianAt(bytes: Uint8Array, offset: number, length: number): number {
  let number = 0;
  for (let i = offset; i < offset + length; i++) number = number * 256 + bytes[i]!;
  return number;
}
