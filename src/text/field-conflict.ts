/** A field that two repositories gave different values, as a value of its own (README.md, section 6). */

import type { Digest } from '../model/id.ts';
import { compareBytes } from '../model/name.ts';
import { isMap, type Value } from '../model/value.ts';
import { writeEntry, writeFlow, writeKey } from './yaml-write.ts';

/** The differing values by the label of their lines; undefined: removed there. */
export interface FieldConflict {
  readonly kind: 'conflict';
  /** Absent where there was no value before. */
  readonly base?: Value;
  readonly values: ReadonlyMap<string, Value | undefined>;
}

/** What a field can be. */
export type FieldValue = Value | FieldConflict;

/** One repository's value of a field. */
export interface ConflictSide {
  readonly repository: string;
  /** 16 digits. */
  readonly id: string;
  readonly value: Value | undefined;
}

const BASE = 'base';
const REMOVED = '~';
const LABEL = /^[a-z0-9][a-z0-9-]{0,40}(?:#[0-9a-f]{4,64}){0,2}$/;
const SHORTEST_SUFFIX = 4;

export function isConflict(value: FieldValue | undefined): value is FieldConflict {
  return (
    typeof value === 'object' && !Array.isArray(value) && (value as { kind?: string }).kind === 'conflict'
  );
}

/**
 * The conflict that a value says; undefined where it is any other value. `isRemoved` tells a plain `~` from a text
 * of that character, by the line that it stands on: the values of a text do not.
 */
export function conflictOf(
  value: Value,
  isRemoved: (lines: Value, label: string) => boolean,
): FieldConflict | undefined {
  if (!isMap(value) || value.map.size !== 1) return undefined;
  const lines = value.map.get('conflict');
  if (!isMap(lines) || !Array.from(lines.map.keys()).every((label) => LABEL.test(label))) return undefined;
  const values = new Map<string, Value | undefined>();
  for (const [label, said] of lines.map)
    values.set(label, said === REMOVED && isRemoved(lines, label) ? undefined : said);
  const base = values.get(BASE);
  values.delete(BASE);
  if (values.size === 0) return undefined;
  return { kind: 'conflict', ...(base === undefined ? {} : { base }), values };
}

/** A conflict between repositories; sides with one value share the line of the first by name. */
export function makeConflict(base: Value | undefined, sides: readonly ConflictSide[]): FieldConflict {
  const values = new Map<string, Value | undefined>();
  const said = new Set<string>();
  for (const { repository, id, value } of sides.toSorted(bySide)) {
    const written = writeLine(value);
    if (said.has(written)) continue;
    said.add(written);
    values.set(freeLabel(values, repository, id), value);
  }
  return { kind: 'conflict', ...(base === undefined ? {} : { base }), values };
}

/**
 * All values of both, whichever way round and in whatever order conflicts are united. A value has the least of its
 * labels; of values with one label the least keeps it, the others get the first digits of their hash behind it. Of
 * two bases the least stays.
 */
export function uniteConflicts(a: FieldConflict, b: FieldConflict, digest: Digest): FieldConflict {
  const stems = new Map<string, string>();
  const values = new Map<string, Value | undefined>();
  for (const [label, value] of [...a.values, ...b.values]) {
    const written = writeLine(value);
    const stem = stemOf(label, digest(written));
    const known = stems.get(written);
    if (known === undefined || compareBytes(stem, known) < 0) stems.set(written, stem);
    values.set(written, value);
  }
  const united = new Map<string, Value | undefined>();
  for (const written of Array.from(stems.keys()).sort(compareBytes)) {
    united.set(freeLabel(united, stems.get(written)!, digest(written)), values.get(written));
  }
  const base = leastOf(a.base, b.base);
  return { kind: 'conflict', ...(base === undefined ? {} : { base }), values: united };
}

/** A field as it stands in a sidecar, canonical, with line feeds. */
export function writeField(key: string, value: FieldValue): string {
  if (!isConflict(value)) return writeEntry(key, value);
  const base = value.base === undefined ? '' : `    ${BASE}: ${writeFlow(value.base, 3)}\n`;
  const lines = Array.from(value.values)
    .sort(([a], [b]) => compareBytes(a, b))
    .map(([label, said]) => `    ${writeKey(label)}: ${writeLine(said)}\n`);
  return `${writeKey(key)}:\n  conflict:\n${base}${lines.join('')}`;
}

/** The name, with as many digits behind it as it takes, four at least, where it is taken. */
function freeLabel(taken: ReadonlyMap<string, unknown>, name: string, digits: string): string {
  let label = name;
  for (let length = SHORTEST_SUFFIX; taken.has(label) || label === BASE; length++)
    label = `${name}#${digits.slice(0, length)}`;
  return label;
}

function writeLine(value: Value | undefined): string {
  return value === undefined ? REMOVED : writeFlow(value, 3);
}

/** The label less what an earlier union put behind it. */
function stemOf(label: string, hash: string): string {
  const at = label.lastIndexOf('#');
  return at !== -1 && hash.startsWith(label.slice(at + 1)) ? label.slice(0, at) : label;
}

function leastOf(a: Value | undefined, b: Value | undefined): Value | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return compareBytes(writeFlow(a, 3), writeFlow(b, 3)) <= 0 ? a : b;
}

function bySide(a: ConflictSide, b: ConflictSide): number {
  return compareBytes(a.repository, b.repository) || compareBytes(a.id, b.id);
}
