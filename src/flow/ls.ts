/** What is recorded, at head or at any commit. */

import { digest } from '../disk/blake3.ts';
import type { CommitId, ContentId } from '../model/id.ts';
import type { Entry, Manifest } from '../model/manifest.ts';
import type { Name } from '../model/name.ts';
import { childOf, isWithin, nameOf, parentOf, type RepositoryPath } from '../model/path.ts';
import { refuse } from '../model/problem.ts';
import { recordedIds, textsAt } from '../store/texts.ts';
import { readIndexText } from '../store/working.ts';
import { MANIFEST } from '../text/mirror.ts';
import { parseManifest } from '../text/manifest.ts';
import { MirrorReader } from './changes-of-texts.ts';
import { manifestDirectory } from './changes-of-texts.ts';
import { statsAt, type Repository } from './repository.ts';

export interface Listed {
  readonly path: RepositoryPath;
  readonly entry: Entry | { readonly kind: 'directory'; readonly mode: number };
  /** Whether something stands at this path now. */
  readonly here: boolean;
}

export interface ListRequest {
  readonly path: RepositoryPath;
  readonly at: CommitId | undefined;
  /** All below, not only what is in the directory itself. */
  readonly recursive: boolean;
}

/** Refuses ('failed') a path that is not recorded. */
export function* list(repository: Repository, { path, at, recursive }: ListRequest): Generator<Listed> {
  const tree = new RecordedTree(repository, at);
  if (tree.has(path)) {
    yield* tree.below(path, recursive);
    return;
  }
  const entry = tree.manifest(parentOf(path))?.files.get(nameOf(path));
  if (path === '' && at === undefined) return;
  if (entry === undefined) {
    refuse('failed', 'flow/not-recorded', `'${path}' is not recorded${at === undefined ? '' : ' there'}`, {
      hint: 'see what is with: dbk ls',
    });
  }
  yield tree.listed(path, entry);
}

/** The tree that a commit records. */
export class RecordedTree {
  private readonly repository: Repository;
  private readonly at: CommitId | undefined;
  private readonly ids: ReadonlyMap<string, ContentId>;
  /** Texts of manifests that were read ahead. */
  private readonly loaded = new Map<string, string>();
  /** Each recorded directory and where its texts stand. */
  private readonly directories = new Map<RepositoryPath, string>();
  private readonly children = new Map<RepositoryPath, RepositoryPath[]>();

  constructor(repository: Repository, at: CommitId | undefined) {
    this.repository = repository;
    this.at = at;
    this.ids = recordedIds(repository.commits, at);
    const mirrors = [...this.ids.keys()].map(manifestDirectory).filter((mirror) => mirror !== undefined);
    const reader = new MirrorReader();
    // The upper ones first: they know the names that were cut.
    for (const mirror of mirrors.sort((a, b) => a.length - b.length)) {
      if (mirrors.length > 0 && mirror.includes('%~')) this.learnCut(mirror, reader);
      this.add(reader.directoryOf(mirror), mirror);
    }
  }

  has(path: RepositoryPath): boolean {
    return this.directories.has(path);
  }

  manifest(path: RepositoryPath): Manifest | undefined {
    const mirror = this.directories.get(path);
    return mirror === undefined ? undefined : this.manifestAt(mirror);
  }

  /** The names of the directories in a directory. */
  folders(path: RepositoryPath): readonly Name[] {
    return (this.children.get(path) ?? []).map(nameOf);
  }

  *below(path: RepositoryPath, recursive: boolean): Generator<Listed> {
    const manifest = this.manifest(path)!;
    const files = [...manifest.files].map(([name, entry]) => this.listed(childOf(path, name), entry));
    const directories = (this.children.get(path) ?? []).map((child) =>
      this.listed(child, { kind: 'directory', mode: this.manifest(child)!.mode }),
    );
    const all = [...files, ...directories].sort((a, b) => (a.path < b.path ? -1 : 1));
    for (const listed of all) {
      yield listed;
      if (recursive && listed.entry.kind === 'directory') yield* this.below(listed.path, true);
    }
  }

  listed(path: RepositoryPath, entry: Listed['entry']): Listed {
    return { path, entry, here: isHere(this.repository, path) };
  }

  /** Reads ahead all manifests of a directory: each by itself would cost a reading of the history. */
  load(path: RepositoryPath): void {
    const { context, layout, commits } = this.repository;
    const missing = new Set<string>();
    for (const [directory, mirror] of this.directories) {
      const text = `${mirror}/${MANIFEST}`;
      if (!isWithin(directory, path) || this.loaded.has(text)) continue;
      const standing = readIndexText(context.disk, layout, text);
      if (standing === undefined || digest(standing) !== this.ids.get(text)) missing.add(text);
    }
    for (const [text, content] of textsAt(commits, this.at, missing)) {
      if (content !== undefined) this.loaded.set(text, content);
    }
  }

  private add(path: RepositoryPath, mirror: string): void {
    this.directories.set(path, mirror);
    if (path === '') return;
    const siblings = this.children.get(parentOf(path));
    if (siblings === undefined) this.children.set(parentOf(path), [path]);
    else siblings.push(path);
  }

  private learnCut(mirror: string, reader: MirrorReader): void {
    const above = mirror.slice(0, mirror.lastIndexOf('/'));
    reader.learn(above, this.manifestAt(above)?.directories);
  }

  private manifestAt(mirror: string): Manifest | undefined {
    const path = `${mirror}/${MANIFEST}`;
    const id = this.ids.get(path);
    if (id === undefined) return undefined;
    const loaded = this.loaded.get(path);
    if (loaded !== undefined) return parseManifest(loaded);
    const { context, layout, commits } = this.repository;
    const text = readIndexText(context.disk, layout, path);
    if (text !== undefined && digest(text) === id) return parseManifest(text);
    return parseManifest(textsAt(commits, this.at, new Set([path])).get(path)!);
  }
}

/** What cannot be looked at is not absent. */
function isHere(repository: Repository, path: RepositoryPath): boolean {
  try {
    return statsAt(repository, path) !== undefined;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === undefined) throw error;
    return true;
  }
}
