/** What this repository says of itself to others: `repositories/NAME.yaml`, one serial after the other. */

import { join } from 'node:path/posix';
import type { Disk } from '../disk/disk.ts';
import { parseRepository, writeRepository, type RepositoryRecord } from '../text/repository.ts';
import { makeDirectories } from './directories.ts';
import { readText, replaceFile } from './files.ts';
import type { Layout } from './layout.ts';
import { nameTaken, repositoryUnreadable } from './problems.ts';

const LONGEST_RECORD = 1 << 30;

/** What a repository last said of itself, as far as it is known here; undefined where it is not. */
export function readRepositoryFile(disk: Disk, layout: Layout, name: string): RepositoryRecord | undefined {
  const path = recordPath(layout, name);
  const text = readText(disk, path, LONGEST_RECORD);
  try {
    return text === undefined ? undefined : parseRepository(text);
  } catch (error) {
    throw repositoryUnreadable(path, error);
  }
}

/**
 * Says something new of this repository, with the next serial; durable when it returns. Whoever does so holds the
 * lock. Keys that dbk does not know stay. Refuses a name that is another repository's.
 */
export function writeRepositoryFile(
  disk: Disk,
  layout: Layout,
  record: Omit<RepositoryRecord, 'serial'>,
): RepositoryRecord {
  const path = recordPath(layout, record.name);
  const before = readRepositoryFile(disk, layout, record.name);
  if (before !== undefined && before.id !== record.id) throw nameTaken(record.name, before.id, path);
  const more = record.more ?? before?.more;
  const written = { ...record, serial: (before?.serial ?? 0) + 1, ...(more === undefined ? {} : { more }) };
  makeDirectories(disk, layout.repositories);
  replaceFile(disk, path, writeRepository(written), { durable: true });
  return written;
}

/** Where it stands. */
export function recordPath(layout: Layout, name: string): string {
  return join(layout.repositories, `${name}.yaml`);
}
