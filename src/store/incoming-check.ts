/** Whether the patch of a commit from elsewhere makes of its first parent's texts what the commit says. */

import { digest } from '../disk/blake3.ts';
import type { Commit } from '../model/commit.ts';
import type { CommitId } from '../model/id.ts';
import { applyStanza } from '../text/patch-apply.ts';
import { readPatch, readStanzaHeaders, type StanzaHeader } from '../text/patch-read.ts';
import { isPlaceOfText } from '../text/ruler.ts';
import type { Commits } from './commits.ts';
import { foreignDamaged, foreignUnreadable } from './incoming-problems.ts';
import type { IndexIds } from './index-ids.ts';
import type { TextsNear } from './texts-near.ts';
import { textsAt } from './texts.ts';
import { replayEach, traceTexts } from './trace.ts';

/** A commit that does not stand in `commits/` yet; its parents do. */
export interface Candidate {
  readonly id: CommitId;
  readonly commit: Commit;
  /** The bytes of its patch, from the beginning each time. */
  readonly patch: () => Iterable<Uint8Array>;
  /** Where it comes from. */
  readonly place: string;
}

/** So many texts are held at a time. */
const BATCH = 1024;

/** What is known of the commits that were looked at before. */
export interface Known {
  readonly ids: IndexIds;
  readonly near: TextsNear;
}

/** Applies every stanza to the text it begins with; `ids` are those of the commit afterwards. Refuses ('damage'). */
export function checkPatch(
  commits: Commits,
  { ids, near }: Known,
  { id, commit, patch, place }: Candidate,
  breathe: () => void,
): void {
  const [parent] = commit.parents;
  ids.moveTo(parent);
  try {
    const far = farFrom(near, patch(), (path) => {
      breathe();
      if (!isPlaceOfText(path)) throw foreignDamaged(id, place, `'${path}' is no place of a text`);
    });
    const texts = replayEach(commits, traceTexts(commits, parent, far), [...far], BATCH);
    try {
      for (const stanza of readPatch(patch())) {
        breathe();
        const { path, from = path, newId } = stanza;
        if (!ids.step(stanza))
          throw foreignDamaged(id, place, `it changes '${path}' from a state it is not in`);
        if (!isWritten(stanza)) continue;
        const before = far.has(from) ? texts.next().value : nearBy(commits, near, parent, stanza);
        const after = applyStanza(stanza, before as string | undefined, digest);
        if (after !== undefined && newId !== undefined) near.learn(newId, after);
      }
    } finally {
      texts.return(undefined);
    }
  } catch (error) {
    throw foreignUnreadable(id, place, error);
  }
  near.forgetOld();
  ids.arrive(id);
  const found = ids.digest();
  if (found !== commit.index) throw foreignDamaged(id, place, `its texts are ${found}, not ${commit.index}`);
}

/** A text that is renamed and stays as it is need not be read. */
function isWritten({ kind, newId }: StanzaHeader): boolean {
  return kind !== 'renamed' || newId !== undefined;
}

/** What those texts are called that the stanzas begin with and that are not near, in their order. */
function farFrom(near: TextsNear, patch: Iterable<Uint8Array>, judge: (path: string) => void): Set<string> {
  const far = new Set<string>();
  for (const { path, from = path, oldId } of readStanzaHeaders(patch)) {
    judge(path);
    if (oldId !== undefined && near.get(from, oldId) === undefined) far.add(from);
  }
  return far;
}

/** The text before a stanza, which was near a moment ago. */
function nearBy(
  commits: Commits,
  near: TextsNear,
  parent: CommitId | undefined,
  { path, from = path, oldId }: StanzaHeader,
): string | undefined {
  if (oldId === undefined) return undefined;
  // Somebody may have edited it since.
  return near.get(from, oldId) ?? textsAt(commits, parent, new Set([from])).get(from);
}
