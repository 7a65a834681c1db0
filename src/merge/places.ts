/**
 * Where a thing is after a merge, or that it is gone. Where it is, is a dimension of its own: that it moved on one
 * side and was changed on the other is no conflict.
 */

import { compareBytes } from '../model/name.ts';
import { isWithin, type RepositoryPath } from '../model/path.ts';
import type { At, Placed, Thing } from './objects.ts';
import { otherSide, SIDES, type SideName } from './state.ts';

export type Place =
  /** It is deleted, by one side or by both. */
  | { readonly kind: 'gone' }
  | {
      readonly kind: 'at';
      readonly path: RepositoryPath;
      /** Whose tree the path is of, so that the folders which the other side renamed take it along. */
      readonly of: SideName | 'both';
      readonly conflict?: PlaceConflict;
    };

export interface PlaceConflict {
  /** Renamed apart, put apart with their folders, or deleted by one side and kept because of the other. */
  readonly kind: 'rename' | 'directory' | 'delete';
  /** Sorted by bytes; the place that was taken is among them. */
  readonly paths: readonly RepositoryPath[];
}

/** What a place depends on beside the thing itself. */
export interface Surroundings {
  /** Whether what one side did to a thing outweighs that the other deleted it. */
  readonly isKept: (side: SideName) => boolean;
  /** Where a path of one side is in the folders that the other renamed. */
  readonly carry: (side: SideName, path: RepositoryPath) => RepositoryPath;
}

/** Where a thing of one side or both is after the merge. */
export function placeOf<T>(thing: Thing<T>, { isKept, carry }: Surroundings): Place {
  const { base, ours, theirs } = thing;
  if (ours !== undefined && theirs !== undefined) return placeOfBoth(base, { ours, theirs }, carry);
  const side = ours !== undefined ? 'ours' : 'theirs';
  const here = thing[side];
  // Deleted on both sides.
  if (here === undefined) return { kind: 'gone' };
  // Here the thing is on one side alone: new there, or deleted by the other.
  if (base === undefined) return { kind: 'at', path: here.path, of: side };
  if (!isKept(side)) return { kind: 'gone' };
  return { kind: 'at', path: here.path, of: side, conflict: { kind: 'delete', paths: [here.path] } };
}

function placeOfBoth<T>(
  base: Thing<T>['base'],
  sides: Record<SideName, Placed<T>>,
  carry: Surroundings['carry'],
): Place {
  const { ours, theirs } = sides;
  // Here both sides have it. Where they agree there is nothing to decide; without a base they do, or it is two things.
  if (ours.path === theirs.path) return { kind: 'at', path: ours.path, of: 'both' };
  for (const side of SIDES) {
    // One side left it where it was, so the other decides.
    if (sides[side].path === base!.path)
      return { kind: 'at', path: sides[otherSide(side)].path, of: otherSide(side) };
  }
  // Both moved it, to different places. A thing's own move counts more than its folder's, which takes it along there.
  for (const side of SIDES) {
    const [here, there] = [sides[side], sides[otherSide(side)]];
    if (here.way === 'itself' && there.way === 'along') return { kind: 'at', path: here.path, of: side };
  }
  // Both moved it in the same way. Of two folders that took it along the inner one decides; the outer one moved too.
  for (const side of SIDES) {
    const [here, there] = [folderBefore(base!, sides[side]), folderBefore(base!, sides[otherSide(side)])];
    if (here !== undefined && there !== undefined && here !== there && isWithin(here, there))
      return { kind: 'at', path: sides[side].path, of: side };
  }
  // Renamed here and put elsewhere with its folder there may be one place after all.
  const carried = { ours: carry('ours', ours.path), theirs: carry('theirs', theirs.path) };
  const meeting = [carried.ours, carried.theirs, ours.path, theirs.path].find(
    (path) =>
      (path === carried.ours || path === ours.path) && (path === carried.theirs || path === theirs.path),
  );
  if (meeting !== undefined) return { kind: 'at', path: meeting, of: 'both' };
  // The lower place is taken; of folders all that is in them goes to the same one.
  const isAlong = ours.folder !== undefined && theirs.folder !== undefined && ours.folder !== theirs.folder;
  const rankOf = ({ folder, path }: Placed<T>): RepositoryPath => (isAlong ? folder! : path);
  const [low, high] = compareBytes(rankOf(ours), rankOf(theirs)) <= 0 ? [ours, theirs] : [theirs, ours];
  const conflict = {
    kind: isAlong ? 'directory' : 'rename',
    paths: [rankOf(low), rankOf(high)],
  } as const;
  return { kind: 'at', path: low.path, of: 'both', conflict };
}

/** Which folder of the base took a thing along. */
function folderBefore<T>(base: At<T>, { path, way, folder }: Placed<T>): RepositoryPath | undefined {
  if (folder === undefined || way !== 'along') return undefined;
  const rest = path.slice(folder.length);
  return base.path.slice(0, base.path.length - rest.length) as RepositoryPath;
}
