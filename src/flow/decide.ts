/** Whether deletions are recorded: only a person says so. */

import type { RepositoryPath } from '../model/path.ts';
import {
  findBlocked,
  findGone,
  isBlockedThing,
  keptDirectories,
  withHeld,
  type Blocked,
  type Gone,
} from './deletions.ts';
import type { Look } from './look.ts';
import type { Moves } from '../diff/move-lookup.ts';
import { seeMedia } from './media-of-what-came.ts';
import { seeMoves } from './moves.ts';
import { asIfConfirmed, type Decision } from './settle.ts';
import { typeOf, type Types } from './types.ts';

/** Shows what is gone and asks; the answer is a yes to all of it. */
export type Ask = (gone: Gone) => Promise<boolean>;

export interface DecideOptions {
  readonly confirmDeletions: boolean;
  readonly ask?: Ask;
}

/**
 * Finds what moved and what is gone, and asks about that; what moved is gone from nowhere.
 *
 * Much is confirmed by the flag alone (more than `threshold` files, or most of those that are of one
 * type); what is not confirmed stays recorded and is missed.
 */
export async function decide(
  look: Look,
  threshold: number,
  types: Types,
  { confirmDeletions, ask }: DecideOptions,
): Promise<Decision> {
  const media = await seeMedia(look, types);
  const ofType = (path: RepositoryPath): string => typeOf(types.folders, path);
  const moves = seeMoves(look, undefined, media);
  const gone = findGone(look, moves, threshold, ofType);
  const nothing = gone.count === 0 && gone.directories.length === 0;
  if (nothing || confirmDeletions) return asIfConfirmed(look, gone, moves);
  if (!gone.isMuch && ask !== undefined && (await ask(gone))) return asIfConfirmed(look, gone, moves);
  const movesWithout = (isRefused: (path: RepositoryPath) => boolean): Moves =>
    seeMoves(look, isRefused, media);
  return unconfirmed(look, gone, moves, movesWithout, (now) => findGone(look, now, threshold, ofType));
}

/**
 * What moved to where a missing thing stood cannot be recorded, so it is missing too; and neither can what came to
 * where that was; until that is all.
 */
function unconfirmed(
  look: Look,
  first: Gone,
  all: Moves,
  movesWithout: (isRefused: (path: RepositoryPath) => boolean) => Moves,
  goneWith: (moves: Moves) => Gone,
): Decision {
  let [gone, moves] = [first, all];
  const held = new Set<RepositoryPath>();
  const stops: Blocked[] = [];
  for (;;) {
    const blocked = withHeld(findBlocked(look, gone), held);
    const stopped = moves.things.filter(({ to }) => isBlockedThing(to.path, blocked));
    if (stopped.length === 0 && !folderTargets(moves).some((path) => isBlockedThing(path, blocked)))
      return {
        confirmed: false,
        gone,
        moves,
        kept: new Set([...keptDirectories(look, gone), ...look.stays]),
        blocked,
      };
    for (const { from } of stopped) holdBehind(from.path, moves, held);
    stops.push(withHeld(blocked, held));
    moves = movesWithout((path) => stops.some((stop) => isBlockedThing(path, stop)));
    gone = goneWith(moves);
  }
}

/** Where whole folders went, also such as hold nothing. */
function folderTargets({ facts }: Moves): RepositoryPath[] {
  return facts.filter(({ to }) => to.endsWith('/')).map(({ to }) => to.slice(0, -1) as RepositoryPath);
}

/** All that moved on to where something stood that cannot go. */
function holdBehind(path: RepositoryPath, moves: Moves, held: Set<RepositoryPath>): void {
  for (let at = path; !held.has(at);) {
    const move = moves.into(at);
    if (move === undefined) return;
    held.add(at);
    at = move.from.path;
  }
}
