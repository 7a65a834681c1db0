/** What programs read: JSON Lines, each with a `type`, the last one a summary. */

import type { Fate } from '../flow/log.ts';
import type { Change, FieldSaid, MetadataChange } from '../model/change.ts';
import type { Commit } from '../model/commit.ts';
import type { CommitId } from '../model/id.ts';
import type { Entry } from '../model/manifest.ts';
import { bytesOfName, isUtf8 } from '../model/name.ts';
import type { Problem } from '../model/problem.ts';
import type { Value } from '../model/value.ts';
import { isMap } from '../model/value.ts';
import { HOSTILE } from './shown.ts';
import { sizeOf } from './tally.ts';

/** What a line may hold; undefined leaves its key out. */
export type Json = string | number | bigint | boolean | null | undefined | readonly Json[] | JsonMap;
export interface JsonMap {
  readonly [key: string]: Json;
}

const lossy = new TextDecoder('utf-8', { ignoreBOM: true });

/** `{"type":"change",…}` of status, commit and diff. */
export function changeLine(change: Change): string {
  return lineOf('change', {
    kind: change.kind,
    what: change.what,
    ...nameKeys('path', change.path),
    ...(change.from === undefined ? {} : nameKeys('from', change.from)),
    by: change.by,
    files: change.files,
    size: sizeOf(change),
    about: change.about,
    text: change.text === undefined ? undefined : `.dbk/index/${change.text}`,
    ...(change.metadata && metadataKeys(change.metadata)),
  });
}

/** The last line of every command; which counts it has is the command's matter. */
export function summaryLine(fields: JsonMap): string {
  return lineOf('summary', fields);
}

export function problemLine(problem: Problem): string {
  return lineOf('problem', {
    code: problem.code,
    severity: problem.severity,
    ...(problem.place === undefined ? {} : nameKeys('path', problem.place.path)),
    line: problem.place?.line,
    reason: problem.reason,
    hint: problem.hint,
  });
}

/** One commit of `log`; with a path, what it did to what is followed. */
export function commitLine(id: CommitId, commit: Commit, fate?: Fate, more: JsonMap = {}): string {
  const { added, changed, moved, removed, metadata } = commit.summary;
  return lineOf('commit', {
    id,
    parents: commit.parents,
    date: commit.date,
    author: commit.author,
    repository: commit.repository,
    message: commit.message,
    summary: { added, changed, moved, removed, metadata },
    ...(fate && {
      kind: fate.kind,
      ...nameKeys('path', fate.path),
      ...(fate.from === undefined ? {} : nameKeys('from', fate.from)),
      size: fate.size,
    }),
    ...more,
  });
}

/** What changed in a sidecar: `fields`, each with what it said before and after, and lines of `prose`. */
export function metadataKeys({ fields, prose }: MetadataChange): JsonMap {
  return {
    fields: fields.map(({ field, before, after, members, isRead }) => ({
      field,
      before: before === undefined ? undefined : jsonOfSaid(before),
      after: after === undefined ? undefined : jsonOfSaid(after),
      added: members?.added.map(jsonOf),
      removed: members?.removed.map(jsonOf),
      read: isRead,
    })),
    prose: prose && { added: prose.added, removed: prose.removed },
  };
}

/** A field's value; one that people have to decide about is `{"conflict":{…}}`, null for who removed it. */
export function jsonOfSaid(said: FieldSaid): Json {
  if (typeof said !== 'object' || !('kind' in said) || said.kind !== 'conflict') return jsonOf(said as Value);
  const base = said.base === undefined ? [] : ([['base', jsonOf(said.base)]] as const);
  const sides = Array.from(
    said.values,
    ([side, value]) => [side, value === undefined ? null : jsonOf(value)] as const,
  );
  return { conflict: Object.fromEntries([...base, ...sides]) };
}

/** One line of `ls`; `here` says whether this repository holds it. A directory has no entry. */
export function entryLine(
  path: string,
  entry: Entry | { readonly kind: 'directory'; readonly mode: number },
  here: boolean,
): string {
  const keys = nameKeys('path', path);
  if (entry.kind === 'directory') return lineOf('directory', { ...keys, mode: entry.mode.toString(8), here });
  if (entry.kind === 'link') return lineOf('link', { ...keys, ...nameKeys('target', entry.target), here });
  const { size, mode, blake3, entity, more } = entry;
  const ids = more === undefined ? undefined : jsonOfMap(more);
  const whole = entity === undefined ? undefined : { id: entity.id, type: entity.type };
  return lineOf('file', { ...keys, size, mode: mode.toString(8), blake3, ids, entity: whole, here });
}

/** A line about one path. */
export function pathLine(type: string, path: string, fields: JsonMap): string {
  return lineOf(type, { ...nameKeys('path', path), ...fields });
}

/**
 * One line without its line end. Whole numbers beyond 2^53 are strings; no text holds a lone surrogate; what
 * could command a terminal is escaped, which changes no value.
 */
export function lineOf(type: string, fields: JsonMap): string {
  const line = JSON.stringify({ type, ...fields }, (_, value: unknown) => {
    if (typeof value === 'string') return wellFormed(value);
    if (typeof value === 'bigint') return isExact(Number(value)) ? Number(value) : String(value);
    if (typeof value === 'number' && !isExact(value)) return String(BigInt(value));
    return value;
  });
  // `JSON.stringify` leaves DEL, the C1 controls and all beyond them raw.
  return line.replace(HOSTILE, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** A name as text, and as base64 of its bytes where the text is not the name: `path` and `pathBytes`. */
export function nameKeys(key: string, name: string): JsonMap {
  if (isUtf8(name)) return { [key]: name };
  const bytes = bytesOfName(name);
  return { [key]: wellFormed(name), [`${key}Bytes`]: base64(bytes) };
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
}

/** The text that other programs see: each piece that is not UTF-8 becomes U+FFFD. */
function wellFormed(text: string): string {
  return isUtf8(text) ? text : lossy.decode(bytesOfName(text));
}

function isExact(number: number): boolean {
  return Math.abs(number) <= Number.MAX_SAFE_INTEGER;
}

/** A value of a text as JSON. */
export function jsonOf(value: Value): Json {
  if (isMap(value)) return jsonOfMap(value.map);
  return Array.isArray(value) ? value.map(jsonOf) : (value as string | number);
}

/** `fromEntries` defines keys where an assignment would follow `__proto__`. */
function jsonOfMap(map: ReadonlyMap<string, Value>): JsonMap {
  return Object.fromEntries([...map].map(([key, value]) => [key, jsonOf(value)]));
}
