/** Protects what a scan did not have to read: a guard that was chosen late, or what only `status` had read so far. */

import type { Disk, ExactStats, Stats } from '../disk/disk.ts';
import { GuardFolder } from '../disk/guard-folder.ts';
import type { ContentId } from '../model/id.ts';
import type { RepositoryPath } from '../model/path.ts';
import { NOT_READ, seenOf } from './hash.ts';
import {
  flagsAfter,
  GUARDED,
  Protector,
  REFUSED,
  UNTRIED,
  wantsProtection,
  WRITTEN,
  type GuardSetting,
} from './protect.ts';
import type { Part } from './scan.ts';
import * as T from './table.ts';
import { isYoung, type HomeVolume, type Stamp } from './volume.ts';

export interface GuardTotals {
  /** Files that got a name in the guard. */
  readonly linked: number;
  /** Files whose old content was in the guard until they were written in place. */
  readonly written: number;
  /** The guard was refused these. */
  readonly refused: number;
  /** One of those, and why. */
  readonly example?: { readonly path: RepositoryPath; readonly code: string };
}

interface Request {
  readonly disk: Disk;
  readonly root: string;
  readonly home: HomeVolume;
  readonly stamp: Stamp;
  readonly guard?: GuardSetting | undefined;
  readonly recordedContent?: ((directory: string, name: string) => ContentId | undefined) | undefined;
}

const S_IFMT = 0o170000;
const S_IFREG = 0o100000;

/** What files held before they were written in place, by inode; `former` says it of what only `status` has read since. */
export type Former = ReadonlyMap<number, ContentId>;

export function formerContents(parts: readonly Part[], request: Request): Former {
  const { disk, guard } = request;
  const stale = staleFiles(parts);
  if (guard === undefined || stale.size === 0) return new Map();
  const folder = new GuardFolder(disk, guard.folder);
  const former = new Map<number, ContentId>();
  const others = new Set<bigint>();
  try {
    for (const [inode, recorded] of recordedContents(stale, request)) {
      if (recorded !== undefined && folder.holds(recorded, BigInt(inode))) former.set(inode, recorded);
      else others.add(BigInt(inode));
    }
    // What was written into it twice between two commits, or moved besides.
    if (others.size > 0)
      for (const [number, blake3] of folder.contentsOf(others)) former.set(Number(number), blake3);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === undefined) throw error;
  }
  return former;
}

interface StaleFile {
  readonly part: Part;
  readonly row: number;
  readonly entry: number;
}

/** By inode. */
function staleFiles(parts: readonly Part[]): Map<number, StaleFile> {
  const stale = new Map<number, StaleFile>();
  for (const part of parts) {
    const { flags, inode, firstEntry, entryCount } = part.table.columns;
    for (let row = 0; row < part.table.directories; row++) {
      const first = firstEntry[row]!;
      for (let entry = first; entry < first + entryCount[row]!; entry++)
        if ((flags[entry]! & T.GUARD_STALE) !== 0) stale.set(inode[entry]!, { part, row, entry });
    }
  }
  return stale;
}

/** Under what is recorded at its path the guard most likely has a file that was written in place. */
function* recordedContents(
  stale: ReadonlyMap<number, StaleFile>,
  { recordedContent }: Request,
): Generator<[inode: number, recorded: ContentId | undefined]> {
  for (const [inode, { part, row, entry }] of stale) {
    const name = T.namesOf(part.table, row)[entry - part.table.columns.firstEntry[row]! + 1]!;
    yield [inode, recordedContent?.(part.paths[row]!, name)];
  }
}

export function protectKnown(parts: readonly Part[], request: Request, former: Former): void {
  if (request.guard === undefined) return;
  new Known(request, request.guard, former).protect(parts);
}

class Known {
  private readonly request: Request;
  private readonly protector: Protector;
  private readonly prefix: string;
  /** Of inodes with several paths: the change time that linking one of them gave all of them. */
  private readonly changed = new Map<number, number>();

  private readonly former: Former;

  constructor(request: Request, guard: GuardSetting, former: Former) {
    this.request = request;
    this.former = former;
    this.protector = new Protector(request.disk, guard);
    this.prefix = request.root === '/' ? '/' : `${request.root}/`;
  }

  protect(parts: readonly Part[]): void {
    alignLinks(parts);
    for (const part of parts) this.learn(part);
    for (const part of parts) {
      const { firstEntry, entryCount } = part.table.columns;
      for (let row = 0; row < part.table.directories; row++) {
        const first = firstEntry[row]!;
        let names: readonly string[] | undefined;
        for (let entry = first; entry < first + entryCount[row]!; entry++) {
          if (!this.isWanting(part, entry)) continue;
          names ??= T.namesOf(part.table, row);
          const name = names[entry - first + 1]!;
          this.protectOne(part, row, entry, part.paths[row] === '' ? name : `${part.paths[row]}/${name}`);
        }
      }
    }
  }

  /** What was read in this scan and has other paths. */
  private learn(part: Part): void {
    const { flags, inode, ctime } = part.table.columns;
    for (let entry = 0; entry < part.table.entries; entry++) {
      if (part.guarding[entry] === GUARDED && (flags[entry]! & T.LINKED) !== 0)
        this.changed.set(inode[entry]!, ctime[entry]!);
    }
  }

  private isWanting(part: Part, entry: number): boolean {
    const { flags, mode } = part.table.columns;
    if (part.outcomes[entry] !== NOT_READ || (mode[entry]! & S_IFMT) !== S_IFREG) return false;
    if (wantsProtection(flags[entry]!, this.protector.way)) return true;
    return this.changed.has(part.table.columns.inode[entry]!) && (flags[entry]! & T.HASHED) !== 0;
  }

  private protectOne(part: Part, row: number, entry: number, path: string): void {
    const c = part.table.columns;
    const absolute = this.prefix + path;
    const { disk } = this.request;
    const look = (): Stats | undefined => disk.lstat(absolute);
    try {
      const stats = disk.lstatExact(absolute);
      if (stats === undefined || !this.isAsSeen(part, entry, stats)) return;
      const hash = part.hashes.subarray(entry * 32, entry * 32 + 32);
      const before = this.former.get(c.inode[entry]!);
      const previous = before && { blake3: before, isRotIfOther: false };
      const attempt = this.protector.protect({ path: absolute, hash, stats, previous, look });
      if (attempt === undefined) return;
      const { links, ctimeMs: ctime } = attempt;
      const times = { mtimeMs: c.mtime[entry]!, ctimeMs: c.ctime[entry]! };
      const { home, stamp } = this.request;
      const young = isYoung(times, home, stamp, part.devices[row]!) ? T.YOUNG : 0;
      c.flags[entry] = flagsAfter(c.flags[entry]!, attempt.guarding, this.protector.way, links) | young;
      c.ctime[entry] = ctime;
      part.guarding[entry] = attempt.guarding;
      if (attempt.code !== undefined) (part.codes as Map<number, string>).set(entry, attempt.code);
      if (attempt.guarding === GUARDED && links > 2) this.changed.set(c.inode[entry]!, ctime);
    } catch (error) {
      // What cannot be looked at any more is read again by the next scan.
      if ((error as NodeJS.ErrnoException).code === undefined) throw error;
    }
  }

  /** Whether a file is still what its hash is of. */
  private isAsSeen(part: Part, entry: number, stats: ExactStats): boolean {
    const c = part.table.columns;
    const now = seenOf(stats);
    return (
      now.ino === c.inode[entry] &&
      now.birthtimeMs === c.birth[entry] &&
      now.size === c.size[entry] &&
      now.mtimeMs === c.mtime[entry] &&
      (now.ctimeMs === c.ctime[entry] || now.ctimeMs === this.changed.get(now.ino))
    );
  }
}

/**
 * Gives all paths of one inode that were read the change time that it has now: protecting it by the last of them
 * changed it once more for the first. What was old when the first was read is not young for the others either.
 */
function alignLinks(parts: readonly Part[]): void {
  const last = new Map<string, number>();
  const settled = new Set<string>();
  const each = (use: (key: string, columns: T.Columns, entry: number) => void): void => {
    for (const part of parts) {
      const { columns } = part.table;
      for (let entry = 0; entry < part.table.entries; entry++) {
        if (part.guarding[entry] === UNTRIED || (columns.flags[entry]! & T.LINKED) === 0) continue;
        // The same bytes and the same time: nobody else wrote in between.
        const hash = Buffer.from(part.hashes.subarray(entry * 32, entry * 32 + 32)).toString('hex');
        use(`${columns.inode[entry]} ${columns.mtime[entry]} ${hash}`, columns, entry);
      }
    }
  };
  each((key, { ctime, flags }, entry) => {
    last.set(key, Math.max(last.get(key) ?? -Infinity, ctime[entry]!));
    if ((flags[entry]! & T.YOUNG) === 0) settled.add(key);
  });
  each((key, { ctime, flags }, entry) => {
    ctime[entry] = last.get(key)!;
    if (settled.has(key)) flags[entry]! &= ~T.YOUNG;
  });
}

/** What the guard made of everything that was found. */
export function guardTotals(parts: readonly Part[]): GuardTotals {
  let [linked, written, refused] = [0, 0, 0];
  let example: GuardTotals['example'];
  for (const part of parts) {
    for (let entry = 0; entry < part.table.entries; entry++) {
      const guarding = part.guarding[entry];
      if (guarding === GUARDED) linked++;
      else if (guarding === WRITTEN) written++;
      else if (guarding === REFUSED) {
        refused++;
        example ??= { path: pathOf(part, entry), code: part.codes.get(entry) ?? 'EPERM' };
      }
    }
  }
  return { linked, written, refused, ...(example && { example }) };
}

function pathOf(part: Part, entry: number): RepositoryPath {
  const { firstEntry, entryCount } = part.table.columns;
  const row = firstEntry.findIndex((first, at) => entry >= first && entry < first + entryCount[at]!);
  const name = T.namesOf(part.table, row)[entry - firstEntry[row]! + 1]!;
  return (part.paths[row] === '' ? name : `${part.paths[row]}/${name}`) as RepositoryPath;
}
