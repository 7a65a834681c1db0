/**
 * The id of what an Ogg file plays: the packets of its streams without their comments.
 *
 * Not the pages: when comments grow, all of these get other numbers and checksums, and a copy may lay them out anew.
 */

import type { FileView } from '../../src/plugin/api.ts';
import { startHash, type ContentHash } from '../reading/content-hash.ts';
import { Window } from '../reading/window.ts';
import { isText } from './bytes.ts';
import { codingOf, pageAt, type Coding, type Page } from './ogg-pages.ts';

/** That play at the same time; each needs some memory. */
const MOST_STREAMS = 16;

/** Undefined unless pages fill the file, from the beginnings of their streams on. */
export async function oggPackets({ bytes }: FileView): Promise<string | undefined> {
  const window = new Window(bytes);
  const all = await startHash();
  // Those that play at the same time, in the order in which they begin; another such group may follow.
  let group = new Map<number, Stream>();
  let isBegun = false;
  for (let at = 0; at < window.size;) {
    const page = await pageAt(window, at);
    if (page === undefined) return undefined;
    if (page.isFirst && isBegun) {
      addGroup(all, group);
      group = new Map();
    }
    isBegun = !page.isFirst;
    if (page.isFirst && group.size < MOST_STREAMS) group.set(page.serial, await Stream.of(page));
    if (!(group.get(page.serial)?.take(page) ?? false)) return undefined;
    at = page.end;
  }
  return addGroup(all, group) === 0 ? undefined : all.digest();
}

/** How many streams of sound or pictures they were. */
function addGroup(all: ContentHash, group: ReadonlyMap<number, Stream>): number {
  const streams = [...group.values()].filter(({ hasSound }) => hasSound);
  all.add(new TextEncoder().encode(`${streams.length} `));
  for (const stream of streams) all.add(new TextEncoder().encode(`${stream.coding} ${stream.digest()} `));
  return streams.length;
}

/** One stream: its packets, each with its length. */
class Stream {
  readonly coding: Coding;
  readonly #hash: ContentHash;
  /** Of the packet that is being read. */
  #number = 0;
  #length = 0;
  #isHashed = true;
  /** So many packets. */
  #hashed = 0;
  /** FLAC has any number of blocks of metadata before its frames. */
  #hasBegun = false;

  static async of(page: Page): Promise<Stream> {
    return new Stream(codingOf(page.body), await startHash());
  }

  private constructor(coding: Coding, hash: ContentHash) {
    this.coding = coding;
    this.#hash = hash;
  }

  /** False where a packet is not what has to stand there. */
  take({ lacing, body, isContinued }: Page): boolean {
    if (isContinued !== this.#length > 0) return false;
    let at = 0;
    for (const piece of lacing) {
      if (this.#length === 0 && !this.#begin(body.subarray(at, at + piece))) return false;
      if (this.#isHashed) this.#hash.add(this.#withoutGain(body.subarray(at, at + piece)));
      at += piece;
      this.#length += piece;
      if (piece < 255) this.#end();
    }
    return true;
  }

  /** Whether more was hashed than what says how to read it. */
  get hasSound(): boolean {
    return this.#hashed > (HEADERS.get(this.coding) ?? 0);
  }

  digest(): string {
    return this.#hash.digest();
  }

  #end(): void {
    // Some programs end a stream with a packet of nothing.
    if (this.#isHashed && this.#length > 0) {
      this.#hash.add(new TextEncoder().encode(` ${this.#length} `));
      this.#hashed++;
    }
    this.#number++;
    this.#length = 0;
  }

  /** A piece that begins a packet has the whole of it, or 255 bytes. */
  #begin(piece: Uint8Array): boolean {
    this.#isHashed = true;
    if (this.coding === 'skeleton') this.#isHashed = false;
    else if (this.coding === 'flac') this.#beginFlac(piece);
    else if (this.#number === 1 && this.coding !== 'other') {
      this.#isHashed = false;
      const beginning = COMMENTS.get(this.coding);
      return beginning === undefined || isText(piece, 0, beginning);
    }
    return true;
  }

  /** Before the frames stand STREAMINFO in the first packet, and tags, pictures and padding in others. */
  #beginFlac(piece: Uint8Array): void {
    this.#hasBegun ||= this.#number > 0 && piece[0] === 0xff;
    this.#isHashed = this.#hasBegun;
  }

  /** Programs write there how loud Opus is to be played, as they write it into tags (RFC 7845, 5.1). */
  #withoutGain(piece: Uint8Array): Uint8Array {
    if (this.coding !== 'opus' || this.#number > 0 || this.#length > 0) return piece;
    const copy = piece.slice();
    copy.fill(0, 16, 18);
    return copy;
  }
}

/** How many packets but the comments stand before sound and pictures. */
const HEADERS: ReadonlyMap<Coding, number> = new Map([
  ['opus', 1],
  ['vorbis', 2],
  ['theora', 2],
  ['speex', 1],
]);

/** How the packet of comments begins; that of Speex does in no way. */
const COMMENTS: ReadonlyMap<Coding, string> = new Map([
  ['opus', 'OpusTags'],
  ['vorbis', '\x03vorbis'],
  ['theora', '\x81theora'],
]);
