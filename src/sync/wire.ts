/**
 * How two dbk's speak over a pair of pipes: a line of text in both directions, then frames (README.md has the page).
 * Whatever comes is from the other side and is bounded here before anything is kept.
 */

import { Refusal } from '../model/problem.ts';

/** The highest version of the protocol that is known here; both sides use the lower one of theirs. */
export const VERSION = 1;

/** What a frame is. Small letters ask, capitals answer. */
export const FRAME = {
  facts: 'f',
  commit: 'c',
  patch: 'p',
  records: 'r',
  content: 'g',
  witness: 'w',
  /** What the one who was called is to do. */
  order: 'o',
  /** What there is to say of it: a part of its lines, to which there is no answer. */
  tell: 't',
  /** A part of the answer. */
  data: 'D',
  /** What follows has this name. */
  name: 'K',
  /** What was sent since the answer began is not what was asked for; it begins anew. */
  again: 'A',
  /** The answer is complete. */
  end: 'E',
  /** There is no such thing. */
  nothing: 'N',
  /** The answer ends here, for the reason that it says. */
  problem: 'X',
} as const;

export type FrameKind = (typeof FRAME)[keyof typeof FRAME];

export interface Frame {
  readonly kind: FrameKind;
  /** Of the question, and of all its answer. */
  readonly number: number;
  readonly bytes: Uint8Array;
}

/** Of what one frame carries. */
export const LONGEST_FRAME = 1 << 18;
const HEAD = 9;
const LONGEST_HELLO = 64;
const HELLO = /^dbk serve ([1-9][0-9]{0,4})$/;
const HIGHEST_NUMBER = 0xffffffff;
const KINDS: ReadonlySet<string> = new Set(Object.values(FRAME));
/** As much of what is no hello as is shown. */
const SHOWN = 200;

const encoder = new TextEncoder();
const decoder = new TextDecoder();

export function bytesOfHello(): Uint8Array {
  return encoder.encode(`dbk serve ${VERSION}\n`);
}

export function bytesOfFrame({ kind, number, bytes }: Frame): Uint8Array {
  const whole = new Uint8Array(HEAD + bytes.length);
  whole[0] = kind.charCodeAt(0);
  const view = new DataView(whole.buffer);
  view.setUint32(1, number);
  view.setUint32(5, bytes.length);
  whole.set(bytes, HEAD);
  return whole;
}

/** The numbers of questions begin again after the last that a frame can carry. */
export function numberAfter(number: number): number {
  return number === HIGHEST_NUMBER ? 1 : number + 1;
}

/** Takes bytes as they come apart into the hello and frames. Refuses ('remote') what is neither. */
export class WireReader {
  private readonly pieces: AsyncIterator<Uint8Array>;
  private buffer: Uint8Array = new Uint8Array(0);

  constructor(pieces: AsyncIterable<Uint8Array>) {
    this.pieces = pieces[Symbol.asyncIterator]();
  }

  /** The version that both sides know; undefined where all ended before one byte came. */
  async hello(): Promise<number | undefined> {
    for (;;) {
      const end = this.buffer.indexOf(10);
      const line = decoder.decode(this.buffer.subarray(0, end === -1 ? this.buffer.length : end));
      if (end !== -1 || this.buffer.length > LONGEST_HELLO) {
        const version = HELLO.exec(end > LONGEST_HELLO ? '' : line)?.[1];
        if (version === undefined) throw noHello(line);
        this.buffer = this.buffer.subarray(end + 1);
        return Math.min(VERSION, Number(version));
      }
      if (await this.more()) continue;
      if (this.buffer.length > 0) throw noHello(line);
      return undefined;
    }
  }

  /** The next frame, whose bytes stay as they are; undefined where all ended between two of them. */
  async next(): Promise<Frame | undefined> {
    while (this.buffer.length < HEAD) {
      if (await this.more()) continue;
      if (this.buffer.length > 0) throw badFrame('it ends in the middle of one');
      return undefined;
    }
    const view = new DataView(this.buffer.buffer, this.buffer.byteOffset, HEAD);
    const kind = String.fromCharCode(this.buffer[0]!);
    const [number, length] = [view.getUint32(1), view.getUint32(5)];
    if (!KINDS.has(kind)) throw badFrame(`none is of the kind ${this.buffer[0]}`);
    if (length > LONGEST_FRAME) throw badFrame(`one is ${length} bytes long`);
    while (this.buffer.length < HEAD + length)
      if (!(await this.more())) throw badFrame('it ends in the middle of one');
    const bytes = this.buffer.subarray(HEAD, HEAD + length);
    this.buffer = this.buffer.subarray(HEAD + length);
    return { kind: kind as FrameKind, number, bytes };
  }

  private async more(): Promise<boolean> {
    const { done, value } = await this.pieces.next();
    if (done === true) return false;
    if (this.buffer.length === 0) this.buffer = value;
    else {
      const both = new Uint8Array(this.buffer.length + value.length);
      both.set(this.buffer);
      both.set(value, this.buffer.length);
      this.buffer = both;
    }
    return true;
  }
}

function noHello(line: string): Refusal {
  return wire('no-hello', `it began with '${line.slice(0, SHOWN)}' and not with 'dbk serve'`, {
    hint: 'let nothing print there when no terminal is there (look at ~/.bashrc), and see that dbk is up to date',
  });
}

function badFrame(why: string): Refusal {
  return wire('bad-answer', `what the other side says is no answer: ${why}`);
}

function wire(word: string, reason: string, more: { hint?: string } = {}): Refusal {
  return new Refusal('remote', { code: `sync/${word}`, severity: 'error', reason, ...more });
}
