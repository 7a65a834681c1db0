/** The recorded index as it stands in `index/`, read only where it is asked: for commands about a few paths. */

import type { Manifest } from '../model/manifest.ts';
import type { RepositoryPath } from '../model/path.ts';
import { namesIn } from '../store/directories.ts';
import { readBytes } from '../store/files.ts';
import { textsAt } from '../store/texts.ts';
import { MANIFEST } from '../text/mirror.ts';
import { parseManifest } from '../text/manifest.ts';
import { TextError } from '../text/problems.ts';
import { parseType } from '../text/types.ts';
import type { IndexTexts } from './index-texts.ts';
import { MirrorBefore } from './mirror-paths.ts';
import type { Repository } from './repository.ts';

/** What is recorded of directories; a look has it too. */
export interface IndexView {
  readonly repository: Repository;
  readonly mirror: Pick<MirrorBefore, 'of' | 'namesIn'>;
  recordedManifest(path: RepositoryPath): Manifest | undefined;
}

export interface IndexOnDisk extends IndexView {
  readonly texts: Pick<IndexTexts, 'recordedIn' | 'recordedText' | 'currentBytes'>;
}

const LONGEST_TEXT = 512 * 1024 * 1024;
/** Manifests; a script may ask about all there are. */
const MOST_KEPT = 100;

/**
 * Costs a look at the directories on the way to a path, however much is recorded. Texts that only commits write are
 * taken from `index/` as far as they can be read; whatever somebody broke comes from the commits.
 */
export function indexOnDisk(repository: Repository): IndexOnDisk {
  const { context, layout, commits } = repository;
  const { disk } = context;
  const currentBytes = (path: string): Uint8Array | undefined =>
    readBytes(disk, `${layout.index}/${path}`, LONGEST_TEXT);
  const fromCommits = (path: string): string | undefined =>
    textsAt(commits, commits.readHead(), new Set([path])).get(path);
  const read = <T>(path: string, parse: (text: string) => T): T | undefined => {
    const bytes = currentBytes(path);
    try {
      if (bytes !== undefined) return parse(Buffer.from(bytes).toString('utf8'));
    } catch (error) {
      if (!(error instanceof TextError)) throw error;
    }
    const text = fromCommits(path);
    return text === undefined ? undefined : parse(text);
  };
  const recordedManifest = keptManifests((path) => {
    const at = mirror.of(path);
    return at === undefined ? undefined : read(`${at}/${MANIFEST}`, parseManifest);
  });
  const hasDirectory = (path: string): boolean =>
    disk.lstat(`${layout.index}/${path}/${MANIFEST}`)?.isFile() === true;
  const mirror = new MirrorBefore({
    hasDirectory,
    directoriesIn: (path) =>
      namesIn(disk, `${layout.index}/${path}`).filter((name) => hasDirectory(`${path}/${name}`)),
    cutNamesIn: (path) => recordedManifest(path)?.directories ?? new Map(),
  });
  return {
    repository,
    mirror,
    recordedManifest,
    texts: {
      currentBytes,
      recordedIn: (path) => namesIn(disk, `${layout.index}/${path}`),
      recordedText: (path) => {
        if (!path.startsWith('types/')) return fromCommits(path);
        return read(path, (text) => (parseType(text), text));
      },
    },
  };
}

/** Remembers some answers: whoever asks for one file after another asks for the same directories, and those above. */
export function keptManifests(find: IndexView['recordedManifest']): IndexView['recordedManifest'] {
  const manifests = new Map<RepositoryPath, Manifest | undefined>();
  return (path) => {
    if (!manifests.has(path)) {
      const manifest = find(path);
      if (manifests.size >= MOST_KEPT) manifests.clear();
      manifests.set(path, manifest);
    }
    return manifests.get(path);
  };
}
