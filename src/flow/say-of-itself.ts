/** What this repository tells others about itself: `repositories/NAME.yaml`. */

import type { CommitId } from '../model/id.ts';
import { compareBytes } from '../model/name.ts';
import { makeDirectories } from '../store/directories.ts';
import { readText, replaceFile } from '../store/files.ts';
import { parseByPeople } from '../text/people.ts';
import { parseRepository, writeRepository, type RepositoryRecord } from '../text/repository.ts';
import { readConfig } from './config.ts';
import type { Gone } from './deletions.ts';
import type { Repository } from './repository.ts';

const LONGEST = 512 * 1024 * 1024;

/**
 * Writes it when something in it changed; to be called with the lock held.
 *
 * `gone` is what is missing and unconfirmed; what others wrote into it (reach, want) stays.
 */
export async function sayOfItself(repository: Repository, head: CommitId | undefined, gone: Gone | undefined): Promise<void> {
  const { context, layout } = repository;
  const config = await readConfig(repository);
  const path = `${layout.repositories}/${config.name}.yaml`;
  const before = readText(context.disk, path, LONGEST);
  const known = before === undefined ? undefined : await parseByPeople(parseRepository, before);
  const now: RepositoryRecord = {
    ...(known ?? nothingKnown(repository.root)),
    id: config.id,
    name: config.name,
    head: head ?? '',
    holds: head ?? '',
    missing: missingPaths(gone),
  };
  if (known !== undefined && writeRepository(now) === before) return;
  makeDirectories(context.disk, layout.repositories);
  replaceFile(context.disk, path, writeRepository({ ...now, serial: now.serial + 1 }), { durable: true });
}

function nothingKnown(root: string): Omit<RepositoryRecord, 'id' | 'name' | 'head' | 'holds' | 'missing'> {
  return {
    serial: 0,
    reach: [{ kind: 'path', path: root, more: new Map() }],
    want: [],
    trust: 'full',
    absent: [],
    extra: [],
    older: [],
    as: [],
    more: new Map(),
  };
}

/** A whole folder is one line. */
function missingPaths(gone: Gone | undefined): string[] {
  if (gone === undefined) return [];
  const directories = gone.directories.map(({ path }) => path);
  const known = new Set<string>(directories);
  const top = directories.filter((path) => !known.has(path.slice(0, Math.max(0, path.lastIndexOf('/')))));
  return [...gone.files, ...top.map((path) => `${path}/`)].sort(compareBytes);
}
