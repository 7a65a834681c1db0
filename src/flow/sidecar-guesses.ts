/** Where the sidecar of a path may stand in a commit, when no index is at hand to say. */

import { digest } from '../disk/blake3.ts';
import type { CommitId } from '../model/id.ts';
import { nameOf, parentOf, ROOT, type RepositoryPath } from '../model/path.ts';
import type { Commits } from '../store/commits.ts';
import { firstParents } from '../store/history.ts';
import { textsAt } from '../store/texts.ts';
import { FOLDER_SIDECAR, markedName, mirrorName, sidecarOf } from '../text/mirror.ts';
import type { Follower } from './follow.ts';
import { mirrorGuesses } from './mirror-guesses.ts';

/** As of a folder and as of a file; of these texts a commit has one at most, or the path was both. */
export function sidecarGuesses(path: RepositoryPath): string[] {
  const ofFolder = mirrorGuesses(path).map((mirror) => `${mirror}/${FOLDER_SIDECAR}`);
  if (path === ROOT) return ofFolder;
  const name = nameOf(path);
  const names = new Set([mirrorName(name, digest), markedName(name, digest)]);
  const ofFile = mirrorGuesses(parentOf(path)).flatMap((mirror) =>
    Array.from(names, (each) => `${mirror}/${sidecarOf(each)}`),
  );
  return [...ofFolder, ...ofFile];
}

/** The sidecar's text, and where it stands; undefined where a commit has none. */
export function sidecarAt(
  commits: Commits,
  at: CommitId | undefined,
  path: RepositoryPath,
): string | undefined {
  if (at === undefined) return undefined;
  for (const text of textsAt(commits, at, new Set(sidecarGuesses(path))).values())
    if (text !== undefined) return text;
  return undefined;
}

/** What a path of `head` was called in a commit that `head` came from; the same in any other. */
export function nameAt(
  commits: Commits,
  follower: Follower,
  { head, at }: { readonly head: CommitId | undefined; readonly at: CommitId },
  path: RepositoryPath,
): RepositoryPath {
  let name = path;
  for (const { id, commit } of firstParents(commits, head)) {
    if (id === at) return name;
    name = follower.before(id, commit, name) ?? name;
  }
  return path;
}
