/**
 * Changes of the index alone, made from what is recorded: manifests by the paths of their directories, and where the
 * texts of directories come to stand when some come, go or move. Long because all of it is about one set of texts,
 * in which each change may move the others.
 */

import { digest } from '../disk/blake3.ts';
import type { DirectoryChange, TextChange } from '../model/change.ts';
import type { Manifest } from '../model/manifest.ts';
import { compareBytes, type Name } from '../model/name.ts';
import { childOf, nameOf, parentOf, ROOT, type RepositoryPath } from '../model/path.ts';
import { isCut, MANIFEST, mirrorNames, nameAmong, nameOfMirror, sidecarOf } from '../text/mirror.ts';
import { parseManifest, writeManifest } from '../text/manifest.ts';
import { displacedSidecars, displacedTexts } from './displaced.ts';
import type { IndexTexts } from './index-texts.ts';
import { MirrorAfter, MirrorBefore, TREE } from './mirror-paths.ts';

/** The recorded tree, with what is to change in it. */
export class IndexEdit {
  readonly mirror: MirrorBefore;
  private readonly texts: IndexTexts;
  private readonly read = new Map<RepositoryPath, Manifest | undefined>();
  /** By the paths that directories have before; of new ones, afterwards. */
  private readonly edited = new Map<RepositoryPath, Manifest>();
  /** Texts that are no manifests; undefined: it goes. */
  private readonly written = new Map<string, string | undefined>();
  private readonly added = new Map<RepositoryPath, Name[]>();
  private readonly removed = new Map<RepositoryPath, Set<Name>>();
  private readonly gone = new Set<RepositoryPath>();
  private readonly movedFiles = new Map<RepositoryPath, RepositoryPath>();
  private goes: ReadonlyMap<string, string> | undefined;
  private moved: { readonly from: RepositoryPath; readonly to: RepositoryPath } | undefined;

  constructor(texts: IndexTexts) {
    this.texts = texts;
    this.mirror = new MirrorBefore({
      ...texts,
      cutNamesIn: (path) => this.recorded(path)?.directories ?? new Map(),
    });
  }

  /** As it stands at head. */
  recorded(path: RepositoryPath): Manifest | undefined {
    if (!this.read.has(path)) {
      const at = this.mirror.of(path);
      const text = at === undefined ? undefined : this.texts.recordedText(`${at}/${MANIFEST}`);
      this.read.set(path, text === undefined ? undefined : parseManifest(text));
    }
    return this.read.get(path);
  }

  /** The directory whose texts stand at a path as `tree/…`; undefined where that is nobody's. */
  pathOf(mirror: string): RepositoryPath | undefined {
    let path = ROOT;
    for (const component of mirror.split('/').slice(1)) {
      const listed = this.recorded(path)?.directories;
      const name =
        nameOfMirror(component, digest) ??
        listed?.get(component) ??
        nameAmong(component, listed?.values() ?? [], digest);
      if (name === undefined) return undefined;
      path = childOf(path, name);
    }
    return path;
  }

  /** As it will be. */
  manifest(path: RepositoryPath): Manifest | undefined {
    return this.edited.get(path) ?? this.recorded(path);
  }

  /** The recorded directories in one. */
  foldersIn(path: RepositoryPath): readonly Name[] {
    return this.mirror.namesIn(path);
  }

  /** A recorded directory changes, or a new one comes. */
  edit(path: RepositoryPath, manifest: Manifest): void {
    if (path !== ROOT && this.mirror.of(path) === undefined && !this.edited.has(path)) this.add(path);
    this.edited.set(path, manifest);
  }

  /** A text that is no manifest. */
  write(path: string, text: string): void {
    this.written.set(path, text);
  }

  /** A text that is no manifest, as it will be where it stands now. */
  text(path: string): string | undefined {
    return this.written.has(path) ? this.written.get(path) : this.texts.recordedText(path);
  }

  /** A text that is no manifest goes. */
  remove(path: string): void {
    this.written.set(path, undefined);
  }

  /** A recorded file or link goes, with what is written about it. */
  removeFile(path: RepositoryPath): void {
    const manifest = this.manifest(parentOf(path))!;
    const left = new Map(manifest.files);
    left.delete(nameOf(path));
    this.edit(parentOf(path), { ...manifest, files: left });
    this.remove(this.sidecarPath(path));
  }

  /** A recorded directory and all below it, each before what is in it. */
  *below(path: RepositoryPath): Generator<RepositoryPath> {
    const waiting = [path];
    for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
      yield at;
      for (const name of this.foldersIn(at)) waiting.push(childOf(at, name));
    }
  }

  /** A recorded directory goes with all below it, and with what is written about that. */
  removeFolder(path: RepositoryPath): void {
    const gone = this.removed.get(parentOf(path)) ?? new Set();
    this.removed.set(parentOf(path), gone.add(nameOf(path)));
    for (const folder of this.below(path)) {
      const stood = this.mirror.of(folder)!;
      for (const name of this.texts.recordedIn(stood)) this.remove(`${stood}/${name}`);
      this.gone.add(folder);
    }
  }

  /** Where what is written about a recorded file stands. */
  sidecarPath(path: RepositoryPath): string {
    const directory = parentOf(path);
    return `${this.mirror.of(directory)!}/${sidecarNameOf(this.recorded(directory)!, nameOf(path))}`;
  }

  /** A recorded directory goes elsewhere with all that is below it; once. */
  move(from: RepositoryPath, to: RepositoryPath): void {
    this.moved = { from, to };
    const gone = this.removed.get(parentOf(from)) ?? new Set();
    this.removed.set(parentOf(from), gone.add(nameOf(from)));
    this.add(to);
  }

  /** A recorded file goes elsewhere, with what is written about it; once for each. */
  moveFile(from: RepositoryPath, to: RepositoryPath): void {
    const source = this.manifest(parentOf(from))!;
    const entry = source.files.get(nameOf(from))!;
    const left = new Map(source.files);
    left.delete(nameOf(from));
    this.edit(parentOf(from), { ...source, files: left });
    const target = this.manifest(parentOf(to))!;
    this.edit(parentOf(to), { ...target, files: new Map(target.files).set(nameOf(to), entry) });
    this.movedFiles.set(from, to);
  }

  /** Where the texts of a directory will stand. */
  get after(): MirrorAfter {
    return new MirrorAfter(this.mirror, this.added, this.removed);
  }

  /** The directories that change, before and after; those that only move are not among them. */
  *directories(): Generator<DirectoryChange> {
    for (const [path, after] of this.edited) yield { path, before: this.recorded(path), after };
    for (const path of this.gone) yield { path, before: this.recorded(path), after: undefined };
  }

  /** Where a text will stand; undefined where it stays. For texts that no commit has, too. */
  placeAfter(path: string): string | undefined {
    const after = this.after;
    const known = (this.goes ??= this.relocations(after)).get(path);
    if (known !== undefined || this.moved === undefined) return known;
    const prefix = this.movedPrefixes(this.moved, after).find(([old]) => path.startsWith(old));
    return prefix && prefix[1] + path.slice(prefix[0].length);
  }

  /** What the commit changes, in the order of a patch. */
  changes(): TextChange[] {
    const after = this.after;
    for (const path of after.changed()) this.listCutNames(path, after);
    const goes = (this.goes ??= this.relocations(after));
    const texts = new Map(this.written);
    for (const [path, manifest] of this.edited)
      texts.set(`${this.placeOf(path, after)}/${MANIFEST}`, writeManifest(manifest));
    const targets = new Set(goes.values());
    const changes: TextChange[] = [];
    const handled = new Set<string>();
    for (const [from, to] of goes) {
      const text = texts.get(to) ?? this.texts.recordedText(from);
      const isRename = this.texts.recordedId(to) === undefined && !targets.has(from) && !texts.has(from);
      if (isRename) changes.push({ path: to, from, before: this.texts.recordedText(from), after: text });
      else texts.set(to, text!);
      if (isRename) handled.add(to);
      else if (!targets.has(from) && !texts.has(from))
        changes.push({ path: from, before: this.texts.recordedText(from), after: undefined });
    }
    for (const [path, text] of texts) {
      const before = this.texts.recordedText(path);
      if (!handled.has(path) && before !== text) changes.push({ path, before, after: text });
    }
    return changes.sort((a, b) => compareBytes(a.path, b.path));
  }

  private add(path: RepositoryPath): void {
    const names = this.added.get(parentOf(path));
    if (names === undefined) this.added.set(parentOf(path), [nameOf(path)]);
    else names.push(nameOf(path));
  }

  private placeOf(path: RepositoryPath, after: MirrorAfter): string {
    const { from, to } = this.moved ?? { from: undefined, to: undefined };
    if (from === undefined) return after.of(path);
    if (path === from || path.startsWith(`${from}/`)) {
      const [stood, stands] = [this.mirror.of(from)!, after.of(to)];
      return stands + this.mirror.of(path)!.slice(stood.length);
    }
    return after.of(path);
  }

  /** The subdirectories whose mirror names do not give their names back stand in the manifest above. */
  private listCutNames(path: RepositoryPath, after: MirrorAfter): void {
    const manifest = this.manifest(path);
    if (manifest === undefined) return;
    const cut = [...after.namesIn(path)].filter(([name, mirror]) => isCut(mirror, name, digest));
    if (cut.length === 0 && manifest.directories === undefined) return;
    const { directories: _old, ...rest } = manifest;
    const listed = cut.map(([name, mirror]) => [mirror, name] as const);
    const directories = new Map(listed.sort(([a], [b]) => compareBytes(a, b)));
    this.edited.set(path, cut.length === 0 ? rest : { ...rest, directories });
  }

  /** Every text that will stand elsewhere: old path to new. */
  private relocations(after: MirrorAfter): Map<string, string> {
    const goes = new Map<string, string>(displacedTexts(this.texts, this.mirror, after));
    if (this.moved !== undefined) {
      const prefixes = this.movedPrefixes(this.moved, after);
      for (const { path } of this.texts.recorded()) {
        const prefix = prefixes.find(([old]) => path.startsWith(old));
        if (prefix !== undefined) goes.set(path, prefix[1] + path.slice(prefix[0].length));
      }
    }
    for (const [path, manifest] of this.edited) {
      const before = this.recorded(path);
      const stood = this.mirror.of(path);
      if (before === undefined || stood === undefined) continue;
      for (const [from, to] of displacedSidecars(before.files.keys(), manifest.files.keys()))
        this.relocate(goes, `${stood}/${from}`, `${this.placeOf(path, after)}/${to}`);
    }
    for (const [from, to] of this.movedFiles) {
      const source = this.sidecarPath(from);
      const target = sidecarNameOf(this.manifest(parentOf(to))!, nameOf(to));
      this.relocate(goes, source, `${this.placeOf(parentOf(to), after)}/${target}`);
    }
    return goes;
  }

  private movedPrefixes(
    { from, to }: { readonly from: RepositoryPath; readonly to: RepositoryPath },
    after: MirrorAfter,
  ): (readonly [string, string])[] {
    const [stood, stands] = [`${this.mirror.of(from)!}/`, `${after.of(to)}/`];
    const rules = (mirror: string): string => `ignore.d${mirror.slice(TREE.length)}`;
    return [
      [stood, stands],
      [rules(stood), rules(stands)],
    ];
  }

  private relocate(goes: Map<string, string>, from: string, to: string): void {
    if (this.texts.recordedId(from) !== undefined) goes.set(from, to);
  }
}

/** The name of a file's sidecar among its siblings. */
export function sidecarNameOf(manifest: Manifest, name: Name): string {
  return sidecarOf(mirrorNames(manifest.files.keys(), digest).get(name)!);
}
