/** The text of one directory (README.md, section 5): written at 1, read at 1 to 2 microseconds an entry. */

import type { Entry, Manifest } from '../model/manifest.ts';
import { compareBytes, type Name } from '../model/name.ts';
import { block, type Value } from '../model/value.ts';
import { FILES, readFiles, type Parsed } from './manifest-files.ts';
import {
  attributeEntries,
  entity,
  entityValue,
  manifestLine,
  mode,
  modeValue,
  readAttributes,
} from './manifest-line.ts';
import { escapeName, isComponent, unescapeName } from './names.ts';
import { badName, misplaced, notCanonical } from './problems.ts';
import { mapOf, requireSpelling, rootFields, type Check, type Fields } from './reader.ts';
import { LineReader } from './yaml-read.ts';
import { byBytes, writeText } from './yaml-write.ts';

export { manifestLine } from './manifest-line.ts';

const FIRST_LINE = writeText('manifest', []);

/** A head that says no more than it must. */
const SHORT_HEAD = /mode: (0|[1-7][0-7]{0,3})\n(?:files:\n|$)/y;

/** The whole text. */
export function writeManifest(manifest: Manifest): string {
  const parts = [writeHead(manifest)];
  if (manifest.files.size > 0) parts.push(FILES);
  for (const [name, entry] of inOrder(manifest.files)) parts.push('  ', manifestLine(name, entry), '\n');
  return parts.join('');
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
