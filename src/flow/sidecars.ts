/** What people wrote about files whose mirror names change, because a name that folds alike came or went. */

import { digest } from '../disk/blake3.ts';
import { fileOfSidecar, mirrorNames, sidecarOf } from '../text/mirror.ts';
import type { DirtyDirectory, Look } from './look.ts';
import type { MirrorAfter } from './mirror-paths.ts';
import { settleDirty, type Decision } from './settle.ts';

/** Where such a text stands, and where it will stand. */
export function* displacedSidecars(
  look: Look,
  directory: DirtyDirectory,
  decision: Decision,
  after: MirrorAfter,
): Generator<readonly [from: string, to: string]> {
  const stood = look.mirror.of(directory.path);
  const before = look.recordedManifest(directory.path);
  if (stood === undefined || before === undefined) return;
  // Few directories have any, and only those are settled twice.
  if (!look.texts.recordedIn(stood).some((name) => fileOfSidecar(name) !== undefined)) return;
  const now = settleDirty(look, directory, decision)?.after;
  if (now === undefined) return;
  const mirrors = mirrorNames(now.files.keys(), digest);
  for (const [name, was] of mirrorNames(before.files.keys(), digest)) {
    const from = `${stood}/${sidecarOf(was)}`;
    const mirror = mirrors.get(name);
    if (mirror === undefined || mirror === was || look.texts.recordedId(from) === undefined) continue;
    yield [from, `${after.of(directory.path)}/${sidecarOf(mirror)}`];
  }
}
