/** The tree that comes of a merge, put together piece by piece: no path is ever both a file and a folder. */

import type { ContentId, Digest } from '../model/id.ts';
import type { Entry, Manifest } from '../model/manifest.ts';
import { compareBytes, type Name } from '../model/name.ts';
import { childOf, isWithin, nameOf, parentOf, ROOT, type RepositoryPath } from '../model/path.ts';
import type { Conflicts } from './conflicts.ts';
import { contentOf, mergeFolders } from './entries.ts';
import { conflictName } from './names.ts';
import type { PlaceConflict } from './places.ts';
import type { MergeQuestion } from './state.ts';
import type { Untouched } from './untouched.ts';
import { idOf, type From, type Standing } from './versions.ts';

/**
 * One thing in the merged tree, and where it was; what is written about it goes with it. What stands where it stood
 * in all three states and is what it was is not told.
 */
export interface Landed extends From {
  readonly path: RepositoryPath;
  readonly what: 'file' | 'directory';
}

const DIGITS = 8;

export class Result {
  readonly landed: Landed[] = [];
  private readonly question: MergeQuestion;
  private readonly untouched: Untouched;
  private readonly conflicts: Conflicts;
  private readonly digest: Digest;
  /** Folders themselves, without their files. */
  private readonly folders = new Map<RepositoryPath, Manifest>();
  /** Files and links, by directory. */
  private readonly standing = new Map<RepositoryPath, Map<Name, Entry>>();
  /** Every folder that something stands in or is to stand in, or that is one. */
  private readonly around = new Set<RepositoryPath>([ROOT]);
  /** Contents that stand where something was put, once that was asked for. */
  private held: Set<ContentId | undefined> | undefined;

  constructor(question: MergeQuestion, untouched: Untouched, conflicts: Conflicts, digest: Digest) {
    this.question = question;
    this.untouched = untouched;
    this.conflicts = conflicts;
    this.digest = digest;
    for (const path of untouched.still.keys()) this.surround(path);
  }

  /** From here on a folder is known to stand at a path. To be said of all folders before the first file is put. */
  surround(path: RepositoryPath): void {
    for (let at = path; !this.around.has(at); at = parentOf(at)) this.around.add(at);
  }

  /** Whether a folder has to stand at a path: it is one, or something is below. */
  isFolder(path: RepositoryPath): boolean {
    return this.around.has(path) || this.untouched.manifest(path) !== undefined;
  }

  /** Whether something else stands at a path or below than what is about to be put there whole. */
  isTaken(path: RepositoryPath): boolean {
    return this.around.has(path) || this.standingAt(path) !== undefined;
  }

  putFolder(path: RepositoryPath, itself: Manifest, from: readonly From[]): void {
    this.surround(path);
    this.folders.set(path, { ...itself, files: new Map() });
    this.land(path, 'directory', from);
  }

  /** What stands at a path is all of these. */
  land(path: RepositoryPath, what: Landed['what'], from: readonly From[]): void {
    for (const each of from) this.landed.push({ path, what, ...each });
  }

  /** Where nothing else stands. */
  put(path: RepositoryPath, { entry, from, conflicts }: Standing, wanted = path): void {
    const files = this.standing.get(parentOf(path));
    if (files === undefined) this.standing.set(parentOf(path), new Map([[nameOf(path), entry]]));
    else files.set(nameOf(path), entry);
    this.land(path, 'file', from);
    for (const conflict of conflicts) this.notePlace(conflict, wanted, path);
  }

  /**
   * The versions that want to stand at a path: the first keeps the name, unless a folder has it, which could go
   * nowhere else with what is in it. Gives those that are to be put beside, after everything else has its place.
   */
  putFirst(path: RepositoryPath, versions: readonly Standing[]): readonly Standing[] {
    if (this.isFolder(path)) return versions;
    this.put(path, versions[0]!);
    return versions.slice(1);
  }

  /** Under the name that follows from the content; longer if something else stands there. */
  putBeside(path: RepositoryPath, standing: Standing): void {
    const id = idOf(standing.entry, this.digest);
    const beside = this.besideOf(path, id, (there) => {
      const other = this.standingAt(there);
      return !this.isFolder(there) && (other === undefined || contentOf(other) === contentOf(standing.entry));
    });
    // The entity is the thing that kept its name.
    const { entity: _entity, ...itself } = standing.entry as Entry & { entity?: unknown };
    this.put(beside, { ...standing, entry: itself as Entry }, path);
    const kept = this.standingAt(path);
    const ids = kept === undefined ? [id] : [idOf(kept, this.digest), id];
    this.conflicts.note({ kind: kept === undefined ? 'directory' : 'content', paths: [path, beside], ids });
  }

  /** Whether a content stands anywhere where something was put. */
  holds(content: ContentId): boolean {
    if (this.held === undefined) {
      this.held = new Set();
      for (const files of this.standing.values())
        for (const entry of files.values()) if (entry.kind === 'file') this.held.add(entry.blake3);
    }
    return this.held.has(content);
  }

  /** A file that the sides took away stays, at its path, or where that cannot be as near to it as can be. */
  putAgain(path: RepositoryPath, entry: Entry, wholes: readonly RepositoryPath[]): void {
    let place = path;
    for (const whole of wholes) if (isWithin(place, whole)) place = childOf(parentOf(whole), nameOf(path));
    for (let above = parentOf(place); above !== ROOT; above = parentOf(above))
      if (this.standingAt(above) !== undefined) place = childOf(parentOf(above), nameOf(path));
    const { entity: _entity, ...itself } = entry as Entry & { entity?: unknown };
    const standing = { entry: itself as Entry, from: [], conflicts: [] };
    if (this.isTaken(place)) return this.putBeside(place, standing);
    this.surround(parentOf(place));
    this.put(place, standing);
    this.conflicts.note({ kind: 'delete', paths: [place], ids: [] });
  }

  /** The path beside another with the first eight digits of an id, or more of them. */
  besideOf(path: RepositoryPath, id: ContentId, isFree: (path: RepositoryPath) => boolean): RepositoryPath {
    for (let digits = DIGITS; ; digits += DIGITS) {
      const beside = childOf(parentOf(path), conflictName(nameOf(path), id, digits));
      if (digits >= id.length || isFree(beside)) return beside;
    }
  }

  /** A conflict about where something is names the path at which it stands at last. */
  notePlace({ kind, paths }: PlaceConflict, wanted: RepositoryPath, path: RepositoryPath): void {
    const now = kind === 'delete' ? [path] : paths.map((each) => (each === wanted ? path : each));
    this.conflicts.note({ kind, paths: now, ids: [] });
  }

  /** Every directory that may differ from a side's; undefined: it is not there. */
  directories(): Map<RepositoryPath, Manifest | undefined> {
    this.putParents();
    const all = new Map<RepositoryPath, Manifest | undefined>();
    for (const path of new Set([
      ...this.untouched.touched,
      ...this.folders.keys(),
      ...this.standing.keys(),
    ])) {
      const before = this.untouched.manifest(path);
      const itself = this.folders.get(path) ?? before;
      all.set(path, itself && { ...itself, files: this.filesIn(path, before) });
    }
    return all;
  }

  private filesIn(path: RepositoryPath, before: Manifest | undefined): ReadonlyMap<Name, Entry> {
    const [still, put] = [this.untouched.still.get(path) ?? before?.files, this.standing.get(path)];
    if (put === undefined) return still ?? new Map();
    const files = [...(still ?? []), ...put].sort(([a], [b]) => compareBytes(a, b));
    return new Map(files);
  }

  /** What stands at a path so far, or did on both sides and was touched by none. */
  private standingAt(path: RepositoryPath): Entry | undefined {
    return this.standing.get(parentOf(path))?.get(nameOf(path)) ?? this.untouched.file(path);
  }

  /** Whatever stands in a folder needs it, also where that was deleted or never was. */
  private putParents(): void {
    for (const start of [...this.untouched.still.keys(), ...this.standing.keys(), ...this.folders.keys()]) {
      for (let path = start; ; path = parentOf(path)) {
        if (!this.folders.has(path) && this.untouched.manifest(path) === undefined)
          this.folders.set(path, this.likely(path));
        if (path === ROOT) break;
      }
    }
  }

  /** What a folder was like in the states that have one of its name; an entity only if it did not land elsewhere. */
  private likely(path: RepositoryPath): Manifest {
    const { base, ours, theirs } = this.question;
    const [mine, other] = [ours.after.manifest(path), theirs.after.manifest(path)];
    const was = base.manifest(path);
    const [a, b] = [mine ?? other ?? was, other ?? mine ?? was];
    if (a === undefined) return { mode: 0o755, files: new Map() };
    const { entity, ...itself } = mergeFolders(was, a, b!);
    return entity === undefined || this.hasLanded(entity.id) ? itself : { ...itself, entity };
  }

  private hasLanded(id: string): boolean {
    for (const { entity } of this.folders.values()) if (entity?.id === id) return true;
    return false;
  }
}
