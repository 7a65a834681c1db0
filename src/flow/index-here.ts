/** The texts of `index/` while commits of one command follow each other: as recorded, or not at all. */

import { join } from 'node:path/posix';
import { digest } from '../disk/blake3.ts';
import type { ContentId } from '../model/id.ts';
import type { Manifest } from '../model/manifest.ts';
import type { Name } from '../model/name.ts';
import { nameOf, parentOf, type RepositoryPath } from '../model/path.ts';
import { readBytes } from '../store/files.ts';
import { parseManifest } from '../text/manifest.ts';
import { FOLDER_SIDECAR, MANIFEST, mirrorNames, sidecarOf } from '../text/mirror.ts';
import type { IndexNow } from './entity-files.ts';
import type { MirrorAfter } from './mirror-paths.ts';
import type { Repository } from './repository.ts';

/** Something else than what is recorded stands there: a person is writing it. */
export const OTHER = Symbol('other');

const LONGEST_MANIFEST = 512 * 1024 * 1024;

export class IndexHere implements IndexNow {
  /** Whether a manifest that was asked for is not the recorded one. */
  isOdd = false;
  private readonly repository: Repository;
  private readonly mirror: MirrorAfter;
  private readonly idOf: (path: string) => ContentId | undefined;
  private last: { readonly path: RepositoryPath; readonly mirrors: ReadonlyMap<Name, string> } | undefined;

  /** `idOf` gives the id of a text at the newest commit. */
  constructor(repository: Repository, mirror: MirrorAfter, idOf: (path: string) => ContentId | undefined) {
    this.repository = repository;
    this.mirror = mirror;
    this.idOf = idOf;
  }

  manifest(path: RepositoryPath): Manifest | undefined {
    const text = this.text(this.manifestPath(path), LONGEST_MANIFEST);
    if (text === OTHER) this.isOdd = true;
    return typeof text === 'string' ? parseManifest(text) : undefined;
  }

  foldersIn(path: RepositoryPath): Iterable<Name> {
    return this.mirror.namesIn(path).keys();
  }

  manifestPath(path: RepositoryPath): string {
    return `${this.mirror.of(path)}/${MANIFEST}`;
  }

  folderSidecar(path: RepositoryPath): string {
    return `${this.mirror.of(path)}/${FOLDER_SIDECAR}`;
  }

  /** undefined where the file is not in the index any more. */
  fileSidecar(path: RepositoryPath): string | undefined {
    const directory = parentOf(path);
    if (this.last?.path !== directory) {
      const files = this.manifest(directory)?.files.keys() ?? [];
      this.last = { path: directory, mirrors: mirrorNames(files, digest) };
    }
    const name = this.last.mirrors.get(nameOf(path));
    return name === undefined ? undefined : `${this.mirror.of(directory)}/${sidecarOf(name)}`;
  }

  isRecorded(path: string): boolean {
    return this.idOf(path) !== undefined;
  }

  /** A recorded text as it stands. */
  text(path: string, longest: number): string | typeof OTHER | undefined {
    const { context, layout } = this.repository;
    const bytes = readBytes(context.disk, join(layout.index, path), longest);
    if (this.idOf(path) !== (bytes && digest(bytes))) return OTHER;
    return bytes && Buffer.from(bytes).toString('utf8');
  }
}
