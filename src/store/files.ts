/** How files below `.dbk` come to be and go: whole or not at all. The only code that changes anything there. */

import { randomBytes } from 'node:crypto';
import { dirname, join } from 'node:path/posix';
import type { Disk } from '../disk/disk.ts';
import { Refusal } from '../model/problem.ts';
import { flushDirectory, namesIn, type Durability } from './directories.ts';
import { codeOf, quietly } from './errors.ts';
import { notUtf8, notAFile, tooLong } from './problems.ts';

/** A file that is being written under a name of its own. */
export interface FileWriter {
  write(bytes: Uint8Array): void;
  /** Ends it; durable means flushed, not that its name is. */
  close(durability?: Durability): void;
  /** Removes it. Never throws: it follows an error that matters more. */
  abandon(): void;
}

/** Begins like the mirror name of no file (`$`) and ends like no sidecar, so that no text is ever called so. */
const LEFTOVER = /^\$new-[0-9a-f]{12}$/;
const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
/** What file systems say that have no hard links. */
const CANNOT_LINK: ReadonlySet<unknown> = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK']);
const CLAIMS = 5;
const encoder = new TextEncoder();
/** In bytes of UTF-8 for each unit of UTF-16. */
const LONGEST_CHARACTER = 3;
const shared = new Uint8Array(1 << 16);

/** Whether a name is that of a file which a process that ended too early left behind. */
export function isLeftover(name: string): boolean {
  return LEFTOVER.test(name);
}

/** A name beside `path` that nothing else has. */
function nameBeside(path: string): string {
  return join(dirname(path), `$new-${randomBytes(6).toString('hex')}`);
}

/** The bytes of a text, to be written before the next one's are asked for: most share one buffer. */
function bytesOf(content: Uint8Array | string): Uint8Array {
  if (typeof content !== 'string') return content;
  if (content.length > shared.length / LONGEST_CHARACTER) return encoder.encode(content);
  return shared.subarray(0, encoder.encodeInto(content, shared).written);
}

/** Creates a file that must not be there, to be written in pieces. */
export function openWriter(disk: Disk, path: string): FileWriter {
  const fd = disk.openNew(path, 0o666);
  let open = true;
  const end = (): void => {
    open = false;
    disk.close(fd);
  };
  return {
    write: (bytes) => disk.write(fd, bytes),
    close: ({ durable = false } = {}) => {
      if (durable) disk.fsync(fd);
      end();
    },
    abandon: () => {
      quietly(() => open && end());
      quietly(() => disk.unlink(path));
    },
  };
}

/** Creates a file that must not be there (EEXIST); after an error it is not there either. */
export function createFile(
  disk: Disk,
  path: string,
  content: Uint8Array | string,
  durability: Durability = {},
): void {
  const writer = openWriter(disk, path);
  try {
    writer.write(bytesOf(content));
    writer.close(durability);
    if (durability.durable) flushDirectory(disk, dirname(path));
  } catch (error) {
    writer.abandon();
    throw error;
  }
}

/** Puts a file in the place of another, or of none: at every moment one of them is there, whole. */
export function replaceFile(
  disk: Disk,
  path: string,
  content: Uint8Array | string,
  { durable = false }: Durability = {},
): void {
  const beside = nameBeside(path);
  const writer = openWriter(disk, beside);
  try {
    writer.write(bytesOf(content));
    writer.close({ durable });
    disk.rename(beside, path);
  } catch (error) {
    writer.abandon();
    throw error;
  }
  if (durable) flushDirectory(disk, dirname(path));
}

/**
 * Creates a file that one process can have and that nobody ever sees half written; false where it is there.
 *
 * It is written beside and linked into place. Without hard links it is created exclusively and then written:
 * there a reader can meet it empty.
 */
export function claimFile(disk: Disk, path: string, content: string): boolean {
  for (let attempt = 1; ; attempt++) {
    const beside = nameBeside(path);
    createFile(disk, beside, content);
    try {
      disk.link(beside, path);
      return true;
    } catch (error) {
      const code = codeOf(error);
      if (code === 'EEXIST') return false;
      if (CANNOT_LINK.has(code)) return claimWithoutLink(disk, path, content);
      // Whoever holds the lock clears leftovers away, and may have taken this one for one.
      if (code !== 'ENOENT' || attempt === CLAIMS) throw error;
    } finally {
      removeFile(disk, beside);
    }
  }
}

function claimWithoutLink(disk: Disk, path: string, content: string): boolean {
  try {
    createFile(disk, path, content);
    // Whoever met it empty for long may have taken it for a dead one and removed it.
    return readText(disk, path, Buffer.byteLength(content)) === content;
  } catch (error) {
    if (codeOf(error) === 'EEXIST' || error instanceof Refusal) return false;
    throw error;
  }
}

/** What time a file system says it is now, in nanoseconds: clocks of different machines are never compared. */
export function timeOn(disk: Disk, directory: string): bigint {
  const path = nameBeside(join(directory, 'now'));
  createFile(disk, path, '');
  try {
    return disk.lstatExact(path)?.mtimeNs ?? 0n;
  } finally {
    removeFile(disk, path);
  }
}

/** Renames within one volume; durable means that both names are flushed. */
export function moveFile(disk: Disk, from: string, to: string, { durable = false }: Durability = {}): void {
  disk.rename(from, to);
  if (!durable) return;
  flushDirectory(disk, dirname(to));
  if (dirname(from) !== dirname(to)) flushDirectory(disk, dirname(from));
}

/** Removes a file or link; false where there is none. */
export function removeFile(disk: Disk, path: string, { durable = false }: Durability = {}): boolean {
  try {
    disk.unlink(path);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return false;
    throw error;
  }
  if (durable) flushDirectory(disk, dirname(path));
  return true;
}

/** Removes from one directory what crashed processes left there. */
export function removeLeftovers(disk: Disk, directory: string): void {
  for (const name of namesIn(disk, directory)) if (isLeftover(name)) removeFile(disk, join(directory, name));
}

/** Makes what was written to a file durable. */
export function flushFile(disk: Disk, path: string): void {
  const fd = disk.openRead(path);
  try {
    disk.fsync(fd);
  } finally {
    disk.close(fd);
  }
}

/** A file's bytes; undefined where there is none. Refuses what is no regular file or longer than `limit` bytes. */
export function readBytes(disk: Disk, path: string, limit: number): Uint8Array | undefined {
  try {
    return disk.readFile(path, limit);
  } catch (error) {
    const code = codeOf(error);
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    if (code === 'EFBIG') throw tooLong(path, limit);
    if (code === 'EINVAL' || code === 'ELOOP' || code === 'EISDIR') throw notAFile(path);
    throw error;
  }
}

/** A file's text; undefined where there is none. Refuses what `readBytes` refuses, and what is not UTF-8. */
export function readText(disk: Disk, path: string, limit: number): string | undefined {
  const bytes = readBytes(disk, path, limit);
  return bytes && decode(bytes, path);
}

/** The text that bytes are; `path` is what they are called where they are none. */
export function decode(bytes: Uint8Array, path: string): string {
  try {
    return strict.decode(bytes);
  } catch {
    throw notUtf8(path);
  }
}
