/** The first step of both stories: what is different on the disk from when it was last seen. */

import type { Disk } from '../disk/disk.ts';
import { loadBlake3 } from '../disk/blake3.ts';
import { compareBytes } from '../model/name.ts';
import type { Problem } from '../model/problem.ts';
import type { Progress } from '../model/progress.ts';
import { adoptable } from './adopt.ts';
import type { Colleague } from './crew.ts';
import { READ } from './hash.ts';
import { hashTogether } from './hash-together.ts';
import type { IgnoreRules } from './ignore.ts';
import { markAboveClosed, markYoung } from './look-again.ts';
import { SEEN_WIDTH, type Contents } from './messages.ts';
import * as T from './table.ts';
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
  /** What to hash of all that was never hashed before; what changed is hashed in any case. */
  readonly hashNew: (directory: string, name: string) => boolean;
  /** Read every file again. */
  readonly checkEverything: boolean;
  /** List every directory again. */
  readonly rereadEverything: boolean;
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
  readonly codes: ReadonlyMap<number, string>;
}

export const NOT_READ = 255;

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
}

/** Throws Interrupted; everything else that goes wrong is a problem in the result. */
export async function scan(request: ScanRequest): Promise<Scanned> {
  const { cached, progress } = request;
  const marks = new Uint8Array(new SharedArrayBuffer(cached.directories));
  const found = await walkTogether({
    ...request,
    marks,
    tell: (path, files) =>
      progress.tell({ phase: 'Scanning', path, files, bytes: 0, totalFiles: cached.entries }),
  });
  const parts = found.map((one) => toPart(one));
  takeKnownHashes(parts, request);
  const jobs = parts.flatMap((part) => jobsOf(part, request));
  const hashedBytes = jobs.reduce((sum, { part, entry }) => sum + part.table.columns.size[entry]!, 0);
  if (jobs.length > 0) await hashJobs(jobs, hashedBytes, request);
  markYoung(parts, request);
  markAboveClosed(parts);
  return {
    parts,
    marks,
    problems: found.flatMap(({ problems }) => problems).sort(byPlace),
    hashedFiles: jobs.length,
    hashedBytes,
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
    const { flags, ctime, mode } = part.table.columns;
    for (let entry = 0; entry < part.table.entries; entry++) {
      // A symlink has no hash: it is read whenever it is described.
      if ((mode[entry]! & S_IFMT) === S_IFLNK) continue;
      const state = part.states[entry]!;
      const origin = state === NEW ? (adopted?.[entry] ?? -1) : part.origins[entry]!;
      if (origin < 0 || (cached.columns.flags[origin]! & T.HASHED) === 0) continue;
      const hashes = loadHashes();
      if (hashes === undefined) continue;
      // Of what has to be read this is only what it was; reading replaces it, and failing to read leaves it.
      part.hashes.set(hashes.subarray(origin * 32, origin * 32 + 32), entry * 32);
      if (state === CHECK) flags[entry]! |= T.HASHED | T.YOUNG;
      else flags[entry]! |= T.HASHED;
      if (state === CHMODDED && ctime[entry]! >= stamp.settled) flags[entry]! |= T.YOUNG;
      if (state === NEW) part.states[entry] = SAME;
    }
  }
}

interface Job {
  readonly part: Part;
  readonly row: number;
  readonly entry: number;
  readonly name: string;
}

function jobsOf(part: Part, { hashNew, loadHashes }: ScanRequest): Job[] {
  const jobs: Job[] = [];
  const { firstEntry, entryCount, mode, flags } = part.table.columns;
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
      if ((flags[entry]! & T.HASHED) !== 0 || hashNew(part.paths[row]!, name))
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

/** Puts what was read of one file into its row. */
function take(
  { part, row: partRow, entry }: Job,
  contents: Contents,
  row: number,
  { cached, home, stamp }: ScanRequest,
): void {
  part.outcomes[entry] = contents.outcomes[row]!;
  if (contents.outcomes[row] !== READ) {
    const code = contents.codes.get(row);
    if (code !== undefined) (part.codes as Map<number, string>).set(entry, code);
    return;
  }
  const [size, mtimeMs, ctimeMs, birthtimeMs, ino, mode, nlink] = contents.seen.subarray(
    row * SEEN_WIDTH,
  ) as unknown as number[];
  const hash = contents.hashes.subarray(row * 32, row * 32 + 32);
  const c = part.table.columns;
  const keepFlags = c.flags[entry]! & ~(T.YOUNG | T.LINKED);
  const seen = { mtimeMs: mtimeMs!, ctimeMs: ctimeMs! };
  const young = isYoung(seen, home, stamp, part.devices[partRow]!) ? T.YOUNG : 0;
  c.flags[entry] = keepFlags | T.HASHED | young | (nlink! > 1 ? T.LINKED : 0);
  [c.size[entry], c.mtime[entry], c.ctime[entry]] = [size!, mtimeMs!, ctimeMs!];
  [c.birth[entry], c.inode[entry], c.mode[entry]] = [birthtimeMs!, ino!, mode!];
  part.mtimes[entry] = contents.mtimes[row]!;
  if (isSuspect(part, entry, hash, cached)) {
    part.suspects[entry] = 1;
    c.flags[entry]! |= T.SUSPECT_ENTRY;
    return;
  }
  part.hashes.set(hash, entry * 32);
}

/** Other bytes at the same size and times: not an edit, or one that hid itself. */
function isSuspect(part: Part, entry: number, hash: Uint8Array, cached: T.Table): boolean {
  const origin = part.origins[entry]!;
  if (part.states[entry] !== CHECK || origin < 0) return false;
  const c = cached.columns;
  if ((c.flags[origin]! & T.HASHED) === 0 || (c.flags[origin]! & T.YOUNG) !== 0) return false;
  const seen = part.table.columns;
  if (c.size[origin] !== seen.size[entry] || c.mtime[origin] !== seen.mtime[entry]) return false;
  const isSeeded = (c.flags[origin]! & T.SEEDED) !== 0;
  if (!isSeeded && c.ctime[origin] !== seen.ctime[entry]) return false;
  return Buffer.compare(hash, part.hashes.subarray(entry * 32, entry * 32 + 32)) !== 0;
}

/** So that two threads tell them in the order in which one does. */
function byPlace(a: Problem, b: Problem): number {
  return compareBytes(a.place?.path ?? '', b.place?.path ?? '');
}
