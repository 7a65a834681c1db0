/** What tests of merged texts and fields hand in. */

import { createHash } from 'node:crypto';
import type { ContentId } from '../../src/model/id.ts';
import type { FieldDeclaration, FieldMerge } from '../../src/model/type-declaration.ts';
import type { Means, SideOfText, ThreeValues } from '../../src/merge/means.ts';
import type { TextMeans } from '../../src/merge/texts.ts';
import { readPeople } from '../../src/text/yaml-people.ts';

/** Any hash does. */
export const digest = (text: Uint8Array | string): ContentId =>
  createHash('sha256').update(text).digest('hex') as ContentId;

export const LAPTOP: SideOfText = { repository: 'laptop', id: '1111222233334444'.repeat(4) };
export const NAS: SideOfText = { repository: 'nas', id: '5555666677778888'.repeat(4) };

/** Ours is the laptop's, theirs is that of the NAS. */
export const MEANS: TextMeans = { sides: { ours: LAPTOP, theirs: NAS }, digest, people: readPeople };

export function swapSides<T extends Means>(means: T): T {
  return { ...means, sides: { ours: means.sides.theirs, theirs: means.sides.ours } };
}

export function swapped<T>({ base, ours, theirs }: ThreeValues<T>): ThreeValues<T> {
  return { base, ours: theirs, theirs: ours };
}

export function declaration(merge: FieldMerge, type: FieldDeclaration['type'] = 'text'): FieldDeclaration {
  return { of: 'file', type, merge, doc: '' };
}
