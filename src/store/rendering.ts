/** What the volume of a repository keeps of what it is given: known of the usual ones, of others tried once. */

import { randomBytes } from 'node:crypto';
import { join } from 'node:path/posix';
import type { Disk } from '../disk/disk.ts';
import { nameOfBytes } from '../model/name.ts';
import { Refusal } from '../model/problem.ts';
import { FAITHFUL, POOREST, UNTRIED, type Rendering } from '../model/rendering.ts';
import { TextError } from '../text/problems.ts';
import { parseVolume, writeVolume } from '../text/volume.ts';
import { discardTree, makeDirectories, namesIn } from './directories.ts';
import { codeOf } from './errors.ts';
import { createFile, readText, replaceFile } from './files.ts';
import type { Layout } from './layout.ts';

/** ext2 to ext4, XFS, Btrfs, tmpfs, ZFS, F2FS, bcachefs, overlays, NFS, ramfs (statfs, linux/magic.h). */
const USUAL: ReadonlySet<bigint> = new Set([
  0xef53n,
  0x58465342n,
  0x9123683en,
  0x1021994n,
  0x2fc12fc1n,
  0xf2f52010n,
  0xca451a4en,
  0x794c7630n,
  0x6969n,
  0x858458f6n,
]);

const LONGEST = 1 << 12;
/** A second that is odd, and a fraction that no coarser clock has. */
const TRIED_TIME = 981_173_107_123_456_789n;
/** Clocks there are: of Node itself, of exFAT, whole seconds, of FAT. */
const CLOCKS = [1n, 1_000n, 1_000_000n, 10_000_000n, 1_000_000_000n, 2_000_000_000n] as const;

/** Tries it where nobody has, if it may: nothing is written to a repository that is only read. */
export function renderingOf(disk: Disk, layout: Layout, mayTry = true): Rendering {
  const { type } = disk.statfs(layout.home);
  if (USUAL.has(type)) return FAITHFUL;
  return written(disk, layout, type) ?? (mayTry ? tried(disk, layout, type) : UNTRIED);
}

function written(disk: Disk, layout: Layout, type: bigint): Rendering | undefined {
  try {
    const text = readText(disk, layout.volume, LONGEST);
    const volume = text === undefined ? undefined : parseVolume(text);
    return volume?.type === String(type) ? volume.rendering : undefined;
  } catch (error) {
    if (error instanceof TextError || error instanceof Refusal) return undefined;
    throw error;
  }
}

function tried(disk: Disk, layout: Layout, type: bigint): Rendering {
  try {
    const rendering = tryOut(disk, layout.scratch);
    replaceFile(disk, layout.volume, writeVolume({ type: String(type), rendering }), { durable: true });
    return rendering;
  } catch (error) {
    if (codeOf(error) === undefined) throw error;
    return UNTRIED;
  }
}

/** With files of dbk's own, in a folder of their own below `scratch`. Throws where nothing can be written. */
export function tryOut(disk: Disk, scratch: string): Rendering {
  const folder = join(scratch, `volume-${randomBytes(6).toString('hex')}`);
  makeDirectories(disk, folder);
  try {
    const file = join(folder, 'tried');
    createFile(disk, file, '');
    return {
      modes: [0o640, 0o751].every((mode) => shows(disk, file, mode)),
      links: works(() => disk.symlink('tried', join(folder, 'link'))),
      times: clockOf(disk, file),
      signs: takes(disk, folder, 'a<>:"|?*\\\u0001b'),
      endings: takes(disk, folder, 'dot.') && takes(disk, folder, 'blank '),
      bytes: takes(disk, folder, nameOfBytes(Uint8Array.of(0x61, 0xff))),
      cases: disk.lstat(join(folder, 'TRIED')) === undefined && areTwo(disk, folder),
    };
  } finally {
    discardTree(disk, folder);
  }
}

function works(action: () => void): boolean {
  try {
    action();
    return true;
  } catch (error) {
    if (codeOf(error) === undefined) throw error;
    return false;
  }
}

function shows(disk: Disk, file: string, mode: number): boolean {
  return works(() => disk.chmod(file, mode)) && ((disk.lstat(file)?.mode ?? 0) & 0o7777) === mode;
}

function clockOf(disk: Disk, file: string): bigint {
  if (!works(() => disk.setTimes([[file, TRIED_TIME]]))) return POOREST.times;
  const shown = disk.lstatExact(file)?.mtimeNs ?? 0n;
  const difference = shown > TRIED_TIME ? shown - TRIED_TIME : TRIED_TIME - shown;
  return CLOCKS.find((clock) => difference < clock) ?? POOREST.times;
}

/** Whether a name stands there as it was given. */
function takes(disk: Disk, folder: string, name: string): boolean {
  return works(() => createFile(disk, join(folder, name), '')) && names(disk, folder).has(name);
}

function areTwo(disk: Disk, folder: string): boolean {
  const [composed, decomposed] = ['\u00e9', 'e\u0301'];
  return takes(disk, folder, composed) && disk.lstat(join(folder, decomposed)) === undefined;
}

function names(disk: Disk, folder: string): ReadonlySet<string> {
  return new Set<string>(namesIn(disk, folder));
}
