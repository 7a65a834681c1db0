/**
 * The stat cache: the table of what was seen last.
 *
 * It is one file (cache-file.ts), and perhaps a second one beside it, its tail: all directories as they are now, and
 * the entries of those that were seen anew since. A look that meets a few changes among a million files writes the
 * tail alone. A tail names its base by the base's whole header, checksums included: with any other it is not read.
 */

import type { Disk } from '../disk/disk.ts';
import {
  aligned,
  bytesOf,
  encodeTable,
  readHeader,
  readingFile,
  readSection,
  sectionOf,
  type CacheFile,
  type SectionName,
} from './cache-file.ts';
import {
  COLUMN_NAMES,
  constructorOf,
  isDirectoryColumn,
  type ColumnName,
  type Columns,
  type Start,
  type Table,
} from './table.ts';

/** What a tail continues. */
export interface Base {
  /** The header of the base, by which it is known again. */
  readonly text: string;
  readonly start: Start;
  /** The hashes of the entries that follow after it: of the tail there is now. */
  readonly tailHashes: Uint8Array;
}

/** A cache that was read; its hashes are loaded when they are first asked for. */
export interface Cache {
  readonly table: Table;
  readonly facts: Readonly<Record<string, string>>;
  /** 32 bytes an entry; throws nothing: a damaged section gives undefined, and then the cache is of no use. */
  readonly loadHashes: () => Uint8Array | undefined;
  /** Whether the hashes were asked for and are damaged. */
  readonly isDamaged: () => boolean;
  /** Absent where the table is not as it stands in a file. */
  readonly base?: Base;
}

/** Where the tail of a cache stands. */
export function tailOf(path: string): string {
  return `${path}-tail`;
}

/** The pieces of a cache file, in order. */
export function encodeCache(table: Table, facts: Readonly<Record<string, string>>): Generator<Uint8Array> {
  return encodeTable(table, facts);
}

/** The pieces of a tail: a table that was built to begin where its base ends. */
export function encodeTail(
  table: Table,
  facts: Readonly<Record<string, string>>,
  { text }: Base,
): Generator<Uint8Array> {
  return encodeTable(table, facts, text);
}

/** Reads a cache into shared memory; undefined where there is none or it is damaged, of another version or machine. */
export function openCache(disk: Disk, path: string): Cache | undefined {
  return readingFile(disk, path, (fd) => {
    const file = readHeader(disk, fd);
    return file && join(disk, fd, path, file, openTail(disk, path, file));
  });
}

interface Tail {
  readonly table: Table & { readonly hashes: Uint8Array };
  readonly facts: Readonly<Record<string, string>>;
}

function openTail(disk: Disk, path: string, base: CacheFile): Tail | undefined {
  return readingFile(disk, tailOf(path), (fd) => {
    const file = readHeader(disk, fd);
    if (file?.header.base !== base.text) return undefined;
    const { directories, entries, facts } = file.header;
    const read = (name: SectionName): Uint8Array | undefined => {
      const section = sectionOf(file, name);
      const bytes = new Uint8Array(section.length);
      return readSection(disk, fd, file, section, bytes) ? bytes : undefined;
    };
    const columns: Partial<Record<ColumnName, Columns[ColumnName]>> = {};
    for (const name of COLUMN_NAMES) {
      const bytes = read(name);
      if (bytes === undefined) return undefined;
      columns[name] = new (constructorOf(name))(bytes.buffer as never);
    }
    const names = read('names');
    const hashes = read('hashes');
    if (names === undefined || hashes === undefined) return undefined;
    return { table: { directories, entries, columns: columns as Columns, names, hashes }, facts };
  });
}

/** One table in memory that both threads see; undefined where the base is damaged. */
function join(
  disk: Disk,
  fd: number,
  path: string,
  file: CacheFile,
  tail: Tail | undefined,
): Cache | undefined {
  const start = { entries: file.header.entries, names: sectionOf(file, 'names').length };
  const directories = tail?.table.directories ?? file.header.directories;
  const entries = start.entries + (tail?.table.entries ?? 0);
  const added = (name: ColumnName | 'names'): Uint8Array =>
    tail === undefined ? NOTHING : name === 'names' ? tail.table.names : bytesOf(tail.table.columns[name]);
  const lengthOf = (name: ColumnName | 'names'): number => {
    const isReplaced = tail !== undefined && name !== 'names' && isDirectoryColumn(name);
    return (isReplaced ? 0 : sectionOf(file, name).length) + added(name).length;
  };
  const all = [...COLUMN_NAMES, 'names'] as const;
  const memory = new SharedArrayBuffer(all.reduce((sum, name) => sum + aligned(lengthOf(name)), 0));
  const columns: Partial<Record<ColumnName, Columns[ColumnName]>> = {};
  let names = NOTHING;
  let offset = 0;
  for (const name of all) {
    const bytes = new Uint8Array(memory, offset, lengthOf(name));
    const own = bytes.subarray(0, bytes.length - added(name).length);
    if (own.length > 0 && !readSection(disk, fd, file, sectionOf(file, name), own)) return undefined;
    bytes.set(added(name), own.length);
    if (name === 'names') names = bytes;
    else {
      const rows = isDirectoryColumn(name) ? directories : entries;
      columns[name] = new (constructorOf(name))(memory as never, offset, rows);
    }
    offset += aligned(bytes.length);
  }
  const table: Table = { directories, entries, columns: columns as Columns, names, hashes: undefined };
  if (tail !== undefined) forgetUnused(table);
  const tailHashes = tail?.table.hashes ?? NOTHING;
  let isDamaged = false;
  const loadHashes = once(() => {
    const loaded = readHashes(disk, path, file, tailHashes);
    isDamaged = loaded === undefined;
    return loaded;
  });
  const base = { text: file.text, start, tailHashes };
  return { table, facts: tail?.facts ?? file.header.facts, loadHashes, isDamaged: () => isDamaged, base };
}

const NOTHING: Uint8Array = new Uint8Array(0);

/** Of entries that no directory has any more nothing is known: who goes through all of them must not believe them. */
function forgetUnused({ columns, directories, entries }: Table): void {
  const { firstEntry, entryCount, flags } = columns;
  const used = new Uint8Array(entries);
  for (let row = 0; row < directories; row++)
    used.fill(1, firstEntry[row]!, firstEntry[row]! + entryCount[row]!);
  for (let entry = used.indexOf(0); entry !== -1; entry = used.indexOf(0, entry + 1)) flags[entry] = 0;
}

function readHashes(disk: Disk, path: string, file: CacheFile, tail: Uint8Array): Uint8Array | undefined {
  return readingFile(disk, path, (fd) => {
    const section = sectionOf(file, 'hashes');
    const bytes = Buffer.allocUnsafe(section.length + tail.length);
    bytes.set(tail, section.length);
    return readSection(disk, fd, file, section, bytes.subarray(0, section.length)) ? bytes : undefined;
  });
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}
