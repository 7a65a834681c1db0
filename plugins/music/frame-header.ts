/** The headers of frames of which a stream consists: MPEG audio (MP1, MP2, MP3; ISO 11172-3) and AAC (ISO 13818-7). */

export interface FrameHeader {
  /** In bytes, itself included. */
  readonly length: number;
  /** What it adds to the time, in samples of one channel. */
  readonly samples: number;
  /** In samples a second. */
  readonly rate: number;
  /** Equal for all frames of one stream. */
  readonly stream: number;
}

/** The frame whose header begins at an offset, of which HEADER bytes are there; undefined where none does. */
export type FrameAt = (bytes: Uint8Array, at: number) => FrameHeader | undefined;

export const HEADER = 7;

const MPEG_RATES = [44_100, 48_000, 32_000];
/** In kbit/s by the number of the header, for MPEG 1 layers I, II, III and MPEG 2 layers I, II and III. */
const BIT_RATES: readonly (readonly number[])[] = [
  [0, 32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448],
  [0, 32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384],
  [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320],
  [0, 32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256],
  [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160],
];
const AAC_RATES = [
  ...[96_000, 88_200, 64_000, 48_000, 44_100, 32_000, 24_000, 22_050],
  ...[16_000, 12_000, 11_025, 8000, 7350],
];

/** Frames of 'free' bit rate do not say how long they are, and count as none. */
export const mpegFrameAt: FrameAt = (bytes, at) => {
  const second = bytes[at + 1]!;
  if (bytes[at] !== 0xff || (second & 0xe0) !== 0xe0) return undefined;
  // 3: MPEG 1; 2: MPEG 2; 0: MPEG 2.5.
  const version = (second >> 3) & 3;
  const layer = 4 - ((second >> 1) & 3);
  const third = bytes[at + 2]!;
  const full = MPEG_RATES[(third >> 2) & 3];
  const bits = BIT_RATES[version === 3 ? layer - 1 : layer === 1 ? 3 : 4]?.[third >> 4] ?? 0;
  if (version === 1 || layer === 4 || full === undefined || bits === 0) return undefined;
  const rate = full >> (version === 3 ? 0 : version === 2 ? 1 : 2);
  const padding = (third >> 1) & 1;
  const samples = layer === 1 ? 384 : layer === 3 && version !== 3 ? 576 : 1152;
  const slot = layer === 1 ? 4 : 1;
  const length = (Math.floor((samples / 8 / slot) * ((bits * 1000) / rate)) + padding) * slot;
  return { length, samples, rate, stream: ((second & 0x1e) << 8) | (third & 0x0c) };
};

export const aacFrameAt: FrameAt = (bytes, at) => {
  const [second, third, fourth] = [bytes[at + 1]!, bytes[at + 2]!, bytes[at + 3]!];
  if (bytes[at] !== 0xff || (second & 0xf6) !== 0xf0) return undefined;
  const rate = AAC_RATES[(third >> 2) & 15];
  const length = ((fourth & 3) << 11) | (bytes[at + 4]! << 3) | (bytes[at + 5]! >> 5);
  const blocks = (bytes[at + 6]! & 3) + 1;
  if (rate === undefined || length < HEADER) return undefined;
  const stream = ((second & 0x08) << 16) | ((third & 0xfd) << 8) | (fourth & 0xc0);
  return { length, samples: 1024 * blocks, rate, stream };
};

/** Of an MPEG frame: whether it holds no sound, but how long the stream is, as Xing, LAME and Fraunhofer write it. */
export function isInfoFrame(frame: Uint8Array): boolean {
  const isFirstVersion = (frame[1]! & 0x18) === 0x18;
  const isMono = frame[3]! >> 6 === 3;
  const side = isFirstVersion ? (isMono ? 17 : 32) : isMono ? 9 : 17;
  // Some encoders leave room for a checksum which the header denies.
  const places = [4 + side, 6 + side];
  const text = (at: number): string => String.fromCharCode(...frame.subarray(at, at + 4));
  return places.some((at) => ['Xing', 'Info'].includes(text(at))) || text(36) === 'VBRI';
}
