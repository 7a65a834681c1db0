/** The text of one directory (README.md, section 5): written at 1, read at 1 to 2 microseconds an entry. */

import type { ContentId } from '../model/id.ts';
import type { Instant } from '../model/instant.ts';
import type { Entry, Manifest } from '../model/manifest.ts';
import { compareBytes, type Name } from '../model/name.ts';
import { block, type Value } from '../model/value.ts';
import {
  attributeEntries,
  entity,
  entityValue,
  manifestLine,
  mode,
  modeValue,
  readAttributes,
  readEntry,
  SURELY_PLAIN_HASH,
} from './manifest-line.ts';
import { escapeName, isComponent, unescapeName } from './names.ts';
import {
  badName,
  duplicateKey,
  indentation,
  misplaced,
  notCanonical,
  outOfOrder,
  spelling,
} from './problems.ts';
import { Fields, mapOf, requireSpelling, rootFields, type Check } from './reader.ts';
import { LineReader } from './yaml-read.ts';
import { byBytes, isPlain, writeText } from './yaml-write.ts';

export { manifestLine } from './manifest-line.ts';

const FIRST_LINE = writeText('manifest', []);
const FILES = 'files:\n';
/** The map of one line, in the text's map, in that of `files`. */
const LINE_DEPTH = 3;

/** A head that says no more than it must. */
const SHORT_HEAD = /mode: (0|[1-7][0-7]{0,3})\n(?:files:\n|$)/y;

// What nearly every line has behind its name. The date is one that the calendar has, 29 February left aside.
const DAY = '(?:(?:0[1-9]|1[0-2])-(?:0[1-9]|1\\d|2[0-8])|(?:0[13-9]|1[0-2])-(?:29|30)|(?:0[13578]|1[02])-31)';
const TIME = `\\d{4}-${DAY}T(?:[01]\\d|2[0-3]):[0-5]\\d:[0-5]\\d(?:\\.(?!0{9})\\d{9})?Z`;
const ORDINARY = new RegExp(
  `: \\{blake3: ([0-9a-f]{64}), size: (0|[1-9]\\d{0,15}), mtime: "(${TIME})", mode: (0|[1-7][0-7]{0,3})\\}\\n`,
  'y',
);

/** The whole text. */
export function writeManifest(manifest: Manifest): string {
  const parts = [writeHead(manifest)];
  if (manifest.files.size > 0) parts.push(FILES);
  for (const [name, entry] of inOrder(manifest.files)) parts.push('  ', manifestLine(name, entry), '\n');
  return parts.join('');
}

/** A text that was parsed, and what it says. */
export interface Parsed {
  readonly text: string;
  readonly manifest: Manifest;
}

/** The manifest that a canonical text says; throws a TextError for any other text. */
export function parseManifest(text: string): Manifest {
  return parse(text, undefined);
}

/** The same for another version of a text: lines that both have are read once, and their entries are the same objects. */
export function parseVersion(text: string, like: Parsed): Manifest {
  return parse(text, like);
}

function parse(text: string, like: Parsed | undefined): Manifest {
  const reader = new LineReader(text);
  reader.first('manifest');
  SHORT_HEAD.lastIndex = reader.at;
  // A first line with a comment is longer.
  const short = reader.at === FIRST_LINE.length ? SHORT_HEAD.exec(text) : null;
  if (short !== null) {
    const hasFiles = SHORT_HEAD.lastIndex > reader.at + 'mode: \n'.length + short[1]!.length;
    reader.at = SHORT_HEAD.lastIndex;
    reader.line += hasFiles ? 2 : 1;
    return { mode: Number.parseInt(short[1]!, 8), files: hasFiles ? readFiles(reader, like) : new Map() };
  }
  const root = reader.entries(0, 1, FILES);
  const head = readHead(rootFields({ root, places: reader.places }));
  requireSpelling(text.slice(0, reader.at), writeHead(head));
  if (reader.at === text.length) return head;
  reader.at += FILES.length;
  reader.line++;
  return { ...head, files: readFiles(reader, like) };
}

function writeHead(manifest: Manifest): string {
  const entries: [string, Value][] = [];
  if (manifest.entity !== undefined) entries.push(['entity', entityValue(manifest.entity)]);
  entries.push(['mode', modeValue(manifest.mode)], ...attributeEntries(manifest), ...byBytes(manifest.more));
  if (manifest.directories !== undefined) {
    const directories = byBytes(manifest.directories).map(
      ([mirror, name]) => [mirror, escapeName(name)] as const,
    );
    entries.push(['directories', block(directories)]);
  }
  return writeText('manifest', entries);
}

function readHead(fields: Fields): Manifest {
  if (fields.has('files')) throw notCanonical(fields.placeOf('files').line);
  return {
    ...fields.optional('entity', entity),
    mode: fields.required('mode', mode),
    ...readAttributes(fields),
    ...fields.optional('directories', directories),
    files: new Map(),
    ...fields.more(),
  };
}

const mirrorName: Check<string> = (value, at) => {
  if (typeof value !== 'string' || !isComponent(value)) throw badName(at.line, String(value));
  return value;
};

const directoryName: Check<Name> = (value, at) => {
  const name = typeof value === 'string' ? unescapeName(value) : undefined;
  if (name === undefined) throw badName(at.line, String(value));
  return name;
};

const directories: Check<ReadonlyMap<string, Name>> = (value, at) => {
  const map = mapOf(mirrorName, directoryName)(value, at);
  // Absent when there is nothing to say.
  if (map.size === 0) throw misplaced(at.line, at.key);
  return map;
};

/** The entries by the bytes of their names: nearly always the map as it is. */
function inOrder(files: ReadonlyMap<Name, Entry>): Iterable<readonly [Name, Entry]> {
  let previous = '';
  for (const name of files.keys()) {
    if (compareBytes(previous, name) > 0) return byBytes(files) as [Name, Entry][];
    previous = name;
  }
  return files;
}

/** All lines to the end of the text. */
function readFiles(reader: LineReader, like: Parsed | undefined): Map<Name, Entry> {
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
