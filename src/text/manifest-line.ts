/** One line of a manifest: a file or link of a directory, and what directories have in common with them. */

import type { Attributes, EntityReference, Entry, FileEntry, LinkEntry } from '../model/manifest.ts';
import { compareBytes } from '../model/name.ts';
import { line, type LineMap, type Value } from '../model/value.ts';
import { escapeName, escapeText } from './names.ts';
import { misplaced } from './problems.ts';
import {
  contentId,
  escapedText,
  fields,
  instant,
  like,
  listOf,
  mapOf,
  number,
  someText,
  type Check,
  type Fields,
} from './reader.ts';
import { byBytes, writeFlow, writeKey } from './yaml-write.ts';

/** A hash with one of these is written without quotation marks; others are looked at more closely. */
export const SURELY_PLAIN_HASH = /[acdf]/;

/** Where the map of one line stands below the text's own map. */
const DEPTH = 2;

const ENTITY_ID = /^[0-9a-hjkmnp-tv-z]{16}$/;
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/** The line of one file or link, without its indentation and line feed. */
export function manifestLine(name: string, entry: Entry): string {
  const key = writeKey(escapeName(name));
  if (entry.kind === 'file' && isOrdinary(entry)) {
    const { blake3, size, mtime, mode } = entry;
    if (blake3 !== undefined && SURELY_PLAIN_HASH.test(blake3)) {
      return `${key}: {blake3: ${blake3}, size: ${size}, mtime: "${mtime}", mode: ${mode.toString(8)}}`;
    }
  }
  return `${key}: ${writeFlow(entryValue(entry), DEPTH)}`;
}

/** The entry that a line's map says. */
export function readEntry(fields: Fields): Entry {
  return fields.has('link') ? readLink(fields) : readFile(fields);
}

/** The octal digits, as the decimal number that they look like. */
export function modeValue(mode: number): number {
  return Number(mode.toString(8));
}

export const mode: Check<number> = (value, at) => Number.parseInt(octal(String(number(value, at)), at), 8);

/** The keys of attributes that are there, in their order. */
export function attributeEntries(attributes: Attributes): [string, Value][] {
  const entries: [string, Value][] = [];
  if (attributes.owner !== undefined) entries.push(['owner', escapeText(attributes.owner)]);
  if (attributes.group !== undefined) entries.push(['group', escapeText(attributes.group)]);
  if (attributes.acl !== undefined) entries.push(['acl', escapeText(attributes.acl)]);
  if (attributes.xattrs !== undefined) {
    const values = byBytes(attributes.xattrs).map(([name, base64]) => [escapeText(name), base64] as const);
    entries.push(['xattrs', line(values)]);
  }
  return entries;
}

export function readAttributes(fields: Fields): Attributes {
  return {
    ...fields.optional('owner', escapedText),
    ...fields.optional('group', escapedText),
    ...fields.optional('acl', escapedText),
    ...fields.optional('xattrs', xattrs),
  };
}

export function entityValue({ id, type, from, was, more }: EntityReference): LineMap {
  const others = new Map(more);
  if (from !== undefined) others.set('from', from);
  if (was !== undefined) others.set('was', [...was].sort(compareBytes));
  return line([['id', id], ['type', type], ...byBytes(others)]);
}

const entityId = like(ENTITY_ID, "an entity's id");

const entityIds: Check<readonly string[]> = (value, at) => {
  const ids = listOf(entityId)(value, at);
  // Absent when there is nothing to say; each stands once.
  if (ids.length === 0 || new Set(ids).size < ids.length) throw misplaced(at.line, at.key);
  return ids;
};

export const entity: Check<EntityReference> = fields((of) => ({
  id: of.required('id', entityId),
  type: of.required('type', someText),
  ...of.optional('from', entityId),
  ...of.optional('was', entityIds),
  ...of.more(),
}));

const same = like(/^[0-9a-f]{16}$/, '16 lower-case hexadecimal digits');
const octal = like(/^[0-7]{1,4}$/, 'permission bits in octal digits');
const xattrs = mapOf(escapedText, like(BASE64, 'base64'));

function isOrdinary(entry: FileEntry): boolean {
  return (
    entry.more === undefined &&
    entry.same === undefined &&
    entry.entity === undefined &&
    entry.owner === undefined &&
    entry.group === undefined &&
    entry.acl === undefined &&
    entry.xattrs === undefined
  );
}

function entryValue(entry: Entry): LineMap {
  const others = [...attributeEntries(entry), ...(entry.more ?? [])];
  if (entry.kind === 'file' && entry.entity !== undefined) others.push(['entity', entityValue(entry.entity)]);
  others.sort(([a], [b]) => compareBytes(a, b));
  return line([...(entry.kind === 'file' ? fileKeys(entry) : linkKeys(entry)), ...others]);
}

function fileKeys(file: FileEntry): [string, Value][] {
  if (file.blake3 === undefined) throw new Error('a file that was not read cannot be written');
  const keys: [string, Value][] = [
    ['blake3', file.blake3],
    ['size', file.size],
    ['mtime', file.mtime],
    ['mode', modeValue(file.mode)],
  ];
  if (file.same !== undefined) keys.push(['same', file.same]);
  return keys;
}

function linkKeys(link: LinkEntry): [string, Value][] {
  return [['link', escapeText(link.target)]];
}

function readFile(fields: Fields): FileEntry {
  return {
    kind: 'file',
    blake3: fields.required('blake3', contentId),
    size: fields.required('size', number),
    mtime: fields.required('mtime', instant),
    mode: fields.required('mode', mode),
    ...fields.optional('same', same),
    ...fields.optional('entity', entity),
    ...readAttributes(fields),
    ...fields.more(),
  };
}

function readLink(fields: Fields): LinkEntry {
  for (const key of ['blake3', 'size', 'mtime', 'mode', 'same', 'entity']) {
    if (fields.has(key)) throw misplaced(fields.at.line, key);
  }
  return {
    kind: 'link',
    target: fields.required('link', escapedText),
    ...readAttributes(fields),
    ...fields.more(),
  };
}
