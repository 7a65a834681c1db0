/** What the volume of a repository can do for its guard: tried with files of dbk's own. */

import { randomBytes } from 'node:crypto';
import { join } from 'node:path/posix';
import type { Disk } from '../disk/disk.ts';
import type { GuardKind } from '../text/config.ts';
import { makeDirectories } from './directories.ts';
import { codeOf } from './errors.ts';
import { createFile, removeFile } from './files.ts';
import type { Layout } from './layout.ts';

/** Whether a guard of this kind works here; a disk that is full or read-only can do nothing. */
export function canGuard(disk: Disk, { scratch }: Pick<Layout, 'scratch'>, kind: GuardKind): boolean {
  if (kind === 'none') return true;
  const first = join(scratch, `guard-${randomBytes(6).toString('hex')}`);
  const second = `${first}-2`;
  try {
    makeDirectories(disk, scratch);
    // Reflinks share blocks, and an empty file has none.
    createFile(disk, first, 'x'.repeat(4096));
    if (kind === 'reflinks') disk.cloneFile(first, second);
    else disk.link(first, second);
    const [a, b] = [disk.lstatExact(first), disk.lstatExact(second)];
    return b !== undefined && (kind === 'reflinks' || a?.ino === b.ino);
  } catch (error) {
    if (codeOf(error) === undefined) throw error;
    return false;
  } finally {
    for (const path of [first, second]) removeFile(disk, path);
  }
}
