/** The frames of an MP3 or AAC stream, one behind the other, wherever they stand in the file. */

import type { FileView } from '../../src/plugin/api.ts';
import { startHash } from '../reading/content-hash.ts';
import { Window } from '../reading/window.ts';
import {
  aacFrameAt,
  HEADER,
  isInfoFrame,
  mpegFrameAt,
  type FrameAt,
  type FrameHeader,
} from './frame-header.ts';
import { untagged, type Span } from './untagged.ts';

/** Longer than two frames of any kind. */
const PIECE = 256 * 1024;

/** The id of an MP1, MP2 or MP3 stream: all its frames but the one that only tells of the others. */
export function mp3Frames({ bytes }: FileView): Promise<string | undefined> {
  return idOfFrames(new Window(bytes), mpegFrameAt);
}

/** The id of an AAC stream in ADTS frames. */
export function aacFrames({ bytes }: FileView): Promise<string | undefined> {
  return idOfFrames(new Window(bytes), aacFrameAt);
}

/** How long the frames of an MP3 or AAC stream sound, in seconds; reads all of it. Undefined where it is none. */
export async function lengthOfFrames(window: Window, frameAt: FrameAt): Promise<number | undefined> {
  const { frames, seconds } = await walk(window, await untagged(window), frameAt, () => undefined);
  return frames === 0 ? undefined : seconds;
}

/** Undefined unless at least half of what are no tags is frames: other formats hold what looks like some. */
async function idOfFrames(window: Window, frameAt: FrameAt): Promise<string | undefined> {
  const span = await untagged(window);
  const hash = await startHash();
  const { frames, bytes } = await walk(window, span, frameAt, (frame) => hash.add(frame));
  return frames > 0 && bytes * 2 >= span.end - span.start ? hash.digest() : undefined;
}

/** Passes all frames on, in order, several at once. */
async function walk(
  window: Window,
  { start, end }: Span,
  frameAt: FrameAt,
  pass: (bytes: Uint8Array) => void,
): Promise<Walk> {
  const walk = new Walk(frameAt, pass);
  for (let at = start; at + HEADER <= end;) {
    const piece = await window.at(at, Math.min(PIECE, end - at));
    const done = walk.take(piece, at + piece.length >= end);
    if (done === 0) break;
    at += done;
  }
  return walk;
}

class Walk {
  frames = 0;
  bytes = 0;
  seconds = 0;
  readonly #frameAt: FrameAt;
  readonly #pass: (bytes: Uint8Array) => void;
  /** Of the first frame; those of others are passed over. */
  #stream: number | undefined;
  /** Whether a frame ended where the next one is looked for. */
  #isInStep = false;

  constructor(frameAt: FrameAt, pass: (bytes: Uint8Array) => void) {
    this.#frameAt = frameAt;
    this.#pass = pass;
  }

  /** How much of a piece is done with; what stands behind that only makes sense with more. */
  take(piece: Uint8Array, isLast: boolean): number {
    let from = 0;
    let at = 0;
    const passUntil = (end: number): void => void (end > from && this.#pass(piece.subarray(from, end)));
    while (at + HEADER <= piece.length) {
      const frame = this.#frameOfStream(piece, at);
      const next = frame === undefined ? undefined : at + frame.length;
      if (next !== undefined && !isLast && next + HEADER > piece.length) break;
      if (next !== undefined && this.#isFrame(piece, next)) {
        if (this.#add(frame!, piece.subarray(at, next))) from = next;
        at = next;
        continue;
      }
      passUntil(at);
      this.#isInStep = false;
      const sync = piece.indexOf(0xff, at + 1);
      at = sync === -1 ? piece.length : sync;
      from = at;
    }
    passUntil(at);
    return at;
  }

  #frameOfStream(piece: Uint8Array, at: number): FrameHeader | undefined {
    const frame = this.#frameAt(piece, at);
    return frame !== undefined && (this.#stream ?? frame.stream) === frame.stream ? frame : undefined;
  }

  /** Bits that look like a header are everywhere: out of step, another one has to follow, or the end. */
  #isFrame(piece: Uint8Array, next: number): boolean {
    if (next >= piece.length || this.#isInStep) return next <= piece.length;
    return next + HEADER <= piece.length && this.#frameOfStream(piece, next) !== undefined;
  }

  /** True where it holds no sound, and is not to be passed on. */
  #add({ length, samples, rate, stream }: FrameHeader, frame: Uint8Array): boolean {
    const isInfo = this.#stream === undefined && this.#frameAt === mpegFrameAt && isInfoFrame(frame);
    this.#stream = stream;
    this.#isInStep = true;
    this.bytes += length;
    if (isInfo) return true;
    this.frames++;
    this.seconds += samples / rate;
    return false;
  }
}
