/** A look as it is to be judged where the disk does not stand at head: each change against what stood there. */

import { digest } from '../disk/blake3.ts';
import { contentOf, mergeEntries } from '../merge/entries.ts';
import { conflictName } from '../merge/names.ts';
import { idOf } from '../merge/versions.ts';
import type { ContentId } from '../model/id.ts';
import type { Entry } from '../model/manifest.ts';
import { compareBytes, type Name } from '../model/name.ts';
import { childOf, nameOf, parentOf, ROOT, type RepositoryPath } from '../model/path.ts';
import type { Description } from '../scan/describe.ts';
import { ALL_HELD, isBelow, isSameEntry, type Held, type Stood } from './held.ts';
import type { DirtyDirectory, Look } from './look.ts';
import { inPlaceOfAbsent } from './held-problems.ts';

/** A person's edit of what stood at a path, while head says something else: both are kept. */
export interface Dispute {
  /** Where the edit stands, and what head says of this path beside it. */
  readonly paths: readonly [RepositoryPath, RepositoryPath];
  readonly ids: readonly [ContentId, ContentId];
}

/** What a look says besides what it found: here, where all is held. */
export function whereAllIsHeld(
  recordedManifest: Look['recordedManifest'],
): Pick<Look, 'held' | 'stays' | 'heldManifest' | 'disputes' | 'nowIn'> {
  return {
    held: ALL_HELD,
    stays: new Set(),
    heldManifest: recordedManifest,
    disputes: () => [],
    nowIn: () => undefined,
  };
}

/** The same look, less what is no change here: what stands as it stood, what has arrived, what was never here. */
export function lookThrough(seen: Look, held: Held): Look {
  if (held.isWhole) return seen;
  const gone = seen.gone.filter((path) => !held.isAbsent(path));
  const stays = staying(seen, held, gone);
  const of = { held, recordedManifest: seen.recordedManifest };
  const describe: Look['describe'] = (directory) => judged(seen.describe(directory), of).description;
  const wasNotHere = (path: RepositoryPath, name: Name): boolean => {
    const said = seen.recordedManifest(path)?.files.get(name);
    return isOther(held.standing(path, name), said);
  };
  const dirty = new Map(seen.dirty.map((directory) => [directory.path, directory]));
  const inTheWay = foldersInTheWay(seen, held);
  return {
    ...seen,
    held,
    gone,
    stays,
    dirty: withoutLeftOver(seen, of).filter(({ path }) => !isBelow(path, inTheWay)),
    problems: [...seen.problems, ...[...inTheWay].map((path) => inPlaceOfAbsent(path, 'file'))],
    describe,
    goneNames: (directory) => seen.goneNames(directory).filter((name) => !wasNotHere(directory.path, name)),
    heldManifest: (path) => {
      const recorded = seen.recordedManifest(path);
      if (recorded === undefined || held.isAbsent(path)) return undefined;
      const files = [...recorded.files].filter(([name]) => !wasNotHere(path, name));
      return files.length === recorded.files.size ? recorded : { ...recorded, files: new Map(files) };
    },
    nowIn: (path) => {
      const directory = dirty.get(path);
      return directory && seen.describe(directory).present;
    },
    disputes: () => seen.dirty.flatMap((directory) => judged(seen.describe(directory), of).disputes),
  };
}

/** Folders that are gone, but hold what was not here: that is not gone, and neither are they. */
function staying(seen: Look, held: Held, gone: readonly RepositoryPath[]): ReadonlySet<RepositoryPath> {
  const stays = new Set<RepositoryPath>();
  const holdsAbsent = (path: RepositoryPath): boolean => {
    const recorded = seen.recordedManifest(path);
    for (const [name, said] of recorded?.files ?? [])
      if (isOther(held.standing(path, name), said)) return true;
    return seen.mirror.namesIn(path).some((name) => held.isAbsent(childOf(path, name)));
  };
  // What is below a folder comes after it.
  for (const path of [...gone].reverse()) {
    if (!stays.has(path) && !holdsAbsent(path)) continue;
    stays.add(path);
    if (path !== ROOT && gone.includes(parentOf(path))) stays.add(parentOf(path));
  }
  return stays;
}

/** Without folders that no commit has any more, and in which nothing is new. */
function withoutLeftOver(seen: Look, of: Of): readonly DirtyDirectory[] {
  const { held } = of;
  const needed = new Set<RepositoryPath>();
  const kept = [...seen.dirty].reverse().filter((directory) => {
    const { path } = directory;
    const isNew = (): boolean =>
      needed.has(path) || judged(seen.describe(directory), of).description.present.files.size > 0;
    if (held.folders.has(path) && seen.recordedManifest(path) === undefined && !isNew()) return false;
    if (path !== ROOT) needed.add(parentOf(path));
    return true;
  });
  return kept.reverse();
}

/** New folders at the paths of recorded files that are not here: one name cannot be both. */
function foldersInTheWay(seen: Look, held: Held): ReadonlySet<RepositoryPath> {
  const found = new Set<RepositoryPath>();
  for (const { path } of seen.dirty) {
    if (path === ROOT || isBelow(path, found)) continue;
    const [above, name] = [parentOf(path), nameOf(path)];
    const stood = held.standing(above, name);
    const isAbsentFile = stood !== undefined && stood.entry === undefined;
    if (isAbsentFile && seen.recordedManifest(above)?.files.has(name) === true) found.add(path);
  }
  return found;
}

/** By what a directory is judged. */
type Of = Pick<Look, 'held' | 'recordedManifest'>;

interface Judged {
  readonly description: Description;
  readonly disputes: readonly Dispute[];
}

function judged(found: Description, { held, recordedManifest }: Of): Judged {
  const { path, recorded } = found;
  const seen = withoutFilesInTheWay(
    found,
    (folder) => held.isAbsent(folder) && recordedManifest(folder) !== undefined,
  );
  const { present } = seen;
  const told = new Set(held.namesIn(path));
  if (held.isAbsent(path)) for (const name of recorded?.files.keys() ?? []) told.add(name);
  const mode = held.folders.get(path) === present.mode ? (recorded?.mode ?? present.mode) : present.mode;
  if (told.size === 0 && mode === present.mode) return { description: seen, disputes: [] };
  const files = new Map(present.files);
  const disputes: Dispute[] = [];
  for (const name of told) {
    const { entry: stood } = held.standing(path, name)!;
    const [now, said] = [files.get(name), recorded?.files.get(name)];
    if (now === undefined && !isOther({ entry: stood }, said)) continue;
    const judgement = judge(stood, now, said);
    if (judgement === undefined) files.delete(name);
    else files.set(name, judgement);
    if (said === undefined || now === undefined || judgement !== now) continue;
    const beside = conflictName(name, idOf(said, digest));
    if (contentOf(now) === contentOf(said) || files.has(beside)) continue;
    files.set(beside, withoutEntity(said));
    const paths = [childOf(path, name), childOf(path, beside)] as const;
    disputes.push({ paths, ids: [idOf(now, digest), idOf(said, digest)] });
  }
  const sorted = new Map([...files].sort(([a], [b]) => compareBytes(a, b)));
  const gone = seen.gone.filter((name) => !files.has(name));
  return { description: { ...seen, present: { ...present, mode, files: sorted }, gone }, disputes };
}

/** Without new files at the paths of recorded folders of which nothing is here. */
function withoutFilesInTheWay(
  seen: Description,
  isAbsentFolder: (path: RepositoryPath) => boolean,
): Description {
  const { path, present } = seen;
  const inTheWay = [...present.files.keys()].filter((name) => isAbsentFolder(childOf(path, name)));
  if (inTheWay.length === 0) return seen;
  const files = new Map(present.files);
  for (const name of inTheWay) files.delete(name);
  const problems = inTheWay.map((name) => inPlaceOfAbsent(childOf(path, name), 'folder'));
  return { ...seen, present: { ...present, files }, problems: [...seen.problems, ...problems] };
}

/** Whether what head says of a path was not here: where it is gone, that is no deletion. */
function isOther(stood: Stood | undefined, said: Entry | undefined): boolean {
  if (stood === undefined || said === undefined) return false;
  return stood.entry === undefined || contentOf(stood.entry) !== contentOf(said);
}

/** What is to be recorded of a path; `now` itself where it is another content than head's and than what stood. */
function judge(stood: Entry | undefined, now: Entry | undefined, said: Entry | undefined): Entry | undefined {
  if (now === undefined) return said;
  if (said === undefined) return stood !== undefined && contentOf(stood) === contentOf(now) ? undefined : now;
  const merged = mergeEntries(stood, now, said);
  if (merged.kind === 'both') return now;
  return isSameEntry(merged.entry, said) ? said : merged.entry;
}

function withoutEntity(entry: Entry): Entry {
  if (entry.kind === 'link') return entry;
  const { entity: _entity, ...itself } = entry;
  return itself;
}
