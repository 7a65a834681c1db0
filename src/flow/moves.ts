/** What moved since the last commit: everything gone or replaced is put to everything that came. */

import { findMoves, type Folder, type MoveAnswer, type Thing, type ThingMove } from '../diff/moves.ts';
import type { MovesTold } from '../diff/moved-changes.ts';
import type { Change, MoveEvidence } from '../model/change.ts';
import type { Move } from '../model/commit.ts';
import type { Entry, Manifest } from '../model/manifest.ts';
import type { Name } from '../model/name.ts';
import { childOf, parentOf, ROOT, type RepositoryPath } from '../model/path.ts';
import type { Told } from '../text/operation.ts';
import { toldMoves } from './told.ts';
import { readKeptEvidence, type KeptEvidence } from './kept-evidence.ts';
import type { DirtyDirectory, Look } from './look.ts';

/** The moves of one look, by where they came from and where they went. */
export interface Moves {
  /** The lines of a commit's `moved:`. */
  readonly facts: readonly Move[];
  /** By which inodes things are known that are gone or replaced; kept until a commit says what became of them. */
  readonly evidence: KeptEvidence;
  readonly things: readonly ThingMove[];
  readonly isEmpty: boolean;
  /** The things that moved into a directory. */
  targetsIn(directory: RepositoryPath): readonly RepositoryPath[];
  into(path: RepositoryPath): ThingMove | undefined;
  outOf(path: RepositoryPath): ThingMove | undefined;
  /** Where a whole folder came from that is new at a path; one that was there before is still that one. */
  folderInto(path: RepositoryPath): RepositoryPath | undefined;
  /** Where a whole folder went that is gone from a path. */
  folderOutOf(path: RepositoryPath): RepositoryPath | undefined;
  /** The fact that ends at a folder, also where it joined one that was there. */
  folderFact(path: RepositoryPath): FolderFact | undefined;
  /** The folder whose move explains that of a thing; undefined where it has a line of its own. */
  within(move: ThingMove): RepositoryPath | undefined;
  /** What was recorded of a thing that is gone or replaced. */
  entryBefore(path: RepositoryPath): Entry | undefined;
}

export interface FolderFact {
  readonly from: RepositoryPath;
  readonly by: MoveEvidence;
  /** Of the things that went with it. */
  readonly files: number;
  readonly bytes: number;
}

const NOTHING: MoveAnswer = { things: [], folders: [], moved: [] };

/**
 * Reads contents only where the scan has: what is not hashed is known by its inode, or not at all.
 *
 * What stands where `isRefused` says that it cannot be recorded now went nowhere.
 */
export function seeMoves(look: Look, isRefused: (path: RepositoryPath) => boolean = () => false): Moves {
  const kept = readKeptEvidence(look.repository, look.head);
  const gathered = new Gathering(look, kept, isRefused);
  gathered.takeRecorded();
  const { vanished, replaced, foldersGone } = gathered;
  if (vanished.length + replaced.length + foldersGone.length === 0) return movesOf(NOTHING, gathered);
  gathered.takeNew();
  return movesOf(findMoves(gathered), gathered);
}

/** What an answer is told with. */
interface Grounds {
  readonly evidence: KeptEvidence;
  readonly entries: ReadonlyMap<RepositoryPath, Entry>;
  readonly ground: Ground;
}

/** Which folders there were and are. */
export interface Ground {
  isRecorded(path: RepositoryPath): boolean;
  /** Whether it is not the folder that is recorded at its path. */
  isNew(path: RepositoryPath): boolean;
  isThere(path: RepositoryPath): boolean;
}

function lazy<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}

/** What a look found, as the question that src/diff/moves.ts answers. */
class Gathering {
  readonly vanished: Thing[] = [];
  readonly appeared: Thing[] = [];
  readonly replaced: { readonly before: Thing; readonly after: Thing }[] = [];
  readonly foldersGone: Folder[] = [];
  readonly foldersNew: Folder[] = [];
  readonly foldersReplaced: { readonly before: Folder; readonly after: Folder }[] = [];
  readonly evidence = new Map<string, string>();
  readonly entries = new Map<RepositoryPath, Entry>();
  readonly ground: Ground;
  readonly told: readonly Told[];
  private readonly look: Look;
  private readonly kept: KeptEvidence;
  private readonly isRefused: (path: RepositoryPath) => boolean;

  constructor(look: Look, kept: KeptEvidence, isRefused: (path: RepositoryPath) => boolean) {
    this.look = look;
    this.kept = kept;
    this.isRefused = isRefused;
    this.told = toldMoves(look.repository, look.head);
    const replaced = lazy(() => new Set(this.foldersReplaced.map(({ after }) => after.path)));
    const gone = lazy(() => new Set(look.gone));
    const dirty = lazy(() => new Set(look.dirty.map(({ path }) => path)));
    const isRecorded = (path: RepositoryPath): boolean => look.mirror.of(path) !== undefined;
    this.ground = {
      isRecorded,
      isNew: (path) => !isRecorded(path) || replaced().has(path),
      isThere: (path) => dirty().has(path) || (isRecorded(path) && !gone().has(path)),
    };
  }

  /** What is recorded: gone with its folder, gone from it, or something else stands there. */
  takeRecorded(): void {
    const { look } = this;
    for (const path of look.gone) {
      this.foldersGone.push(this.folderBefore(path, look.recordedManifest(path)));
      for (const [name, entry] of look.recordedManifest(path)?.files ?? []) {
        this.vanished.push(this.thingBefore(childOf(path, name), entry));
      }
    }
    for (const directory of look.dirty) {
      const recorded = look.recordedManifest(directory.path);
      if (recorded === undefined || look.mirror.of(directory.path) === undefined) continue;
      this.takeReplacedFolder(directory, recorded);
      this.takeFilesOf(directory, recorded);
    }
  }

  /** What is not recorded; only once there is something that it may be. */
  takeNew(): void {
    const { look } = this;
    for (const directory of look.dirty) {
      const { path } = directory;
      if (this.isRefused(path)) continue;
      const isNew = look.mirror.of(path) === undefined;
      if (isNew)
        this.foldersNew.push({ path, inode: look.evidence.directoryNow(directory.part, directory.row) });
      const recorded = isNew ? undefined : look.recordedManifest(path);
      const { present } = look.describe(directory);
      for (const [name, entry] of present.files) {
        if (recorded?.files.has(name) === true || this.isRefused(childOf(path, name))) continue;
        this.appeared.push(this.thingNow(directory, name, entry));
      }
    }
  }

  private takeReplacedFolder({ path, part, row }: DirtyDirectory, recorded: Manifest): void {
    if (path === ROOT) return;
    const inode = this.look.evidence.directoryNow(part, row);
    const was = this.kept.get(`${path}/`) ?? this.look.evidence.directoryBefore(path);
    if (inode === undefined || was === undefined || inode === was) return;
    this.foldersReplaced.push({ before: this.folderBefore(path, recorded), after: { path, inode } });
  }

  private takeFilesOf(directory: DirtyDirectory, recorded: Manifest): void {
    const { look } = this;
    for (const name of look.goneNames(directory)) {
      this.vanished.push(this.thingBefore(childOf(directory.path, name), recorded.files.get(name)!));
    }
    if (!look.mayHoldReplaced(directory)) return;
    const { present } = look.describe(directory);
    for (const [name, entry] of present.files) {
      const old = recorded.files.get(name);
      if (old === undefined || old === entry) continue;
      const after = this.thingNow(directory, name, entry);
      const path = childOf(directory.path, name);
      const inode = this.inodeBefore(path);
      const isOther = inode === undefined || after.inode === undefined || inode !== after.inode;
      if (!isOther || (contentOf(old) === after.content && inode === undefined)) continue;
      this.replaced.push({ before: this.thingBefore(path, old), after });
    }
  }

  private folderBefore(path: RepositoryPath, manifest: Manifest | undefined): Folder {
    const inode = this.kept.get(`${path}/`) ?? this.look.evidence.directoryBefore(path);
    if (inode !== undefined) this.evidence.set(`${path}/`, inode);
    return { path, inode, ...(manifest?.entity && { entity: manifest.entity.id }) };
  }

  private thingBefore(path: RepositoryPath, entry: Entry): Thing {
    const inode = this.inodeBefore(path);
    if (inode !== undefined) this.evidence.set(path, inode);
    this.entries.set(path, entry);
    return { path, content: contentOf(entry), inode, size: sizeOf(entry) };
  }

  private inodeBefore(path: RepositoryPath): string | undefined {
    return this.kept.get(path) ?? this.look.evidence.entryBefore(path);
  }

  private thingNow(directory: DirtyDirectory, name: Name, entry: Entry): Thing {
    const path = childOf(directory.path, name);
    const inode = this.look.inodeNow(directory, name);
    return { path, content: contentOf(entry), inode, size: sizeOf(entry) };
  }
}

export function contentOf(entry: Entry): string | undefined {
  return entry.kind === 'link' ? `link:${entry.target}` : entry.blake3;
}

export function sizeOf(entry: Entry): number {
  return entry.kind === 'link' ? 0 : entry.size;
}

export function movesOf(
  { things, folders, moved }: MoveAnswer,
  { evidence, entries, ground }: Grounds,
): Moves {
  const into = new Map(things.map((move) => [move.to.path, move]));
  const outOf = new Map(things.map((move) => [move.from.path, move]));
  const foldersInto = new Map(folders.map((move) => [move.to, { path: move.from, by: move.by }]));
  const foldersOutOf = new Map(folders.map((move) => [move.from, { path: move.to, by: move.by }]));
  const stated = new Set(moved.filter(({ to }) => !to.endsWith('/')).map(({ to }) => to));
  const within = ({ from, to }: ThingMove): RepositoryPath | undefined =>
    stated.has(to.path) ? undefined : folderAbove(foldersInto, to.path, from.path);
  const targets = new Map<RepositoryPath, RepositoryPath[]>();
  for (const { to } of things) {
    const directory = parentOf(to.path);
    const others = targets.get(directory);
    if (others === undefined) targets.set(directory, [to.path]);
    else others.push(to.path);
  }
  const counts = new Map<RepositoryPath, { files: number; bytes: number }>();
  for (const move of things) {
    const folder = within(move);
    if (folder === undefined) continue;
    const count = counts.get(folder) ?? { files: 0, bytes: 0 };
    counts.set(folder, { files: count.files + 1, bytes: count.bytes + move.to.size });
  }
  return {
    facts: moved,
    evidence,
    things,
    isEmpty: moved.length === 0,
    targetsIn: (directory) => targets.get(directory) ?? [],
    into: (path) => into.get(path),
    outOf: (path) => outOf.get(path),
    folderInto: (path) => {
      const from = placeOf(foldersInto, path);
      return from !== undefined && ground.isRecorded(from) && ground.isNew(path) ? from : undefined;
    },
    folderOutOf: (path) => {
      const to = placeOf(foldersOutOf, path);
      return to !== undefined && ground.isThere(to) ? to : undefined;
    },
    folderFact: (path) => {
      const came = foldersInto.get(path);
      return came && { from: came.path, by: came.by, ...(counts.get(path) ?? { files: 0, bytes: 0 }) };
    },
    within,
    entryBefore: (path) => entries.get(path),
  };
}

type Folders = ReadonlyMap<RepositoryPath, { readonly path: RepositoryPath; readonly by: MoveEvidence }>;

/** The place of a folder, by its own line or by that of a folder above it. */
function placeOf(folders: Folders, path: RepositoryPath): RepositoryPath | undefined {
  if (folders.size === 0 || path === ROOT) return undefined;
  for (let above = path; ; above = parentOf(above)) {
    const found = folders.get(above);
    if (found !== undefined) return (found.path + path.slice(above.length)) as RepositoryPath;
    if (above === ROOT) return undefined;
  }
}

/** The folder above a target whose move takes `from` to `to`. */
function folderAbove(folders: Folders, to: RepositoryPath, from: RepositoryPath): RepositoryPath | undefined {
  if (folders.size === 0) return undefined;
  for (let above = parentOf(to); ; above = parentOf(above)) {
    const found = folders.get(above);
    if (found !== undefined && found.path + to.slice(above.length) === from) return above;
    if (above === ROOT) return undefined;
  }
}

/** The moves of a look, as src/diff/moved-changes.ts tells them. */
export function tellMoves(moves: Moves): MovesTold {
  return {
    into: (path) => {
      const move = moves.into(path);
      return move && { from: move.from.path, by: move.by, within: moves.within(move) };
    },
    isSource: (path) => moves.outOf(path) !== undefined,
    folderFact: (path) => moves.folderFact(path),
    isFolderTarget: (path) => moves.folderInto(path) !== undefined,
    isFolderSource: (path) => moves.folderOutOf(path) !== undefined,
    entryBefore: (path) => moves.entryBefore(path),
  };
}

/** Whether the line of the folder that moved says all there is to say. */
export function isWithinMoved({ kind, within }: Change): boolean {
  return kind === 'moved' && within !== undefined;
}
