/** From changed texts to what a person would say happened. */

import { digest } from '../disk/blake3.ts';
import { changesOf } from '../diff/diff.ts';
import { changesWithMoves, type MovesTold } from '../diff/moved-changes.ts';
import type { Change, DirectoryChange, TextChange } from '../model/change.ts';
import type { CommitId } from '../model/id.ts';
import { compareBytes, type Name } from '../model/name.ts';
import { isWithin, parentOf, type RepositoryPath } from '../model/path.ts';
import type { Commits } from '../store/commits.ts';
import { textsAt } from '../store/texts.ts';
import { MANIFEST, nameAmong, nameOfMirror } from '../text/mirror.ts';
import { TREE } from './mirror-paths.ts';
import { readManifest, type ReadManifest } from './read-manifests.ts';
import { aboutText, toldText, type About } from './told-text.ts';
import { isWithinMoved, tellMoves, type Moves } from '../diff/move-lookup.ts';

/** The manifests that may stand at a path of the index, before and after what is being told. */
export type ManifestsAt = (path: string) => Iterable<string | undefined>;

/** Finds the names that mirror names stand for, learning cut ones from the manifests that list them. */
export class MirrorReader {
  private readonly cut = new Map<string, Map<string, Name>>();
  private readonly asked = new Set<string>();
  private readonly manifestsAt: ManifestsAt;
  /** How a manifest is parsed. */
  readonly read: ReadManifest;

  /** `manifestsAt` is asked where a cut name is met whose manifest was not learned, and may be slow. */
  constructor(manifestsAt: ManifestsAt = () => [], read: ReadManifest = readManifest) {
    this.manifestsAt = manifestsAt;
    this.read = read;
  }

  /** The directory whose texts stand in `tree/…`; a name that cannot be found is shown as its mirror name. */
  directoryOf(mirror: string): RepositoryPath {
    const components = mirror.split('/').slice(1);
    let above = TREE;
    const names = components.map((component) => {
      const name = nameOfMirror(component, digest) ?? this.cutName(above, component) ?? component;
      above = `${above}/${component}`;
      return name;
    });
    return names.join('/') as RepositoryPath;
  }

  learn(mirror: string, directories: ReadonlyMap<string, Name> | undefined): void {
    if (directories === undefined) return;
    const known = this.cut.get(mirror);
    if (known === undefined) this.cut.set(mirror, new Map(directories));
    else for (const [component, name] of directories) known.set(component, name);
  }

  /** The file of a directory whose mirror name was cut; undefined where no manifest has it. */
  fileIn(directory: string, mirror: string): Name | undefined {
    for (const text of this.manifestsAt(`${directory}/${MANIFEST}`)) {
      const name = text && nameAmong(mirror, this.read(text).files.keys(), digest);
      if (name) return name as Name;
    }
    return undefined;
  }

  private cutName(above: string, component: string): Name | undefined {
    const known = this.nameIn(above, component);
    if (known !== undefined || this.asked.has(above)) return known;
    this.asked.add(above);
    for (const text of this.manifestsAt(`${above}/${MANIFEST}`)) {
      if (text !== undefined) this.learn(above, this.read(text).directories);
    }
    return this.nameIn(above, component);
  }

  private nameIn(above: string, component: string): Name | undefined {
    const listed = this.cut.get(above);
    return listed?.get(component) ?? nameAmong(component, listed?.values() ?? [], digest);
  }
}

/** The manifests of commits; undefined is the state before the first one. */
export function manifestsIn(commits: Commits, ids: readonly (CommitId | undefined)[]): ManifestsAt {
  return function* (path) {
    for (const id of new Set(ids)) yield textsAt(commits, id, new Set([path])).get(path);
  };
}

/** The changes of each text, in the order the texts come; `paths` limit them to what stands there or below. */
export function* changesOfTexts(
  texts: Iterable<TextChange>,
  reader: MirrorReader,
  paths: readonly RepositoryPath[] = [],
  moves?: Moves,
): Generator<Change> {
  const told = moves && tellMoves(moves);
  const sidecars: TextChange[] = [];
  for (const text of texts) {
    if (moves !== undefined && aboutOf(text.path, reader) !== undefined) {
      sidecars.push(text);
      continue;
    }
    for (const change of changesOfText(text, reader, moves, told)) {
      const isHere =
        isWanted(change.path, paths) || (change.from !== undefined && isWanted(change.from, paths));
      if (isHere && !isWithinMoved(change)) yield change;
    }
  }
  if (moves === undefined) return;
  for (const text of sidecarsLeft(sidecars, reader, moves)) {
    for (const change of changesOfText(text, reader, moves, told)) {
      if (isWanted(change.path, paths)) yield change;
    }
  }
}

function aboutOf(path: string, reader: MirrorReader): RepositoryPath | undefined {
  return aboutText(path, reader)?.path;
}

/** Sidecars that only went along are no news; one that was edited as well is one change, of what it said elsewhere. */
function* sidecarsLeft(
  texts: readonly TextChange[],
  reader: MirrorReader,
  moves: Moves,
): Generator<TextChange> {
  const keyOf = ({ kind, path }: About): string => `${kind} ${path}`;
  const about = new Map(texts.map((text) => [text, aboutText(text.path, reader)!]));
  const before = new Map<string, TextChange>();
  for (const [text, thing] of about) if (text.before !== undefined) before.set(keyOf(thing), text);
  const cameFrom = ({ kind, path }: About): About | undefined => {
    const from = kind === 'file' ? moves.into(path)?.from.path : moves.folderInto(path);
    return from === undefined ? undefined : { kind, path: from };
  };
  const went = new Set<TextChange>();
  for (const [text, thing] of about) {
    const from = text.after === undefined ? undefined : cameFrom(thing);
    const old = from && before.get(keyOf(from));
    if (old !== undefined) went.add(old);
  }
  for (const [text, thing] of about) {
    const from = cameFrom(thing);
    const own = went.has(text) ? undefined : text.before;
    const old = from === undefined ? own : (before.get(keyOf(from))?.before ?? own);
    if (old !== text.after) yield { ...text, before: old };
  }
}

/** The directories whose manifests are among texts, before and after. */
export function* directoriesOfTexts(
  texts: Iterable<TextChange>,
  reader: MirrorReader,
): Generator<DirectoryChange> {
  for (const text of texts) {
    const change = directoryOfText(text, reader);
    if (change !== undefined) yield change;
  }
}

/** The same, one for each directory, sorted: also where its texts stand elsewhere because a sibling came or went. */
export function directoryChanges(texts: Iterable<TextChange>, reader: MirrorReader): DirectoryChange[] {
  const found = new Map<RepositoryPath, DirectoryChange>();
  for (const change of directoriesOfTexts(texts, reader)) {
    const { path, before, after } = change;
    const other = found.get(path);
    found.set(
      path,
      other === undefined ? change : { path, before: before ?? other.before, after: after ?? other.after },
    );
  }
  return [...found.values()].sort((a, b) => compareBytes(a.path, b.path));
}

export function isWanted(path: RepositoryPath, paths: readonly RepositoryPath[]): boolean {
  return paths.length === 0 || paths.some((wanted) => isWithin(path, wanted));
}

function* changesOfText(
  text: TextChange,
  reader: MirrorReader,
  moves: Moves | undefined,
  told: MovesTold | undefined,
): Generator<Change> {
  const change = directoryOfText(text, reader);
  if (change === undefined) {
    yield toldText(text.path, reader, text);
  } else if (moves === undefined || told === undefined) {
    yield* changesOf(change);
  } else {
    yield* changesWithMoves(change, told, moves.targetsIn(change.path));
  }
}

/** undefined where a text is no manifest. */
function directoryOfText(
  { path, before, after }: TextChange,
  reader: MirrorReader,
): DirectoryChange | undefined {
  const directory = manifestDirectory(path);
  if (directory === undefined) return undefined;
  const old = before === undefined ? undefined : reader.read(before);
  const now = after === undefined ? undefined : reader.read(after, before);
  reader.learn(directory, old?.directories);
  reader.learn(directory, now?.directories);
  return { path: reader.directoryOf(directory), before: old, after: now };
}

/** `tree/a/manifest.yaml` to `tree/a`; undefined for other texts. */
export function manifestDirectory(path: string): string | undefined {
  const isManifest = path.startsWith(`${TREE}/`) && path.endsWith(`/${MANIFEST}`);
  return isManifest ? path.slice(0, -MANIFEST.length - 1) : undefined;
}

/** Whether a text is about something at or below one of these paths. */
export function isTextWanted(path: string, reader: MirrorReader, paths: readonly RepositoryPath[]): boolean {
  if (paths.length === 0) return true;
  if (!path.startsWith(`${TREE}/`)) return false;
  const about = aboutOf(path, reader);
  if (about !== undefined) return isWanted(about, paths);
  const directory = reader.directoryOf(path.slice(0, path.lastIndexOf('/')));
  // The line of a file stands in the manifest of its folder.
  return paths.some((wanted) => isWithin(directory, wanted) || parentOf(wanted) === directory);
}
