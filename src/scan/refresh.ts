/** From the table that was, and what a scan found, to the table for the next time. */

import type { Base } from './cache.ts';
import { frozenRows } from './frozen.ts';
import type { Part, Scanned } from './scan.ts';
import * as T from './table.ts';
import { CLEAN, DIRTY, SAME } from './walk.ts';

export interface RefreshRequest {
  readonly cached: T.Table;
  /** The hashes of the cached table. */
  readonly loadHashes: () => Uint8Array | undefined;
  readonly scanned: Pick<Scanned, 'parts' | 'marks'>;
  /** Whether a directory that is gone is still expected: its row stays, so that it is missed again. */
  readonly isExpected: (path: string) => boolean;
  /** Whether a found directory is exactly what the index says. */
  readonly isRecorded: (part: Part, row: number) => boolean;
  /** Whether a directory is in the index at all. */
  readonly isInIndex: (path: string) => boolean;
  /** What the cached table begins with, where only what follows is to be made: a tail (see cache.ts). */
  readonly base?: Base | undefined;
  /** Whether a table is to be made also where nothing differs. */
  readonly always?: boolean;
}

export interface Refreshed {
  readonly table: T.Table;
  /** Whether it differs from the cached one, so that it is worth writing. */
  readonly isNews: boolean;
}

/** A new table, or the tail of one; the cached one itself where nothing differs. */
export function refresh(request: RefreshRequest): Refreshed {
  const { cached, scanned, base } = request;
  const fates = fatesOf(request);
  const isNews = !isAsBefore(request, fates);
  if (!isNews && request.always !== true) return { table: cached, isNews };
  const hashes = base?.tailHashes ?? request.loadHashes() ?? new Uint8Array(cached.entries * 32);
  const from = { ...cached, hashes };
  const known = cached.entries - (base?.start.entries ?? 0);
  const expected = scanned.parts.reduce((sum, { table }) => sum + table.entries, known);
  const builder = new T.TableBuilder(Math.max(16, expected), true, base?.start);
  const rows = copyCached(builder, from, fates, request);
  addNew(builder, rows, request);
  return { table: builder.finish(), isNews };
}

const DROP = 0;
const COPY = 1;
const REPLACE = 2;
const GONE = 3;

/** What happens to each cached directory; below one that could not be looked at everything stays. */
function fatesOf({ cached, scanned: { marks }, isExpected }: RefreshRequest): Uint8Array {
  const fates = new Uint8Array(cached.directories);
  const frozen = frozenRows(cached, marks);
  const { parent } = cached.columns;
  let paths: string[] | undefined;
  for (let row = 0; row < cached.directories; row++) {
    const above = row === 0 ? DROP : fates[parent[row]!]!;
    if (marks[row] === CLEAN || frozen[row] === 1) fates[row] = COPY;
    else if (marks[row] === DIRTY) fates[row] = REPLACE;
    else if (row === 0 || above !== DROP) {
      paths ??= T.pathsOf(cached);
      fates[row] = isExpected(paths[row]!) ? GONE : DROP;
    }
  }
  return fates;
}

function isAsBefore(request: RefreshRequest, fates: Uint8Array): boolean {
  const { cached, scanned } = request;
  if (fates.includes(DROP)) return false;
  const { directoryFlags } = cached.columns;
  for (let row = 0; row < fates.length; row++) {
    if (fates[row] === GONE && (directoryFlags[row]! & T.GONE_DIRECTORY) === 0) return false;
    if (fates[row] === COPY && (directoryFlags[row]! & T.GONE_DIRECTORY) !== 0) return false;
  }
  return scanned.parts.every((part) => {
    for (let row = 0; row < part.table.directories; row++) {
      if (!isRowAsBefore(cached, part, row, flagsOf(request, part, row))) return false;
    }
    return true;
  });
}

function isRowAsBefore(cached: T.Table, part: Part, row: number, flags: number): boolean {
  const old = part.cachedRows[row]!;
  if (old < 0) return false;
  const a = part.table.columns;
  const b = cached.columns;
  if (
    flags !== b.directoryFlags[old] ||
    a.entryCount[row] !== b.entryCount[old] ||
    a.directoryMtime[row] !== b.directoryMtime[old] ||
    a.directoryCtime[row] !== b.directoryCtime[old] ||
    a.directoryMode[row] !== b.directoryMode[old]
  ) {
    return false;
  }
  const first = a.firstEntry[row]!;
  for (let i = 0; i < a.entryCount[row]!; i++) {
    const entry = first + i;
    const origin = b.firstEntry[old]! + i;
    if (part.origins[entry] !== origin || a.flags[entry] !== b.flags[origin]) return false;
    const isSeenAgain = part.states[entry] === SAME || (a.flags[entry]! & T.HASHED) === 0;
    if (!isSeenAgain && !sameStats(a, entry, b, origin)) return false;
  }
  return true;
}

function sameStats(a: T.Columns, i: number, b: T.Columns, j: number): boolean {
  return (
    a.size[i] === b.size[j] &&
    a.mtime[i] === b.mtime[j] &&
    a.ctime[i] === b.ctime[j] &&
    a.inode[i] === b.inode[j] &&
    a.birth[i] === b.birth[j] &&
    a.mode[i] === b.mode[j]
  );
}

/** Path of each directory that was copied or replaced, and its new row. */
type Rows = Map<string, number>;

function copyCached(
  builder: T.TableBuilder,
  from: T.Table,
  fates: Uint8Array,
  request: RefreshRequest,
): Rows {
  const found = placesByCachedRow(request.scanned.parts);
  const newRows = new Int32Array(from.directories).fill(-1);
  const rows: Rows = new Map();
  const { parent, directoryFlags } = from.columns;
  for (let row = 0; row < from.directories; row++) {
    if (fates[row] === DROP) continue;
    const above = row === 0 ? -1 : newRows[parent[row]!]!;
    if (fates[row] === REPLACE) {
      const [part, at] = found.get(row)!;
      newRows[row] = addFound(builder, part, at, above, request);
      rows.set(part.paths[at]!, newRows[row]!);
    } else {
      const kept = directoryFlags[row]! & ~T.GONE_DIRECTORY;
      const flags = fates[row] === GONE ? (kept | T.GONE_DIRECTORY | T.YOUNG) & ~T.RECORDED : kept;
      newRows[row] = keepRow(builder, from, row, above, flags, request.base);
    }
  }
  return rows;
}

/** Names tell where a row stands: each directory but an empty root has some. */
function keepRow(
  builder: T.TableBuilder,
  from: T.Table,
  row: number,
  above: number,
  flags: number,
  base: Base | undefined,
): number {
  const isInBase = base !== undefined && from.columns.nameStart[row]! < base.start.names;
  if (isInBase) return builder.referTo(from, row, above, flags);
  return builder.copyDirectory(from, row, above, flags, base?.start.entries);
}

function placesByCachedRow(parts: readonly Part[]): Map<number, readonly [Part, number]> {
  const places = new Map<number, readonly [Part, number]>();
  for (const part of parts)
    part.cachedRows.forEach((cached, row) => cached >= 0 && places.set(cached, [part, row]));
  return places;
}

/** Directories that were not there before, the upper ones first: the one above is always among the found. */
function addNew(builder: T.TableBuilder, rows: Rows, request: RefreshRequest): void {
  const places: [string, Part, number][] = [];
  for (const part of request.scanned.parts) {
    part.cachedRows.forEach((cached, row) => cached < 0 && places.push([part.paths[row]!, part, row]));
  }
  const depth = (path: string): number => (path === '' ? 0 : path.split('/').length);
  const ordered = places.map((place) => [depth(place[0]), place] as const).sort(([a], [b]) => a - b);
  for (const [, [path, part, row]] of ordered) {
    const above = path === '' ? -1 : rows.get(path.slice(0, Math.max(0, path.lastIndexOf('/'))));
    if (above !== undefined) rows.set(path, addFound(builder, part, row, above, request));
  }
}

function addFound(
  builder: T.TableBuilder,
  part: Part,
  row: number,
  above: number,
  request: RefreshRequest,
): number {
  const table = { ...part.table, hashes: part.hashes };
  return builder.copyDirectory(table, row, above, flagsOf(request, part, row));
}

function flagsOf({ isRecorded, isInIndex }: RefreshRequest, part: Part, row: number): number {
  const recorded = isRecorded(part, row) ? T.RECORDED : 0;
  const newcomer = isInIndex(part.paths[row]!) ? 0 : T.NEWCOMER;
  return part.table.columns.directoryFlags[row]! | recorded | newcomer;
}
