/** Which entities a commit begins: by the boundaries of the types, where something came or the types are new. */

import type { TextChange } from '../model/change.ts';
import type { EntityReference } from '../model/manifest.ts';
import type { Name } from '../model/name.ts';
import { childOf, nameOf, parentOf, ROOT, type RepositoryPath } from '../model/path.ts';
import { beginnings, type Beginning, type DirectoryFacts } from '../plugin/boundaries.ts';
import * as T from '../scan/table.ts';
import { writeType } from '../text/types.ts';
import { NOTHING_BEGUN, type Begun } from './begun.ts';
import type { Edits } from './edits.ts';
import { entitiesAt, newEntityId, type Entities } from './entities.ts';
import type { DirtyDirectory, Look } from './look.ts';
import { mirrorAfter } from './mirror-of-decision.ts';
import type { MirrorAfter } from './mirror-paths.ts';
import { POLICY } from './policy.ts';
import { isRefused, type Decision } from './settle.ts';
import { recordedTypes, topOf, typePath, type Types } from './types.ts';

export interface BeginQuestion {
  readonly look: Look;
  readonly decision: Decision;
  readonly types: Types;
  /** Whether a person changed the policy. */
  readonly isPolicyNew: boolean;
  /** The entities at head; asked for only where something can begin. */
  readonly existing: () => Entities;
}

const S_IFMT = 0o170000;
const S_IFLNK = 0o120000;

/** The types of a repository and its entities at head. */
export interface Typed {
  readonly types: Types;
  readonly entities: Entities;
}

/** The entities that begin; and the types and entities there are, where there are types. */
export function typeWhatCame(
  look: Look,
  decision: Decision,
  edits: Edits,
  types: Types,
): { readonly begun: Begun; readonly known: Typed | undefined } {
  let entities: Entities | undefined;
  const existing = (): Entities => (entities ??= entitiesAt(look.repository, look.texts));
  const isPolicyNew = edits.changes.some(({ path }) => path === POLICY);
  const begun = beginEntities({ look, decision, types, isPolicyNew, existing });
  const isTyped = begun.texts.length > 0 || recordedTypes(look.texts).size > 0;
  return { begun, known: isTyped ? { types, entities: existing() } : undefined };
}

/** New ids for what begins; what is an entity stays one, wherever it went. */
export function beginEntities(question: BeginQuestion): Begun {
  const { look, decision, types, existing, isPolicyNew } = question;
  const after = mirrorAfter(look, decision);
  const texts = declarations(question, after);
  const isEverywhere = isPolicyNew || texts.length > 0;
  const directories = directoriesOf(question, after, isEverywhere);
  const first = directories.next();
  if (first.done === true) return { ...NOTHING_BEGUN, texts };
  const begun = beginnings({
    types: types.declared,
    folders: types.folders,
    existing: standing(existing(), question),
    directories: both(first.value, directories),
  });
  return { ...withIds(begun, () => newEntityId(look.repository.context)), texts };
}

function withIds(begun: readonly Beginning[], newId: () => string): Pick<Begun, 'folders' | 'files'> {
  const folders = new Map<RepositoryPath, EntityReference>();
  const files = new Map<RepositoryPath, Map<Name, EntityReference>>();
  for (const { path, kind, type } of begun) {
    const entity = { id: newId(), type };
    const others = files.get(parentOf(path));
    if (kind === 'directory') folders.set(path, entity);
    else if (others === undefined) files.set(parentOf(path), new Map([[nameOf(path), entity]]));
    else others.set(nameOf(path), entity);
  }
  return { folders, files };
}

function* both(first: DirectoryFacts, others: Iterable<DirectoryFacts>): Generator<DirectoryFacts> {
  yield first;
  yield* others;
}

/** The types that are to be declared: known to the index and newer here, or of a folder that is there. */
function declarations({ look, types, decision }: BeginQuestion, after: MirrorAfter): TextChange[] {
  const used = new Set<string>();
  const isThere = (folder: RepositoryPath): boolean =>
    folder === ROOT || after.namesIn(parentOf(folder)).has(nameOf(folder));
  for (const [folder, type] of types.folders)
    if (isThere(folder) && !isRefused(folder, decision)) used.add(type);
  const changes: TextChange[] = [];
  for (const [name, declared] of types.unwritten) {
    const path = typePath(name);
    const before = look.texts.recordedText(path);
    if (before !== undefined || used.has(name)) changes.push({ path, before, after: writeType(declared) });
  }
  return changes;
}

/** Where the entities are after the commit. */
function* standing(
  existing: Entities,
  { look, decision: { moves, confirmed, gone, kept } }: BeginQuestion,
): Generator<RepositoryPath> {
  const wentFolders = new Set(look.gone.filter((path) => !kept.has(path)));
  const wentFiles = new Set(confirmed ? gone.files : []);
  for (const [path, { kind }] of existing) {
    const to = kind === 'file' ? moves.outOf(path)?.to.path : moves.folderOutOf(path);
    if (to !== undefined) yield to;
    else if (kind === 'directory' ? !wentFolders.has(path) : !wentFiles.has(path)) yield path;
  }
}

function* directoriesOf(
  { look, decision, types }: BeginQuestion,
  after: MirrorAfter,
  isEverywhere: boolean,
): Generator<DirectoryFacts, undefined> {
  const seen = new Set<RepositoryPath>(look.gone);
  for (const directory of look.dirty) {
    seen.add(directory.path);
    if (topOf(types.folders, directory.path) === undefined || isRefused(directory.path, decision)) continue;
    yield dirtyFacts(directory, after);
  }
  if (!isEverywhere) return;
  for (const top of types.folders.keys()) {
    const waiting = look.mirror.of(top) === undefined ? [] : [top];
    for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
      for (const name of look.mirror.namesIn(path)) waiting.push(childOf(path, name));
      if (!seen.has(path)) yield recordedFacts(look, path, after);
      seen.add(path);
    }
  }
}

function dirtyFacts({ path, part, row }: DirtyDirectory, after: MirrorAfter): DirectoryFacts {
  const { firstEntry, mode, flags } = part.table.columns;
  const first = firstEntry[row]!;
  const files = new Set<string>();
  const links = new Set<string>();
  for (const [i, name] of T.namesOf(part.table, row).slice(1).entries()) {
    if ((flags[first + i]! & (T.IGNORED | T.RULES_ONLY)) !== 0) continue;
    ((mode[first + i]! & S_IFMT) === S_IFLNK ? links : files).add(name);
  }
  return { path, files, links, folders: subfolders(after, path) };
}

function recordedFacts(look: Look, path: RepositoryPath, after: MirrorAfter): DirectoryFacts {
  const files = new Set<string>();
  const links = new Set<string>();
  for (const [name, { kind }] of look.recordedManifest(path)?.files ?? [])
    (kind === 'link' ? links : files).add(name);
  return { path, files, links, folders: subfolders(after, path) };
}

/** The names of the folders in a folder, found when they are asked for. */
function subfolders(after: MirrorAfter, path: RepositoryPath): DirectoryFacts['folders'] & object {
  return { has: (name) => after.namesIn(path).has(name as Name), keys: () => after.namesIn(path).keys() };
}
