/** How the content of a file comes to stand, whole and checked, under a temporary name on the volume it is for. */

import { dirname, join } from 'node:path/posix';
import type { Disk, ExactStats } from '../disk/disk.ts';
import type { ContentId } from '../model/id.ts';
import { parseInstant } from '../model/instant.ts';
import type { RepositoryPath } from '../model/path.ts';
import { codeOf, quietly } from '../store/errors.ts';
import type { Wanted } from './plan.ts';
import type { Breath } from './breath.ts';
import { contentOf, modeOf, placeIn, readThrough } from './stand.ts';

export type WantedFile = Extract<Wanted, { kind: 'file' }>;

/** Where bytes may be that are wanted; absolute. */
export interface Source {
  readonly path: string;
  /** In the guard: where no file of the person's is the same inode, it becomes one again. */
  readonly isGuarded: boolean;
  /** Its size and its time are those that its content was recorded with: to link it, it is not read again. */
  readonly isChecked?: boolean;
}

/** What one path can say that is no reason to stop. */
export const OF_ONE_PATH: ReadonlySet<unknown> = new Set([
  'EACCES',
  'EPERM',
  'EXDEV',
  'EBUSY',
  'EISDIR',
  'ENOTDIR',
  'ENOENT',
  'ENAMETOOLONG',
  'EINVAL',
  'EILSEQ',
  'ETXTBSY',
]);

/** Only the owner reads what is being written. */
const PRIVATE = 0o600;
/** What a source can say that is no reason to stop: the next one is tried. */
const NO_SOURCE: ReadonlySet<unknown> = new Set([
  'ENOENT',
  'ENOTDIR',
  'EACCES',
  'EPERM',
  'EINVAL',
  'ELOOP',
  'EIO',
]);
/** What file systems say that cannot link. */
const CANNOT_LINK: ReadonlySet<unknown> = new Set([
  'EPERM',
  'EXDEV',
  'ENOTSUP',
  'EOPNOTSUPP',
  'ENOSYS',
  'EMLINK',
]);

/**
 * The temporary name for what is to stand at a path: below `scratch` if that is the same volume, else beside it.
 * `aside` is 16 digits that no other command has, `number` tells the files of one command apart.
 */
export function stagedPath(
  disk: Disk,
  { root, scratch, aside }: { readonly root: string; readonly scratch: string; readonly aside: string },
  path: RepositoryPath,
  number: number,
): string {
  const above = dirname(placeIn(root, path));
  const there = disk.lstatExact(above)?.dev;
  if (there === undefined || there === disk.lstatExact(scratch)?.dev)
    return join(scratch, aside, String(number));
  return join(above, besideName(aside, number));
}

/** What a temporary file is called beside its place. */
export function besideName(aside: string, number: number): string {
  return `.dbk-new-${aside}-${number}`;
}

/** Brings wanted bytes to `staged`, of the first source that has them; false where none has. Not flushed. */
export async function stageContent(
  disk: Disk,
  staged: string,
  wanted: WantedFile,
  sources: Iterable<Source>,
  breath: Breath,
): Promise<boolean> {
  for (const { path, isGuarded, isChecked = false } of sources) {
    const stats = disk.lstatExact(path);
    if (stats?.isFile() !== true || stats.size !== BigInt(wanted.size)) continue;
    const expected = isChecked ? undefined : wanted.blake3;
    if (isGuarded && linkGuarded(disk, path, stats, staged, expected)) return true;
    if (await copyChecked(disk, path, staged, wanted.blake3, breath)) return true;
  }
  return false;
}

/** The same inode again, times and all; one that a file of the person's uses is copied, or two paths were one. */
function linkGuarded(
  disk: Disk,
  path: string,
  stats: ExactStats,
  staged: string,
  expected: ContentId | undefined,
): boolean {
  if (stats.nlink !== 1n) return false;
  try {
    disk.link(path, staged);
  } catch (error) {
    if (!CANNOT_LINK.has(codeOf(error))) throw error;
    return false;
  }
  if (expected === undefined || readable(() => contentOf(disk, staged)) === expected) return true;
  disk.unlink(staged);
  return false;
}

async function copyChecked(
  disk: Disk,
  path: string,
  staged: string,
  blake3: ContentId,
  breath: Breath,
): Promise<boolean> {
  const fd = disk.openNew(staged, PRIVATE);
  let isGood = false;
  try {
    isGood = (await copyTo(disk, path, fd, breath)) === blake3;
  } finally {
    disk.close(fd);
    if (!isGood) quietly(() => disk.unlink(staged));
  }
  return isGood;
}

/** The id of what was copied; undefined where the source cannot be read. An error of writing is one of the command. */
async function copyTo(disk: Disk, path: string, fd: number, breath: Breath): Promise<ContentId | undefined> {
  const reading = readThrough(disk, path);
  try {
    for (;;) {
      const piece = readable(() => reading.next());
      if (piece === undefined) return undefined;
      if (piece.done === true) return piece.value;
      disk.write(fd, piece.value);
      await breath.after(piece.value.length);
    }
  } finally {
    reading.return('' as ContentId);
  }
}

/** What cannot be read is no source: undefined. */
function readable<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (!NO_SOURCE.has(codeOf(error))) throw error;
    return undefined;
  }
}

/** Gives staged files their permission bits and times, as far as the volume keeps them. */
export function dress(
  disk: Disk,
  staged: readonly (readonly [path: string, looks: Pick<WantedFile, 'mode' | 'mtime'>])[],
): void {
  const times: [string, bigint][] = [];
  for (const [path, { mode, mtime }] of staged) {
    const stats = disk.lstatExact(path);
    if (stats === undefined) continue;
    if (modeOf(stats) !== mode) disk.chmod(path, mode);
    const modified = parseInstant(mtime);
    if (modified !== undefined && stats.mtimeNs !== modified) times.push([path, modified]);
  }
  if (times.length > 0) disk.setTimes(times);
}

/** Gives a staged file its name, where nothing has it: true, or false where something has come. */
export function placeNew(disk: Disk, staged: string, place: string): boolean {
  try {
    // Unlike a rename this never replaces what came a moment ago.
    disk.link(staged, place);
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    if (!CANNOT_LINK.has(codeOf(error))) throw error;
    if (disk.lstat(place) !== undefined) return false;
    disk.rename(staged, place);
    return true;
  }
  // It has its name now; the other one goes with all that was written aside, if not here.
  quietly(() => disk.unlink(staged));
  return true;
}

/** Brings back what was put into the guard a moment ago, unless something has come meanwhile. */
export function putBack(disk: Disk, kept: string, place: string): void {
  if (disk.lstat(place) === undefined) disk.rename(kept, place);
}
