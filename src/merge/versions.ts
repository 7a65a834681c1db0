/** The different contents that want to stand at one path. */

import type { ContentId, Digest } from '../model/id.ts';
import type { Entry } from '../model/manifest.ts';
import { compareBytes } from '../model/name.ts';
import type { RepositoryPath } from '../model/path.ts';
import { contentOf, mergeEntries } from './entries.ts';
import type { Thing } from './objects.ts';
import type { PlaceConflict } from './places.ts';
import type { Arrival } from './placing.ts';
import { SIDES, type SideName } from './state.ts';

/** Where one thing was in each state. */
export interface From {
  readonly base?: RepositoryPath;
  readonly ours?: RepositoryPath;
  readonly theirs?: RepositoryPath;
}

/** A version of a file that wants to stand somewhere. */
export interface Standing {
  readonly entry: Entry;
  /** The things that it is: several, where they held the same bytes and came to one path. */
  readonly from: readonly From[];
  readonly conflicts: readonly PlaceConflict[];
}

/** Files by their content, links by their target. */
export function idOf(entry: Entry, digest: Digest): ContentId {
  return entry.kind === 'file' ? entry.blake3! : digest(contentOf(entry));
}

/** One version for each content, the lowest id first: that one keeps the name, whichever side it is from. */
export function versionsOf(arrivals: readonly Arrival<Entry>[], digest: Digest): readonly Standing[] {
  const all = arrivals.flatMap(standingsOf);
  if (all.length === 1) return all;
  all.sort(
    (a, b) => compareBytes(idOf(a.entry, digest), idOf(b.entry, digest)) || compareBytes(spell(a), spell(b)),
  );
  const distinct: Standing[] = [];
  for (const standing of all) {
    const last = distinct.at(-1);
    // Equal bytes never conflict.
    if (last === undefined || contentOf(last.entry) !== contentOf(standing.entry)) distinct.push(standing);
    else distinct[distinct.length - 1] = united(last, standing);
  }
  return distinct;
}

/** Two where both sides changed the content. */
function standingsOf({ thing, conflict }: Arrival<Entry>): readonly Standing[] {
  const from = pathsOf(thing);
  const conflicts = conflict === undefined ? [] : [conflict];
  const { base, ours, theirs } = thing;
  if (ours === undefined || theirs === undefined)
    return [{ entry: (ours ?? theirs)!.is, from: [from], conflicts }];
  const merged = mergeEntries(base?.is, ours.is, theirs.is);
  if (merged.kind === 'one') return [{ entry: merged.entry, from: [from], conflicts }];
  return SIDES.map((side) => ({ entry: merged[side], from: [onlyFrom(from, side)], conflicts }));
}

export function pathsOf<T>({ base, ours, theirs }: Thing<T>): From {
  return {
    ...(base && { base: base.path }),
    ...(ours && { ours: ours.path }),
    ...(theirs && { theirs: theirs.path }),
  };
}

function onlyFrom({ base, ...sides }: From, side: SideName): From {
  return { ...(base !== undefined && { base }), ...(sides[side] !== undefined && { [side]: sides[side] }) };
}

/** Two things with the same bytes at one path are one from now on. */
function united(a: Standing, b: Standing): Standing {
  const merged = mergeEntries(undefined, a.entry, b.entry);
  return {
    entry: merged.kind === 'one' ? merged.entry : a.entry,
    from: [...a.from, ...b.from],
    conflicts: [...a.conflicts, ...b.conflicts],
  };
}

/** In one order, whichever side is which. */
function spell({ from, entry }: Standing): string {
  const paths = from.map(({ base = '', ours = '', theirs = '' }) => [
    base,
    ...[ours, theirs].sort(compareBytes),
  ]);
  return JSON.stringify([paths, entry.kind]);
}
