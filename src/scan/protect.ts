/** How a scan gives what it has read a second name in the guard, and how it knows afterwards that it did. */

import type { Disk, ExactStats, Stats } from '../disk/disk.ts';
import { hexOf } from '../disk/blake3.ts';
import { GuardFolder, type Way } from '../disk/guard-folder.ts';
import type { ContentId } from '../model/id.ts';
import { millisecondsOf } from './hash.ts';
import * as T from './table.ts';

/** Which guard a scan fills, and with what. */
export interface GuardSetting {
  /** The absolute path of its folder. */
  readonly folder: string;
  readonly way: Way;
}

/** What became of one file; 0 where there is no guard. */
export const UNTRIED = 0;
/** It has a name in the guard now, and had none before. */
export const GUARDED = 1;
/** It had one. */
export const THERE = 2;
/** The file system or the rights do not allow it. */
export const REFUSED = 3;
/** It had one under another content: it was written in place, and the old content is gone. */
export const WRITTEN = 4;
export type Guarding = typeof UNTRIED | typeof GUARDED | typeof THERE | typeof REFUSED | typeof WRITTEN;

export interface Attempt {
  readonly guarding: Guarding;
  /** Why it was refused. */
  readonly code?: string;
  /** The file's change time afterwards, which linking sets. */
  readonly ctimeMs: number;
  /** How many links it has now. */
  readonly links: number;
}

/** The content a file had when it was last read. */
export interface Previous {
  readonly blake3: ContentId;
  /** No time and no size changed since: other bytes now are rot, and the guard is left as it is. */
  readonly isRotIfOther: boolean;
}

/** The file that is protected, while it is open or by its path. */
export interface Protectable {
  readonly path: string;
  readonly hash: Uint8Array;
  /** As it was when its content was known to be that. */
  readonly stats: ExactStats;
  readonly previous: Previous | undefined;
  readonly look: () => Stats | undefined;
}

/** One thread's hand in the guard. */
export class Protector {
  readonly way: Way;
  private readonly folder: GuardFolder;

  constructor(disk: Disk, { folder, way }: GuardSetting) {
    this.folder = new GuardFolder(disk, folder);
    this.way = way;
  }

  /**
   * undefined where the file was not the same before and after, so that nothing is known of it.
   *
   * Between reading a file and linking it a write would show in the modification time, which the link leaves
   * alone; the change time of the link hides nothing else.
   */
  protect(file: Protectable): Attempt | undefined {
    const { stats: before, previous } = file;
    const blake3 = hexOf(file.hash);
    const old = previous?.blake3 === blake3 ? undefined : previous;
    const links = Number(before.nlink);
    if (old?.isRotIfOther === true) {
      return { guarding: UNTRIED, ctimeMs: millisecondsOf(before.ctimeNs), links };
    }
    const isWritten =
      old !== undefined &&
      this.way === 'links' &&
      links > 1 &&
      this.folder.renameWritten(before.ino, old.blake3, blake3);
    if (isWritten) return this.settled(file, WRITTEN, links);
    const done = this.folder.protect(this.way, file.path, blake3, before.ino);
    if (done.outcome === 'gone') return undefined;
    if (done.outcome === 'refused') {
      const refused = this.settled(file, REFUSED, links);
      return refused && { ...refused, code: done.code };
    }
    if (done.outcome === 'there') return this.settled(file, THERE, undefined);
    const attempt = this.settled(file, GUARDED, this.way === 'links' ? links + 1 : links);
    // Another file may have come to stand at the path, or the content changed while it was cloned.
    if (attempt === undefined) this.folder.withdraw(done.path);
    return attempt;
  }

  /** `links`: how many there have to be; where another process makes and removes links, all is read again. */
  private settled(
    { stats: before, look }: Protectable,
    guarding: Guarding,
    links: number | undefined,
  ): Attempt | undefined {
    const after = look();
    const isSame =
      after !== undefined &&
      after.ino === Number(before.ino) &&
      after.size === Number(before.size) &&
      after.mtimeMs === millisecondsOf(before.mtimeNs) &&
      (links === undefined || after.nlink === links);
    return isSame ? { guarding, ctimeMs: after.ctimeMs, links: after.nlink } : undefined;
  }
}

/** The flags of an entry after an attempt; `others` are those that have nothing to do with the guard. */
export function flagsAfter(others: number, guarding: number, way: Way | undefined, links: number): number {
  const own = others & ~(T.LINKED | T.GUARD_FLAGS);
  switch (guarding) {
    case GUARDED:
    case THERE:
    case WRITTEN:
      return withLinks(own | (way === 'links' ? T.GUARD_LINK : T.GUARD_CLONE), links);
    case REFUSED:
      return withLinks(own | T.UNGUARDABLE, links);
    default:
      return withLinks(own | (others & T.GUARD_FLAGS), links);
  }
}

/** Sets LINKED where the person's own links are several: all there are, less the guard's. */
export function withLinks(flags: number, links: number): number {
  const own = (flags & (T.GUARD_LINK | T.GUARD_STALE)) === 0 ? links : links - 1;
  return own > 1 ? flags | T.LINKED : flags & ~T.LINKED;
}

/** The flags of a file in which other bytes were found without a guard at hand: the commit has to look after it. */
export function flagsOfWritten(flags: number): number {
  return (flags & T.GUARD_LINK) === 0 ? flags : (flags & ~T.GUARD_LINK) | T.GUARD_STALE;
}

/** Whether a file whose content is known still has to be protected. */
export function wantsProtection(flags: number, way: Way): boolean {
  if ((flags & (T.HASHED | T.RULES_ONLY | T.UNREADABLE | T.SUSPECT_ENTRY)) !== T.HASHED) return false;
  const done = T.GUARD_CLONE | T.UNGUARDABLE | (way === 'links' ? T.GUARD_LINK : 0);
  return (flags & done) === 0;
}
