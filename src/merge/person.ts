/** Merges what is written about a person: two that were added under one handle become one, if nothing speaks against it. */

import { compareBytes } from '../model/name.ts';
import type { Value } from '../model/value.ts';
import { setField } from '../text/sidecar-edit.ts';
import { parseSidecar, type Sidecar } from '../text/sidecar.ts';
import type { ThreeValues } from './means.ts';
import { mergeSidecars } from './sidecars.ts';
import { readable, type MergedText, type Text, type TextMeans } from './texts.ts';

/**
 * The merged text; swapped sides, with their labels, give the same. Where each side added somebody under one handle,
 * the lower id stays and the other one is in `was`, as with entities; but where something else is in conflict, perhaps
 * they are two, and the id is in conflict too.
 */
export function mergePerson(three: ThreeValues<Text>, means: TextMeans): MergedText {
  const one = three.base === undefined ? withOneId(three, means) : undefined;
  const merged = one && mergeSidecars(one, means);
  return merged === undefined || merged.conflicts.length > 0 ? mergeSidecars(three, means) : merged;
}

/** Both texts with one id; undefined where they have one already, or one of them cannot be changed. */
function withOneId(
  { base, ours, theirs }: ThreeValues<Text>,
  { people }: TextMeans,
): ThreeValues<Text> | undefined {
  return readable(() => {
    if (ours === undefined || theirs === undefined) return undefined;
    const sides = [ours, theirs].map((text) => ({ text, sidecar: parseSidecar(text, people) }));
    const ids = new Set(sides.flatMap(({ sidecar }) => textsIn(sidecar, 'id')));
    if (ids.size !== 2) return undefined;
    const [lower, higher] = [...ids].sort(compareBytes) as [string, string];
    const was = new Set([higher, ...sides.flatMap(({ sidecar }) => textsIn(sidecar, 'was'))]);
    was.delete(lower);
    const all = [...was].sort(compareBytes);
    const [one, other] = sides.map(({ text }) =>
      setField(setField(text, 'id', lower, people), 'was', all, people),
    );
    return { base, ours: one, theirs: other };
  });
}

function textsIn({ fields }: Sidecar, key: string): string[] {
  const value = fields.get(key);
  const members = Array.isArray(value) ? (value as readonly Value[]) : [value];
  return members.filter((member) => typeof member === 'string');
}
