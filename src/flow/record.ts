/** From settled directories and edited texts to the list of texts a commit changes, in the order of a patch. */

import { digest } from '../disk/blake3.ts';
import type { TextChange } from '../model/change.ts';
import type { Manifest } from '../model/manifest.ts';
import { compareBytes, type Name } from '../model/name.ts';
import { nameOf, parentOf, type RepositoryPath } from '../model/path.ts';
import { FOLDER_SIDECAR, isCut, MANIFEST, mirrorNames, sidecarOf } from '../text/mirror.ts';
import { writeManifest } from '../text/manifest.ts';
import { NOTHING_BEGUN, withBegun } from './begun.ts';
import { copiedTexts } from './copied-texts.ts';
import { displacedIn, displacedTexts } from './displaced.ts';
import { disputedTexts } from './disputed-texts.ts';
import type { Edits } from './edits.ts';
import { leftOverAbove } from './left-over.ts';
import type { Look } from './look.ts';
import type { MirrorAfter } from './mirror-paths.ts';
import { mirrorAfter } from './mirror-of-decision.ts';
import {
  movedManifests,
  movedSidecars,
  plannedSidecars,
  unrecordedAlong,
  type MovedText,
} from './moved-texts.ts';
import { removal, type PlannedText } from './planned-text.ts';
import { editedBehind, removedBehind } from './texts-behind.ts';
import { ruleChanges, rulesPath } from './rules-texts.ts';
import { isRefused, settleDirty, settleGone, type Decision, type Settled } from './settle.ts';

export interface Plan {
  /** Sorted by the bytes of their paths. */
  readonly texts: readonly PlannedText[];
  /** Roughly how many bytes of patch they make. */
  readonly estimate: number;
  /** Texts in `index/` that no commit has, and whose file or folder moved: to be renamed before. */
  readonly unrecorded: readonly MovedText[];
  /** Texts that are not in `index/` although the patch begins with them: to be written before. */
  readonly removed: readonly { readonly path: string; readonly text: string }[];
  /** Edits that went along and still stand where something else is now: to be as recorded again afterwards. */
  readonly behind: ReturnType<typeof editedBehind>;
}

/** Told of each directory once, when its text is made. */
export type OnSettled = (settled: Settled) => void;

const BYTES_PER_ENTRY = 220;

export function planTexts(look: Look, edits: Edits, decision: Decision, onSettled: OnSettled): Plan {
  const after = mirrorAfter(look, decision);
  const texts: PlannedText[] = [];
  const handled = new Set<string>();
  const add = (path: string, make: PlannedText['make']): void => {
    if (handled.has(path)) return;
    handled.add(path);
    texts.push({ path, make });
  };
  const edited = new Map(edits.changes.map((change) => [change.path, change]));
  const manifests = movedManifests(look, decision, after);
  const went = new Set(manifests.values());
  const renamed = (change: TextChange | undefined): TextChange | undefined => {
    const from = change && manifests.get(change.path);
    return from === undefined ? change : { ...change!, from, before: look.texts.recordedText(from) };
  };
  const sidecars = movedSidecars(look, decision, after, edited);
  for (const { path, make } of plannedSidecars(look, sidecars, edited, handled)) add(path, make);
  let entries = look.gone.length;
  for (const directory of look.dirty) {
    if (isRefused(directory.path, decision)) continue;
    entries += directory.part.table.columns.entryCount[directory.row]!;
    add(`${after.of(directory.path)}/${MANIFEST}`, () =>
      renamed(settledText(look, settleDirty(look, directory, decision), after, onSettled)),
    );
    for (const rules of ruleChanges(look, directory, after, decision)) add(rules.path, () => rules);
    for (const [from, to] of displacedIn(look, directory, decision, after)) {
      // What moved away took it along; what has its name now is another thing.
      if (!handled.has(from)) addMove(look, edited, from, to, add);
    }
  }
  for (const settled of leftOverAbove(look, decision))
    add(`${after.of(settled.path)}/${MANIFEST}`, () => settledText(look, settled, after, onSettled));
  for (const path of look.gone) {
    if (decision.kept.has(path)) addKept(look, path, decision, onSettled, add);
    else addGone(look, path, decision, onSettled, add, went);
  }
  // A look before this one may have found nothing else to say about the directory above.
  const gone = new Set(look.gone);
  const { folders, files } = decision.begun ?? NOTHING_BEGUN;
  for (const path of new Set([...after.changed(), ...folders.keys(), ...files.keys()])) {
    const change = (): TextChange | undefined => unseenChange(look, path, decision, after, onSettled);
    if (!gone.has(path)) add(`${after.of(path)}/${MANIFEST}`, change);
  }
  for (const change of decision.begun?.texts ?? []) add(change.path, () => change);
  if (decision.confirmed) addLostSidecars(look, decision.gone.files, add);
  for (const [from, to] of displacedTexts(look.texts, look.mirror, after)) {
    // What goes altogether does not stand elsewhere.
    if (!handled.has(from)) addMove(look, edited, from, to, add);
  }
  for (const { path, make } of copiedTexts(look, decision, after, edited)) add(path, make);
  for (const change of disputedTexts(look)) add(change.path, () => change);
  for (const change of edits.changes) add(change.path, () => change);
  texts.sort((a, b) => compareBytes(a.path, b.path));
  let estimate = entries * BYTES_PER_ENTRY;
  for (const { before = '', after: now = '' } of edits.changes) estimate += before.length + now.length;
  const unrecorded = unrecordedAlong(look, sidecars, edited);
  const removed = removedBehind(look, sidecars, edited);
  return { texts, estimate, unrecorded, removed, behind: editedBehind(look, sidecars, edited) };
}

function settledText(
  look: Look,
  settled: Settled | undefined,
  after: MirrorAfter,
  onSettled: OnSettled,
): TextChange | undefined {
  if (settled?.after === undefined) return undefined;
  const manifest = withCutNames(settled.after, settled.path, after);
  onSettled({ ...settled, after: manifest });
  return manifestText(look, settled.path, manifest, after);
}

/** Of a directory that is as it was seen last, but for subdirectories that came or went and entities that begin. */
function unseenChange(
  look: Look,
  path: RepositoryPath,
  { begun }: Decision,
  after: MirrorAfter,
  onSettled: OnSettled,
): TextChange | undefined {
  const before = look.recordedManifest(path);
  if (before === undefined) return undefined;
  const entities = withBegun(before, path, begun);
  if (entities !== before)
    onSettled({ path, before, after: entities, suspects: [], problems: [], isWhole: true });
  return manifestText(look, path, withCutNames(entities, path, after), after);
}

function manifestText(
  look: Look,
  directory: RepositoryPath,
  manifest: Manifest,
  after: MirrorAfter,
): TextChange | undefined {
  const path = `${after.of(directory)}/${MANIFEST}`;
  const stands = look.mirror.of(directory);
  // Where a directory's texts move because a sibling folds alike, the new path begins with nothing.
  const isInPlace = stands !== undefined && `${stands}/${MANIFEST}` === path;
  const before = isInPlace ? look.texts.recordedText(path) : undefined;
  const text = writeManifest(manifest);
  return before === text ? undefined : { path, before, after: text };
}

/** Lists the subdirectories whose mirror names do not give their names back. */
function withCutNames(manifest: Manifest, path: RepositoryPath, after: MirrorAfter): Manifest {
  if (!after.isChanged(path)) return manifest;
  const cut = [...after.namesIn(path)].filter(([name, mirror]) => isCut(mirror, name, digest));
  const { directories: _old, ...rest } = manifest;
  if (cut.length === 0) return rest;
  const directories = new Map(
    cut.map(([name, mirror]) => [mirror, name] as const).sort(([a], [b]) => compareBytes(a, b)),
  );
  return { ...rest, directories };
}

type Add = (path: string, make: PlannedText['make']) => void;

/** A directory that went: its manifest, what was written about it and its files, and its rules. */
function addGone(
  look: Look,
  path: RepositoryPath,
  decision: Decision,
  onSettled: OnSettled,
  add: Add,
  went: ReadonlySet<string>,
): void {
  const stood = look.mirror.of(path)!;
  const text = `${stood}/${MANIFEST}`;
  add(text, () => {
    const settled = settleGone(look, path, decision);
    if (settled !== undefined) onSettled(settled);
    return went.has(text) ? undefined : removal(look, text);
  });
  for (const name of sidecarNames(look.recordedManifest(path), undefined))
    addRemoval(look, `${stood}/${name}`, add);
  addRemoval(look, rulesPath(stood), add);
}

/** A directory that is gone and stays, since somebody has to confirm what is missing: what moved is taken out. */
function addKept(look: Look, path: RepositoryPath, decision: Decision, onSettled: OnSettled, add: Add): void {
  const text = `${look.mirror.of(path)!}/${MANIFEST}`;
  add(text, () => {
    const settled = settleGone(look, path, decision);
    if (settled?.after === undefined) return undefined;
    onSettled(settled);
    const before = look.texts.recordedText(text);
    const after = writeManifest(settled.after);
    return before === after ? undefined : { path: text, before, after };
  });
}

function addLostSidecars(look: Look, files: readonly RepositoryPath[], add: Add): void {
  const byDirectory = new Map<RepositoryPath, Set<Name>>();
  for (const path of files) {
    const names = byDirectory.get(parentOf(path));
    if (names === undefined) byDirectory.set(parentOf(path), new Set([nameOf(path)]));
    else names.add(nameOf(path));
  }
  for (const [directory, names] of byDirectory) {
    const stood = look.mirror.of(directory)!;
    for (const name of sidecarNames(look.recordedManifest(directory), names))
      addRemoval(look, `${stood}/${name}`, add);
  }
}

/** The sidecars that a manifest's files may have; of all of them and the folder's own, or of some files only. */
function sidecarNames(manifest: Manifest | undefined, only: ReadonlySet<Name> | undefined): string[] {
  if (manifest === undefined) return [];
  const names = [...mirrorNames(manifest.files.keys(), digest)]
    .filter(([name]) => only?.has(name) !== false)
    .map(([, mirror]) => sidecarOf(mirror));
  return only === undefined ? [FOLDER_SIDECAR, ...names] : names;
}

function addRemoval(look: Look, path: string, add: Add): void {
  if (look.texts.recordedId(path) !== undefined) add(path, () => removal(look, path));
}

/** What somebody wrote there since goes with it; what they have put at the new place already rules. */
function addMove(
  look: Look,
  edited: ReadonlyMap<string, TextChange>,
  from: string,
  to: string,
  add: Add,
): void {
  const edit = edited.get(to) ?? edited.get(from);
  add(to, () => {
    const before = look.texts.recordedText(to);
    const after = edit === undefined ? look.texts.recordedText(from) : edit.after;
    return before === after ? undefined : { path: to, before, after };
  });
  add(from, () => removal(look, from));
}
