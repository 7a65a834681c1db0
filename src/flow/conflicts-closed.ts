/**
 * Which conflicts a commit closes because a person has settled them by hand, and which speak of other paths because
 * what they are about moved (section 11 of ../text/README.md).
 */

import { digest } from '../disk/blake3.ts';
import type { TextChange } from '../model/change.ts';
import type { Move } from '../model/commit.ts';
import { nameOf, parentOf, ROOT, type RepositoryPath } from '../model/path.ts';
import { upwards } from '../sync/relocation.ts';
import { conflictId, writeConflict, type Conflict } from '../text/conflict.ts';
import { isConflict } from '../text/field-conflict.ts';
import { parseByPeople } from '../text/people.ts';
import { FOLDER_SIDECAR } from '../text/mirror.ts';
import { TextError } from '../text/problems.ts';
import { parseSidecar } from '../text/sidecar.ts';
import { conflictIds, CONFLICTS, conflictText } from './conflict-names.ts';
import type { Edits } from './edits.ts';
import { sidecarNameOf } from './index-edit.ts';
import type { IndexTexts } from './index-texts.ts';
import type { Look } from './look.ts';
import { conflictOfText, type OpenConflict } from './open-conflicts.ts';
import { statsAt } from './repository.ts';
import type { Decision } from './settle.ts';

/** A conflict that speaks of other paths from now on, or that is over. */
export interface Following {
  readonly id: string;
  /** undefined: it is over. */
  readonly open: OpenConflict | undefined;
}

/** The edits of a person, and what becomes of open conflicts of which they say nothing themselves. */
export async function withConflicts(look: Look, edits: Edits, decision: Decision): Promise<Edits> {
  const { texts } = look;
  const isSame = decision.gone.count === 0 && decision.moves.isEmpty && edits.changes.length === 0;
  if (isSame || texts.recordedIn(CONFLICTS).length === 0) return edits;
  const said = new Set(edits.changes.map(({ path }) => path));
  const changes: TextChange[] = [];
  const leaving = new Leaving(look, decision);
  for (const one of await recordedConflicts(texts)) {
    const path = conflictText(one.id);
    if (said.has(path)) continue;
    const followed = alongMoves(one.conflict, leaving.follow);
    const before = texts.recordedText(path);
    const isOver = isOne(followed) || followed.paths.some((place) => leaving.has(place));
    if (isOver || (await isSettled(look, edits, one.conflict)))
      changes.push({ path, before, after: undefined });
    else if (followed !== one.conflict) {
      const after = textOf(followed);
      changes.push({ path, before, after: undefined });
      if (!said.has(after.path))
        changes.push({ path: after.path, before: texts.recordedText(after.path), after: after.text });
    }
  }
  return changes.length === 0 ? edits : { ...edits, changes: [...edits.changes, ...changes] };
}

/** Those that follow what moves, and those about what is gone or was in it; less some that are closed. */
export async function conflictsFollowing(
  texts: IndexTexts,
  moved: readonly Move[],
  gone: ReadonlySet<RepositoryPath>,
  closed: ReadonlySet<string>,
): Promise<Following[]> {
  if (moved.length + gone.size === 0) return [];
  const found: Following[] = [];
  for (const one of await recordedConflicts(texts)) {
    if (closed.has(one.id)) continue;
    const conflict = alongMoves(one.conflict, (path) => along(path, moved));
    const isGone = (path: RepositoryPath): boolean => [...upwards(path)].some((at) => gone.has(at));
    const isOver = isOne(conflict) || one.conflict.paths.some(isGone);
    if (isOver) found.push({ id: one.id, open: undefined });
    else if (conflict !== one.conflict)
      found.push({ id: one.id, open: { id: conflictId(conflict, digest), conflict } });
  }
  return found;
}

/** Where a path is when things have moved, by the longest line that speaks of it. */
export function along(path: RepositoryPath, moved: readonly Move[]): RepositoryPath {
  let best: Move | undefined;
  for (const line of moved) {
    const speaks = line.from === path || (line.from.endsWith('/') && `${path}/`.startsWith(line.from));
    if (speaks && line.from.length >= (best?.from.length ?? 0)) best = line;
  }
  if (best === undefined) return path;
  const to = best.to + path.slice(best.from.length);
  return (to.endsWith('/') ? to.slice(0, -1) : to) as RepositoryPath;
}

/** Whether what stood at two paths has come to one: somebody has put the one in place of the other. */
function isOne({ paths }: Conflict): boolean {
  return new Set(paths).size < paths.length;
}

async function recordedConflicts(texts: IndexTexts): Promise<OpenConflict[]> {
  const open: OpenConflict[] = [];
  for (const id of conflictIds(texts.recordedIn(CONFLICTS))) {
    const text = texts.recordedText(conflictText(id));
    const conflict = text === undefined ? undefined : await conflictOfText(text, conflictText(id));
    if (conflict !== undefined && !('code' in conflict)) open.push({ id, conflict });
  }
  return open;
}

/** The same value where nothing of it moved. */
function alongMoves(conflict: Conflict, follow: (path: RepositoryPath) => RepositoryPath): Conflict {
  const paths = conflict.paths.map(follow);
  return paths.every((path, i) => path === conflict.paths[i]) ? conflict : { ...conflict, paths };
}

function textOf(conflict: Conflict): { readonly path: string; readonly text: string } {
  return { path: conflictText(conflictId(conflict, digest)), text: writeConflict(conflict) };
}

/** What a commit takes out of the index, asked by path. */
class Leaving {
  private readonly look: Look;
  private readonly decision: Decision;
  private readonly files: ReadonlySet<RepositoryPath>;
  private readonly folders: ReadonlySet<RepositoryPath>;
  private readonly folderLines: readonly Move[];

  constructor(look: Look, decision: Decision) {
    this.look = look;
    this.decision = decision;
    this.files = new Set(decision.gone.files);
    this.folders = new Set(look.gone);
    this.folderLines = decision.moves.facts.filter(({ from }) => from.endsWith('/'));
  }

  /** Where what stands at a path now is after the commit. */
  readonly follow = (path: RepositoryPath): RepositoryPath => {
    const { moves } = this.decision;
    return moves.outOf(path)?.to.path ?? moves.folderOutOf(path) ?? along(path, this.folderLines);
  };

  /** Where something is recorded now and nothing will be; what is here and cannot be recorded is no reason. */
  has(path: RepositoryPath): boolean {
    if (path === ROOT || statsAt(this.look.repository, path) !== undefined) return false;
    const { moves, kept, confirmed } = this.decision;
    if (this.look.mirror.of(path) !== undefined) return this.folders.has(path) && !kept.has(path);
    const above = parentOf(path);
    const isRecorded = this.look.recordedManifest(above)?.files.has(nameOf(path)) === true;
    // A place that was never taken.
    if (!isRecorded) return false;
    if (moves.outOf(path) !== undefined) return true;
    if (!this.folders.has(above)) return confirmed && this.files.has(path);
    const isHeld = this.look.heldManifest(above)?.files.has(nameOf(path)) === true;
    return !kept.has(above) || (confirmed && isHeld);
  }
}

/** Whether a person has settled a field since it was recorded as a conflict. */
async function isSettled(look: Look, edits: Edits, { kind, paths, field }: Conflict): Promise<boolean> {
  const path = kind === 'metadata' && field !== '' ? paths[0] : undefined;
  const place = path === undefined ? undefined : sidecarOfRecorded(look, path);
  const edit = edits.changes.find(({ path }) => path === place);
  if (edit === undefined) return false;
  if (edit.after === undefined) return true;
  try {
    return !isConflict((await parseByPeople(parseSidecar, edit.after)).fields.get(field));
  } catch (error) {
    if (!(error instanceof TextError)) throw error;
    return false;
  }
}

function sidecarOfRecorded(look: Look, path: RepositoryPath): string | undefined {
  const folder = look.mirror.of(path);
  if (folder !== undefined) return `${folder}/${FOLDER_SIDECAR}`;
  const above = look.mirror.of(parentOf(path));
  const manifest = above === undefined ? undefined : look.recordedManifest(parentOf(path));
  if (manifest?.files.has(nameOf(path)) !== true) return undefined;
  return `${above}/${sidecarNameOf(manifest, nameOf(path))}`;
}
