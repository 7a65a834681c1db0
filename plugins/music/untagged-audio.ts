/** The id of what stands between the tags, for formats whose tags all stand before or behind their sound. */

import type { FileView } from '../../src/plugin/api.ts';
import { startHash } from '../reading/content-hash.ts';
import { Window } from '../reading/window.ts';
import { isText } from './bytes.ts';
import { untagged } from './untagged.ts';

/** Monkey's Audio, WavPack, Musepack 7 and 8, True Audio. */
const BEGINNINGS = ['MAC ', 'wvpk', 'MP+', 'MPCK', 'TTA1'];

/** Undefined where it is none of these. */
export async function untaggedAudio({ bytes }: FileView): Promise<string | undefined> {
  const window = new Window(bytes);
  const { start, end } = await untagged(window);
  const head = await window.at(start, 4);
  if (end - start <= 4 || !BEGINNINGS.some((beginning) => isText(head, 0, beginning))) return undefined;
  const hash = await startHash();
  return (await hash.addFrom(window, start, end)) ? hash.digest() : undefined;
}
