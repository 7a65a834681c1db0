/** What a merge of texts is given besides the texts: whose they are, and how to hash. */

import type { Digest } from '../model/id.ts';
import type { Value } from '../model/value.ts';
import type { FieldValue } from '../text/field-conflict.ts';
import { writeFlow } from '../text/yaml-write.ts';

/**
 * Whose value a line of a conflict is: `repository:` of the newest commit of that side that changed the text and that
 * a repository made (not `merge`), and that commit's id. So the label follows from the commits alone, and the two
 * sides never have one id.
 */
export interface SideOfText {
  readonly repository: string;
  readonly id: string;
}

/** What a merge of texts is given besides the texts. */
export interface Means {
  readonly sides: { readonly ours: SideOfText; readonly theirs: SideOfText };
  readonly digest: Digest;
}

/** A value, or undefined where there is no such field. */
export type Maybe = FieldValue | undefined;

export type Fields = ReadonlyMap<string, FieldValue>;

/** One value three times. */
export interface ThreeValues<T> {
  readonly base: T;
  readonly ours: T;
  readonly theirs: T;
}

/** What `makeConflict` takes. Should one id be given twice, the values tell the sides apart. */
export function sidesWith(
  ours: Value | undefined,
  theirs: Value | undefined,
  { sides, digest }: Means,
): readonly (SideOfText & { readonly value: Value | undefined })[] {
  const isOne = sides.ours.repository === sides.theirs.repository && sides.ours.id === sides.theirs.id;
  const idOf = (side: SideOfText, value: Value | undefined): string =>
    isOne ? digest(value === undefined ? '~' : writeFlow(value, 3)) : side.id;
  return [
    { repository: sides.ours.repository, id: idOf(sides.ours, ours), value: ours },
    { repository: sides.theirs.repository, id: idOf(sides.theirs, theirs), value: theirs },
  ];
}
