/** What has to come to the disk, where head goes on or has gone on without it: what is wanted, and what stood there. */

import type { DirectoryChange } from '../model/change.ts';
import type { Entry, Manifest } from '../model/manifest.ts';
import type { Name } from '../model/name.ts';
import { childOf, nameOf, parentOf, ROOT, type RepositoryPath } from '../model/path.ts';
import { contentOf } from '../merge/entries.ts';
import type { State } from '../merge/state.ts';
import { directoriesBelow, wholeAround } from '../merge/wholes.ts';
import type { Wanted } from '../sync/plan.ts';
import { heldOf, type Held } from './held.ts';
import { heldAfter, listsOf } from './held-after.ts';
import type { Look } from './look.ts';
import { statsAt } from './repository.ts';
import { wholeTypesOf } from './whole-types.ts';
import { wantedOrHere, type Coming, type Wanting } from './wanted-or-here.ts';

export type { Coming, Wanting } from './wanted-or-here.ts';

export const NOTHING_COMES: Coming = { changes: [], moves: { facts: [], things: [] } };

export interface Moving {
  readonly from: RepositoryPath;
  readonly to: RepositoryPath;
}

export interface Arrival {
  /** What stands here, seen from the head that is to come. */
  readonly held: Held;
  readonly wanted: ReadonlyMap<RepositoryPath, Wanted>;
  /** Of what is wanted, what was here and is gone, and stays so. */
  readonly missing: ReadonlySet<RepositoryPath>;
  /** What stood at a wanted path; undefined: nothing. Folders are not among them. */
  readonly stood: ReadonlyMap<RepositoryPath, Entry | undefined>;
  /** Files, links and whole folders that are here under another name. */
  readonly moves: readonly Moving[];
  /** What comes without permission bits that are recorded: as it is to stand here. */
  readonly bare: ReadonlyMap<RepositoryPath, Entry>;
  /** What is not here and not wanted; a folder ends in '/'. */
  readonly left: readonly string[];
}

/** What is to stand where, so that the disk is as the coming head says; of what is not here only what is `wanted`. */
export function arrivalOf(seen: Look, coming: Coming, wanted?: Wanting): Arrival {
  // What a person has done here and nobody has recorded is judged later, against what stood here before.
  const lists = coming.isUnrecorded === true ? listsOf(seen.held) : heldAfter(seen);
  const held = heldOf(lists, coming.changes);
  const said = new Said(seen, coming.changes);
  const wish = new Wish(held, said, wanted && wantedOrHere(wanted, held, coming));
  for (const { path, after } of coming.changes) if (after === undefined) wish.wantFolder(path);
  for (const path of held.folders.keys()) wish.wantFolder(path);
  for (const path of held.absentFolders) wish.wantAllBelow(path);
  for (const path of held.directories()) for (const name of held.namesIn(path)) wish.want(path, name);
  for (const root of wholesIn(seen, said, coming.changes)) wish.complete(root);
  const missing = wish.missing();
  const { wanted: wished, stood, left } = wish;
  const moves = movesHere(seen, said, coming.moves, wish);
  return { held, wanted: wished, missing, stood, moves, bare: wish.bare(), left };
}

/** The wholes that change and stay. */
function wholesIn(seen: Look, said: Said, changes: readonly DirectoryChange[]): ReadonlySet<RepositoryPath> {
  const types = wholeTypesOf(seen.texts);
  const roots = changes.flatMap(({ path, after }) => {
    const root = after === undefined ? undefined : wholeAround(said, path, types);
    return root ?? [];
  });
  return new Set(roots);
}

/** The tree of the head that is to come. */
class Said implements State {
  readonly seen: Look;
  private readonly changed: ReadonlyMap<RepositoryPath, Manifest | undefined>;
  private readonly newFolders = new Map<RepositoryPath, Name[]>();

  constructor(seen: Look, changes: readonly DirectoryChange[]) {
    this.seen = seen;
    this.changed = new Map(changes.map(({ path, after }) => [path, after]));
    for (const { path, before, after } of changes) {
      if (before !== undefined || after === undefined || path === ROOT) continue;
      const names = this.newFolders.get(parentOf(path));
      if (names === undefined) this.newFolders.set(parentOf(path), [nameOf(path)]);
      else names.push(nameOf(path));
    }
  }

  manifest(path: RepositoryPath): Manifest | undefined {
    return this.changed.has(path) ? this.changed.get(path) : this.seen.recordedManifest(path);
  }

  *folders(path: RepositoryPath): Generator<Name> {
    for (const name of this.seen.mirror.namesIn(path))
      if (this.manifest(childOf(path, name)) !== undefined) yield name;
    yield* this.newFolders.get(path) ?? [];
  }
}

class Wish {
  readonly wanted = new Map<RepositoryPath, Wanted>();
  readonly stood = new Map<RepositoryPath, Entry | undefined>();
  readonly left: string[] = [];
  private readonly held: Held;
  private readonly said: Said;
  private readonly rules: Wanting | undefined;

  constructor(held: Held, said: Said, rules: Wanting | undefined) {
    this.held = held;
    this.said = said;
    this.rules = rules;
  }

  /** A file or link; one that is only seen from another head and stands as it is to stand is wanted too. */
  want(directory: RepositoryPath, name: Name): void {
    const path = childOf(directory, name);
    const said = this.said.manifest(directory)?.files.get(name);
    const stood = this.held.standing(directory, name)?.entry;
    if (said !== undefined && stood === undefined && this.rules?.takes(directory, name) === false) {
      this.left.push(path);
      return;
    }
    if (said !== undefined) this.wantFolder(directory);
    this.stood.set(path, stood);
    // A folder comes in its place.
    if (said === undefined && this.said.manifest(path) !== undefined) return this.wantFolder(path);
    this.wanted.set(path, wantedOf(said, stood));
  }

  /** The folder itself, as it is said; those above it are there, or wanted too. */
  wantFolder(path: RepositoryPath): void {
    if (path === ROOT || this.wanted.has(path)) return;
    const said = this.said.manifest(path);
    if (said === undefined) this.wanted.set(path, { kind: 'nothing' });
    else {
      this.wantFolder(parentOf(path));
      this.wanted.set(path, { kind: 'directory', mode: said.mode });
    }
  }

  /** A folder of which nothing was here; one of which nothing is wanted stays away with all that is below. */
  wantAllBelow(path: RepositoryPath): void {
    const said = this.said.manifest(path);
    if (said === undefined) return;
    const share = this.rules?.share(path) ?? 'all';
    const [wished, before] = [this.wanted.size, this.left.length];
    if (share === 'all') this.wantFolder(path);
    // One that is here for something else: what is to be in it and is not wanted is told one by one.
    if (share !== 'none' || this.wanted.has(path)) this.wantBelow(path, said);
    if (this.wanted.size > wished || this.wanted.has(path)) return;
    this.left.length = before;
    this.left.push(`${path}/`);
  }

  private wantBelow(path: RepositoryPath, said: Manifest): void {
    for (const name of said.files.keys()) this.want(path, name);
    for (const name of this.said.folders(path)) this.wantAllBelow(childOf(path, name));
  }

  /** What went from here unconfirmed comes again: a whole is never half of one version and half of another. */
  complete(root: RepositoryPath): void {
    const { seen } = this.said;
    for (const { path, manifest } of directoriesBelow(this.said, root)) {
      for (const [name, entry] of manifest.files) {
        const at = childOf(path, name);
        const wasHere = this.stood.get(at) ?? seen.heldManifest(path)?.files.get(name);
        if (wasHere === undefined || statsAt(seen.repository, at) !== undefined) continue;
        this.wantFolder(path);
        this.stood.set(at, undefined);
        this.wanted.set(at, wantedOf(entry));
      }
    }
  }

  /** What comes without permission bits that are recorded. */
  bare(): ReadonlyMap<RepositoryPath, Entry> {
    const bare = new Map<RepositoryPath, Entry>();
    for (const [path, wanted] of this.wanted) {
      if (wanted.kind !== 'file') continue;
      const said = this.said.manifest(parentOf(path))?.files.get(nameOf(path));
      if (said?.kind === 'file' && said.mode !== wanted.mode) bare.set(path, { ...said, mode: wanted.mode });
    }
    return bare;
  }

  /**
   * What went from here unconfirmed: a person is to say something about it, and nothing comes to its place meanwhile.
   * But a content that nobody here has seen comes like something new.
   */
  missing(): ReadonlySet<RepositoryPath> {
    const { seen } = this.said;
    const missing = new Set<RepositoryPath>();
    for (const [path, wanted] of this.wanted) {
      const stood = this.stood.get(path);
      if (wanted.kind === 'nothing' || stood === undefined) continue;
      if (statsAt(seen.repository, path) !== undefined) continue;
      const said = this.said.manifest(parentOf(path))?.files.get(nameOf(path));
      if (wanted.kind !== 'directory' && said !== undefined && contentOf(said) !== contentOf(stood))
        this.stood.set(path, undefined);
      // What head does not have, and went, is as head says.
      else if (seen.recordedManifest(parentOf(path))?.files.has(nameOf(path)) === true) missing.add(path);
    }
    return missing;
  }
}

/** Set-user-id and set-group-id: who runs such a file becomes somebody else, and nobody elsewhere decides that. */
const BECOMING = 0o6000;

function wantedOf(said: Entry | undefined, stood?: Entry): Wanted {
  if (said === undefined) return { kind: 'nothing' };
  if (said.kind === 'link') return { kind: 'link', target: said.target };
  const { blake3, size, mtime } = said;
  const isOwn =
    stood?.kind === 'file' && stood.blake3 === blake3 && (stood.mode & BECOMING) === (said.mode & BECOMING);
  const mode = isOwn ? said.mode : said.mode & ~BECOMING;
  return blake3 === undefined ? { kind: 'nothing' } : { kind: 'file', blake3, size, mtime, mode };
}

/** The moves of which the old place is here and the new one is not; a folder as one where all of it went. */
function movesHere(seen: Look, said: Said, moves: Coming['moves'], { stood, wanted }: Wish): Moving[] {
  const whole = new Map<RepositoryPath, RepositoryPath>();
  const isHere = (path: RepositoryPath): boolean => seen.heldManifest(path) !== undefined;
  for (const { from, to, parent = 1 } of moves.facts) {
    if (parent !== 1 || !from.endsWith('/') || !to.endsWith('/')) continue;
    const [old, now] = [from.slice(0, -1) as RepositoryPath, to.slice(0, -1) as RepositoryPath];
    const isWhole = said.manifest(old) === undefined && seen.mirror.of(now) === undefined && isHere(old);
    if (isWhole && said.manifest(now) !== undefined && wanted.has(now)) whole.set(old, now);
  }
  const along = (path: RepositoryPath): RepositoryPath | undefined => {
    for (let at = parentOf(path); ; at = parentOf(at)) {
      const to = whole.get(at);
      if (to !== undefined) return `${to}${path.slice(at.length)}` as RepositoryPath;
      if (at === ROOT) return undefined;
    }
  };
  const result: Moving[] = [];
  for (const [from, to] of whole) if (along(from) !== to) result.push({ from, to });
  for (const { from, to } of moves.things) {
    const isWanted =
      (wanted.get(to.path)?.kind ?? 'nothing') !== 'nothing' && stood.get(from.path) !== undefined;
    if (isWanted && along(from.path) !== to.path) result.push({ from: from.path, to: to.path });
  }
  return result;
}
