/** Where a benchmark makes its tree: a new folder, or a new file system in an image. */

import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from './peers.ts';

export interface Place {
  readonly folder: string;
  /** For people: `ext4 on /dev/vda`. */
  readonly fileSystem: string;
  readonly remove: () => void;
}

/**
 * A new folder in $DBK_BENCH_DIR, else in the system's folder for temporary files.
 *
 * With `gigabytes` it is on a fresh ext4 in an image of that size, which needs root: creating files on ext4 is
 * ten times slower for a while after many were deleted, so whoever measures a writer begins anew.
 */
export function makePlace(name: string, gigabytes: number | undefined): Place {
  const outer = mkdtempSync(join(process.env['DBK_BENCH_DIR'] ?? tmpdir(), `dbk-bench-${name}-`));
  if (gigabytes === undefined) {
    return { folder: outer, fileSystem: fileSystemOf(outer), remove: () => void run(['rm', '-rf', outer]) };
  }
  const image = join(outer, 'image');
  const folder = join(outer, 'mounted');
  mkdirSync(folder);
  run(['truncate', '-s', `${gigabytes}G`, image]);
  run(['mkfs.ext4', '-q', '-F', '-E', 'lazy_itable_init=0,lazy_journal_init=0', '-i', '4096', image]);
  run(['mount', '-o', 'loop', image, folder]);
  const remove = (): void => {
    run(['umount', folder]);
    run(['rm', '-rf', outer]);
  };
  return { folder, fileSystem: `${fileSystemOf(folder)}, a fresh image`, remove };
}

function fileSystemOf(folder: string): string {
  const result = spawnSync('df', ['--output=fstype,source', folder], { encoding: 'utf8' });
  const [type, source] = result.stdout?.trim().split('\n').at(-1)?.split(/\s+/) ?? [];
  return type ? `${type} on ${source}` : 'a file system that df does not know';
}
