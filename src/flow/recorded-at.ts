/** What a commit records at a path, found by reading no more than the manifests that may say it. */

import type { CommitId } from '../model/id.ts';
import type { Entry, Manifest } from '../model/manifest.ts';
import { nameOf, parentOf, ROOT, type RepositoryPath } from '../model/path.ts';
import type { Commits } from '../store/commits.ts';
import { textsAt } from '../store/texts.ts';
import { MANIFEST } from '../text/mirror.ts';
import { parseManifest } from '../text/manifest.ts';
import { mirrorGuesses } from './mirror-guesses.ts';

/** A file, a link, a directory with its manifest; undefined where there is nothing. */
export type RecordedThing = Entry | { readonly kind: 'directory'; readonly manifest: Manifest } | undefined;

/** Answers for one command; each manifest is read once. */
export class RecordedAt {
  private readonly commits: Commits;
  private readonly manifests = new Map<string, Manifest | undefined>();

  constructor(commits: Commits) {
    this.commits = commits;
  }

  /** undefined as the commit is the state before the first one. */
  thing(at: CommitId | undefined, path: RepositoryPath): RecordedThing {
    if (at === undefined) return undefined;
    const own = this.manifest(at, path);
    if (own !== undefined) return { kind: 'directory', manifest: own };
    return path === ROOT ? undefined : this.manifest(at, parentOf(path))?.files.get(nameOf(path));
  }

  private manifest(at: CommitId, directory: RepositoryPath): Manifest | undefined {
    const key = `${at} ${directory}`;
    if (!this.manifests.has(key)) this.manifests.set(key, this.read(at, directory));
    return this.manifests.get(key);
  }

  private read(at: CommitId, directory: RepositoryPath): Manifest | undefined {
    const paths = mirrorGuesses(directory).map((mirror) => `${mirror}/${MANIFEST}`);
    const texts = textsAt(this.commits, at, new Set(paths));
    const text = paths.map((path) => texts.get(path)).find((each) => each !== undefined);
    return text === undefined ? undefined : parseManifest(text);
  }
}
