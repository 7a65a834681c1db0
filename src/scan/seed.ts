/** Completes a table from manifests, where a cache is missing or of another commit: what is recorded has a row. */

import { parseInstant } from '../model/instant.ts';
import type { Entry, Manifest } from '../model/manifest.ts';
import { compareBytes } from '../model/name.ts';
import { millisecondsOf } from './hash.ts';
import {
  HASHED,
  namesOf,
  NEWCOMER,
  pathsOf,
  RECORDED,
  SEEDED,
  seenDirectory,
  seenEntry,
  TableBuilder,
  type Seen,
  type Table,
} from './table.ts';

const S_IFMT = 0o170000;
const S_IFREG = 0o100000;
const S_IFLNK = 0o120000;
const S_IFDIR = 0o040000;
const UNKNOWN: Seen = { size: 0, mtimeMs: 0, ctimeMs: 0, birthtimeMs: 0, ino: -1, mode: S_IFDIR };

export interface RecordedDirectory {
  readonly path: string;
  /** Asked for once, and not kept: all of them together are more than the table. */
  readonly manifest: () => Manifest | undefined;
}

/**
 * A table of everything that is recorded, and of the other directories that were cached.
 *
 * What was cached keeps what is known of it; what is only recorded is known by size, time and mode, and is read
 * again; of files that are not recorded (forgotten, say) nothing stays. No directory counts as recorded. `directories` come parents first; hashes are the cached table's.
 */
export function seedTable(
  directories: Iterable<RecordedDirectory>,
  cached: Table,
  hashes: Uint8Array,
): Table {
  const builder = new TableBuilder(Math.max(1024, cached.entries));
  const recorded = new Map<string, RecordedDirectory['manifest']>();
  for (const { path, manifest } of directories) recorded.set(path, manifest);
  const rows = new Map<string, number>();
  pathsOf(cached).forEach((path, row) => {
    const own = recorded.get(path)?.();
    const kept = cached.columns.directoryFlags[row]! & ~(RECORDED | NEWCOMER);
    const flags = own === undefined ? kept | NEWCOMER : kept;
    rows.set(path, builder.addDirectory(parentRow(rows, path), seenDirectory(cached, row), flags));
    recorded.delete(path);
    addEntries(builder, path, { cached, row, hashes }, own);
  });
  for (const [path, manifest] of recorded) {
    const parent = parentRow(rows, path);
    // A manifest whose parent has none is out of place; what it records shows up as new.
    if (parent === -1 && path !== '') continue;
    rows.set(path, builder.addDirectory(parent, UNKNOWN, SEEDED));
    addEntries(builder, path, undefined, manifest());
  }
  return builder.finish();
}

function parentRow(rows: ReadonlyMap<string, number>, path: string): number {
  return path === '' ? -1 : (rows.get(path.slice(0, Math.max(0, path.lastIndexOf('/')))) ?? -1);
}

interface CachedRow {
  readonly cached: Table;
  readonly row: number;
  readonly hashes: Uint8Array;
}

/** The entries of one directory, known from either side, in the order of their names. */
function addEntries(
  builder: TableBuilder,
  path: string,
  from: CachedRow | undefined,
  manifest: Manifest | undefined,
): void {
  const known = new Map<string, number>();
  if (from !== undefined) {
    const { firstEntry, flags, mode } = from.cached.columns;
    // A file that was never read was new then: to a scan, a row without a hash is of what no index has.
    const isRead = (entry: number): boolean =>
      (flags[entry]! & HASHED) !== 0 || (mode[entry]! & S_IFMT) !== S_IFREG;
    const first = firstEntry[from.row]!;
    namesOf(from.cached, from.row).forEach((name, i) => {
      if (i > 0 && manifest?.files.has(name) === true && isRead(first + i - 1))
        known.set(name, first + i - 1);
    });
  }
  const missing = [...(manifest?.files.keys() ?? [])].filter((name) => !known.has(name));
  const names = missing.length === 0 ? [...known.keys()] : [...known.keys(), ...missing].sort(compareBytes);
  for (const name of names) {
    const entry = known.get(name);
    if (entry === undefined) addRecorded(builder, manifest!.files.get(name as never)!);
    else {
      const row = builder.addEntry(seenEntry(from!.cached, entry), from!.cached.columns.flags[entry]!);
      builder.hashes.set(from!.hashes.subarray(entry * 32, entry * 32 + 32), row * 32);
    }
  }
  builder.closeDirectory(path.slice(path.lastIndexOf('/') + 1), names);
}

function addRecorded(builder: TableBuilder, entry: Entry): void {
  if (entry.kind === 'link') {
    builder.addEntry({ ...UNKNOWN, mode: S_IFLNK | 0o777 }, HASHED | SEEDED);
    return;
  }
  const mtimeMs = millisecondsOf(parseInstant(entry.mtime)!);
  const seen = { ...UNKNOWN, size: entry.size, mtimeMs, mode: S_IFREG | entry.mode };
  // First: adding may put the hashes elsewhere.
  const row = builder.addEntry(seen, HASHED | SEEDED);
  builder.hashes.set(Buffer.from(entry.blake3!, 'hex'), row * 32);
}
