/** `local/volume`: what the volume of a repository was found to keep (README.md, section 15). */

import type { Rendering } from '../model/rendering.ts';
import type { Value } from '../model/value.ts';
import { like, listOf, oneOf, parseOwnText, type Fields, type More } from './reader.ts';
import { byBytes, writeText } from './yaml-write.ts';

/** Of which file system that was found, and what. */
export interface Volume extends More {
  /** The number that the system has for it, in decimal digits. */
  readonly type: string;
  readonly rendering: Rendering;
}

const KEPT = ['modes', 'links', 'signs', 'endings', 'bytes', 'cases'] as const;

export function writeVolume({ type, rendering, more }: Volume): string {
  const entries: [string, Value][] = [
    ['type', type],
    ['keeps', KEPT.filter((each) => rendering[each])],
    ['times', String(rendering.times)],
    ...byBytes(more),
  ];
  return writeText('volume', entries);
}

/** What a text says; throws a TextError. */
export function parseVolume(text: string): Volume {
  return parseOwnText(text, 'volume', readVolume, writeVolume);
}

const digits = like(/^[1-9][0-9]{0,19}$/, 'decimal digits');

function readVolume(fields: Fields): Volume {
  const type = fields.required('type', digits);
  const keeps = new Set(fields.required('keeps', listOf(oneOf(...KEPT))));
  const [modes, links, signs, endings, bytes, cases] = KEPT.map((each) => keeps.has(each));
  const kept = { modes, links, signs, endings, bytes, cases } as Omit<Rendering, 'times'>;
  const times = BigInt(fields.required('times', digits));
  return { type, rendering: { ...kept, times }, ...fields.more() };
}
