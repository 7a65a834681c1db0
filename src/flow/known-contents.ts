/** Which contents a look has found at which paths, so that restoring need not read them again. */

import type { ExactStats } from '../disk/disk.ts';
import type { ContentId } from '../model/id.ts';
import { instantOf } from '../model/instant.ts';
import type { FileEntry } from '../model/manifest.ts';
import type { Name } from '../model/name.ts';
import { childOf, nameOf, parentOf, type RepositoryPath } from '../model/path.ts';
import { manifestDirectory, MirrorReader } from './changes-of-texts.ts';
import type { DirtyDirectory, Look } from './look.ts';

export class KnownContents {
  private readonly look: Look;
  private readonly dirty: ReadonlyMap<RepositoryPath, DirtyDirectory>;
  private readonly directories = new Map<RepositoryPath, ReadonlyMap<Name, FileEntry>>();

  constructor(look: Look) {
    this.look = look;
    this.dirty = new Map(look.dirty.map((directory) => [directory.path, directory]));
  }

  /** The content of a file that has these stats now, if the look knows it. */
  at(path: RepositoryPath, stats: ExactStats): ContentId | undefined {
    const known = this.filesIn(parentOf(path)).get(nameOf(path));
    if (known === undefined || BigInt(known.size) !== stats.size) return undefined;
    return known.mtime === instantOf(stats.mtimeNs) ? known.blake3 : undefined;
  }

  /** Every path at which head has one of these contents. Reads all manifests. */
  recordedWith(wanted: ReadonlySet<ContentId>): Map<ContentId, RepositoryPath[]> {
    const found = new Map<ContentId, RepositoryPath[]>();
    const reader = new MirrorReader();
    const mirrors = this.look.texts.recorded().map(({ path }) => manifestDirectory(path));
    // The upper ones first: they know the names that were cut.
    for (const mirror of mirrors.sort((a = '', b = '') => a.length - b.length)) {
      const directory = mirror === undefined ? undefined : reader.directoryOf(mirror);
      const manifest = directory === undefined ? undefined : this.look.recordedManifest(directory);
      if (mirror === undefined || directory === undefined || manifest === undefined) continue;
      reader.learn(mirror, manifest.directories);
      for (const [name, entry] of manifest.files) {
        if (entry.kind !== 'file' || entry.blake3 === undefined || !wanted.has(entry.blake3)) continue;
        const paths = found.get(entry.blake3) ?? [];
        found.set(entry.blake3, [...paths, childOf(directory, name)]);
      }
    }
    return found;
  }

  /** What was read and can be trusted; of a directory that is as it was, what is recorded. */
  private filesIn(path: RepositoryPath): ReadonlyMap<Name, FileEntry> {
    let known = this.directories.get(path);
    if (known === undefined) {
      const dirty = this.dirty.get(path);
      const described = dirty && this.look.describe(dirty);
      const suspects = new Set(described?.suspects);
      const files = (described?.present ?? this.look.heldManifest(path))?.files ?? [];
      const trusted: [Name, FileEntry][] = [];
      for (const [name, entry] of files) {
        if (entry.kind === 'file' && !suspects.has(name)) trusted.push([name, entry]);
      }
      known = new Map(trusted);
      this.directories.set(path, known);
    }
    return known;
  }
}
