/** Keeps a cache for the next time; without it everything is only read again, so no failure matters. */

import { dirname } from 'node:path/posix';
import type { Disk } from '../disk/disk.ts';
import { encodeCache } from '../scan/cache.ts';
import type { Table } from '../scan/table.ts';
import { makeDirectories } from '../store/directories.ts';
import { moveFile, openWriter } from '../store/files.ts';

export function saveCache(
  disk: Disk,
  path: string,
  table: Table,
  facts: Readonly<Record<string, string>>,
  pid: number,
): void {
  const beside = `${path}.${pid}`;
  try {
    makeDirectories(disk, dirname(path));
    if (disk.lstat(beside) !== undefined) disk.unlink(beside);
    const writer = openWriter(disk, beside);
    try {
      for (const piece of encodeCache(table, facts)) writer.write(piece);
      writer.close();
    } catch (error) {
      writer.abandon();
      throw error;
    }
    moveFile(disk, beside, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === undefined) throw error;
  }
}

/** The next look does without. */
export function dropCache(disk: Disk, path: string): void {
  try {
    disk.unlink(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === undefined) throw error;
  }
}
