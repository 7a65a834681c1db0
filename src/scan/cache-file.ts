/**
 * A table as a file: one header, then the columns as they lie in memory.
 *
 * Private to this version of dbk and rebuilt when anything about it is not as expected: `dbkcache`, the length of
 * the header and its CRC-32 (4 bytes each, little endian), the header as JSON, then the sections, each on a multiple
 * of 8 bytes and with a CRC-32 too, because nobody waits for a cache to be flushed.
 */

import { endianness } from 'node:os';
import type { Disk } from '../disk/disk.ts';
import { checksum } from './checksum.ts';
import { COLUMN_NAMES, type ColumnName, type Columns, type Table } from './table.ts';

const MAGIC = 'dbkcache';
const VERSION = 3;
/** MAGIC, and two numbers. */
const START = 16;
const ALIGNMENT = 8;
const LONGEST_HEADER = 1024 * 1024 * 64;

export type SectionName = ColumnName | 'names' | 'hashes';

export interface Section {
  readonly name: SectionName;
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
  /** The header of the file that this one continues (see cache.ts). */
  readonly base?: string;
  readonly sections: readonly Section[];
}

/** What a file says of itself. */
export interface CacheFile {
  readonly header: Header;
  /** The header as it stands there: as good as all the bytes, for the checksums are in it. */
  readonly text: string;
  /** Where the sections begin. */
  readonly start: number;
}

/** The pieces of a file, in order; `base` is the header of the file that it continues. */
export function* encodeTable(
  table: Table,
  facts: Readonly<Record<string, string>>,
  base?: string,
): Generator<Uint8Array> {
  const parts: [SectionName, Uint8Array][] = COLUMN_NAMES.map((name) => [name, bytesOf(table.columns[name])]);
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
    ...(base !== undefined && { base }),
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

/** Opens a file for `use`; undefined where there is none, or anything at all went wrong. */
export function readingFile<T>(disk: Disk, path: string, use: (fd: number) => T | undefined): T | undefined {
  let fd: number;
  try {
    fd = disk.openRead(path);
  } catch {
    return undefined;
  }
  try {
    return use(fd);
  } catch {
    return undefined;
  } finally {
    disk.close(fd);
  }
}

/** undefined where it is damaged, or of another version or machine. */
export function readHeader(disk: Disk, fd: number): CacheFile | undefined {
  const start = Buffer.alloc(START);
  if (readFully(disk, fd, start, 0) < start.length || start.toString('latin1', 0, MAGIC.length) !== MAGIC)
    return undefined;
  const length = start.readUInt32LE(MAGIC.length);
  if (length > LONGEST_HEADER) return undefined;
  const bytes = Buffer.alloc(length);
  if (readFully(disk, fd, bytes, start.length) < length) return undefined;
  if (checksum(bytes) !== start.readUInt32LE(MAGIC.length + 4)) return undefined;
  const text = bytes.toString();
  const header = JSON.parse(text) as Header;
  if (header.version !== VERSION || header.endianness !== endianness()) return undefined;
  return { header, text, start: aligned(START + length) };
}

export function sectionOf({ header }: CacheFile, name: SectionName): Section {
  return header.sections.find((section) => section.name === name)!;
}

/** Reads a section into memory of its length; false where it is not what was written. */
export function readSection(
  disk: Disk,
  fd: number,
  { start }: CacheFile,
  { offset, crc }: Section,
  into: Uint8Array,
): boolean {
  return readFully(disk, fd, into, start + offset) === into.length && checksum(into) === crc;
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

export function bytesOf(column: Columns[ColumnName]): Uint8Array {
  return new Uint8Array(column.buffer, column.byteOffset, column.byteLength);
}

export function aligned(offset: number): number {
  return Math.ceil(offset / ALIGNMENT) * ALIGNMENT;
}
