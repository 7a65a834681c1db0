/** Texts that stand elsewhere after a commit, because a sibling came or went whose name folds alike (section 4). */

import { digest } from '../disk/blake3.ts';
import type { Name } from '../model/name.ts';
import { fileOfSidecar, mirrorNames, sidecarOf } from '../text/mirror.ts';
import type { IndexTexts } from './index-texts.ts';
import type { DirtyDirectory, Look } from './look.ts';
import { TREE, type MirrorAfter, type MirrorBefore } from './mirror-paths.ts';
import { settleDirty, type Decision } from './settle.ts';

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
  const prefixes = displaced.flatMap((path) => {
    const [from, to] = [`${before.of(path)!}/`, `${after.of(path)}/`] as const;
    return [[from, to] as const, [rulesBelow(from), rulesBelow(to)] as const];
  });
  // The deepest first: what is displaced twice goes the whole way.
  prefixes.sort(([a], [b]) => b.length - a.length);
  for (const { path } of texts.recorded()) {
    const prefix = prefixes.find(([old]) => path.startsWith(old));
    if (prefix !== undefined) yield [path, prefix[1] + path.slice(prefix[0].length)];
  }
}

/** `tree/a/` to `ignore.d/a/`. */
function rulesBelow(mirror: string): string {
  return `ignore.d${mirror.slice(TREE.length)}`;
}

/** Sidecars of files that stay, by the names of all files of a directory before and after. */
export function* displacedSidecars(before: Iterable<Name>, after: Iterable<Name>): Generator<Displacement> {
  const mirrors = mirrorNames(after, digest);
  for (const [name, was] of mirrorNames(before, digest)) {
    const mirror = mirrors.get(name);
    if (mirror !== undefined && mirror !== was) yield [sidecarOf(was), sidecarOf(mirror)];
  }
}

/** The same of one directory that is looked at. */
export function* displacedIn(
  look: Look,
  directory: DirtyDirectory,
  decision: Decision,
  after: MirrorAfter,
): Generator<Displacement> {
  const stood = look.mirror.of(directory.path);
  // Few directories have sidecars of files, and only those are settled twice.
  if (stood === undefined || !look.texts.recordedIn(stood).some(isAboutFile)) return;
  const now = settleDirty(look, directory, decision)?.after;
  const before = look.recordedManifest(directory.path);
  if (now === undefined || before === undefined) return;
  for (const [from, to] of displacedSidecars(before.files.keys(), now.files.keys())) {
    if (look.texts.recordedId(`${stood}/${from}`) === undefined) continue;
    yield [`${stood}/${from}`, `${after.of(directory.path)}/${to}`];
  }
}

function isAboutFile(name: string): boolean {
  return fileOfSidecar(name) !== undefined;
}
