/** What was written about one path, commit by commit, newest first, under all the names it had. */

import type { Commit } from '../model/commit.ts';
import type { CommitId } from '../model/id.ts';
import type { MetadataChange } from '../model/change.ts';
import type { RepositoryPath } from '../model/path.ts';
import type { Commits } from '../store/commits.ts';
import { firstParents } from '../store/history.ts';
import { textsAt } from '../store/texts.ts';
import { headersOf, patchOf, revertOf } from '../store/trace.ts';
import type { StanzaHeader } from '../text/patch-read.ts';
import { Follower } from './follow.ts';
import type { Repository } from './repository.ts';
import { metadataChange } from './sidecar-changes.ts';
import { sidecarGuesses } from './sidecar-guesses.ts';

export interface MetadataEntry {
  readonly id: CommitId;
  readonly commit: Commit;
  /** What it is called after the commit. */
  readonly path: RepositoryPath;
  /** Where it was before, if that is elsewhere. */
  readonly from?: RepositoryPath;
  /** undefined where a text cannot be read. */
  readonly change: MetadataChange | undefined;
}

/**
 * The commits that changed what is written, along first parents; one that only moved it is none.
 *
 * Each text is the one after it less that commit's patch, so a history is read once, however often it changed.
 */
export async function* metadataLog(
  { commits }: Repository,
  head: CommitId | undefined,
  path: RepositoryPath,
): AsyncGenerator<MetadataEntry> {
  const follower = new Follower(commits);
  let name = follower.lastName(head, path);
  let texts: Texts = textsAt(commits, head, new Set(sidecarGuesses(name)));
  for (const { id, commit } of firstParents(commits, head)) {
    const from = follower.before(id, commit, name);
    const before =
      from === undefined
        ? textsBefore(commits, id, texts)
        : textsAt(commits, commit.parents[0], new Set(sidecarGuesses(from)));
    const [old, now] = [standing(before), standing(texts)];
    if (old !== now) {
      const change = await metadataChange(old, now);
      yield { id, commit, path: name, ...(from !== undefined && { from }), change };
    }
    texts = before;
    name = from ?? name;
  }
}

type Texts = ReadonlyMap<string, string | undefined>;

function standing(texts: Texts): string | undefined {
  for (const text of texts.values()) if (text !== undefined) return text;
  return undefined;
}

/** The same texts one commit earlier. */
function textsBefore(commits: Commits, id: CommitId, texts: Texts): Texts {
  const isTouched = ({ path, from = path }: StanzaHeader): boolean => texts.has(path) || texts.has(from);
  let touches = 0;
  for (const header of headersOf(commits, id)) if (isTouched(header)) touches++;
  if (touches === 0) return texts;
  const before = new Map(texts);
  for (const stanza of patchOf(commits, id, false)) {
    if (!isTouched(stanza)) continue;
    const { path, from = path, kind } = stanza;
    // What came from or went to another path's sidecar says nothing of what was here.
    if (from !== path && before.has(path)) before.set(path, undefined);
    const isOurs = texts.has(path) || kind === 'deleted';
    if (before.has(from))
      before.set(from, isOurs ? revertOf(commits, id, stanza, texts.get(path)) : undefined);
    if (--touches === 0) break;
  }
  return before;
}
