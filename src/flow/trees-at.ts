/** Manifests and texts of commits at a few paths: what each side of a conflict has recorded there. */

import type { CommitId } from '../model/id.ts';
import type { Entry, Manifest } from '../model/manifest.ts';
import { nameOf, parentOf, ROOT, type RepositoryPath } from '../model/path.ts';
import type { Commits } from '../store/commits.ts';
import { textsAt } from '../store/texts.ts';
import { MANIFEST } from '../text/mirror.ts';
import { parseManifest } from '../text/manifest.ts';
import { hereOnly } from './conflict-sides.ts';
import { mirrorGuesses } from './mirror-guesses.ts';

/** Manifests of several commits, read together. */
export class TreesAt {
  private readonly commits: Commits;
  private readonly manifests = new Map<CommitId, Map<RepositoryPath, Manifest | undefined>>();
  private readonly texts = new Map<string, string | undefined>();

  constructor(commits: Commits) {
    this.commits = commits;
  }

  /** The directories that these paths are, or are in. */
  load(at: CommitId, paths: Iterable<RepositoryPath>): void {
    const known = this.manifests.get(at) ?? new Map<RepositoryPath, Manifest | undefined>();
    const guesses = new Map<RepositoryPath, string[]>();
    for (const path of paths) {
      for (const directory of [path, parentOf(path)]) {
        if (known.has(directory) || guesses.has(directory)) continue;
        guesses.set(
          directory,
          mirrorGuesses(directory).map((mirror) => `${mirror}/${MANIFEST}`),
        );
      }
    }
    const texts = this.read(at, new Set([...guesses.values()].flat()));
    if (texts === undefined) return;
    this.manifests.set(at, known);
    for (const [directory, places] of guesses) {
      const text = places.map((place) => texts.get(place)).find((each) => each !== undefined);
      known.set(directory, text === undefined ? undefined : parseManifest(text));
    }
  }

  /** Whether the commit is here. */
  isKnown(at: CommitId): boolean {
    return this.manifests.has(at);
  }

  has(at: CommitId, path: RepositoryPath): boolean {
    return this.manifest(at, path) !== undefined || this.file(at, path) !== undefined;
  }

  file(at: CommitId, path: RepositoryPath): Entry | undefined {
    return path === ROOT ? undefined : this.manifest(at, parentOf(path))?.files.get(nameOf(path));
  }

  /** Any text, by its path in the index. */
  text(at: CommitId, path: string): string | undefined {
    const key = `${at} ${path}`;
    if (!this.texts.has(key)) this.texts.set(key, this.read(at, new Set([path]))?.get(path));
    return this.texts.get(key);
  }

  private manifest(at: CommitId, directory: RepositoryPath): Manifest | undefined {
    const known = this.manifests.get(at);
    if (known?.has(directory) !== true) this.load(at, [directory]);
    return this.manifests.get(at)?.get(directory);
  }

  /** undefined where the commit is not here. */
  private read(at: CommitId, paths: ReadonlySet<string>): Map<string, string | undefined> | undefined {
    return hereOnly(() => textsAt(this.commits, at, paths));
  }
}
