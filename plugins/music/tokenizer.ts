/** A file as music-metadata reads it: pieces by place, of which those read last cost nothing, and not without end. */

import { AbstractTokenizer, EndOfStreamError, type IReadChunkOptions } from 'strtok3';
import type { ByteSource } from '../../src/plugin/api.ts';

/** Altogether; a file that asks for more is none, or hostile. */
const MOST_BYTES = 64 * 1024 * 1024;
/** At once: a tag of that many bytes has a hundred thousand values, and each takes a kilobyte. */
const LONGEST = 2 * 1024 * 1024;
/** In MP4 a picture is a value of its own, and so is a table of all samples. */
const LONGEST_MP4 = 16 * 1024 * 1024;
const IS_MP4 = /\.(?:m4[abp]|mp4)$/i;
/** A song takes some hundreds; what goes on has been led in circles. */
const MOST_CALLS = 100_000;
const BLOCK = 32 * 1024;
/** The beginning, the end, and where it is between them. */
const MOST_BLOCKS = 4;
const LONGEST_PIECE = 8 * 1024 * 1024;

/** What ends a reading that would take too much. */
export class TooMuch extends Error {}

export class SourceTokenizer extends AbstractTokenizer {
  readonly fileInfo: { readonly size: number; readonly path: string };
  /** What the disk said, which is no fault of the file. */
  diskError: { readonly error: unknown } | undefined;
  readonly #source: ByteSource;
  readonly #blocks = new Map<number, Uint8Array>();
  #bytes = 0;
  #calls = 0;

  /** `path` tells the format by its ending. */
  constructor(source: ByteSource, path: string) {
    super({ maxBufferSize: IS_MP4.test(path) ? LONGEST_MP4 : LONGEST });
    this.#source = source;
    this.fileInfo = { size: source.size, path };
  }

  override supportsRandomAccess(): boolean {
    return true;
  }

  setPosition(position: number): void {
    this.validateLength(position, 'position');
    this.position = position;
  }

  override async readBuffer(into: Uint8Array, options?: IReadChunkOptions): Promise<number> {
    const { position } = this.normalizeOptions(into, options);
    const read = await this.peekBuffer(into, options);
    this.position = position + read;
    return read;
  }

  override async peekBuffer(into: Uint8Array, options?: IReadChunkOptions): Promise<number> {
    if (++this.#calls > MOST_CALLS) throw new TooMuch();
    const { position, length, mayBeLess } = this.normalizeOptions(into, options);
    if (length > this.maxBufferSize) throw new TooMuch();
    const there = Math.max(0, Math.min(length, this.fileInfo.size - position));
    if (there < length && !mayBeLess) throw new EndOfStreamError();
    for (let done = 0; done < there;) {
      const left = there - done;
      const piece = await this.#piece(position + done, left);
      if (piece.length === 0) throw new EndOfStreamError();
      into.set(piece.length > left ? piece.subarray(0, left) : piece, done);
      done += piece.length;
    }
    return there;
  }

  /** Some bytes from there on, at least one. */
  async #piece(at: number, length: number): Promise<Uint8Array> {
    if (length >= BLOCK) return this.#read(at, Math.min(length, LONGEST_PIECE));
    const number = Math.floor(at / BLOCK);
    let block = this.#blocks.get(number);
    if (block === undefined) {
      block = await this.#read(number * BLOCK, BLOCK);
      if (this.#blocks.size === MOST_BLOCKS) this.#blocks.delete(this.#blocks.keys().next().value!);
      this.#blocks.set(number, block);
    }
    return block.subarray(at - number * BLOCK);
  }

  async #read(at: number, length: number): Promise<Uint8Array> {
    this.#bytes += length;
    if (this.#bytes > MOST_BYTES) throw new TooMuch();
    try {
      return await this.#source.read(at, length);
    } catch (error) {
      this.diskError = { error };
      throw error;
    }
  }
}
