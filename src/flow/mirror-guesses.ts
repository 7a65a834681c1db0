/** Where a directory's texts may stand, when no index is at hand to say. */

import { digest } from '../disk/blake3.ts';
import { componentsOf, type RepositoryPath } from '../model/path.ts';
import { markedName, mirrorName } from '../text/mirror.ts';
import { TREE } from './mirror-paths.ts';

/** Every component stands under its plain mirror name or, beside a sibling that folds alike, under its marked one. */
export function mirrorGuesses(path: RepositoryPath): string[] {
  let guesses: string[] = [TREE];
  for (const name of componentsOf(path)) {
    const mirrors = new Set([mirrorName(name, digest), markedName(name, digest)]);
    guesses = guesses.flatMap((above) => [...mirrors].map((mirror) => `${above}/${mirror}`));
    if (guesses.length > MOST) guesses.length = MOST;
  }
  return guesses;
}

/** Plain ones first; nobody has so many folders that fold alike above one another. */
const MOST = 256;
