/** Texts of the index that go where their file or folder goes: manifests of folders, and sidecars. */

import { digest } from '../disk/blake3.ts';
import type { TextChange } from '../model/change.ts';
import type { Name } from '../model/name.ts';
import { nameOf, parentOf, type RepositoryPath } from '../model/path.ts';
import {
  fileOfSidecar,
  FOLDER_SIDECAR,
  MANIFEST,
  mirrorName,
  mirrorNames,
  sidecarOf,
} from '../text/mirror.ts';
import type { Look } from './look.ts';
import type { MirrorAfter } from './mirror-paths.ts';
import { removal, type PlannedText } from './planned-text.ts';
import { isRefused, settleDirty, type Decision } from './settle.ts';

/** Where a text stood and where it will. */
export interface MovedText {
  readonly from: string;
  readonly to: string;
}

/** The manifests of folders that are gone and stand elsewhere now, new path to old. */
export function movedManifests(look: Look, decision: Decision, after: MirrorAfter): Map<string, string> {
  const moved = new Map<string, string>();
  for (const { folder, came } of movedFolders(look, decision)) {
    const stood = look.mirror.of(came);
    if (stood === undefined || look.mirror.of(folder) !== undefined || !isGone(look, decision, came))
      continue;
    const to = `${after.of(folder)}/${MANIFEST}`;
    if (look.texts.recordedId(to) === undefined) moved.set(to, `${stood}/${MANIFEST}`);
  }
  return moved;
}

/** The sidecars of everything that moved, also those that somebody wrote and no commit has yet. */
export function movedSidecars(
  look: Look,
  decision: Decision,
  after: MirrorAfter,
  edited: ReadonlyMap<string, TextChange>,
): MovedText[] {
  if (decision.moves.isEmpty) return [];
  const moved: MovedText[] = [];
  const hasText = (path: string): boolean =>
    look.texts.recordedId(path) !== undefined || edited.get(path)?.after !== undefined;
  // What was written about a thing does not stay with another that stands there now.
  const add = (from: string, to: string): void => {
    if (from !== to && (hasText(from) || hasText(to))) moved.push({ from, to });
  };
  for (const { folder, came } of movedFolders(look, decision)) {
    const stood = look.mirror.of(came);
    if (stood !== undefined) add(`${stood}/${FOLDER_SIDECAR}`, `${after.of(folder)}/${FOLDER_SIDECAR}`);
  }
  const places = new FilePlaces(look, decision, after, directoriesWithEdits(edited));
  for (const { from, to } of decision.moves.things) {
    const isOver = decision.moves.entryBefore(to.path) !== undefined;
    const stood = places.before(from.path);
    const over = isOver ? places.before(to.path) : undefined;
    if (stood !== undefined || over !== undefined)
      add(stood ?? places.bare(from.path), places.after(to.path));
  }
  return moved;
}

/** Sidecars that go along: as renames where the old name is gone and the new one free, else text by text. */
export function* plannedSidecars(
  look: Look,
  moved: readonly MovedText[],
  edited: ReadonlyMap<string, TextChange>,
  handled: Set<string>,
): Generator<PlannedText> {
  const sources = new Set(moved.map(({ from }) => from));
  const editOf = editsAlong(look, moved, edited);
  const afterOf = (text: MovedText): string | undefined => {
    const edit = editOf(text);
    return edit === undefined ? look.texts.recordedText(text.from) : edit.after;
  };
  const targets = new Set(moved.filter((text) => afterOf(text) !== undefined).map(({ to }) => to));
  for (const { from, to } of moved) {
    const before = look.texts.recordedText(to);
    const after = afterOf({ from, to });
    if (after === undefined && sources.has(to)) continue;
    const isRecorded = look.texts.recordedId(from) !== undefined;
    const isRename = isRecorded && before === undefined && after !== undefined && !targets.has(from);
    const change: TextChange = isRename
      ? { path: to, from, before: look.texts.recordedText(from), after }
      : { path: to, before, after };
    yield { path: to, make: () => (change.before === change.after && !isRename ? undefined : change) };
    if (isRename) handled.add(from);
  }
  for (const from of sources) yield { path: from, make: () => removal(look, from) };
}

/**
 * Texts that somebody wrote where their file or folder had stood before, and no commit has: no patch takes them
 * from there.
 */
export function unrecordedAlong(
  look: Look,
  moved: readonly MovedText[],
  edited: ReadonlyMap<string, TextChange>,
): MovedText[] {
  const targets = new Set(moved.map(({ to }) => to));
  const editOf = editsAlong(look, moved, edited);
  return moved.filter(({ from, to }) => {
    const edit = editOf({ from, to });
    const isTheirs = edit?.after !== undefined && edit === edited.get(from);
    return isTheirs && look.texts.recordedId(from) === undefined && !targets.has(from) && !edited.has(to);
  });
}

/** What somebody wrote about a thing that moved: at its new place, which rules, or at the old one. */
export function editsAlong(
  look: Look,
  moved: readonly MovedText[],
  edited: ReadonlyMap<string, TextChange>,
): (text: MovedText) => TextChange | undefined {
  const sources = new Set(moved.map(({ from }) => from));
  const isMovedByHand = ({ from, to }: MovedText): boolean => {
    const there = edited.get(to)?.after;
    return there !== undefined && there === look.texts.recordedText(from);
  };
  const byHand = new Set(moved.filter(isMovedByHand).map(({ to }) => to));
  return ({ from, to }) => {
    // What stands where something else was before may be about that one.
    const there = byHand.has(to) || !sources.has(to) ? edited.get(to) : undefined;
    return there ?? (byHand.has(from) ? undefined : edited.get(from));
  };
}

function* movedFolders(
  { dirty }: Look,
  { moves }: Decision,
): Generator<{ readonly folder: RepositoryPath; readonly came: RepositoryPath }> {
  if (moves.isEmpty) return;
  for (const { path } of dirty) {
    const came = moves.folderInto(path);
    if (came !== undefined) yield { folder: path, came };
  }
}

/** Whether a folder is gone and its texts are taken out. */
function isGone({ gone }: Look, { kept }: Decision, path: RepositoryPath): boolean {
  return !kept.has(path) && gone.includes(path);
}

/** Directories of the index in which somebody wrote about a file. */
function directoriesWithEdits(edited: ReadonlyMap<string, TextChange>): ReadonlySet<string> {
  const directories = new Set<string>();
  for (const path of edited.keys()) {
    const slash = path.lastIndexOf('/');
    if (fileOfSidecar(path.slice(slash + 1)) !== undefined) directories.add(path.slice(0, slash));
  }
  return directories;
}

/** Where the sidecars of files stand; few directories have any, and only those are described for it. */
class FilePlaces {
  private readonly look: Look;
  private readonly decision: Decision;
  private readonly mirror: MirrorAfter;
  private readonly withEdits: ReadonlySet<string>;
  private readonly namesBefore = new Map<RepositoryPath, ReadonlyMap<Name, string> | undefined>();
  private readonly namesAfter = new Map<RepositoryPath, ReadonlyMap<Name, string>>();

  constructor(look: Look, decision: Decision, mirror: MirrorAfter, withEdits: ReadonlySet<string>) {
    this.look = look;
    this.decision = decision;
    this.mirror = mirror;
    this.withEdits = withEdits;
  }

  /** undefined where the directory has no sidecars of files. */
  before(path: RepositoryPath): string | undefined {
    const directory = parentOf(path);
    if (!this.namesBefore.has(directory)) this.namesBefore.set(directory, this.mirrorBefore(directory));
    const mirror = this.namesBefore.get(directory)?.get(nameOf(path));
    return mirror === undefined ? undefined : `${this.look.mirror.of(directory)!}/${sidecarOf(mirror)}`;
  }

  /** Where it would stand in a directory that has none. */
  bare(path: RepositoryPath): string {
    return `${this.look.mirror.of(parentOf(path))!}/${sidecarOf(mirrorName(nameOf(path), digest))}`;
  }

  after(path: RepositoryPath): string {
    const directory = parentOf(path);
    let names = this.namesAfter.get(directory);
    if (names === undefined) this.namesAfter.set(directory, (names = this.mirrorAfter(directory)));
    return `${this.mirror.of(directory)}/${sidecarOf(names.get(nameOf(path))!)}`;
  }

  private mirrorBefore(directory: RepositoryPath): ReadonlyMap<Name, string> | undefined {
    const stood = this.look.mirror.of(directory);
    if (stood === undefined) return undefined;
    const isWritten = this.look.texts.recordedIn(stood).some((name) => fileOfSidecar(name) !== undefined);
    if (!isWritten && !this.withEdits.has(stood)) return undefined;
    return mirrorNames(this.look.recordedManifest(directory)?.files.keys() ?? [], digest);
  }

  private mirrorAfter(directory: RepositoryPath): ReadonlyMap<Name, string> {
    const { look, decision } = this;
    const dirty = look.dirty.find(({ path }) => path === directory);
    const settled = dirty && !isRefused(directory, decision) ? settleDirty(look, dirty, decision) : undefined;
    return mirrorNames(settled?.after?.files.keys() ?? [], digest);
  }
}
