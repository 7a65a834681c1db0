/** Keeps a cache for the next time; without it everything is only read again, so no failure matters. */

import { dirname } from 'node:path/posix';
import type { Disk } from '../disk/disk.ts';
import { encodeCache, encodeTail, tailOf, type Base } from '../scan/cache.ts';
import type { Table } from '../scan/table.ts';
import { makeDirectories } from '../store/directories.ts';
import { moveFile, openWriter, removeFile } from '../store/files.ts';

export interface Saving {
  readonly disk: Disk;
  readonly path: string;
  readonly facts: Readonly<Record<string, string>>;
  readonly pid: number;
}

export function saveCache({ disk, path, facts, pid }: Saving, table: Table): void {
  quietly(() => {
    put(disk, path, pid, encodeCache(table, facts));
    // It is of another base, and whoever looks sees that.
    removeFile(disk, tailOf(path));
  });
}

/** Keeps what comes after a base that stands there already. */
export function saveTail({ disk, path, facts, pid }: Saving, table: Table, base: Base): void {
  quietly(() => put(disk, tailOf(path), pid, encodeTail(table, facts, base)));
}

/** The next look does without. */
export function dropCache(disk: Disk, path: string): void {
  quietly(() => removeFile(disk, path));
  quietly(() => removeFile(disk, tailOf(path)));
}

function put(disk: Disk, path: string, pid: number, pieces: Iterable<Uint8Array>): void {
  const beside = `${path}.${pid}`;
  makeDirectories(disk, dirname(path));
  if (disk.lstat(beside) !== undefined) disk.unlink(beside);
  const writer = openWriter(disk, beside);
  try {
    for (const piece of pieces) writer.write(piece);
    writer.close();
  } catch (error) {
    writer.abandon();
    throw error;
  }
  moveFile(disk, beside, path);
}

function quietly(action: () => void): void {
  try {
    action();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === undefined) throw error;
  }
}
