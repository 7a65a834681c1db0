/** Where a directory's texts stand in `index/tree/`, before a commit and after it (section 4 of ../text/README.md). */

import { digest } from '../disk/blake3.ts';
import type { Name } from '../model/name.ts';
import { childOf, nameOf, parentOf, type RepositoryPath } from '../model/path.ts';
import { markedName, mirrorName, mirrorNames, nameAmong, nameOfMirror } from '../text/mirror.ts';

export const TREE = 'tree';

/** What of the recorded index has to be known. */
export interface RecordedMirror {
  hasDirectory(mirrorPath: string): boolean;
  directoriesIn(mirrorPath: string): readonly string[];
  /** The names that a directory's manifest lists because their mirror names were cut. */
  cutNamesIn(path: RepositoryPath): ReadonlyMap<string, Name>;
}

/** Where the texts of recorded directories stand, as `tree/…` without a final '/'. */
export class MirrorBefore {
  private readonly known = new Map<RepositoryPath, string | undefined>();
  private readonly recorded: RecordedMirror;

  constructor(recorded: RecordedMirror) {
    this.recorded = recorded;
  }

  /** undefined where the directory is not recorded. */
  of(path: RepositoryPath): string | undefined {
    if (path === '') return this.recorded.hasDirectory(TREE) ? TREE : undefined;
    if (!this.known.has(path)) this.known.set(path, this.find(path));
    return this.known.get(path);
  }

  /** A mirror name decodes to one name only, so a name stands under its plain form or under its marked one. */
  private find(path: RepositoryPath): string | undefined {
    const above = this.of(parentOf(path));
    if (above === undefined) return undefined;
    const name = nameOf(path);
    for (const mirror of [mirrorName(name, digest), markedName(name, digest)]) {
      const found = `${above}/${mirror}`;
      if (this.recorded.hasDirectory(found)) return found;
    }
    return undefined;
  }

  /** The names of the recorded directories in a recorded directory. */
  namesIn(path: RepositoryPath): Name[] {
    const above = this.of(path);
    if (above === undefined) return [];
    const names: Name[] = [];
    for (const mirror of this.recorded.directoriesIn(above)) {
      const cut = this.recorded.cutNamesIn(path);
      const name = nameOfMirror(mirror, digest) ?? cut.get(mirror) ?? nameAmong(mirror, cut.values(), digest);
      if (name !== undefined) names.push(name);
    }
    return names;
  }
}

/** Where the texts of directories will stand, when some have come and some have gone. */
export class MirrorAfter {
  private readonly known = new Map<RepositoryPath, string>();
  private readonly siblings = new Map<RepositoryPath, Map<Name, string>>();
  private readonly before: MirrorBefore;
  private readonly added: ReadonlyMap<RepositoryPath, readonly Name[]>;
  private readonly removed: ReadonlyMap<RepositoryPath, ReadonlySet<Name>>;

  /** `added` and `removed` are keyed by the directory above. */
  constructor(
    before: MirrorBefore,
    added: ReadonlyMap<RepositoryPath, readonly Name[]>,
    removed: ReadonlyMap<RepositoryPath, ReadonlySet<Name>>,
  ) {
    this.before = before;
    this.added = added;
    this.removed = removed;
  }

  of(path: RepositoryPath): string {
    if (path === '') return TREE;
    let mirror = this.known.get(path);
    if (mirror === undefined) {
      mirror = `${this.of(parentOf(path))}/${this.nameAfter(path)}`;
      this.known.set(path, mirror);
    }
    return mirror;
  }

  /** Whether directories came or went in a directory. */
  isChanged(directory: RepositoryPath): boolean {
    return this.added.has(directory) || this.removed.has(directory);
  }

  /** The directories in which directories came or went. */
  changed(): Iterable<RepositoryPath> {
    return new Set([...this.added.keys(), ...this.removed.keys()]);
  }

  /** The mirror names of a directory's subdirectories. */
  namesIn(directory: RepositoryPath): Map<Name, string> {
    let names = this.siblings.get(directory);
    if (names === undefined) {
      const gone = this.removed.get(directory);
      const kept = this.before.namesIn(directory).filter((name) => gone?.has(name) !== true);
      names = mirrorNames([...kept, ...(this.added.get(directory) ?? [])], digest);
      this.siblings.set(directory, names);
    }
    return names;
  }

  /** Directories whose texts stand elsewhere afterwards, because a sibling came or went that folds alike. */
  displaced(): RepositoryPath[] {
    const displaced: RepositoryPath[] = [];
    for (const directory of this.changed()) {
      for (const [name, mirror] of this.namesIn(directory)) {
        const path = childOf(directory, name);
        const was = this.before.of(path);
        if (was !== undefined && was.slice(was.lastIndexOf('/') + 1) !== mirror) displaced.push(path);
      }
    }
    return displaced;
  }

  private nameAfter(path: RepositoryPath): string {
    const directory = parentOf(path);
    const was = this.isChanged(directory) ? undefined : this.before.of(path);
    if (was !== undefined) return was.slice(was.lastIndexOf('/') + 1);
    return this.namesIn(directory).get(nameOf(path)) ?? mirrorName(nameOf(path), digest);
  }
}
