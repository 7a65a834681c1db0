/** The first step of both stories: what is different on the disk from when it was last seen. */

import type { Disk } from '../disk/disk.ts';
import { hexOf, loadBlake3 } from '../disk/blake3.ts';
import { compareBytes } from '../model/name.ts';
import type { Problem } from '../model/problem.ts';
import type { Progress } from '../model/progress.ts';
import { adoptable } from './adopt.ts';
import type { Colleague } from './crew.ts';
import { NOT_READ, READ } from './hash.ts';
import { hashTogether } from './hash-together.ts';
import type { IgnoreRules } from './ignore.ts';
import { markAboveClosed, markYoung } from './look-again.ts';
import { SEEN_WIDTH, type Contents } from './messages.ts';
import * as T from './table.ts';
import { flagsAfter, REFUSED, withLinks, type GuardSetting, type Previous } from './protect.ts';
import { guardTotals, protectKnown, type GuardTotals } from './protect-known.ts';
import { isYoung, type HomeVolume, type Stamp } from './volume.ts';
import { walkTogether } from './walk-together.ts';
import { CHECK, CHMODDED, NEW, SAME, type Found } from './walk.ts';

export interface ScanRequest {
  readonly disk: Disk;
  /** The absolute path of the folder. */
  readonly root: string;
  readonly home: HomeVolume;
  readonly stamp: Stamp;
  /** Whether relative paths start from `root`. */
  readonly standsInRoot?: boolean;
  readonly cached: T.Table;
  /** The hashes of the cached table. */
  readonly loadHashes: () => Uint8Array | undefined;
  readonly rules: IgnoreRules;
  readonly rulesText: string;
  /** What to hash of all that was never hashed before, once the walk is over; what changed is hashed in any case. */
  readonly hashNew: (walked: Walked) => (directory: string, name: string, size: number) => boolean;
  /** Read every file again. */
  readonly checkEverything: boolean;
  /** List every directory again. */
  readonly rereadEverything: boolean;
  /** Where what is hashed gets a second name; absent: nowhere. */
  readonly guard?: GuardSetting | undefined;
  /** A second thread, made when it is worth it. */
  readonly colleague: (() => Colleague) | undefined;
  readonly interrupted: () => boolean;
  readonly progress: Progress;
}

/** What one thread found, with the hashes of its files. */
export interface Part extends Found {
  /** 32 bytes an entry, where its HASHED flag is set. */
  readonly hashes: Uint8Array;
  /** Exact modification times in nanoseconds, where `outcomes` is READ. */
  readonly mtimes: BigInt64Array;
  /** NOT_READ, or how the reading of each entry ended (see hash.ts). */
  readonly outcomes: Uint8Array;
  /** Set where the bytes differ from the cached hash although nothing else does. */
  readonly suspects: Uint8Array;
  /** What the guard made of each entry (see protect.ts). */
  readonly guarding: Uint8Array;
  readonly codes: ReadonlyMap<number, string>;
  /** New entries that are the inode of a cached one with other bytes: written in place, and moved. */
  written?: ReadonlyMap<number, number>;
}

const S_IFMT = 0o170000;
const S_IFREG = 0o100000;
const S_IFLNK = 0o120000;

export interface Scanned {
  readonly parts: readonly Part[];
  /** One byte for each cached directory: CLEAN, DIRTY, FROZEN, or 0 for gone. */
  readonly marks: Uint8Array;
  readonly problems: readonly Problem[];
  readonly hashedFiles: number;
  readonly hashedBytes: number;
  readonly guarded: GuardTotals;
}

/** What a walk found, before anything is read. */
export type Walked = Pick<Scanned, 'parts' | 'marks'>;

/** Throws Interrupted; everything else that goes wrong is a problem in the result. */
export async function scan(request: ScanRequest): Promise<Scanned> {
  const { cached, progress } = request;
  const marks = new Uint8Array(new SharedArrayBuffer(cached.directories));
  const found = await walkTogether({
    ...request,
    protecting: request.guard?.way,
    marks,
    tell: (path, files) =>
      progress.tell({ phase: 'Scanning', path, files, bytes: 0, totalFiles: cached.entries }),
  });
  const parts = found.map((one) => toPart(one));
  takeKnownHashes(parts, request);
  const hashNew = request.hashNew({ parts, marks });
  const jobs = parts.flatMap((part) => jobsOf(part, request, hashNew));
  const hashedBytes = jobs.reduce((sum, { part, entry }) => sum + part.table.columns.size[entry]!, 0);
  if (jobs.length > 0) await hashJobs(jobs, hashedBytes, request);
  protectKnown(parts, request);
  markYoung(parts, request);
  markAboveClosed(parts);
  return {
    parts,
    marks,
    problems: found.flatMap(({ problems }) => problems).sort(byPlace),
    hashedFiles: jobs.length,
    hashedBytes,
    guarded: guardTotals(parts),
  };
}

function toPart(found: Found): Part {
  const { entries } = found.table;
  return {
    ...found,
    hashes: new Uint8Array(entries * 32),
    mtimes: new BigInt64Array(entries),
    outcomes: new Uint8Array(entries).fill(NOT_READ),
    suspects: new Uint8Array(entries),
    guarding: new Uint8Array(entries),
    codes: new Map(),
  };
}

/** Copies the hash of everything whose content is known to be as it was, at its own path or at another. */
function takeKnownHashes(
  parts: readonly Part[],
  { cached, loadHashes, home, checkEverything, stamp }: ScanRequest,
): void {
  const isAdopting = home.keeps === 'yes' && !checkEverything && cached.entries > 0;
  for (const part of parts) {
    const adopted = isAdopting ? adoptable(part, cached, home.device) : undefined;
    if (adopted !== undefined) part.written = adopted.written;
    const { flags, ctime, mode } = part.table.columns;
    for (let entry = 0; entry < part.table.entries; entry++) {
      // A symlink has no hash: it is read whenever it is described.
      if ((mode[entry]! & S_IFMT) === S_IFLNK) continue;
      const state = part.states[entry]!;
      const origin = state === NEW ? (adopted?.same[entry] ?? -1) : part.origins[entry]!;
      if (origin < 0 || (cached.columns.flags[origin]! & T.HASHED) === 0) continue;
      const hashes = loadHashes();
      if (hashes === undefined) continue;
      // Of what has to be read this is only what it was; reading replaces it, and failing to read leaves it.
      part.hashes.set(hashes.subarray(origin * 32, origin * 32 + 32), entry * 32);
      if (state === CHECK) flags[entry]! |= T.HASHED | T.YOUNG;
      else flags[entry]! |= T.HASHED;
      if (state === CHMODDED && ctime[entry]! >= stamp.settled) flags[entry]! |= T.YOUNG;
      if (state !== NEW) continue;
      part.states[entry] = SAME;
      const guarded = cached.columns.flags[origin]! & T.GUARD_FLAGS;
      flags[entry] = withLinks(flags[entry]! | guarded, part.links[entry]!);
    }
  }
}

interface Job {
  readonly part: Part;
  readonly row: number;
  readonly entry: number;
  readonly name: string;
}

function jobsOf(
  part: Part,
  { loadHashes }: ScanRequest,
  hashNew: ReturnType<ScanRequest['hashNew']>,
): Job[] {
  const jobs: Job[] = [];
  const { firstEntry, entryCount, mode, flags, size } = part.table.columns;
  for (let row = 0; row < part.table.directories; row++) {
    const first = firstEntry[row]!;
    let names: readonly string[] | undefined;
    for (let entry = first; entry < first + entryCount[row]!; entry++) {
      const state = part.states[entry]!;
      if (state === SAME || state === CHMODDED) {
        // The cache promised a hash and lost it.
        if ((flags[entry]! & T.HASHED) !== 0 && loadHashes() !== undefined) continue;
      }
      if ((mode[entry]! & S_IFMT) !== S_IFREG || (flags[entry]! & T.UNREADABLE) !== 0) continue;
      names ??= T.namesOf(part.table, row);
      const name = names[entry - first + 1]!;
      if ((flags[entry]! & T.HASHED) !== 0 || hashNew(part.paths[row]!, name, size[entry]!))
        jobs.push({ part, row, entry, name });
    }
  }
  return jobs;
}

async function hashJobs(jobs: readonly Job[], totalBytes: number, request: ScanRequest): Promise<void> {
  await loadBlake3();
  const pathOf = ({ part, row, name }: Job): string =>
    part.paths[row] === '' ? name : `${part.paths[row]}/${name}`;
  const prefix = request.root === '/' ? '/' : `${request.root}/`;
  await hashTogether({
    ...request,
    jobs: {
      count: jobs.length,
      absolute: (job) => prefix + pathOf(jobs[job]!),
      size: (job) => jobs[job]!.part.table.columns.size[jobs[job]!.entry]!,
      previous: (job) => (request.guard && previousOf(jobs[job]!, request)),
    },
    tell: (job, files, bytes) =>
      request.progress.tell({
        phase: 'Indexing',
        path: pathOf(jobs[job]!),
        files,
        bytes,
        totalFiles: jobs.length,
        totalBytes,
      }),
    done: (first, contents) => {
      for (let row = 0; row < contents.outcomes.length; row++)
        take(jobs[first + row]!, contents, row, request);
    },
  });
}

/** What a file was before, so that the guard's name of it can follow what was written into it. */
function previousOf({ part, entry }: Job, { cached, loadHashes }: ScanRequest): Previous | undefined {
  if ((part.table.columns.flags[entry]! & T.HASHED) !== 0) {
    const blake3 = hexOf(part.hashes.subarray(entry * 32, entry * 32 + 32));
    return { blake3, isRotIfOther: isAsBefore(part, entry, part.table.columns.ctime[entry]!, cached) };
  }
  const origin = part.written?.get(entry) ?? -1;
  if (origin < 0 || (cached.columns.flags[origin]! & T.HASHED) === 0) return undefined;
  const hash = loadHashes()?.subarray(origin * 32, origin * 32 + 32);
  return hash && { blake3: hexOf(hash), isRotIfOther: false };
}

/** Puts what was read of one file into its row. */
function take(
  { part, row: partRow, entry }: Job,
  contents: Contents,
  row: number,
  { cached, home, stamp, guard }: ScanRequest,
): void {
  part.outcomes[entry] = contents.outcomes[row]!;
  if (contents.outcomes[row] !== READ) {
    const code = contents.codes.get(row);
    if (code !== undefined) (part.codes as Map<number, string>).set(entry, code);
    return;
  }
  const [size, mtimeMs, ctimeMs, birthtimeMs, ino, mode, nlink, ctimeRead] = contents.seen.subarray(
    row * SEEN_WIDTH,
  ) as unknown as number[];
  const hash = contents.hashes.subarray(row * 32, row * 32 + 32);
  const c = part.table.columns;
  const guarding = contents.guarding[row]!;
  part.guarding[entry] = guarding;
  const code = guarding === REFUSED ? contents.codes.get(row) : undefined;
  if (code !== undefined) (part.codes as Map<number, string>).set(entry, code);
  const flags = flagsAfter(c.flags[entry]! & ~T.YOUNG, guarding, guard?.way, nlink!);
  // The change time that the guard made says nothing of the content; the one before it does.
  const seen = { mtimeMs: mtimeMs!, ctimeMs: ctimeRead! };
  const young = isYoung(seen, home, stamp, part.devices[partRow]!) ? T.YOUNG : 0;
  c.flags[entry] = flags | T.HASHED | young;
  [c.size[entry], c.mtime[entry], c.ctime[entry]] = [size!, mtimeMs!, ctimeMs!];
  [c.birth[entry], c.inode[entry], c.mode[entry]] = [birthtimeMs!, ino!, mode!];
  part.mtimes[entry] = contents.mtimes[row]!;
  if (isSuspect(part, entry, hash, ctimeRead!, cached)) {
    part.suspects[entry] = 1;
    c.flags[entry]! |= T.SUSPECT_ENTRY;
    return;
  }
  part.hashes.set(hash, entry * 32);
}

/** Other bytes at the same size and times: not an edit, or one that hid itself. */
function isSuspect(
  part: Part,
  entry: number,
  hash: Uint8Array,
  ctimeRead: number,
  cached: T.Table,
): boolean {
  if (!isAsBefore(part, entry, ctimeRead, cached)) return false;
  return Buffer.compare(hash, part.hashes.subarray(entry * 32, entry * 32 + 32)) !== 0;
}

/** Whether nothing shows that a file changed since it was hashed. */
function isAsBefore(part: Part, entry: number, ctimeRead: number, cached: T.Table): boolean {
  const origin = part.origins[entry]!;
  if (part.states[entry] !== CHECK || origin < 0) return false;
  const c = cached.columns;
  if ((c.flags[origin]! & T.HASHED) === 0 || (c.flags[origin]! & T.YOUNG) !== 0) return false;
  const seen = part.table.columns;
  if (c.size[origin] !== seen.size[entry] || c.mtime[origin] !== seen.mtime[entry]) return false;
  const isSeeded = (c.flags[origin]! & T.SEEDED) !== 0;
  return isSeeded || c.ctime[origin] === ctimeRead;
}

/** So that two threads tell them in the order in which one does. */
function byPlace(a: Problem, b: Problem): number {
  return compareBytes(a.place?.path ?? '', b.place?.path ?? '');
}
