/** The merger of playlists: bytes in, bytes out. */

import type { ByteSource, Merger } from '../../src/plugin/api.ts';
import { mergePlaylists, type Undecided } from './playlist.ts';

/** In bytes. */
const LONGEST = 8 * 1024 * 1024;
/** So many characters a call can take. */
const CHUNK = 8192;

const WHY: Readonly<Record<Undecided, string>> = {
  long: 'the playlist is longer than 8 MiB or 200,000 lines',
  'no-base': 'what the playlist held before is not at hand',
  'no-playlist': 'it is no playlist of plain lines',
  order: 'both sides put its entries into another order',
  comments: 'both sides changed what is said of an entry, or of the list',
  removed: 'one side took out an entry of which the other changed what is said',
};

export const PLAYLISTS: Merger = {
  files: ['*.m3u', '*.m3u8'],
  async merge({ base, ours, theirs }, report) {
    const isLong = [base, ours, theirs].some((each) => (each?.size ?? 0) > LONGEST);
    const merged = isLong
      ? 'long'
      : mergePlaylists(base && (await textOf(base)), await textOf(ours), await textOf(theirs));
    if (typeof merged !== 'string') return bytesOf(merged.text);
    report({ code: `music/playlist-${merged}`, severity: 'note', reason: WHY[merged] });
    return undefined;
  },
};

/** One character for each byte: nobody knows in which encoding the paths are. */
async function textOf(source: ByteSource): Promise<string> {
  const bytes = await source.read(0, source.size);
  const parts: string[] = [];
  for (let at = 0; at < bytes.length; at += CHUNK)
    parts.push(String.fromCharCode(...bytes.subarray(at, at + CHUNK)));
  return parts.join('');
}

function bytesOf(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
  return bytes;
}
