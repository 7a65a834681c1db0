/** What moved since the last commit: everything gone or replaced is put to everything that came. */

import { movesOf, type Ground, type Moves } from '../diff/move-lookup.ts';
import { findMoves, type Folder, type MoveAnswer, type Thing } from '../diff/moves.ts';
import type { Entry, Manifest } from '../model/manifest.ts';
import type { Name } from '../model/name.ts';
import { childOf, parentOf, ROOT, type RepositoryPath } from '../model/path.ts';
import type { Told } from '../text/operation.ts';
import { isSameEntry } from './held.ts';
import { toldMoves } from './told.ts';
import { readKeptEvidence, type KeptEvidence } from './kept-evidence.ts';
import type { DirtyDirectory, Look } from './look.ts';
import { mediaOf, NO_MEDIA, type Media } from './media-ids.ts';

const NOTHING: MoveAnswer = { things: [], folders: [], moved: [] };

/**
 * Reads contents only where the scan has: what is not hashed is known by its inode, or not at all.
 *
 * What stands where `isRefused` says that it cannot be recorded now went nowhere.
 */
export function seeMoves(look: Look, isRefused: IsRefused = () => false, media: Media = NO_MEDIA): Moves {
  const kept = readKeptEvidence(look.repository, look.head);
  const gathered = new Gathering(look, kept, isRefused, media);
  gathered.takeRecorded();
  const { vanished, replaced, foldersGone } = gathered;
  if (vanished.length + replaced.length + foldersGone.length === 0) return movesOf(NOTHING, gathered);
  gathered.takeNew();
  return movesOf(findMoves(gathered), gathered);
}

type IsRefused = (path: RepositoryPath) => boolean;

function lazy<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}

/** What a look found, as the question that src/diff/moves.ts answers. */
export class Gathering {
  readonly vanished: Thing[] = [];
  readonly appeared: Thing[] = [];
  readonly replaced: { readonly before: Thing; readonly after: Thing }[] = [];
  readonly foldersGone: Folder[] = [];
  readonly foldersNew: Folder[] = [];
  readonly foldersReplaced: { readonly before: Folder; readonly after: Folder }[] = [];
  readonly evidence = new Map<string, string>();
  readonly entries = new Map<RepositoryPath, Entry>();
  readonly entriesNow = new Map<RepositoryPath, Entry>();
  /** Whether anything gone or replaced has a media id. */
  hasMedia = false;
  readonly ground: Ground;
  readonly manifestBefore: (path: RepositoryPath) => Manifest | undefined;
  readonly told: readonly Told[];
  private readonly look: Look;
  private readonly kept: KeptEvidence;
  private readonly isRefused: IsRefused;
  private readonly media: Media;

  /** The folders in which, or below which, anything is otherwise than it is recorded. */
  private readonly changed = lazy(() => {
    const { look } = this;
    const changed = new Set<RepositoryPath>();
    const add = (path: RepositoryPath): void => {
      for (let at = path; !changed.has(at); at = parentOf(at)) changed.add(at);
    };
    for (const path of look.gone) add(path);
    for (const directory of look.dirty) if (!isAsRecorded(look, directory)) add(directory.path);
    return changed;
  });

  constructor(look: Look, kept: KeptEvidence, isRefused: IsRefused, media: Media) {
    this.media = media;
    this.look = look;
    this.kept = kept;
    this.isRefused = isRefused;
    this.manifestBefore = look.recordedManifest;
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
      for (const [name, entry] of look.heldManifest(path)?.files ?? []) {
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

  /** What is as it was below a path where another folder stands now. */
  private *stayedBelow(
    path: RepositoryPath,
    changed: ReadonlySet<RepositoryPath>,
  ): Generator<RepositoryPath> {
    for (const name of this.look.recordedManifest(path)?.files.keys() ?? []) {
      if (!changed.has(childOf(path, name))) yield childOf(path, name);
    }
    for (const name of this.look.mirror.namesIn(path)) yield* this.stayedBelow(childOf(path, name), changed);
  }

  get stayed(): RepositoryPath[] {
    if (this.foldersReplaced.length === 0) return [];
    const changed = new Set(
      [...this.vanished, ...this.replaced.map(({ before }) => before)].map(({ path }) => path),
    );
    return this.foldersReplaced.flatMap(({ before }) => [...this.stayedBelow(before.path, changed)]);
  }

  private takeReplacedFolder({ path, part, row }: DirtyDirectory, recorded: Manifest): void {
    if (path === ROOT) return;
    const inode = this.look.evidence.directoryNow(part, row);
    const was = this.kept.get(`${path}/`) ?? this.look.evidence.directoryBefore(path);
    if (inode === undefined || was === undefined || inode === was || !this.changed().has(path)) return;
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
      // Whichever inode it is, it is what is recorded there.
      if (old === undefined || old === entry || isSameEntry(old, entry)) continue;
      const after = this.thingNow(directory, name, entry);
      const path = childOf(directory.path, name);
      if (this.isRefused(path)) {
        // It stays known by what it was.
        this.thingBefore(path, old);
        continue;
      }
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
    const media = entry.kind === 'file' && entry.more ? mediaOf(entry, this.media.names) : [];
    this.hasMedia ||= media.length > 0;
    return thing(path, entry, inode, media);
  }

  private inodeBefore(path: RepositoryPath): string | undefined {
    return this.kept.get(path) ?? this.look.evidence.entryBefore(path);
  }

  private thingNow(directory: DirtyDirectory, name: Name, entry: Entry): Thing {
    const path = childOf(directory.path, name);
    this.entriesNow.set(path, entry);
    return thing(path, entry, this.look.inodeNow(directory, name), this.media.now.get(path) ?? []);
  }
}

function thing(
  path: RepositoryPath,
  entry: Entry,
  inode: string | undefined,
  media: readonly string[],
): Thing {
  return { path, content: contentOf(entry), inode, size: sizeOf(entry), ...(media.length > 0 && { media }) };
}

function isAsRecorded(look: Look, directory: DirtyDirectory): boolean {
  const recorded = look.recordedManifest(directory.path)?.files;
  const now = look.describe(directory).present.files;
  if (recorded === undefined || recorded.size !== now.size) return false;
  return [...now].every(([name, entry]) => isSameEntry(entry, recorded.get(name)));
}

export function contentOf(entry: Entry): string | undefined {
  return entry.kind === 'link' ? `link:${entry.target}` : entry.blake3;
}

export function sizeOf(entry: Entry): number {
  return entry.kind === 'link' ? 0 : entry.size;
}
