/** The ids of what a FLAC file plays (RFC 9639): the MD5 of its samples, or, where none is written, its frames. */

import type { FileView, Report } from '../../src/plugin/api.ts';
import { startHash } from '../reading/content-hash.ts';
import { bigEndianAt, Window } from '../reading/window.ts';
import { hexOf, isText } from './bytes.ts';
import { reachesEnd, type StreamInfo } from './flac-end.ts';
import { untagged, type Span } from './untagged.ts';

interface Flac {
  readonly info: StreamInfo;
  /** In hexadecimal digits. */
  readonly md5: string;
  readonly frames: Span;
}

const NO_MD5 = '0'.repeat(32);
/** What MD5 makes of nothing: all files without a sample would be one. */
const MD5_OF_NOTHING = 'd41d8cd98f00b204e9800998ecf8427e';
/** Each is a kind of its own, or a picture. */
const MOST_BLOCKS = 10_000;

/**
 * The MD5 of the samples as `metaflac --show-md5sum` prints it; undefined where none is written, and where the file is
 * cut off, of which the MD5 says nothing.
 */
export async function flacMd5({ bytes }: FileView, report: Report): Promise<string | undefined> {
  const window = new Window(bytes);
  const flac = await readFlac(window);
  if (flac === undefined || flac.md5 === NO_MD5 || flac.md5 === MD5_OF_NOTHING) return undefined;
  if (await reachesEnd(window, flac.info, flac.frames)) return flac.md5;
  report({ code: 'music/cut-off', severity: 'warning', reason: 'ends before its last sample' });
  return undefined;
}

/** The hash of the frames where no MD5 of the samples is written. */
export async function flacFrames({ bytes }: FileView): Promise<string | undefined> {
  const window = new Window(bytes);
  const flac = await readFlac(window);
  if (flac === undefined || flac.md5 !== NO_MD5) return undefined;
  const { start, end } = flac.frames;
  const hash = await startHash();
  return start < end && (await hash.addFrom(window, start, end)) ? hash.digest() : undefined;
}

/** Undefined unless it begins with STREAMINFO, and all blocks of metadata are there. */
async function readFlac(window: Window): Promise<Flac | undefined> {
  const { start, end } = await untagged(window);
  const head = await window.exactly(start, 42);
  // 34 bytes of block 0, which may be the last.
  if (head === undefined || !isText(head, 0, 'fLaC') || (head[4]! & 0x7f) !== 0) return undefined;
  if (bigEndianAt(head, 5, 3) !== 34) return undefined;
  const [info, md5] = [streamInfoOf(head.subarray(8)), hexOf(head.subarray(26, 42))];
  let at = start + 4;
  for (let blocks = 0; blocks < MOST_BLOCKS; blocks++) {
    const block = await window.exactly(at, 4);
    if (block === undefined) return undefined;
    at += 4 + bigEndianAt(block, 1, 3);
    if (at > end) return undefined;
    if ((block[0]! & 0x80) !== 0) return { info, md5, frames: { start: at, end } };
  }
  return undefined;
}

/** RFC 9639, 8.2. */
function streamInfoOf(block: Uint8Array): StreamInfo {
  return {
    blockSize: bigEndianAt(block, 0, 2),
    longestFrame: bigEndianAt(block, 7, 3),
    samples: (block[13]! & 0x0f) * 2 ** 32 + bigEndianAt(block, 14, 4),
  };
}
