/** What is written about a thing is written about a copy of it too, from the commit on that records the copy. */

import { digest } from '../disk/blake3.ts';
import { pairNearest } from '../diff/move-nearest.ts';
import type { TextChange } from '../model/change.ts';
import type { ContentId } from '../model/id.ts';
import type { Manifest } from '../model/manifest.ts';
import type { Name } from '../model/name.ts';
import { childOf, nameOf, parentOf, ROOT, type RepositoryPath } from '../model/path.ts';
import { fileOfSidecar, FOLDER_SIDECAR, mirrorNames, sidecarOf } from '../text/mirror.ts';
import { newContents, type NewContent } from './copies.ts';
import type { DirtyDirectory, Look } from './look.ts';
import type { MirrorAfter } from './mirror-paths.ts';
import type { PlannedText } from './planned-text.ts';
import { isRefused, settleDirty, type Decision } from './settle.ts';

/**
 * The sidecars of new files and folders that are copies of recorded ones which are still there, and about which
 * nothing is written. A folder is a copy where all that is below it, by path and content, is what is below the other
 * one, and not all of it is empty.
 *
 * Of several that something is written about it is what all of them say, else what the nearest says.
 */
export function copiedTexts(
  look: Look,
  decision: Decision,
  after: MirrorAfter,
  edited: ReadonlyMap<string, TextChange>,
): PlannedText[] {
  const added = [...newContents(look, decision.moves)];
  if (added.length === 0) return [];
  return new Copying(look, decision, after, edited).plan(added);
}

/** A sidecar that may be copied: whose it is, where it stands, and which text that is. */
interface Source {
  readonly of: RepositoryPath;
  readonly text: string;
  readonly id: ContentId;
}

class Copying {
  private readonly look: Look;
  private readonly decision: Decision;
  private readonly mirror: MirrorAfter;
  private readonly edited: ReadonlyMap<string, TextChange>;
  private readonly standing: ReadonlySet<string>;
  private readonly dirty: ReadonlyMap<RepositoryPath, DirtyDirectory>;
  private readonly manifests = new Map<RepositoryPath, Manifest | undefined>();
  private readonly namesAfter = new Map<RepositoryPath, ReadonlyMap<Name, string>>();
  private readonly namesBefore = new Map<RepositoryPath, ReadonlyMap<Name, string>>();

  constructor(look: Look, decision: Decision, mirror: MirrorAfter, edited: ReadonlyMap<string, TextChange>) {
    this.look = look;
    this.decision = decision;
    this.mirror = mirror;
    this.edited = edited;
    this.dirty = new Map(look.dirty.map((directory) => [directory.path, directory]));
    this.standing = new Set(look.texts.edited.map(({ path }) => path));
  }

  plan(added: readonly NewContent[]): PlannedText[] {
    const sizes = new Map(added.map(({ content, size }) => [content, size]));
    const places = new Map<ContentId, RepositoryPath[]>();
    for (const [content, path] of this.look.everyRecordedPlace(sizes)) {
      const others = places.get(content);
      if (others === undefined) places.set(content, [path]);
      else others.push(path);
    }
    if (places.size === 0) return [];
    const texts: PlannedText[] = [];
    const take = (to: string | undefined, source: Source | undefined): void => {
      if (to === undefined || source === undefined) return;
      if (this.standing.has(to) || this.look.texts.recordedId(to) !== undefined) return;
      texts.push({
        path: to,
        make: () => ({ path: to, before: undefined, after: this.textOf(source.text) }),
      });
    };
    for (const [folder, inside] of this.newFolders(added)) {
      take(`${this.mirror.of(folder)}/${FOLDER_SIDECAR}`, this.sourceOfFolder(folder, inside, places));
    }
    for (const { path, content } of added) {
      const source = this.choose(places.get(content) ?? [], path, (from) => this.fileSource(from));
      if (source !== undefined) take(this.placeOfFile(path, content), source);
    }
    return texts;
  }

  /** Folders that no commit has, each with something in it that is not empty. */
  private newFolders(added: readonly NewContent[]): Map<RepositoryPath, NewContent> {
    const folders = new Map<RepositoryPath, NewContent>();
    for (const inside of added) {
      for (let at = parentOf(inside.path); at !== ROOT && !folders.has(at); at = parentOf(at)) {
        if (this.look.mirror.of(at) !== undefined) break;
        if (this.decision.moves.folderInto(at) === undefined) folders.set(at, inside);
      }
    }
    return folders;
  }

  private sourceOfFolder(
    folder: RepositoryPath,
    inside: NewContent,
    places: ReadonlyMap<ContentId, readonly RepositoryPath[]>,
  ): Source | undefined {
    const rest = inside.path.slice(folder.length);
    const originals = (places.get(inside.content) ?? [])
      .filter((path) => path.endsWith(rest) && path.length > rest.length)
      .map((path) => path.slice(0, -rest.length) as RepositoryPath);
    return this.choose(originals, folder, (from) => {
      const source = this.folderSource(from);
      return source !== undefined && this.isSame(from, folder) ? source : undefined;
    });
  }

  private choose(
    originals: readonly RepositoryPath[],
    to: RepositoryPath,
    sourceOf: (path: RepositoryPath) => Source | undefined,
  ): Source | undefined {
    const sources = originals.map(sourceOf).filter((source) => source !== undefined);
    const [first] = sources;
    if (first === undefined || sources.every(({ id }) => id === first.id)) return first;
    const [nearest] = pairNearest(
      sources.map(({ of }) => of),
      [to],
      () => undefined,
    );
    return nearest && sources[nearest[0]];
  }

  private folderSource(path: RepositoryPath): Source | undefined {
    const stood = this.look.mirror.of(path);
    return stood === undefined ? undefined : this.source(path, `${stood}/${FOLDER_SIDECAR}`);
  }

  private fileSource(path: RepositoryPath): Source | undefined {
    const mirror = this.mirrorsBefore(parentOf(path)).get(nameOf(path));
    if (mirror === undefined) return undefined;
    return this.source(path, `${this.look.mirror.of(parentOf(path))!}/${sidecarOf(mirror)}`);
  }

  private source(of: RepositoryPath, text: string): Source | undefined {
    const edit = this.edited.get(text);
    const id = edit === undefined ? this.look.texts.recordedId(text) : edit.after && digest(edit.after);
    return id === undefined || id === '' ? undefined : { of, text, id };
  }

  /** As it is recorded after this commit. */
  private textOf(text: string): string | undefined {
    const edit = this.edited.get(text);
    return edit === undefined ? this.look.texts.recordedText(text) : edit.after;
  }

  /** Only of directories that have sidecars of files. */
  private mirrorsBefore(directory: RepositoryPath): ReadonlyMap<Name, string> {
    let names = this.namesBefore.get(directory);
    if (names === undefined) {
      const stood = this.look.mirror.of(directory);
      const isWritten = stood !== undefined && this.hasSidecars(stood);
      const files = isWritten ? this.look.recordedManifest(directory)?.files.keys() : undefined;
      this.namesBefore.set(directory, (names = mirrorNames(files ?? [], digest)));
    }
    return names;
  }

  private hasSidecars(stood: string): boolean {
    if (this.look.texts.recordedIn(stood).some((name) => fileOfSidecar(name) !== undefined)) return true;
    for (const path of this.edited.keys()) if (path.startsWith(`${stood}/$`)) return true;
    return false;
  }

  /** undefined where the file is not recorded by this commit as what was read. */
  private placeOfFile(path: RepositoryPath, content: ContentId): string | undefined {
    const directory = parentOf(path);
    const entry = this.manifestAfter(directory)?.files.get(nameOf(path));
    if (entry?.kind !== 'file' || entry.blake3 !== content) return undefined;
    let names = this.namesAfter.get(directory);
    if (names === undefined) {
      names = mirrorNames(this.manifestAfter(directory)!.files.keys(), digest);
      this.namesAfter.set(directory, names);
    }
    return `${this.mirror.of(directory)}/${sidecarOf(names.get(nameOf(path))!)}`;
  }

  /** Of a directory that something came into. */
  private manifestAfter(directory: RepositoryPath): Manifest | undefined {
    if (!this.manifests.has(directory)) {
      const dirty = this.dirty.get(directory);
      const isHere = dirty !== undefined && !isRefused(directory, this.decision);
      this.manifests.set(directory, isHere ? settleDirty(this.look, dirty, this.decision)?.after : undefined);
    }
    return this.manifests.get(directory);
  }

  /** Whether all below two folders is equal: as the one is recorded, and as the other will be. */
  private isSame(recorded: RepositoryPath, folder: RepositoryPath): boolean {
    const old = this.look.recordedManifest(recorded);
    const now = this.manifestAfter(folder);
    if (old === undefined || now === undefined || old.files.size !== now.files.size) return false;
    for (const [name, entry] of now.files) {
      const other = old.files.get(name);
      if (entry.kind === 'link') {
        if (other?.kind !== 'link' || other.target !== entry.target) return false;
      } else if (other?.kind !== 'file' || entry.blake3 === undefined || other.blake3 !== entry.blake3) {
        return false;
      }
    }
    const folders = this.look.mirror.namesIn(recorded);
    const there = this.mirror.namesIn(folder);
    return (
      folders.length === there.size &&
      folders.every((name) => there.has(name) && this.isSame(childOf(recorded, name), childOf(folder, name)))
    );
  }
}
