/** Which place on which volume a repository was last seen at: a copy of it has the same id, and is another one. */

import type { Disk } from '../disk/disk.ts';
import { instantOf } from '../model/instant.ts';
import { Refusal, type Problem } from '../model/problem.ts';
import { readText, replaceFile } from '../store/files.ts';
import { parseHere, writeHere as text, type Here } from '../text/journal.ts';
import { TextError } from '../text/problems.ts';
import type { Repository } from './repository.ts';

const LONGEST = 1 << 16;
/** FAT, exFAT, FUSE and overlays may number a folder anew at each mount (statfs, linux/magic.h). */
const NUMBERED_ANEW: ReadonlySet<bigint> = new Set([0x4d44n, 0x2011bab0n, 0x65735546n, 0x794c7630n]);

/** Notes where `.dbk` is, so that a copy of it is noticed later. */
export function writeHere(repository: Repository): void {
  const { context, layout } = repository;
  const here = hereNow(repository);
  if (here !== undefined) replaceFile(context.disk, layout.here, text(here), { durable: true });
}

/** Whether `.dbk` is another folder than it was: restored, moved to another volume, or copied. */
export function isSomewhereElse(repository: Repository): boolean {
  const { context, layout } = repository;
  const then = read(repository);
  const now = hereNow(repository);
  if (then === undefined || now === undefined) return false;
  const isOther = differ(then.inode, now.inode) || differ(then.born, now.born);
  return isOther && !isNumberedAnew(context.disk, layout.home);
}

/** To be asked before anything goes between this repository and another one. Refuses ('safety'). */
export function refuseElsewhere(repository: Repository): void {
  if (isSomewhereElse(repository))
    throw new Refusal('safety', { ...elsewhere(repository), severity: 'error' });
}

/** What a person should know who only looks. */
export function elsewhere({ root }: Repository): Problem {
  return {
    code: 'flow/elsewhere',
    severity: 'warning',
    reason: `the repository in '${root}' is not where it was: it was copied, restored, or moved to another volume`,
    hint: 'if the old one is still used, make this one another with: dbk init --copied; else run: dbk init --moved',
  };
}

function hereNow({ context, layout }: Repository): Here | undefined {
  const stats = context.disk.lstatExact(layout.home);
  if (stats === undefined) return undefined;
  const born = stats.birthtimeNs === 0n ? '' : instantOf(stats.birthtimeNs);
  return { inode: String(stats.ino), born, volume: '' };
}

/** undefined where it was never noted, or cannot be read: then nothing is known, and nothing is wrong. */
function read({ context, layout }: Repository): Here | undefined {
  try {
    const written = readText(context.disk, layout.here, LONGEST);
    return written === undefined ? undefined : parseHere(written);
  } catch (error) {
    if (error instanceof TextError || error instanceof Refusal) return undefined;
    throw error;
  }
}

/** What one of them does not know is no difference. */
function differ(then: string, now: string): boolean {
  return then !== '' && now !== '' && then !== now;
}

function isNumberedAnew(disk: Disk, folder: string): boolean {
  return NUMBERED_ANEW.has(disk.statfs(folder).type);
}
