/** Whether a value is a plugin, as far as its data says: what a loader and the contract suite ask first. */

import { compareBytes } from '../model/name.ts';
import { parsePath } from '../model/path.ts';
import type { Problem } from '../model/problem.ts';
import { parseAt } from './at-pattern.ts';
import { isDate } from './field-values.ts';
import { wrongPattern } from './file-patterns.ts';
import { wrongPlugin } from './problems.ts';

const NAME = /^[a-z][a-z0-9-]*$/;
const LONGEST_NAME = 40;
const LONGEST_LINE = 200;
const MOST = 1000;
const TYPES: readonly unknown[] = ['text', 'integer', 'number', 'boolean', 'date', 'person'];
const MERGES: readonly unknown[] = ['one', 'set', 'list', 'max', 'min', 'sum', 'prose'];
const RESERVED_FIELDS = ['extracted', 'conflict'];
/** The keys that a file's line in a manifest has already. */
const RESERVED_IDS = [
  'blake3',
  'size',
  'mtime',
  'mode',
  'link',
  'same',
  'entity',
  'owner',
  'group',
  'acl',
  'xattrs',
];

type Fault = readonly [what: string, reason: string, hint?: string];
type Loose = Readonly<Record<string, unknown>>;

/** Everything that is wrong with what claims to be a plugin; it may be any value. Empty: it is one. */
export function problemsOfPlugin(value: unknown): Problem[] {
  if (!isObject(value)) return [wrongPlugin('?', 'its module', 'exports no plugin as its default')];
  const name = typeof value['name'] === 'string' ? value['name'].slice(0, LONGEST_NAME) : '?';
  const faults = [
    ...faultsOfHead(value),
    ...faultsOfBoundaries(value['boundaries']),
    ...faultsOfFields(value['fields']),
    ...faultsOfUsual(value['usual']),
    ...faultsOfCode(value),
    ...faultsOfMediaIds(value['mediaIds']),
  ];
  return faults.map(([what, reason, hint]) => wrongPlugin(name, what, reason, hint));
}

function isObject(value: unknown): value is Loose {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isNameOf(value: unknown): value is string {
  return typeof value === 'string' && NAME.test(value) && value.length <= LONGEST_NAME;
}

function isLine(value: unknown): value is string {
  return typeof value === 'string' && /^[^\p{Cc}\p{Cs}]+$/u.test(value) && value.length <= LONGEST_LINE;
}

/** A list that is not too long to be meant. */
function listOf(value: unknown): readonly unknown[] | undefined {
  return Array.isArray(value) && value.length <= MOST ? value : undefined;
}

function* faultsOfHead({ api, name, version, top, merge, validate }: Loose): Generator<Fault> {
  if (api !== 1) yield ['api', 'is not 1', 'update dbk if the plugin is newer'];
  if (!isNameOf(name)) yield ['name', "is not lower-case letters, digits and '-'"];
  if (!Number.isSafeInteger(version) || (version as number) < 1)
    yield ['version', 'is not a whole number from 1'];
  if (!isLine(top) || top.endsWith('/') || parsePath(top) === undefined) yield ['top', 'is not a folder'];
  if (merge !== 'files' && merge !== 'whole') yield ['merge', "is not 'files' or 'whole'"];
  if (validate !== undefined && typeof validate !== 'function') yield ['validate', 'is not a function'];
}

function* faultsOfBoundaries(value: unknown): Generator<Fault> {
  const boundaries = listOf(value);
  if (boundaries === undefined) return yield ['boundaries', 'are not a list'];
  if (boundaries.length === 0) yield ['boundaries', 'are none: no entity would ever begin'];
  const spellings = boundaries.map((boundary) => JSON.stringify(boundary));
  for (const [i, boundary] of boundaries.entries()) {
    const what = `boundary ${i + 1}`;
    const fault = faultOfBoundary(boundary);
    if (fault !== undefined) yield [what, fault];
    else if (spellings.indexOf(spellings[i]!) < i) yield [what, 'stands there twice'];
  }
}

function faultOfBoundary(boundary: unknown): string | undefined {
  if (!isObject(boundary) || Object.keys(boundary).length !== 1) return "is neither 'at' nor 'marker'";
  const { at, marker } = boundary;
  if (at !== undefined)
    return isLine(at) && parseAt(at) ? undefined : "is not a path such as '{artist}/{album}/'";
  const names = listOf(marker);
  if (names === undefined || names.length === 0) return 'names no marker';
  const isMarker = (name: unknown): boolean =>
    isLine(name) && !name.includes('/') && (parsePath(name) ?? '') !== '';
  return names.every(isMarker) ? undefined : 'has a marker that is not a name';
}

function* faultsOfFields(value: unknown): Generator<Fault> {
  if (!isObject(value)) return yield ['fields', 'are not a table'];
  const names = Object.keys(value).sort(compareBytes);
  if (names.length > MOST) return yield ['fields', `are more than ${MOST}`];
  for (const name of names) {
    const what = `field '${name.slice(0, LONGEST_NAME)}'`;
    if (!isNameOf(name) || RESERVED_FIELDS.includes(name)) yield [what, 'cannot be called so'];
    for (const reason of faultsOfField(value[name])) yield [what, reason];
  }
}

function* faultsOfField(spec: unknown): Generator<string> {
  if (!isObject(spec)) return yield 'is not a table';
  const { of, type, merge, doc, min, max } = spec;
  if (of !== 'file' && of !== 'entity') yield "is not of 'file' or 'entity'";
  if (!MERGES.includes(merge)) yield `does not merge as one of ${MERGES.join(', ')}`;
  if (!isLine(doc) || doc.endsWith('.')) yield 'has no doc of one line without a full stop';
  const words = isObject(type) ? listOf(type['oneOf']) : undefined;
  const isType = words === undefined ? TYPES.includes(type) : words.length > 0 && words.every(isLine);
  if (!isType) return yield 'has no type';
  if (words !== undefined && new Set(words).size < words.length) yield 'has a word twice';
  const isNumber = type === 'integer' || type === 'number';
  if (merge === 'sum' && !isNumber) yield "is not a number and cannot merge as 'sum'";
  if ((merge === 'max' || merge === 'min') && !isNumber && type !== 'date')
    yield `has no order and cannot merge as '${merge}'`;
  if (merge === 'prose' && type !== 'text') yield "is not text and cannot merge as 'prose'";
  for (const bound of [min, max]) {
    if (bound !== undefined && !isBound(type, bound))
      yield `has a bound, '${bound}', that is not of its type`;
  }
  const isTurned = typeof min === typeof max && (min as number) > (max as number);
  if (isTurned) yield 'has a min above its max';
}

function isBound(type: unknown, bound: unknown): boolean {
  if (type === 'integer') return Number.isSafeInteger(bound);
  if (type === 'number') return Number.isFinite(bound);
  return type === 'date' && typeof bound === 'string' && isDate(bound);
}

function* faultsOfUsual(value: unknown): Generator<Fault> {
  if (value === undefined) return;
  const patterns = listOf(value);
  if (patterns === undefined) return yield ['usual', 'are not a list'];
  for (const pattern of patterns) {
    const reason = typeof pattern !== 'string' ? 'is not a text' : (wrongPattern(pattern) ?? pathIn(pattern));
    if (reason !== undefined) yield [`usual: '${String(pattern).slice(0, LONGEST_NAME)}'`, reason];
  }
}

/** Of an entity's folder nothing is known when files are looked for. */
function pathIn(pattern: string): string | undefined {
  return pattern.startsWith('/') ? 'is a path, and not a name' : undefined;
}

/** What code there may be lists of, and which function each member has. */
const CODE = [
  ['readers', 'read'],
  ['entityReaders', 'read'],
  ['mergers', 'merge'],
] as const;

function* faultsOfCode(plugin: Loose): Generator<Fault> {
  for (const [key, method] of CODE) {
    if (plugin[key] === undefined) continue;
    const readers = listOf(plugin[key]);
    if (readers === undefined) yield [key, 'are not a list'];
    for (const [i, reader] of (readers ?? []).entries())
      yield* faultsOfReader(`${key} ${i + 1}`, reader, method);
  }
}

function* faultsOfReader(what: string, reader: unknown, method: string): Generator<Fault> {
  if (!isObject(reader)) return yield [what, 'is not an object'];
  if (typeof reader[method] !== 'function') yield [what, `has no function '${method}'`];
  const patterns = listOf(reader['files']);
  if (patterns === undefined || patterns.length === 0) return yield [what, 'names no files'];
  for (const pattern of patterns) {
    const reason = typeof pattern === 'string' ? wrongPattern(pattern) : 'is not a text';
    if (reason !== undefined) yield [`${what}: '${String(pattern).slice(0, LONGEST_NAME)}'`, reason];
  }
}

function* faultsOfMediaIds(value: unknown): Generator<Fault> {
  if (value === undefined) return;
  const ids = listOf(value);
  if (ids === undefined) return yield ['mediaIds', 'are not a list'];
  const seen = new Set<unknown>();
  for (const [i, id] of ids.entries()) {
    const what = `media id ${i + 1}`;
    yield* faultsOfReader(what, id, 'compute');
    if (!isObject(id)) continue;
    const { name, level, similarity } = id;
    if (!isNameOf(name) || RESERVED_IDS.includes(name) || seen.has(name)) yield [what, 'cannot be called so'];
    if (level !== 'payload' && level !== 'work') yield [what, "is not of level 'payload' or 'work'"];
    if (similarity !== undefined && typeof similarity !== 'function')
      yield [what, 'has a similarity that is not a function'];
    seen.add(name);
  }
}
