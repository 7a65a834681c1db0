/** Where all things land: what one side put into a folder that the other side renamed goes along, if it can. */

import { compareBytes } from '../model/name.ts';
import type { Entry, Manifest } from '../model/manifest.ts';
import { nameOf, parentOf, ROOT, type RepositoryPath } from '../model/path.ts';
import type { Conflicts } from './conflicts.ts';
import { carried, splitAbove, type DirectoryRenames } from './directory-renames.ts';
import { contentOf, mergeEntries } from './entries.ts';
import type { Thing } from './objects.ts';
import { placeOf, type Place, type PlaceConflict } from './places.ts';
import { otherSide, SIDES, type MergeQuestion, type SideName } from './state.ts';
import type { Untouched } from './untouched.ts';
import { wholeAround } from './wholes.ts';

/** A thing at the path at which it wants to stand. */
export interface Arrival<T> {
  readonly thing: Thing<T>;
  /** What is said about where it is, once it is known where it stands. */
  readonly conflict?: PlaceConflict;
}

export type Places<T> = ReadonlyMap<RepositoryPath, readonly Arrival<T>[]>;

export class Placing {
  private readonly question: MergeQuestion;
  private readonly renames: Record<SideName, DirectoryRenames>;
  private readonly untouched: Untouched;
  private readonly conflicts: Conflicts;

  constructor(
    question: MergeQuestion,
    renames: Record<SideName, DirectoryRenames>,
    untouched: Untouched,
    conflicts: Conflicts,
  ) {
    this.question = question;
    this.renames = renames;
    this.untouched = untouched;
    this.conflicts = conflicts;
  }

  /**
   * Files and links. A deletion gives way to changed bytes, the thing's own move, and what a person wrote about it.
   * Where something else is, or several would land, nothing is carried: it stays where its own side put it.
   */
  files(things: readonly Thing<Entry>[]): Places<Entry> {
    const { found, going } = this.places(things, ({ base, ...sides }, side) => {
      const here = sides[side]!;
      const isChanged = contentOf(here.is) !== contentOf(base!.is) || here.way === 'itself';
      return isChanged || this.question[side].isEdited(base!.path, here.path);
    });
    for (const [to, arrivals] of [...going].sort(([a], [b]) => compareBytes(a, b))) {
      const isFree =
        !this.isBlocked(parentOf(to), found) && this.isFree(to, [...(found.get(to) ?? []), ...arrivals]);
      for (const { from, ...arrival } of arrivals) addTo(found, isFree ? to : from, arrival);
      if (isFree) continue;
      const paths = [to, ...arrivals.map(({ from }) => from)].sort(compareBytes);
      this.conflicts.note({ kind: 'directory', paths, ids: [] });
    }
    return found;
  }

  /** Folders themselves; several at one path become one. */
  folders(things: readonly Thing<Manifest>[]): Places<Manifest> {
    const { found, going } = this.places(things, (thing, side) => this.isFolderKept(thing, side));
    for (const [to, arrivals] of going) {
      const isFree = !this.isBlocked(to);
      for (const { from, ...arrival } of arrivals) addTo(found, isFree ? to : from, arrival);
    }
    return found;
  }

  /** A folder that is one whole: where it is, and where it goes if nothing is there. */
  whole(
    thing: Thing<Manifest>,
    isChanged: (side: SideName) => boolean,
  ): { readonly place: Place; readonly to?: RepositoryPath } {
    const isKept = (side: SideName): boolean =>
      isChanged(side) || thing[side]!.way === 'itself' || this.isFolderKept(thing, side);
    const place = placeOf(thing, { isKept, carry: this.carry });
    const to = place.kind === 'gone' ? undefined : this.carriedPlace(place);
    return to === undefined || this.isBlocked(to) ? { place } : { place, to };
  }

  private isFolderKept({ base, ...sides }: Thing<Manifest>, side: SideName): boolean {
    const here = sides[side]!;
    return here.is.entity?.id !== base!.is.entity?.id || this.question[side].isEdited(base!.path, here.path);
  }

  private places<T>(
    things: readonly Thing<T>[],
    isKept: (thing: Thing<T>, side: SideName) => boolean,
  ): {
    readonly found: Map<RepositoryPath, Arrival<T>[]>;
    readonly going: ReadonlyMap<RepositoryPath, (Arrival<T> & { readonly from: RepositoryPath })[]>;
  } {
    const found = new Map<RepositoryPath, Arrival<T>[]>();
    const going = new Map<RepositoryPath, (Arrival<T> & { readonly from: RepositoryPath })[]>();
    for (const thing of things) {
      const place = placeOf(thing, { isKept: (side) => isKept(thing, side), carry: this.carry });
      if (place.kind === 'gone') continue;
      const arrival = { thing, ...(place.conflict && { conflict: place.conflict }) };
      const to = this.carriedPlace(place);
      if (to === undefined) {
        this.noteSplit(place);
        addTo(found, place.path, arrival);
      } else addTo(going, to, { ...arrival, from: place.path });
    }
    return { found, going };
  }

  /** What is new in a folder that the other side split stays in it, which is said once. */
  private noteSplit({ path, of }: Place & { kind: 'at' }): void {
    if (of === 'both') return;
    const renames = this.renames[otherSide(of)];
    const folder = splitAbove(path, renames);
    if (folder === undefined) return;
    this.conflicts.note({ kind: 'directory', paths: [folder, ...renames.split.get(folder)!], ids: [] });
  }

  /** Nothing is carried into a whole, which would be half of each side then. */
  private readonly carry = (side: SideName, path: RepositoryPath): RepositoryPath => {
    const to = carried(path, this.renames[otherSide(side)], this.renames[side]);
    if (to === undefined) return path;
    const { wholeTypes } = this.question;
    const isIntoWhole = SIDES.some((each) => {
      const root = wholeAround(this.question[each].after, to, wholeTypes);
      return root !== undefined && (root !== to || nameOf(root) !== nameOf(path));
    });
    return isIntoWhole ? path : to;
  };

  private carriedPlace(place: Place & { kind: 'at' }): RepositoryPath | undefined {
    if (place.of === 'both') return undefined;
    const to = this.carry(place.of, place.path);
    return to === place.path ? undefined : to;
  }

  /** Whether a file is where a folder would have to be: one that stays there, or one of those that have a place. */
  private isBlocked(folder: RepositoryPath, files?: Places<Entry>): boolean {
    for (let at = folder; at !== ROOT; at = parentOf(at))
      if (this.untouched.file(at) !== undefined || files?.has(at) === true) return true;
    return false;
  }

  /** Whether files may land at a path: no folder is there, nothing that no side changed, and all hold the same. */
  private isFree(path: RepositoryPath, files: readonly Arrival<Entry>[]): boolean {
    if (SIDES.some((side) => this.question[side].after.manifest(path) !== undefined)) return false;
    if (this.untouched.file(path) !== undefined) return false;
    const contents = files.map(({ thing }) => onlyContent(thing));
    return contents.every((content) => content !== undefined && content === contents[0]);
  }
}

/** What a thing holds after the merge; undefined where that is two things. */
function onlyContent({ base, ours, theirs }: Thing<Entry>): string | undefined {
  if (ours === undefined || theirs === undefined) return contentOf((ours ?? theirs)!.is);
  const merged = mergeEntries(base?.is, ours.is, theirs.is);
  return merged.kind === 'one' ? contentOf(merged.entry) : undefined;
}

function addTo<K, T>(map: Map<K, T[]>, key: K, value: T): void {
  const others = map.get(key);
  if (others === undefined) map.set(key, [value]);
  else others.push(value);
}
