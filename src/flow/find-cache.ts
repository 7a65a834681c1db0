/**
 * What search keeps from one time to the next: a line for each directory, in the order of their paths.
 *
 * The file is private to this version of dbk and rebuilt when anything about it is not as expected: a first line
 * `dbkfind VERSION CRC` (CRC-32, eight digits, of all that follows, because nobody waits for a cache to be flushed),
 * a line of JSON with the facts, then the directories: a key, a blank, and, as JSON with
 * tabs between, its path, the ids of the texts that are kept, their words, and all else. The
 * key is a hash of the names and ids of all texts there, so that a line whose key is the same is still right.
 */

import { join } from 'node:path/posix';
import { createHash } from 'node:crypto';
import { checksum } from '../scan/checksum.ts';
import { makeDirectories } from '../store/directories.ts';
import { moveFile, openWriter } from '../store/files.ts';
import type { Disk } from '../disk/disk.ts';
import type { RepositoryPath } from '../model/path.ts';
import type { KeptDirectory, KeptIds } from './find-record.ts';
import type { Repository } from './repository.ts';

/** What a whole cache is right for: then no text has to be compared. */
export interface Facts {
  readonly head: string;
  /** A hash of the texts that are not as head has them. */
  readonly edited: string;
}

export interface FindCache {
  readonly facts: Facts;
  readonly lines: readonly Line[];
}

/** One directory; its JSON is read when it is needed. */
export interface Line {
  readonly key: string;
  readonly bytes: Buffer;
}

const VERSION = 1;
const FIRST = /^dbkfind (\d+) ([0-9a-f]{8})$/;
const FIRST_LENGTH = `dbkfind ${VERSION} 00000000\n`.length;
const KEY_LENGTH = 32;
const LONGEST = 2 ** 31 - 1;
const LINE_FEED = 10;
const TAB = 9;

/** undefined where there is none, or it is damaged, or of another version. */
export function openFindCache({ context, layout }: Repository): FindCache | undefined {
  try {
    return decode(context.disk.readFile(placeOf(layout), LONGEST));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === undefined && !(error instanceof SyntaxError)) throw error;
    return undefined;
  }
}

/** Keeps it for the next time; without it everything is only read again, so no failure of the disk matters. */
export function keepFindCache({ context, layout }: Repository, { facts, lines }: FindCache): void {
  const { disk, identity } = context;
  const path = placeOf(layout);
  const beside = `${path}.${identity.pid}`;
  try {
    makeDirectories(disk, layout.local);
    if (disk.lstat(beside) !== undefined) disk.unlink(beside);
    write(disk, beside, facts, lines);
    moveFile(disk, beside, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === undefined) throw error;
  }
}

export function lineOf(key: string, directory: KeptDirectory, ids: KeptIds): Line {
  const words = directory.texts.map(({ written }) => written.words);
  const texts = directory.texts.map(({ about, written }) => ({ about, written: { ...written, words: '' } }));
  const parts = [directory.path, ids, words, { ...directory, texts }].map((part) => JSON.stringify(part));
  return { key, bytes: Buffer.from(`${key} ${parts.join('\t')}\n`) };
}

/** For a line of a directory of which something could not be read: it is read again the next time. */
export const NO_KEY = '-'.repeat(KEY_LENGTH);

export function pathOfLine(line: Line): RepositoryPath {
  return partOf(line, 0) as RepositoryPath;
}

export function idsOfLine(line: Line): KeptIds {
  return partOf(line, 1) as KeptIds;
}

/** Words are half of it, and for whoever asks for none they are ''. */
export function directoryOfLine(line: Line, withWords: boolean): KeptDirectory {
  const directory = partOf(line, 3) as KeptDirectory;
  if (!withWords || directory.texts.length === 0) return directory;
  const words = partOf(line, 2) as readonly string[];
  const texts = directory.texts.map(({ about, written }, i) => ({
    about,
    written: { ...written, words: words[i]! },
  }));
  return { ...directory, texts };
}

/** JSON has no tab that is not escaped. */
function partOf({ bytes }: Line, number: number): unknown {
  let start = KEY_LENGTH + 1;
  for (let part = 0; part < number; part++) start = bytes.indexOf(TAB, start) + 1;
  const end = bytes.indexOf(TAB, start);
  return JSON.parse(bytes.toString('utf8', start, end === -1 ? bytes.length : end));
}

/** The key of a directory whose texts stand in `mirror`; `texts` are its names and ids, in one order. */
export function keyOf(mirror: string, texts: Iterable<readonly [name: string, id: string]>): string {
  const hash = createHash('sha256').update(`${mirror}\n`);
  for (const [name, id] of texts) hash.update(`${id} ${name}\n`);
  return hash.digest('hex').slice(0, KEY_LENGTH);
}

function placeOf({ local }: Repository['layout']): string {
  return join(local, 'find');
}

function decode(file: Buffer): FindCache | undefined {
  const first = FIRST.exec(file.toString('latin1', 0, FIRST_LENGTH - 1));
  if (first === null || Number(first[1]) !== VERSION) return undefined;
  const rest = file.subarray(FIRST_LENGTH);
  if (checksum(rest) !== Number.parseInt(first[2]!, 16)) return undefined;
  let end = rest.indexOf(LINE_FEED) + 1;
  const facts = JSON.parse(rest.toString('utf8', 0, end)) as Facts;
  const lines: Line[] = [];
  for (let at = end; at < rest.length; at = end) {
    end = rest.indexOf(LINE_FEED, at) + 1;
    lines.push({ key: rest.toString('latin1', at, at + KEY_LENGTH), bytes: rest.subarray(at, end) });
  }
  return { facts, lines };
}

function write(disk: Disk, path: string, facts: Facts, lines: readonly Line[]): void {
  const head = Buffer.from(`${JSON.stringify(facts)}\n`);
  const rest = Buffer.concat([head, ...lines.map(({ bytes }) => bytes)]);
  const sum = checksum(rest).toString(16).padStart(8, '0');
  const writer = openWriter(disk, path);
  try {
    writer.write(Buffer.from(`dbkfind ${VERSION} ${sum}\n`));
    writer.write(rest);
    writer.close();
  } catch (error) {
    writer.abandon();
    throw error;
  }
}
