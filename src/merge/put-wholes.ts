/**
 * The wholes in the merged tree: one version, or each of two under a name of its own.
 *
 * Long because what is in a whole is put, and told as what it was, in the same walk.
 */

import type { ContentId } from '../model/id.ts';
import type { Entry, Manifest } from '../model/manifest.ts';
import { compareBytes } from '../model/name.ts';
import { childOf, nameOf, parentOf, type RepositoryPath } from '../model/path.ts';
import type { Conflicts } from './conflicts.ts';
import { contentOf, mergeEntries, mergeFolders } from './entries.ts';
import type { Thing } from './objects.ts';
import type { Place, PlaceConflict } from './places.ts';
import type { Placing } from './placing.ts';
import type { Result } from './result.ts';
import { otherSide, SIDES, type MergeQuestion, type SideName, type State } from './state.ts';
import type { Untouched } from './untouched.ts';
import { pathsOf, type From } from './versions.ts';
import { directoriesBelow, insideOf, type Whole } from './wholes.ts';

/** A complete whole, as one side has it. */
interface Version {
  readonly whole: Whole;
  readonly side: SideName;
  readonly id: ContentId;
  /** The other side has the same one, or the one that this side changed: what is not content merges. */
  readonly isOnly: boolean;
}

/** Versions that want to stand at one path. */
interface Meeting {
  readonly versions: Version[];
  readonly conflicts: PlaceConflict[];
}

interface Going {
  readonly whole: Whole;
  readonly place: Place & { kind: 'at' };
}

/** What the things in wholes are, so that each is known as itself where it lands. */
export interface Insides {
  readonly files: readonly Thing<Entry>[];
  readonly folders: readonly Thing<Manifest>[];
}

type ByPath<T> = Readonly<Record<SideName, ReadonlyMap<RepositoryPath, Thing<T>>>>;

export class WholesPlaced {
  /** Where wholes stand. */
  readonly roots: RepositoryPath[] = [];
  private readonly question: MergeQuestion;
  private readonly result: Result;
  private readonly untouched: Untouched;
  private readonly conflicts: Conflicts;
  /** Things by where they are on each side. */
  private readonly files: ByPath<Entry>;
  private readonly folders: ByPath<Manifest>;

  constructor(
    question: MergeQuestion,
    result: Result,
    untouched: Untouched,
    conflicts: Conflicts,
    insides: Insides,
  ) {
    this.question = question;
    this.result = result;
    this.untouched = untouched;
    this.conflicts = conflicts;
    this.files = { ours: byPath(insides.files, 'ours'), theirs: byPath(insides.files, 'theirs') };
    this.folders = { ours: byPath(insides.folders, 'ours'), theirs: byPath(insides.folders, 'theirs') };
  }

  /** To be called when every folder that is to stand is known: nothing else may be in a whole. */
  put(wholes: readonly Whole[], placing: Placing): void {
    const meetings = new Map<RepositoryPath, Meeting>();
    const going = new Map<RepositoryPath, Going[]>();
    for (const whole of wholes) {
      const { place, to } = placing.whole(whole.thing, (side) => whole.ids[side] !== whole.was);
      if (place.kind === 'gone') continue;
      if (to === undefined) meet(meetings, place.path, whole, place.conflict);
      else going.set(to, [...(going.get(to) ?? []), { whole, place }]);
    }
    // Nothing is carried to where something is, or where several would land.
    for (const [to, all] of [...going].sort(([a], [b]) => compareBytes(a, b))) {
      const isFree = all.length === 1 && !meetings.has(to) && !this.result.isFolder(to);
      for (const { whole, place } of all) meet(meetings, isFree ? to : place.path, whole, place.conflict);
    }
    for (const [path, meeting] of [...meetings].sort(([a], [b]) => compareBytes(a, b)))
      this.putMeeting(path, meeting);
  }

  /** The lowest keeps the name, if nothing else stands there. Equal bytes never conflict. */
  private putMeeting(path: RepositoryPath, { versions, conflicts }: Meeting): void {
    versions.sort((a, b) => compareBytes(a.id, b.id) || compareBytes(orderOf(a), orderOf(b)));
    const distinct = versions.filter(({ id }, i) => id !== versions[i - 1]?.id);
    const isTaken = this.result.isTaken(path);
    const paths = distinct.map(({ id }, i) =>
      i === 0 && !isTaken ? path : this.result.besideOf(path, id, this.isFree),
    );
    this.roots.push(...paths);
    distinct.forEach((version, i) => {
      const equal = versions.filter((other) => other !== version && other.id === version.id);
      this.putVersion(version, equal, paths[i]!, isTaken || i > 0);
    });
    for (const version of versions) this.leaveUntouched(version, distinct, paths);
    for (const conflict of conflicts) this.result.notePlace(conflict, path, paths[0]!);
    const all = isTaken ? [path, ...paths] : paths;
    if (all.length > 1)
      this.conflicts.note({ kind: 'directory', paths: all, ids: distinct.map(({ id }) => id) });
  }

  private readonly isFree = (path: RepositoryPath): boolean =>
    !this.result.isFolder(path) && this.untouched.file(path) === undefined;

  /** Others that are equal are this one from now on. */
  private putVersion(version: Version, equal: readonly Version[], to: RepositoryPath, isCopy: boolean): void {
    for (const { below, path, manifest } of this.directoriesOf(version)) {
      const place = (to + below) as RepositoryPath;
      // What no side touched stands there.
      if (place === path && this.untouched.manifest(path) !== undefined) continue;
      const [itself, from] = this.folderIn(version, path, manifest);
      this.result.putFolder(place, isCopy ? withoutEntity(itself) : itself, from);
      for (const [name, entry] of manifest.files) {
        const [merged, from] = this.fileIn(version, childOf(path, name), entry);
        const standing = isCopy ? (withoutEntity(merged) as Entry) : merged;
        this.result.put(childOf(place, name), { entry: standing, from, conflicts: [] });
      }
    }
    for (const other of equal) this.land(other, to);
  }

  /** Where no version of a whole stands at its path, nothing of it does. */
  private leaveUntouched(version: Version, put: readonly Version[], paths: readonly RepositoryPath[]): void {
    const root = version.whole.thing[version.side]!.path;
    if (put.some(({ whole }, i) => whole === version.whole && paths[i] === root)) return;
    for (const { path } of this.directoriesOf(version))
      if (this.untouched.manifest(path) !== undefined) this.untouched.leave(path);
  }

  private land(version: Version, to: RepositoryPath): void {
    for (const { below, path, manifest } of this.directoriesOf(version)) {
      const place = (to + below) as RepositoryPath;
      if (place === path && this.untouched.manifest(path) !== undefined) continue;
      this.result.land(place, 'directory', this.folderIn(version, path, manifest)[1]);
      for (const [name, entry] of manifest.files)
        this.result.land(childOf(place, name), 'file', this.fileIn(version, childOf(path, name), entry)[1]);
    }
  }

  private directoriesOf({ whole, side }: Version): ReturnType<typeof directoriesBelow> {
    return directoriesBelow(this.question[side].after, whole.thing[side]!.path);
  }

  private folderIn(
    version: Version,
    path: RepositoryPath,
    is: Manifest,
  ): readonly [Manifest, readonly From[]] {
    const known = this.known(version, path, this.folders);
    const [first, second] = known;
    if (first?.ours && first.theirs)
      return [mergeFolders(first.base?.is, first.ours.is, first.theirs.is), known.map(pathsOf)];
    const from = known.length === 0 ? [this.stillAt(version, path, isFolderIn)] : known.map(pathsOf);
    return [second ? mergeFolders(undefined, is, anyOf(second)) : is, from];
  }

  private fileIn(version: Version, path: RepositoryPath, is: Entry): readonly [Entry, readonly From[]] {
    const known = this.known(version, path, this.files);
    const from = known.length === 0 ? [this.stillAt(version, path, isFileIn)] : known.map(pathsOf);
    const [first, second] = known;
    const [base, a, b] =
      first?.ours && first.theirs
        ? [first.base?.is, first.ours.is, first.theirs.is]
        : [undefined, is, second === undefined ? is : anyOf(second)];
    const merged = mergeEntries(base, a, b);
    const isSame = merged.kind === 'one' && contentOf(merged.entry) === contentOf(is);
    return [isSame ? merged.entry : is, from];
  }

  /** What nobody changed by itself is no thing: it is where its whole is, in every state that has it. */
  private stillAt(
    { whole: { thing }, side, isOnly }: Version,
    path: RepositoryPath,
    isIn: (state: State, path: RepositoryPath) => boolean,
  ): From {
    const below = path.slice(thing[side]!.path.length);
    const { base, ours, theirs } = this.question;
    const place = (
      state: State,
      root: { readonly path: RepositoryPath } | undefined,
    ): RepositoryPath | undefined => {
      const at = root && ((root.path + below) as RepositoryPath);
      return at !== undefined && isIn(state, at) ? at : undefined;
    };
    const mine = place(ours.after, side === 'ours' || isOnly ? thing.ours : undefined);
    const other = place(theirs.after, side === 'theirs' || isOnly ? thing.theirs : undefined);
    const was = isOnly ? place(base, thing.base) : undefined;
    return {
      ...(was !== undefined && { base: was }),
      ...(mine !== undefined && { ours: mine }),
      ...(other !== undefined && { theirs: other }),
    };
  }

  /** The things that what stands at a path of a version is: two, if both sides have the same from different ones. */
  private known<T>(
    { whole, side, isOnly }: Version,
    path: RepositoryPath,
    all: ByPath<T>,
  ): readonly Thing<T>[] {
    if (!isOnly) return [];
    const { thing, ids } = whole;
    const root = thing[side]!.path;
    const first = path === root ? (thing as Thing<unknown> as Thing<T>) : all[side].get(path);
    const mine = first && insideOf(first, thing);
    const other = otherSide(side);
    if (ids.ours !== ids.theirs || path === root || mine?.[other] !== undefined) return mine ? [mine] : [];
    const there = (thing[other]!.path + path.slice(root.length)) as RepositoryPath;
    const second = all[other].get(there);
    const { base: _base, ...others } = second === undefined ? {} : insideOf(second, thing);
    return [...(mine ? [mine] : []), ...(second === undefined ? [] : [others])];
  }
}

function isFolderIn(state: State, path: RepositoryPath): boolean {
  return state.manifest(path) !== undefined;
}

function isFileIn(state: State, path: RepositoryPath): boolean {
  return state.manifest(parentOf(path))?.files.has(nameOf(path)) === true;
}

function anyOf<T>({ ours, theirs }: Thing<T>): T {
  return (ours ?? theirs)!.is;
}

function meet(
  meetings: Map<RepositoryPath, Meeting>,
  path: RepositoryPath,
  whole: Whole,
  conflict: PlaceConflict | undefined,
): void {
  const meeting = meetings.get(path) ?? { versions: [], conflicts: [] };
  meetings.set(path, meeting);
  meeting.versions.push(...versionsOf(whole));
  if (conflict !== undefined) meeting.conflicts.push(conflict);
}

/** One, where the other side did not change it or has the same; else one of each side. */
function versionsOf(whole: Whole): readonly Version[] {
  const { thing, ids, was } = whole;
  const there = SIDES.filter((side) => thing[side] !== undefined);
  const version = (side: SideName, isOnly: boolean): Version => ({ whole, side, id: ids[side]!, isOnly });
  if (there.length === 1) return [version(there[0]!, true)];
  if (ids.ours === ids.theirs || ids.theirs === was) return [version('ours', true)];
  if (ids.ours === was) return [version('theirs', true)];
  return there.map((side) => version(side, false));
}

function orderOf({ whole, side }: Version): string {
  return `${whole.thing.base?.path ?? ''}\0${whole.thing[side]!.path}`;
}

function byPath<T>(things: readonly Thing<T>[], side: SideName): ReadonlyMap<RepositoryPath, Thing<T>> {
  return new Map(things.flatMap((thing) => (thing[side] === undefined ? [] : [[thing[side].path, thing]])));
}

function withoutEntity<T extends object>(it: T): T {
  const { entity: _entity, ...itself } = it as T & { entity?: unknown };
  return itself as T;
}
