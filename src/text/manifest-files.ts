/** The files of a manifest, read line by line: of another version of the text only the lines that are new. */

import type { ContentId } from '../model/id.ts';
import type { Instant } from '../model/instant.ts';
import type { Entry, Manifest } from '../model/manifest.ts';
import { compareBytes, type Name } from '../model/name.ts';
import { manifestLine, readEntry, SURELY_PLAIN_HASH } from './manifest-line.ts';
import { isComponent, unescapeName } from './names.ts';
import { badName, duplicateKey, indentation, notCanonical, outOfOrder, spelling } from './problems.ts';
import { Fields } from './reader.ts';
import type { LineReader } from './yaml-read.ts';
import { isPlain } from './yaml-write.ts';

/** What stands before them. */
export const FILES = 'files:\n';
/** The map of one line, in the text's map, in that of `files`. */
const LINE_DEPTH = 3;

// What nearly every line has behind its name. The date is one that the calendar has, 29 February left aside.
const DAY = '(?:(?:0[1-9]|1[0-2])-(?:0[1-9]|1\\d|2[0-8])|(?:0[13-9]|1[0-2])-(?:29|30)|(?:0[13578]|1[02])-31)';
const TIME = `\\d{4}-${DAY}T(?:[01]\\d|2[0-3]):[0-5]\\d:[0-5]\\d(?:\\.(?!0{9})\\d{9})?Z`;
const ORDINARY = new RegExp(
  `: \\{blake3: ([0-9a-f]{64}), size: (0|[1-9]\\d{0,15}), mtime: "(${TIME})", mode: (0|[1-7][0-7]{0,3})\\}\\n`,
  'y',
);

/** A text that was parsed, and what it says. */
export interface Parsed {
  readonly text: string;
  readonly manifest: Manifest;
}

/** All lines to the end of the text. */
export function readFiles(reader: LineReader, like: Parsed | undefined): Map<Name, Entry> {
  const files = new Map<Name, Entry>();
  const { text } = reader;
  if (reader.at === text.length) throw notCanonical(reader.line - 1);
  const known = like && new KnownLines(like);
  let previous = '';
  for (; reader.at < text.length; reader.line++) {
    const start = reader.at;
    let name = known?.read(reader, files);
    if (name === undefined) {
      name = readOrdinary(reader, files) ?? readUnusual(reader, start, files);
      known?.goBehind(name);
    }
    if (previous !== '' && compareBytes(previous, name) >= 0) {
      throw previous === name ? duplicateKey(reader.line, name) : outOfOrder(reader.line, name);
    }
    previous = name;
  }
  return files;
}

/** The lines of files in a text that was parsed, taken in their order. */
class KnownLines {
  private readonly text: string;
  private readonly entries: Iterator<[Name, Entry]>;
  private entry: readonly [Name, Entry] | undefined;
  private end: number;
  private line = '';

  constructor({ text, manifest }: Parsed) {
    this.text = text;
    this.entries = manifest.files[Symbol.iterator]();
    this.end = text.indexOf(`\n${FILES}`) + FILES.length + 1;
    this.next();
  }

  /** Takes the line that stands where the reader is, if it is the next one here. */
  read(reader: LineReader, files: Map<Name, Entry>): Name | undefined {
    if (this.entry === undefined || !reader.text.startsWith(this.line, reader.at)) return undefined;
    const [name, entry] = this.entry;
    files.set(name, entry);
    reader.at += this.line.length;
    this.next();
    return name;
  }

  /** Leaves out what would have come before a name. */
  goBehind(name: Name): void {
    while (this.entry !== undefined && compareBytes(this.entry[0], name) <= 0) this.next();
  }

  private next(): void {
    this.entry = this.entries.next().value as [Name, Entry] | undefined;
    const start = this.end;
    this.end = this.text.indexOf('\n', start) + 1;
    this.line = this.text.slice(start, this.end);
  }
}

/** Reads a line that says of a file what every file has; undefined, and the place unmoved, for any other line. */
function readOrdinary(reader: LineReader, files: Map<Name, Entry>): Name | undefined {
  const { text, at } = reader;
  const isQuoted = text.charCodeAt(at + 2) === 34;
  const end = isQuoted ? text.indexOf('"', at + 3) + 1 : text.indexOf(':', at + 2);
  ORDINARY.lastIndex = end;
  const match = ORDINARY.exec(text);
  if (match === null || text.charCodeAt(at) !== 32 || text.charCodeAt(at + 1) !== 32) return undefined;
  const name = isQuoted ? nameInQuotes(text.slice(at + 3, end - 1)) : plainName(text.slice(at + 2, end));
  const size = Number(match[2]);
  if (name === undefined || !SURELY_PLAIN_HASH.test(match[1]!) || size > Number.MAX_SAFE_INTEGER)
    return undefined;
  files.set(name, {
    kind: 'file',
    blake3: match[1] as ContentId,
    size,
    mtime: match[3] as Instant,
    mode: Number.parseInt(match[4]!, 8),
  });
  reader.at = ORDINARY.lastIndex;
  return name;
}

function plainName(written: string): Name | undefined {
  // Nothing plain is escaped.
  return isPlain(written) && isComponent(written) ? written : undefined;
}

function nameInQuotes(inside: string): Name | undefined {
  return inside.includes('\\') || isPlain(inside) ? undefined : unescapeName(inside);
}

function readUnusual(reader: LineReader, start: number, files: Map<Name, Entry>): Name {
  const { text, line } = reader;
  if (!text.startsWith('  ', start)) throw reader.refused();
  reader.at = start + 2;
  if (text.startsWith(' ', reader.at)) throw indentation(line);
  const key = reader.key();
  const name = unescapeName(key);
  if (name === undefined) throw badName(line, key);
  if (!text.startsWith(' {', reader.at)) throw reader.refused();
  reader.at++;
  const map = reader.lineMap(LINE_DEPTH);
  const entry = readEntry(new Fields(map, { key, line, places: reader.places }));
  const expected = `  ${manifestLine(name, entry)}\n`;
  if (!text.startsWith(expected, start)) throw spelling(line, expected.trimEnd());
  files.set(name, entry);
  reader.at = start + expected.length;
  return name;
}
