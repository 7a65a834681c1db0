/**
 * What was seen of a tree, in columns: a million files as typed arrays instead of a million objects.
 *
 * Long because the columns and the one builder that may grow them are one thing.
 */

import { Buffer } from 'node:buffer';
import { bytesOfName, isUtf8, nameOfBytes, type Name } from '../model/name.ts';

/** Flags of a file or link. */
export const HASHED = 1;
/** As young as the reading itself: not to be trusted the next time (git calls such an entry racy). */
export const YOUNG = 2;
/** More than one hard link. */
export const LINKED = 4;
/** Made from a manifest, not from the disk: only size, time and mode are known. */
export const SEEDED = 8;
/** What an ignore rule names; kept only where the index has it. */
export const IGNORED = 16;
/** Could not be looked at; what the index says of it stays. */
export const UNREADABLE = 32;

/** Its bytes differ from the hash kept here although no time changed; asked about until it is settled. */
export const SUSPECT_ENTRY = 64;
/** A file of ignore rules that a rule names itself: not recorded, and looked at because its rules hold. */
export const RULES_ONLY = 128;
/** The guard has a hard link to this inode: one of its links is not the person's. */
export const GUARD_LINK = 256;
/** The guard has a reflink of it. */
export const GUARD_CLONE = 512;
/** The guard was refused it, and nobody asks again before it changes. */
export const UNGUARDABLE = 1024;
/** The guard has a hard link to it under what it held before somebody wrote into it. */
export const GUARD_STALE = 2048;
export const GUARD_FLAGS = GUARD_LINK | GUARD_CLONE | UNGUARDABLE | GUARD_STALE;

/** Flags of a directory; YOUNG and SEEDED too. */
export const MOUNT = 1;
/** At the head that the cache stands at this directory is exactly what the index says. */
export const RECORDED = 4;
/** Some name is not UTF-8. */
export const ODD_NAMES = 16;
/** Recorded, and not there when last looked for. */
export const GONE_DIRECTORY = 32;
/** Seen and not recorded: an ignore rule that comes now takes it out. */
export const NEWCOMER = 64;

const SEPARATOR = '/';

/** The columns, by name: the kind of array and how many cells one row has. */
const DIRECTORY_COLUMNS = {
  parent: Int32Array,
  firstEntry: Uint32Array,
  entryCount: Uint32Array,
  nameStart: Float64Array,
  nameLength: Uint32Array,
  directoryMtime: Float64Array,
  directoryCtime: Float64Array,
  directoryBirth: Float64Array,
  directoryInode: Float64Array,
  directoryMode: Uint32Array,
  directoryFlags: Uint8Array,
} as const;

const ENTRY_COLUMNS = {
  size: Float64Array,
  mtime: Float64Array,
  ctime: Float64Array,
  birth: Float64Array,
  inode: Float64Array,
  mode: Uint32Array,
  flags: Uint16Array,
} as const;

type Constructors = typeof DIRECTORY_COLUMNS & typeof ENTRY_COLUMNS;
export type ColumnName = keyof Constructors;
export type Columns = { [K in ColumnName]: InstanceType<Constructors[K]> };
type AnyColumn = Columns[ColumnName];

export const COLUMN_NAMES = [
  ...Object.keys(DIRECTORY_COLUMNS),
  ...Object.keys(ENTRY_COLUMNS),
] as ColumnName[];

export function constructorOf(name: ColumnName): Constructors[ColumnName] {
  return { ...DIRECTORY_COLUMNS, ...ENTRY_COLUMNS }[name];
}

export function isDirectoryColumn(name: ColumnName): boolean {
  return name in DIRECTORY_COLUMNS;
}

/** The facts of stat that rows keep; both Node's Stats and a row's numbers have this shape. */
export interface Seen {
  readonly size: number;
  readonly mtimeMs: number;
  readonly ctimeMs: number;
  readonly birthtimeMs: number;
  readonly ino: number;
  readonly mode: number;
}

/**
 * Directories, each with its files and links in the order of their bytes.
 *
 * A directory's row knows its parent's; parents come before their children, row 0 is the folder itself. Its own
 * name and the names of its entries stand in `names`, joined by '/'. `hashes` holds 32 bytes an entry and may be
 * absent (a status with nothing to hash never loads them).
 */
export interface Table {
  readonly directories: number;
  readonly entries: number;
  readonly columns: Columns;
  readonly names: Uint8Array;
  readonly hashes: Uint8Array | undefined;
}

/** The own name of a directory, then the names of its entries. */
export function namesOf(table: Table, row: number): Name[] {
  const start = table.columns.nameStart[row]!;
  const bytes = table.names.subarray(start, start + table.columns.nameLength[row]!);
  if ((table.columns.directoryFlags[row]! & ODD_NAMES) === 0) return asText(bytes).split(SEPARATOR) as Name[];
  return splitBytes(bytes).map(nameOfBytes);
}

/** The own name of a directory. */
export function nameOfRow(table: Table, row: number): Name {
  const start = table.columns.nameStart[row]!;
  const bytes = table.names.subarray(start, start + table.columns.nameLength[row]!);
  const end = bytes.indexOf(0x2f);
  const own = end === -1 ? bytes : bytes.subarray(0, end);
  return (table.columns.directoryFlags[row]! & ODD_NAMES) === 0 ? (asText(own) as Name) : nameOfBytes(own);
}

/** For each directory its first child and its next sibling, -1 for none. */
export interface Links {
  readonly firstChild: Int32Array;
  readonly nextSibling: Int32Array;
}

export function linksOf(table: Table): Links {
  const firstChild = new Int32Array(table.directories).fill(-1);
  const nextSibling = new Int32Array(table.directories).fill(-1);
  const { parent } = table.columns;
  for (let row = table.directories - 1; row > 0; row--) {
    nextSibling[row] = firstChild[parent[row]!]!;
    firstChild[parent[row]!] = row;
  }
  return { firstChild, nextSibling };
}

/** Every directory's path, by row. */
export function pathsOf(table: Table): string[] {
  const paths: string[] = new Array<string>(table.directories);
  if (table.directories > 0) paths[0] = '';
  for (let row = 1; row < table.directories; row++) {
    const above = paths[table.columns.parent[row]!]!;
    const name = nameOfRow(table, row);
    paths[row] = above === '' ? name : `${above}/${name}`;
  }
  return paths;
}

/** Where the entries and names of a table begin that continues another one: that many stand there. */
export interface Start {
  readonly entries: number;
  readonly names: number;
}

const AT_NOTHING: Start = { entries: 0, names: 0 };

/** A table under construction. */
export class TableBuilder {
  directories = 0;
  entries = 0;
  readonly columns: Columns;
  hashes: Uint8Array;
  private names: Buffer;
  private nameBytes = 0;
  private readonly start: Start;

  /** `start` where entries and names are to be put behind those of another table (see cache.ts). */
  constructor(expectedEntries = 256, withHashes = true, start = AT_NOTHING) {
    this.start = start;
    const columns: Partial<Record<ColumnName, AnyColumn>> = {};
    for (const name of COLUMN_NAMES) {
      columns[name] = new (constructorOf(name))(isDirectoryColumn(name) ? 64 : expectedEntries);
    }
    this.columns = columns as Columns;
    this.hashes = new Uint8Array(withHashes ? expectedEntries * 32 : 0);
    this.names = Buffer.allocUnsafe(expectedEntries * 16);
  }

  /** Adds a directory; its entries are those added until the next one. */
  addDirectory(parent: number, seen: Seen, flags: number): number {
    const row = this.directories++;
    if (row === this.columns.parent.length) this.grow(true);
    const columns = this.columns;
    columns.parent[row] = parent;
    columns.firstEntry[row] = this.start.entries + this.entries;
    columns.directoryMtime[row] = seen.mtimeMs;
    columns.directoryCtime[row] = seen.ctimeMs;
    columns.directoryBirth[row] = seen.birthtimeMs;
    columns.directoryInode[row] = seen.ino;
    columns.directoryMode[row] = seen.mode;
    columns.directoryFlags[row] = flags;
    return row;
  }

  /** Adds a file or link to the directory added last. */
  addEntry(seen: Seen, flags: number): number {
    const entry = this.entries++;
    if (entry === this.columns.size.length) this.grow(false);
    const columns = this.columns;
    columns.size[entry] = seen.size;
    columns.mtime[entry] = seen.mtimeMs;
    columns.ctime[entry] = seen.ctimeMs;
    columns.birth[entry] = seen.birthtimeMs;
    columns.inode[entry] = seen.ino;
    columns.mode[entry] = seen.mode;
    columns.flags[entry] = flags;
    return entry;
  }

  /** Says what the directory added last and its entries are called. */
  closeDirectory(ownName: string, entryNames: readonly string[]): void {
    const row = this.directories - 1;
    const text = entryNames.length === 0 ? ownName : `${ownName}${SEPARATOR}${entryNames.join(SEPARATOR)}`;
    const plain = isUtf8(text);
    const bytes = plain ? undefined : bytesOfName(text);
    const length = bytes?.length ?? Buffer.byteLength(text);
    this.reserveNames(length);
    if (bytes === undefined) this.names.write(text, this.nameBytes, 'utf8');
    else this.names.set(bytes, this.nameBytes);
    this.finishRow(row, length);
    if (!plain) this.columns.directoryFlags[row]! |= ODD_NAMES;
  }

  /** Adds a directory whose entries and names are those of the table that this one continues. */
  referTo(from: Table, row: number, parent: number, flags: number): number {
    const oddNames = from.columns.directoryFlags[row]! & ODD_NAMES;
    const added = this.addDirectory(parent, seenDirectory(from, row), flags | oddNames);
    for (const name of ['firstEntry', 'entryCount', 'nameStart', 'nameLength'] as const)
      this.columns[name][added] = from.columns[name][row]!;
    return added;
  }

  /** Copies a directory of another table with all its entries; `hashesStart` is the entry whose hash is first in it. */
  copyDirectory(from: Table, row: number, parent: number, flags: number, hashesStart = 0): number {
    const count = from.columns.entryCount[row]!;
    const first = from.columns.firstEntry[row]!;
    while (this.entries + count > this.columns.size.length) this.grow(false);
    const seen = seenDirectory(from, row);
    const added = this.addDirectory(parent, seen, flags | (from.columns.directoryFlags[row]! & ODD_NAMES));
    for (const name of Object.keys(ENTRY_COLUMNS) as (keyof typeof ENTRY_COLUMNS)[]) {
      this.columns[name].set(from.columns[name].subarray(first, first + count), this.entries);
    }
    if (this.hashes.length > 0 && from.hashes !== undefined) {
      const at = first - hashesStart;
      this.hashes.set(from.hashes.subarray(at * 32, (at + count) * 32), this.entries * 32);
    }
    this.entries += count;
    const start = from.columns.nameStart[row]!;
    const length = from.columns.nameLength[row]!;
    this.reserveNames(length);
    this.names.set(from.names.subarray(start, start + length), this.nameBytes);
    this.finishRow(added, length);
    return added;
  }

  /** The table so far; it shares its memory with the builder. */
  finish(): Table {
    const columns: Partial<Record<ColumnName, AnyColumn>> = {};
    for (const name of COLUMN_NAMES) {
      columns[name] = this.columns[name].subarray(
        0,
        isDirectoryColumn(name) ? this.directories : this.entries,
      );
    }
    return {
      directories: this.directories,
      entries: this.entries,
      columns: columns as Columns,
      names: this.names.subarray(0, this.nameBytes),
      hashes: this.hashes.length === 0 ? undefined : this.hashes.subarray(0, this.entries * 32),
    };
  }

  private finishRow(row: number, nameLength: number): void {
    this.columns.nameStart[row] = this.start.names + this.nameBytes;
    this.columns.nameLength[row] = nameLength;
    this.columns.entryCount[row] = this.start.entries + this.entries - this.columns.firstEntry[row]!;
    this.nameBytes += nameLength;
  }

  private grow(directories: boolean): void {
    for (const name of COLUMN_NAMES) {
      if (isDirectoryColumn(name) !== directories) continue;
      const old = this.columns[name];
      const grown = new (constructorOf(name))(old.length * 2);
      grown.set(old as never);
      (this.columns as Record<ColumnName, AnyColumn>)[name] = grown;
    }
    if (directories || this.hashes.length === 0) return;
    const grown = new Uint8Array(this.columns.size.length * 32);
    grown.set(this.hashes);
    this.hashes = grown;
  }

  private reserveNames(length: number): void {
    if (this.nameBytes + length <= this.names.length) return;
    const grown = Buffer.allocUnsafe(Math.max(this.names.length * 2, this.nameBytes + length));
    grown.set(this.names.subarray(0, this.nameBytes));
    this.names = grown;
  }
}

export function seenDirectory(table: Table, row: number): Seen {
  const c = table.columns;
  return {
    size: 0,
    mtimeMs: c.directoryMtime[row]!,
    ctimeMs: c.directoryCtime[row]!,
    birthtimeMs: c.directoryBirth[row]!,
    ino: c.directoryInode[row]!,
    mode: c.directoryMode[row]!,
  };
}

export function seenEntry(table: Table, entry: number): Seen {
  const c = table.columns;
  return {
    size: c.size[entry]!,
    mtimeMs: c.mtime[entry]!,
    ctimeMs: c.ctime[entry]!,
    birthtimeMs: c.birth[entry]!,
    ino: c.inode[entry]!,
    mode: c.mode[entry]!,
  };
}

/** A table of nothing. */
export function emptyTable(): Table {
  return new TableBuilder(1).finish();
}

/** The hash of an entry; only where HASHED is set and the hashes are loaded. */
export function hashOf(table: Table, entry: number): Uint8Array {
  return table.hashes!.subarray(entry * 32, entry * 32 + 32);
}

function asText(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
}

function splitBytes(bytes: Uint8Array): Uint8Array[] {
  const parts: Uint8Array[] = [];
  let start = 0;
  for (let end = bytes.indexOf(0x2f); end !== -1; end = bytes.indexOf(0x2f, start)) {
    parts.push(bytes.subarray(start, end));
    start = end + 1;
  }
  parts.push(bytes.subarray(start));
  return parts;
}
