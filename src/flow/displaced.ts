/** Texts that stand elsewhere after a commit, because a sibling came or went whose name folds alike (section 4). */

import { digest } from '../disk/blake3.ts';
import type { Name } from '../model/name.ts';
import { mirrorNames, sidecarOf } from '../text/mirror.ts';
import type { IndexTexts } from './index-texts.ts';
import type { MirrorAfter, MirrorBefore } from './mirror-paths.ts';

/** Paths of one text in the index; or, of a sidecar, its names in one directory. */
export type Displacement = readonly [from: string, to: string];

/** Everything recorded below a directory whose mirror name changes. */
export function* displacedTexts(
  texts: IndexTexts,
  before: MirrorBefore,
  after: MirrorAfter,
): Generator<Displacement> {
  const displaced = after.displaced();
  if (displaced.length === 0) return;
  const prefixes = displaced.map((path) => [`${before.of(path)!}/`, `${after.of(path)}/`] as const);
  // The deepest first: what is displaced twice goes the whole way.
  prefixes.sort(([a], [b]) => b.length - a.length);
  for (const { path } of texts.recorded()) {
    const prefix = prefixes.find(([old]) => path.startsWith(old));
    if (prefix !== undefined) yield [path, prefix[1] + path.slice(prefix[0].length)];
  }
}

/** Sidecars of files that stay, by the names of all files of a directory before and after. */
export function* displacedSidecars(before: Iterable<Name>, after: Iterable<Name>): Generator<Displacement> {
  const mirrors = mirrorNames(after, digest);
  for (const [name, was] of mirrorNames(before, digest)) {
    const mirror = mirrors.get(name);
    if (mirror !== undefined && mirror !== was) yield [sidecarOf(was), sidecarOf(mirror)];
  }
}
