/** What stands at a path of the person's, looked at without following a symlink anywhere below the repository. */

import { hexOf, newHasher, type Hasher } from '../disk/blake3.ts';
import type { Disk, ExactStats } from '../disk/disk.ts';
import type { ContentId } from '../model/id.ts';
import { componentsOf, ROOT, type RepositoryPath } from '../model/path.ts';
import type { Stamp, Standing } from './plan.ts';

export { isOwnName } from './own-name.ts';

const PERMISSIONS = 0o7777n;
const CHUNK = 1 << 18;

export function stampOf(stats: ExactStats): Stamp {
  return { inode: stats.ino, size: stats.size, modified: stats.mtimeNs, changed: stats.ctimeNs };
}

export function isSame(a: Stamp, b: Stamp): boolean {
  return a.inode === b.inode && a.size === b.size && a.modified === b.modified && a.changed === b.changed;
}

export function modeOf(stats: ExactStats): number {
  return Number(stats.mode & PERMISSIONS);
}

/** The absolute path of something in a repository. */
export function placeIn(root: string, path: RepositoryPath): string {
  return path === ROOT ? root : `${root === '/' ? '' : root}/${path}`;
}

/**
 * What is above a path and is no folder of this repository; undefined where all is well: also where a folder is
 * missing. Looked at anew each time: between two looks anybody may have put a symlink there.
 */
export function wrongAbove(disk: Disk, root: string, path: RepositoryPath): RepositoryPath | undefined {
  const names = componentsOf(path);
  let at = '';
  for (const name of names.slice(0, -1)) {
    at = at === '' ? name : `${at}/${name}`;
    const stats = disk.lstat(placeIn(root, at as RepositoryPath));
    if (stats === undefined) return undefined;
    if (!stats.isDirectory()) return at as RepositoryPath;
  }
  return undefined;
}

/** What stands there; a file is read unless its content is known by the look that `knownBy` is given. */
export function standingAt(
  disk: Disk,
  root: string,
  path: RepositoryPath,
  knownBy: (stats: ExactStats) => ContentId | undefined = () => undefined,
): Standing {
  const above = wrongAbove(disk, root, path);
  if (above !== undefined) return { kind: 'behind', above };
  const place = placeIn(root, path);
  const stats = disk.lstatExact(place);
  if (stats === undefined) return { kind: 'absent' };
  const stamp = stampOf(stats);
  const mode = modeOf(stats);
  if (stats.isDirectory()) return { kind: 'directory', stamp, mode };
  if (stats.isSymbolicLink()) return { kind: 'link', stamp, target: disk.readlink(place) };
  if (!stats.isFile()) return { kind: 'other', why: 'it is a fifo, a socket or a device' };
  const known = knownBy(stats);
  if (known !== undefined) return { kind: 'file', stamp, mode, blake3: known };
  try {
    const blake3 = contentOf(disk, place);
    const again = disk.lstatExact(place);
    if (again === undefined || !isSame(stampOf(again), stamp))
      return { kind: 'other', why: 'it changes while it is read' };
    return { kind: 'file', stamp, mode, blake3 };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    return { kind: 'other', why: `it cannot be read (${code})` };
  }
}

/** To make one costs as much as a small file. */
let idle: Hasher | undefined;

/** The content of a regular file. Throws the disk's errors. */
export function contentOf(disk: Disk, place: string): ContentId {
  const reading = readThrough(disk, place);
  for (;;) {
    const { done, value } = reading.next();
    if (done === true) return value;
  }
}

/**
 * Reads a regular file from one end to the other and returns the id of what it read. Each piece may be overwritten
 * by the next one; who leaves early closes the file.
 */
export function* readThrough(disk: Disk, place: string): Generator<Uint8Array, ContentId> {
  const fd = disk.openRead(place);
  const own = idle ?? newHasher();
  idle = undefined;
  try {
    if (!disk.fstatExact(fd).isFile())
      throw Object.assign(new Error('EINVAL: not a file'), { code: 'EINVAL' });
    const buffer = new Uint8Array(CHUNK);
    for (;;) {
      const count = disk.read(fd, buffer, 0, buffer.length, null);
      if (count === 0) {
        const id = hexOf(own.digest());
        // One that was left in the middle is of no use to the next file.
        idle = own;
        return id;
      }
      const bytes = buffer.subarray(0, count);
      own.update(bytes);
      yield bytes;
    }
  } finally {
    disk.close(fd);
  }
}
