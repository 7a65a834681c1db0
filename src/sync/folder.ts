/** Another repository that is a folder on this machine. It is only read: no lock is taken, nothing is written there. */

import { join } from 'node:path/posix';
import type { Disk } from '../disk/disk.ts';
import type { CommitId, ContentId } from '../model/id.ts';
import { repositoryOfRecord } from '../model/repository-name.ts';
import type { RepositoryPath } from '../model/path.ts';
import { Refusal } from '../model/problem.ts';
import { openCommits, type Commits } from '../store/commits.ts';
import { namesIn } from '../store/directories.ts';
import { codeOf } from '../store/errors.ts';
import { readBytes, readText } from '../store/files.ts';
import { Guard } from '../store/guard.ts';
import type { Layout } from '../store/layout.ts';
import { parseConfig } from '../text/config.ts';
import { parseByPeople } from '../text/people.ts';
import { TextError } from '../text/problems.ts';
import * as say from './problems.ts';
import { contentOf, placeIn, wrongAbove } from './stand.ts';
import type { Source } from './stage.ts';
import type { Prepared, Transport } from './transport.ts';

const LONGEST_CONFIG = 1 << 20;

/** Where it is. */
export interface FolderPlace {
  /** As a person typed it. */
  readonly place: string;
  readonly root: string;
  readonly layout: Layout;
  /** The path that a disk has to be asked for which does not know this repository's names. */
  readonly calledByOthers?: ((path: RepositoryPath) => RepositoryPath) | undefined;
}

/** Where a commit has each of these contents, by the paths of that repository. Asked once, where the first guesses fail. */
export type FindContents = (
  commits: Commits,
  head: CommitId,
) => ReadonlyMap<ContentId, readonly RepositoryPath[]>;

export function folderTransport(
  disk: Disk,
  { place, root, layout, calledByOthers = (path) => path }: FolderPlace,
  findContents: FindContents,
): Transport {
  const commits = openCommits(disk, layout);
  const guard = new Guard(disk, layout, 'none');
  let everywhere: ReturnType<FindContents> | undefined;
  const at = function* (path: RepositoryPath, called = path): Generator<Source> {
    // What is behind a symlink is none of that repository's.
    if (wrongAbove(disk, root, path) === undefined) yield { path: placeIn(root, called), isGuarded: false };
  };
  const recordedWith = function* (blake3: ContentId): Generator<RepositoryPath> {
    const head = commits.readHead();
    if (head === undefined) return;
    everywhere ??= findContents(commits, head);
    yield* everywhere.get(blake3) ?? [];
  };
  const placesOf = function* ({ path, blake3 }: Prepared): Generator<Source> {
    yield* at(path);
    for (const other of recordedWith(blake3)) yield* at(other);
  };
  return {
    place,
    isElsewhere: false,
    facts: async () => {
      const text = readText(disk, layout.config, LONGEST_CONFIG) ?? '';
      try {
        const { id, name } = await parseByPeople(parseConfig, text);
        return { id, name, head: commits.readHead() };
      } catch (error) {
        if (!(error instanceof TextError)) throw error;
        throw new Refusal('failed', say.configUnreadable(place, error.problem.reason));
      }
    },
    readCommit: async (id, limit) => {
      const directory = directoryOf(commits, id);
      return directory === undefined ? undefined : readBytes(disk, join(directory, 'commit.yaml'), limit);
    },
    readPatch: async function* (id) {
      yield* commits.patchChunks(id, false);
    },
    records: async (limit) => {
      const found = new Map<string, string>();
      for (const file of namesIn(disk, layout.repositories)) {
        const name = repositoryOfRecord(file);
        const text = name === undefined ? undefined : textOf(disk, join(layout.repositories, file), limit);
        if (name !== undefined && text !== undefined) found.set(name, text);
      }
      return found;
    },
    prepare: async () => [],
    localSources: function* (path, wanted) {
      yield* at(path, calledByOthers(path));
      for (const { path: kept } of guard.find(wanted.blake3)) yield { path: kept, isGuarded: false };
      for (const other of recordedWith(wanted.blake3)) yield* at(other, calledByOthers(other));
    },
    volume: () => disk.lstatExact(root)?.dev,
    witness: async (wanted, hear) => {
      const all = [...wanted];
      const seen = new Set<ContentId>();
      let bytes = 0;
      for (const [files, each] of all.entries()) {
        hear(each, { files, bytes, totalFiles: all.length });
        if (standsIn(disk, placesOf(each), each)) seen.add(each.blake3);
        bytes += each.size;
        await new Promise((resolve) => setImmediate(resolve));
      }
      return seen;
    },
    close: async () => undefined,
  };
}

/** Whether a file at one of these places has the content; what cannot be read has it not. */
function standsIn(disk: Disk, places: Iterable<Source>, { blake3, size }: Prepared): boolean {
  for (const { path } of places) {
    try {
      const stats = disk.lstatExact(path);
      if (stats?.isFile() === true && stats.size === BigInt(size) && contentOf(disk, path) === blake3)
        return true;
    } catch (error) {
      if (typeof codeOf(error) !== 'string') throw error;
    }
  }
  return false;
}

function directoryOf(commits: Commits, id: CommitId): string | undefined {
  try {
    return commits.directoryOf(id);
  } catch (error) {
    // What is there and damaged is said.
    if (!(error instanceof Refusal) || error.problem.code !== 'store/commit-missing') throw error;
    return undefined;
  }
}

/** The text of a record, so that one that cannot be read is told as such; undefined where it is gone. */
function textOf(disk: Disk, path: string, limit: number): string | undefined {
  try {
    return readText(disk, path, limit);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return '';
  }
}
