/** The first step of both stories: what is different on the disk from when it was last seen. */

import type { Disk } from '../disk/disk.ts';
import { loadBlake3 } from '../disk/blake3.ts';
import type { ContentId } from '../model/id.ts';
import { compareBytes } from '../model/name.ts';
import type { Problem } from '../model/problem.ts';
import type { Progress } from '../model/progress.ts';
import { adoptable } from './adopt.ts';
import type { Colleague } from './crew.ts';
import { NOT_READ } from './hash.ts';
import { hashTogether } from './hash-together.ts';
import type { IgnoreRules } from './ignore.ts';
import { loseBelowGone, markOthers } from './look-at-some.ts';
import { markAboveClosed, markYoung } from './look-again.ts';
import { previousOf, takeRead, type Read } from './take-read.ts';
import * as T from './table.ts';
import { withLinks, type GuardSetting } from './protect.ts';
import { formerContents, guardTotals, protectKnown, type Former, type GuardTotals } from './protect-known.ts';
import type { HomeVolume, Stamp } from './volume.ts';
import { walkTogether } from './walk-together.ts';
import { ADOPTED, CHECK, CHMODDED, NEW, SAME, type Found } from './walk.ts';

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
  /**
   * Paths of directories, with all that are above them: these alone are looked at, by this thread, and what is new
   * below them; everything else counts as it was. Absent: all.
   */
  readonly only?: ReadonlySet<string> | undefined;
  /** Where what is hashed gets a second name; absent: nowhere. */
  readonly guard?: GuardSetting | undefined;
  /** What is recorded of a file, so that the guard's name of it is found without searching the guard. */
  readonly recordedContent?: ((directory: string, name: string) => ContentId | undefined) | undefined;
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
  const { only } = request;
  if (only !== undefined) markOthers(cached, only, marks);
  const found = await walkTogether({
    ...request,
    colleague: only === undefined ? request.colleague : undefined,
    protecting: request.guard?.way,
    marks,
    tell: (path, files) =>
      progress.tell({ phase: 'Scanning', path, files, bytes: 0, totalFiles: cached.entries }),
  });
  if (only !== undefined) loseBelowGone(cached, marks);
  const parts = found.map((one) => toPart(one));
  takeKnownHashes(parts, request);
  const hashNew = request.hashNew({ parts, marks });
  const jobs = parts.flatMap((part) => jobsOf(part, request, hashNew));
  const hashedBytes = jobs.reduce((sum, { part, entry }) => sum + part.table.columns.size[entry]!, 0);
  const former = formerContents(parts, request);
  if (jobs.length > 0) await hashJobs(jobs, hashedBytes, request, former);
  protectKnown(parts, request, former);
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
      const elsewhere = adopted?.same[entry] ?? -1;
      const isElsewhere = state === NEW || elsewhere >= 0;
      const origin = isElsewhere ? elsewhere : part.origins[entry]!;
      if (origin < 0 || (cached.columns.flags[origin]! & T.HASHED) === 0) continue;
      const hashes = loadHashes();
      if (hashes === undefined) continue;
      // Of what has to be read this is only what it was; reading replaces it, and failing to read leaves it.
      part.hashes.set(hashes.subarray(origin * 32, origin * 32 + 32), entry * 32);
      if (state === CHECK && !isElsewhere) flags[entry]! |= T.HASHED | T.YOUNG;
      else flags[entry]! |= T.HASHED;
      if (state === CHMODDED && ctime[entry]! >= stamp.settled) flags[entry]! |= T.YOUNG;
      if (!isElsewhere) continue;
      part.states[entry] = state === NEW ? SAME : ADOPTED;
      const guarded = cached.columns.flags[origin]! & T.GUARD_FLAGS;
      flags[entry] = withLinks(flags[entry]! | guarded, part.links[entry]!);
    }
  }
}

interface Job extends Read {
  readonly name: string;
}

function jobsOf(part: Part, { loadHashes }: ScanRequest, hashNew: ReturnType<ScanRequest['hashNew']>): Job[] {
  const jobs: Job[] = [];
  const { firstEntry, entryCount, mode, flags, size } = part.table.columns;
  for (let row = 0; row < part.table.directories; row++) {
    const first = firstEntry[row]!;
    let names: readonly string[] | undefined;
    for (let entry = first; entry < first + entryCount[row]!; entry++) {
      const state = part.states[entry]!;
      if (state === SAME || state === CHMODDED || state === ADOPTED) {
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

async function hashJobs(
  jobs: readonly Job[],
  totalBytes: number,
  request: ScanRequest,
  former: Former,
): Promise<void> {
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
      previous: (job) => request.guard && previousOf(jobs[job]!, request, former),
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
        takeRead(jobs[first + row]!, contents, row, request);
    },
  });
}

/** So that two threads tell them in the order in which one does. */
function byPlace(a: Problem, b: Problem): number {
  return compareBytes(a.place?.path ?? '', b.place?.path ?? '');
}
