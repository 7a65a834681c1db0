/** What was committed, newest first; of one path, under all the names it had. */

import { digest } from '../disk/blake3.ts';
import type { Commit } from '../model/commit.ts';
import type { CommitId } from '../model/id.ts';
import { nameOf, parentOf, type RepositoryPath } from '../model/path.ts';
import { history } from '../store/history.ts';
import { headersOf, patchOf } from '../store/trace.ts';
import { escapeName } from '../text/names.ts';
import { mirrorName, sidecarOf, MANIFEST } from '../text/mirror.ts';
import { writeKey } from '../text/yaml-write.ts';
import { Follower } from './follow.ts';
import { mirrorGuesses } from './mirror-guesses.ts';
import type { Repository } from './repository.ts';

export interface LogEntry {
  readonly id: CommitId;
  readonly commit: Commit;
  /** Where a path was asked for: what became of it. */
  readonly fate?: Fate;
}

/** What a commit did to the file or folder that is followed. */
export interface Fate {
  /** What it is called after the commit; where it was removed, what it was called. */
  readonly path: RepositoryPath;
  readonly kind: 'added' | 'changed' | 'removed' | 'moved';
  /** Where it was before, if that is elsewhere. */
  readonly from?: RepositoryPath;
  /** Of a file, in bytes, after the commit. */
  readonly size?: number;
}

/**
 * The commits that a head came from; with a path only those that did something to what stands there, or once
 * stood there, or stands below: it is followed through its moves, forwards to its last name and back from there.
 */
export function* log(
  repository: Repository,
  from: CommitId | undefined,
  path?: RepositoryPath,
): Generator<LogEntry> {
  const isAll = path === undefined || path === '';
  const follower = new Follower(repository.commits);
  let name = isAll ? undefined : follower.lastName(from, path);
  for (const { id, commit } of history(repository.commits, from)) {
    if (name === undefined) {
      yield { id, commit };
      continue;
    }
    const fate = fateIn(repository, follower, { id, commit }, name);
    if (fate === undefined) continue;
    yield { id, commit, fate };
    name = fate.from ?? name;
  }
}

function fateIn(
  repository: Repository,
  follower: Follower,
  { id, commit }: LogEntry,
  path: RepositoryPath,
): Fate | undefined {
  const from = follower.before(id, commit, path);
  if (from !== undefined) {
    const thing = follower.thing(id, path);
    return { path, kind: 'moved', from, ...(thing?.kind === 'file' && { size: thing.size }) };
  }
  const touch = touchOf(repository, id, path);
  if (touch === undefined) return undefined;
  const { isWritten, isTaken, size } = touch;
  const kind = !isWritten ? 'removed' : isTaken ? 'changed' : 'added';
  return { path, kind, ...(size !== undefined && { size }) };
}

/** What a patch did to the line, or the texts, of one path. */
interface Touch {
  /** Something about it came, or was written anew. */
  readonly isWritten: boolean;
  /** Something about it went, or was written anew. */
  readonly isTaken: boolean;
  readonly size?: number;
}

function touchOf({ commits }: Repository, id: CommitId, path: RepositoryPath): Touch | undefined {
  const own = mirrorGuesses(path);
  const above = mirrorGuesses(parentOf(path));
  const manifests = new Set(above.map((mirror) => `${mirror}/${MANIFEST}`));
  const sidecars = new Set(above.map((mirror) => `${mirror}/${sidecarOf(mirrorName(nameOf(path), digest))}`));
  let texts: Touch | undefined;
  let mayHoldLine = false;
  for (const header of headersOf(commits, id)) {
    for (const text of [header.path, header.from ?? header.path]) {
      const isBelow = own.some((directory) => text.startsWith(`${directory}/`));
      if (isBelow || sidecars.has(text)) {
        const isItself = own.some((directory) => text === `${directory}/${MANIFEST}`);
        const kind = isItself ? header.kind : 'changed';
        texts = joined(texts, { isWritten: kind !== 'deleted', isTaken: kind !== 'new' }, isItself);
      }
      if (manifests.has(text)) mayHoldLine = true;
    }
  }
  return (mayHoldLine ? lineIn(commits, id, manifests, path) : undefined) ?? texts;
}

/** What happened to a folder's own manifest says more than what happened below it. */
function joined(known: Touch | undefined, touch: Touch, isItself: boolean): Touch {
  return known === undefined || isItself ? touch : known;
}

const SIZE = /, size: (\d{1,16})[,}]/;

function lineIn(
  commits: Repository['commits'],
  id: CommitId,
  manifests: ReadonlySet<string>,
  path: RepositoryPath,
): Touch | undefined {
  const start = `  ${writeKey(escapeName(nameOf(path)))}: {`;
  let written: string | undefined;
  let isTaken = false;
  for (const stanza of patchOf(commits, id)) {
    if (!manifests.has(stanza.path)) continue;
    for (const hunk of stanza.hunks) {
      for (const line of hunk.text.split('\n')) {
        if (!line.startsWith(start, 1)) continue;
        if (line[0] === '+') written = line;
        if (line[0] === '-') isTaken = true;
      }
    }
  }
  if (written === undefined && !isTaken) return undefined;
  const size = written === undefined ? undefined : SIZE.exec(written)?.[1];
  return { isWritten: written !== undefined, isTaken, ...(size !== undefined && { size: Number(size) }) };
}
