/**
 * The stat cache as bytes: one header, then the columns of a table as they lie in memory.
 *
 * Private to this version of dbk and rebuilt when anything about it is not as expected: `dbkcache`, the length of
 * the header and its CRC-32 (4 bytes each, little endian), the header as JSON, then the sections, each on a multiple
 * of 8 bytes and with a CRC-32 too, because nobody waits for a cache to be flushed.
 */

import { endianness } from 'node:os';
import type { Disk } from '../disk/disk.ts';
import { checksum } from './checksum.ts';
import {
  COLUMN_NAMES,
  constructorOf,
  isDirectoryColumn,
  type ColumnName,
  type Columns,
  type Table,
} from './table.ts';

const MAGIC = 'dbkcache';
const VERSION = 3;
/** MAGIC, and two numbers. */
const START = 16;
const ALIGNMENT = 8;
const LONGEST_HEADER = 1024 * 1024 * 64;

interface Section {
  readonly name: ColumnName | 'names' | 'hashes';
  readonly offset: number;
  readonly length: number;
  readonly crc: number;
}

interface Header {
  readonly version: number;
  readonly endianness: string;
  readonly directories: number;
  readonly entries: number;
  /** Whatever the owner of the cache has to know to believe it. */
  readonly facts: Readonly<Record<string, string>>;
  readonly sections: readonly Section[];
}

/** A cache that was read; its hashes are loaded when they are first asked for. */
export interface Cache {
  readonly table: Table;
  readonly facts: Readonly<Record<string, string>>;
  /** 32 bytes an entry; throws nothing: a damaged section gives undefined, and then the cache is of no use. */
  readonly loadHashes: () => Uint8Array | undefined;
  /** Whether the hashes were asked for and are damaged. */
  readonly isDamaged: () => boolean;
}

/** The pieces of a cache file, in order. */
export function* encodeCache(table: Table, facts: Readonly<Record<string, string>>): Generator<Uint8Array> {
  const parts: [Section['name'], Uint8Array][] = COLUMN_NAMES.map((name) => [
    name,
    bytesOf(table.columns[name]),
  ]);
  parts.push(['names', table.names], ['hashes', table.hashes ?? new Uint8Array(table.entries * 32)]);
  let offset = 0;
  const sections = parts.map(([name, bytes]): Section => {
    const section = { name, offset, length: bytes.length, crc: checksum(bytes) };
    offset = aligned(offset + bytes.length);
    return section;
  });
  const { directories, entries } = table;
  const header: Header = {
    version: VERSION,
    endianness: endianness(),
    directories,
    entries,
    facts,
    sections,
  };
  const text = Buffer.from(JSON.stringify(header));
  const start = Buffer.alloc(aligned(START + text.length));
  start.write(MAGIC, 'latin1');
  start.writeUInt32LE(text.length, MAGIC.length);
  start.writeUInt32LE(checksum(text), MAGIC.length + 4);
  text.copy(start, START);
  yield start;
  for (const [, bytes] of parts) {
    yield bytes;
    const padding = aligned(bytes.length) - bytes.length;
    if (padding > 0) yield new Uint8Array(padding);
  }
}

/** Reads a cache into shared memory; undefined where there is none or it is damaged, of another version or machine. */
export function openCache(disk: Disk, path: string): Cache | undefined {
  let fd: number;
  try {
    fd = disk.openRead(path);
  } catch {
    return undefined;
  }
  try {
    return readCache(disk, fd, path);
  } catch {
    return undefined;
  } finally {
    disk.close(fd);
  }
}

function readCache(disk: Disk, fd: number, path: string): Cache | undefined {
  const start = Buffer.alloc(START);
  if (readFully(disk, fd, start, 0) < start.length || start.toString('latin1', 0, MAGIC.length) !== MAGIC)
    return undefined;
  const length = start.readUInt32LE(MAGIC.length);
  if (length > LONGEST_HEADER) return undefined;
  const text = Buffer.alloc(length);
  if (readFully(disk, fd, text, start.length) < length) return undefined;
  if (checksum(text) !== start.readUInt32LE(MAGIC.length + 4)) return undefined;
  const header = JSON.parse(text.toString()) as Header;
  if (header.version !== VERSION || header.endianness !== endianness()) return undefined;
  const base = aligned(start.length + length);
  const hashes = header.sections.find(({ name }) => name === 'hashes')!;
  // Everything but the hashes, which come last, in one piece that both threads see.
  const shared = new Uint8Array(new SharedArrayBuffer(hashes.offset));
  if (readFully(disk, fd, shared, base) < shared.length) return undefined;
  const columns: Partial<Record<ColumnName, Columns[ColumnName]>> = {};
  let names: Uint8Array = new Uint8Array(0);
  for (const { name, offset, length: bytes, crc } of header.sections) {
    if (name === 'hashes') continue;
    if (checksum(shared.subarray(offset, offset + bytes)) !== crc) return undefined;
    if (name === 'names') {
      names = shared.subarray(offset, offset + bytes);
      continue;
    }
    const rows = isDirectoryColumn(name) ? header.directories : header.entries;
    columns[name] = new (constructorOf(name))(shared.buffer as never, offset, rows);
  }
  const { directories, entries, facts } = header;
  const table: Table = { directories, entries, columns: columns as Columns, names, hashes: undefined };
  let isDamaged = false;
  const loadHashes = once(() => {
    const loaded = readHashes(disk, path, base, hashes);
    isDamaged = loaded === undefined;
    return loaded;
  });
  return { table, facts, loadHashes, isDamaged: () => isDamaged };
}

function readHashes(disk: Disk, path: string, base: number, section: Section): Uint8Array | undefined {
  try {
    const fd = disk.openRead(path);
    try {
      const bytes = Buffer.allocUnsafe(section.length);
      const whole = readFully(disk, fd, bytes, base + section.offset) === section.length;
      return whole && checksum(bytes) === section.crc ? bytes : undefined;
    } finally {
      disk.close(fd);
    }
  } catch {
    return undefined;
  }
}

function readFully(disk: Disk, fd: number, into: Uint8Array, position: number): number {
  let done = 0;
  while (done < into.length) {
    const count = disk.read(fd, into, done, into.length - done, position + done);
    if (count === 0) break;
    done += count;
  }
  return done;
}

function bytesOf(column: Columns[ColumnName]): Uint8Array {
  return new Uint8Array(column.buffer, column.byteOffset, column.byteLength);
}

function aligned(offset: number): number {
  return Math.ceil(offset / ALIGNMENT) * ALIGNMENT;
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}
