/** What this repository tells others about itself: `repositories/NAME.yaml`. */

import type { CommitId } from '../model/id.ts';
import { compareBytes } from '../model/name.ts';
import { readRepositoryFile, writeRepositoryFile } from '../store/repository-file.ts';
import { writeRepository, type RepositoryRecord } from '../text/repository.ts';
import { readConfig } from './config.ts';
import type { Gone } from './deletions.ts';
import type { Repository } from './repository.ts';

/**
 * Writes it when something in it changed; to be called with the lock held.
 *
 * `gone` is what is missing and unconfirmed, where that was looked at; what is known besides (reach, want) stays.
 */
export async function sayOfItself(
  repository: Repository,
  head: CommitId | undefined,
  gone?: Gone,
): Promise<void> {
  const { disk } = repository.context;
  const { id, name } = await readConfig(repository);
  const before = readRepositoryFile(disk, repository.layout, name);
  const facts: Pick<RepositoryRecord, 'id' | 'name' | 'head' | 'holds' | 'missing'> = {
    id,
    name,
    head: head ?? '',
    holds: head ?? '',
    missing: gone === undefined ? (before?.missing ?? []) : missingPaths(gone),
  };
  const now = { ...(before ?? nothingKnown(repository.root)), ...facts };
  if (before !== undefined && writeRepository(now) === writeRepository(before)) return;
  writeRepositoryFile(disk, repository.layout, now);
}

function nothingKnown(root: string): Omit<RepositoryRecord, 'id' | 'name' | 'head' | 'holds' | 'missing'> {
  return {
    serial: 0,
    reach: [{ kind: 'path', path: root }],
    want: [],
    trust: 'full',
    absent: [],
    extra: [],
    older: [],
    as: [],
  };
}

/** A whole folder is one line. */
function missingPaths(gone: Gone): string[] {
  const directories = gone.directories.map(({ path }) => path);
  const known = new Set<string>(directories);
  const top = directories.filter((path) => !known.has(path.slice(0, Math.max(0, path.lastIndexOf('/')))));
  return [...gone.files, ...top.map((path) => `${path}/`)].sort(compareBytes);
}
