/**
 * What both sides hold stays. Of two copies each side may have taken one away, because the other one is there: by the
 * rules for places both are gone then, and the content with them.
 *
 * A person who edits a file takes nothing away, so of two copies of which each side edited one nothing is kept. But
 * where the base is a merge of several, an edit may be what a merge chose.
 */

import type { ContentId } from '../model/id.ts';
import type { Entry } from '../model/manifest.ts';
import { compareBytes } from '../model/name.ts';
import { isWithin, type RepositoryPath } from '../model/path.ts';
import { mergeEntries } from './entries.ts';
import type { Thing } from './objects.ts';
import type { Result } from './result.ts';
import { otherSide, SIDES, type SideName } from './state.ts';
import type { Untouched } from './untouched.ts';

interface Copy {
  readonly path: RepositoryPath;
  readonly entry: Extract<Entry, { kind: 'file' }>;
  /** The other side took it away. */
  readonly isDeleted: boolean;
}

/** To be called when everything else stands; `wholes` are the folders in which nothing else may be put. */
export function keepLastCopies(
  result: Result,
  things: readonly Thing<Entry>[],
  untouched: Untouched,
  { wholes, isJoined }: { readonly wholes: readonly RepositoryPath[]; readonly isJoined: boolean },
): void {
  const [mine, other] = SIDES.map((side) => copiesOn(side, things)) as [Copies, Copies];
  const isTaken = ([content, copy]: readonly [ContentId, Copy]): boolean =>
    isJoined || copy.isDeleted || other.get(content)!.isDeleted;
  const lost = [...mine].filter((it) => other.has(it[0]) && isTaken(it) && !result.holds(it[0]));
  if (lost.length === 0) return;
  const still = contentsOf(untouched);
  for (const [content, copy] of lost.sort(([a], [b]) => compareBytes(a, b)))
    if (!still.has(content)) result.putAgain(...lowest(copy, other.get(content)!, wholes), wholes);
}

type Copies = ReadonlyMap<ContentId, Copy>;

/** Of several the one at the lowest path. */
function copiesOn(side: SideName, things: readonly Thing<Entry>[]): Copies {
  const found = new Map<ContentId, Copy>();
  for (const thing of things) {
    const at = thing[side];
    if (at?.is.kind !== 'file' || at.is.blake3 === undefined || at.is.size === 0) continue;
    const known = found.get(at.is.blake3);
    const isDeleted = thing.base !== undefined && thing[otherSide(side)] === undefined;
    const copy = { path: at.path, entry: at.is, isDeleted };
    if (known === undefined) found.set(at.is.blake3, copy);
    else {
      const first = compareBytes(at.path, known.path) < 0 ? copy : known;
      found.set(at.is.blake3, { ...first, isDeleted: isDeleted || known.isDeleted });
    }
  }
  return found;
}

function contentsOf(untouched: Untouched): ReadonlySet<ContentId> {
  const found = new Set<ContentId>();
  for (const files of untouched.still.values())
    for (const entry of files.values())
      if (entry.kind === 'file' && entry.blake3 !== undefined) found.add(entry.blake3);
  return found;
}

/** The same, whichever side is which; in no whole if there is a choice. */
function lowest(a: Copy, b: Copy, wholes: readonly RepositoryPath[]): [RepositoryPath, Entry] {
  const isInside = ({ path }: Copy): boolean => wholes.some((whole) => isWithin(path, whole));
  const [first] = [a, b].sort(
    (x, y) => Number(isInside(x)) - Number(isInside(y)) || compareBytes(x.path, y.path),
  );
  const merged = mergeEntries(undefined, a.entry, b.entry);
  return [first!.path, merged.kind === 'one' ? merged.entry : first!.entry];
}
