/** The ids of what WAV, AIFF, DSF and WMA files play: chunks with a name and a length, of which two or one count. */

import type { FileView } from '../../src/plugin/api.ts';
import { startHash } from '../reading/content-hash.ts';
import { bigEndianAt, Window } from '../reading/window.ts';
import { hexOf, isText, littleEndianAt } from './bytes.ts';

interface Chunk {
  readonly name: string;
  readonly content: number;
  readonly end: number;
}

/** How chunks are written in a kind of file. */
interface Layout {
  /** Where the first of them begins; undefined where the file is none of this kind. */
  readonly begin: (head: Uint8Array) => number | undefined;
  readonly nameLength: number;
  readonly sizeLength: number;
  readonly numberAt: typeof bigEndianAt;
  /** Whether the length counts name and length, too. */
  readonly countsHead: boolean;
  /** Whether a byte follows one of odd length. */
  readonly isEven: boolean;
  /** Whether one of them says how the samples are to be read. */
  readonly hasForm: boolean;
}

/** No file has more of them. */
const MOST_CHUNKS = 100_000;
/** A length that stands elsewhere: it has no room here. */
const ELSEWHERE = 0xffffffff;

const WAV: Layout = {
  begin: (head) =>
    ['RIFF', 'RF64', 'BW64'].some((it) => isText(head, 0, it)) && isText(head, 8, 'WAVE') ? 12 : undefined,
  nameLength: 4,
  sizeLength: 4,
  numberAt: littleEndianAt,
  countsHead: false,
  isEven: true,
  hasForm: true,
};

const AIFF: Layout = {
  ...WAV,
  begin: (head) => (isText(head, 0, 'FORM') && isText(head, 8, 'AIF') ? 12 : undefined),
  numberAt: bigEndianAt,
};

const DSF: Layout = {
  begin: (head) => (isText(head, 0, 'DSD ') && littleEndianAt(head, 4, 8) === 28 ? 28 : undefined),
  nameLength: 4,
  sizeLength: 8,
  numberAt: littleEndianAt,
  countsHead: true,
  isEven: false,
  hasForm: true,
};

/** Names of ASF are 16 bytes. */
const ASF_HEADER = '3026b2758e66cf11a6d900aa0062ce6c';
const ASF_DATA = '3626b2758e66cf11a6d900aa0062ce6c';

const ASF: Layout = {
  begin: (head) => (hexOf(head.subarray(0, 16)) === ASF_HEADER ? 0 : undefined),
  nameLength: 16,
  sizeLength: 8,
  numberAt: littleEndianAt,
  countsHead: true,
  isEven: false,
  hasForm: false,
};

/** Format, channels, rate and bits of the samples, and the samples. */
export async function wavSamples({ bytes }: FileView): Promise<string | undefined> {
  const window = new Window(bytes);
  const long = { size: undefined as number | undefined };
  return idOfChunks(window, WAV, async ({ name, content, end }, parts) => {
    if (name === 'ds64') long.size = littleEndianAt(await window.at(content + 8, 8), 0, 8);
    if (name === 'fmt ') parts.form = wavForm(await window.at(content, Math.min(end - content, 40)));
    if (name !== 'data') return end;
    const length = end - content === ELSEWHERE ? long.size : end - content;
    if (length === undefined) return undefined;
    parts.sound = { start: content, end: content + length };
    return content + length;
  });
}

export async function aiffSamples({ bytes }: FileView): Promise<string | undefined> {
  const window = new Window(bytes);
  return idOfChunks(window, AIFF, async ({ name, content, end }, parts) => {
    if (name === 'COMM') parts.form = aiffForm(await window.at(content, Math.min(end - content, 22)));
    // Where samples begin, and how they are aligned.
    if (name === 'SSND') {
      const offset = bigEndianAt(await window.at(content, 4), 0, 4);
      parts.sound = { start: content + 8 + offset, end };
    }
    return end;
  });
}

export async function dsfSamples({ bytes }: FileView): Promise<string | undefined> {
  const window = new Window(bytes);
  return idOfChunks(window, DSF, async ({ name, content, end }, parts) => {
    if (name === 'fmt ') parts.form = hexOf(await window.at(content, Math.min(end - content, 40)));
    if (name === 'data') parts.sound = { start: content, end };
    // Behind it stands an ID3v2.
    return name === 'data' ? window.size : end;
  });
}

/** Behind the id of the file, the number of packets and two bytes, which a program that writes tags may change. */
export async function wmaPackets({ bytes }: FileView): Promise<string | undefined> {
  const window = new Window(bytes);
  return idOfChunks(window, ASF, async ({ name, content, end }, parts) => {
    if (name === ASF_DATA) parts.sound = { start: content + 26, end };
    return end;
  });
}

interface Parts {
  form?: string | undefined;
  sound?: { readonly start: number; readonly end: number };
}

/** Gives each chunk to `take`, which answers where the next one begins; undefined where that is not known. */
async function idOfChunks(
  window: Window,
  layout: Layout,
  take: (chunk: Chunk, parts: Parts) => Promise<number | undefined>,
): Promise<string | undefined> {
  const parts: Parts = {};
  const isComplete = (): boolean =>
    parts.sound !== undefined && (!layout.hasForm || parts.form !== undefined);
  let at = layout.begin(await window.at(0, 28));
  for (let chunks = 0; at !== undefined && !isComplete() && chunks < MOST_CHUNKS; chunks++) {
    const chunk = await chunkAt(window, at, layout);
    const end = chunk && (await take(chunk, parts));
    at = end === undefined ? undefined : end + (layout.isEven ? (end - chunk!.content) % 2 : 0);
  }
  const { form = '', sound } = parts;
  if (!isComplete() || sound!.start >= sound!.end || sound!.end > window.size) return undefined;
  const hash = await startHash();
  hash.add(new TextEncoder().encode(`${form} `));
  return (await hash.addFrom(window, sound!.start, sound!.end)) ? hash.digest() : undefined;
}

async function chunkAt(window: Window, at: number, layout: Layout): Promise<Chunk | undefined> {
  const { nameLength, sizeLength, numberAt, countsHead } = layout;
  const length = nameLength + sizeLength;
  const head = await window.exactly(at, length);
  if (head === undefined) return undefined;
  const size = numberAt(head, nameLength, sizeLength);
  if (countsHead && size < length) return undefined;
  const isText = nameLength === 4;
  const name = isText ? new TextDecoder('latin1').decode(head.subarray(0, 4)) : hexOf(head.subarray(0, 16));
  return { name, content: at + length, end: at + size + (countsHead ? 0 : length) };
}

/** The extensible form says the same in other places. */
function wavForm(fmt: Uint8Array): string | undefined {
  if (fmt.length < 16) return undefined;
  const isExtensible = littleEndianAt(fmt, 0, 2) === 0xfffe && fmt.length >= 26;
  const coding = littleEndianAt(fmt, isExtensible ? 24 : 0, 2);
  return `${coding} ${littleEndianAt(fmt, 2, 2)} ${littleEndianAt(fmt, 4, 4)} ${littleEndianAt(fmt, 14, 2)}`;
}

/** Channels, bits, rate, and how AIFC is coded; not how many samples there are. */
function aiffForm(comm: Uint8Array): string | undefined {
  if (comm.length < 18) return undefined;
  const coding = comm.length < 22 || isText(comm, 18, 'NONE') ? '' : hexOf(comm.subarray(18, 22));
  return `${hexOf(comm.subarray(0, 2))} ${hexOf(comm.subarray(6, 18))} ${coding}`;
}
