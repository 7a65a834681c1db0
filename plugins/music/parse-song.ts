/** What music-metadata makes of a file; loaded with the first song. */

import { parseFromTokenizer, type IAudioMetadata, type IMetadataEvent } from 'music-metadata';
import { BufferSizeError } from 'strtok3';
import type { ByteSource } from '../../src/plugin/api.ts';
import { SourceTokenizer, TooMuch } from './tokenizer.ts';
import { withoutCovers } from './without-covers.ts';

export type Song = Pick<IAudioMetadata, 'common' | 'format' | 'native'>;

/** What it says, all of it or what stands before a fault. */
export interface Parsed {
  readonly song: Song | undefined;
  readonly fault: 'damaged' | 'too-much' | undefined;
}

/** `path` tells the format by its ending; only the disk's failures are thrown. */
export async function parseSong(source: ByteSource, path: string): Promise<Parsed> {
  const tokenizer = new SourceTokenizer(await withoutCovers(source), path);
  const known = new Known();
  const observer = (event: IMetadataEvent): void => known.add(event);
  try {
    const song = await parseFromTokenizer(tokenizer, { skipCovers: true, observer });
    return known.isTooMuch ? { song: undefined, fault: 'too-much' } : { song, fault: undefined };
  } catch (error) {
    if (tokenizer.diskError !== undefined) throw tokenizer.diskError.error;
    const isTooMuch = known.isTooMuch || error instanceof TooMuch || error instanceof BufferSizeError;
    return { song: known.isTooMuch ? undefined : known.song, fault: isTooMuch ? 'too-much' : 'damaged' };
  }
}

/** No song has more values; each is compared with those of its kind. */
const MOST_VALUES = 2000;

/** What was read so far. */
class Known {
  song: Song | undefined;
  isTooMuch = false;
  #values = 0;

  add({ metadata, tag }: IMetadataEvent): void {
    this.song = metadata;
    this.isTooMuch ||= ++this.#values > MOST_VALUES;
    if (!this.isTooMuch) return;
    // Nothing ends the loops over values that are at hand; with short lists they are fast.
    const values = metadata.common[tag.id as keyof Song['common']];
    if (Array.isArray(values)) values.length = 0;
  }
}
