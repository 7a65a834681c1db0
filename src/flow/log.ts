/** What was committed, newest first. */

import { digest } from '../disk/blake3.ts';
import type { Commit } from '../model/commit.ts';
import type { CommitId } from '../model/id.ts';
import { nameOf, parentOf, type RepositoryPath } from '../model/path.ts';
import { history } from '../store/history.ts';
import { headersOf, patchOf } from '../store/trace.ts';
import { escapeName } from '../text/names.ts';
import { mirrorName, sidecarOf, MANIFEST } from '../text/mirror.ts';
import { writeKey } from '../text/yaml-write.ts';
import { mirrorGuesses } from './mirror-guesses.ts';
import type { Repository } from './repository.ts';

export interface LogEntry {
  readonly id: CommitId;
  readonly commit: Commit;
}

/** The commits that a head came from; with a path only those that changed something there or below. */
export function* log(
  repository: Repository,
  from: CommitId | undefined,
  path?: RepositoryPath,
): Generator<LogEntry> {
  for (const entry of history(repository.commits, from)) {
    if (path === undefined || touches(repository, entry.id, path)) yield entry;
  }
}

function touches({ commits }: Repository, id: CommitId, path: RepositoryPath): boolean {
  if (path === '') return true;
  const own = new Set(mirrorGuesses(path));
  const manifests = new Set(mirrorGuesses(parentOf(path)).map((mirror) => `${mirror}/${MANIFEST}`));
  const sidecars = new Set(
    mirrorGuesses(parentOf(path)).map((mirror) => `${mirror}/${sidecarOf(mirrorName(nameOf(path), digest))}`),
  );
  let mayHoldLine = false;
  for (const header of headersOf(commits, id)) {
    for (const text of [header.path, header.from ?? header.path]) {
      if (sidecars.has(text)) return true;
      if ([...own].some((directory) => text.startsWith(`${directory}/`))) return true;
      if (manifests.has(text)) mayHoldLine = true;
    }
  }
  return mayHoldLine && hasLine(commits, id, manifests, path);
}

function hasLine(
  commits: Repository['commits'],
  id: CommitId,
  manifests: ReadonlySet<string>,
  path: RepositoryPath,
): boolean {
  const start = `  ${writeKey(escapeName(nameOf(path)))}: {`;
  for (const stanza of patchOf(commits, id)) {
    if (!manifests.has(stanza.path)) continue;
    for (const hunk of stanza.hunks) {
      for (const line of hunk.text.split('\n')) {
        if ((line[0] === '+' || line[0] === '-') && line.startsWith(start, 1)) return true;
      }
    }
  }
  return false;
}
