/** How values are written: every value has one spelling, and every YAML reader takes it the same way. */

import { compareBytes } from '../model/name.ts';
import type { BlockMap, LineMap, List, Scalar, Value } from '../model/value.ts';
import { isPlainUnicode } from './names.ts';
import { longKey, tooDeep, unwritable } from './problems.ts';

/** The version of every kind of text that this dbk writes, and the highest that it reads. */
export const VERSION = 1;

/** Maps and lists inside each other, the text itself counted. */
export const DEEPEST = 32;

/** As written, quotation marks included. YAML readers give up on keys beyond 1024 characters. */
export const LONGEST_KEY = 1000;

export const NUMBER = /^(?:0|[1-9][0-9]{0,15})$/;

// README.md, section 2, `plain`. In any case, so that "Yes" and "0X1F" need no lists of their own.
const LETTER_AHEAD = '(?=[^a-df-z]*[a-df-z])';
const PLAIN = new RegExp(
  '^(?!(?:y|n|yes|no|true|false|on|off|null|nan|inf|\\.nan|\\.inf)$)(?=.{1,128}$)' +
    `(?:[a-df-z_/]|0[bo]${LETTER_AHEAD}|(?!0[box])(?:e|[0-9]|\\.(?=[a-z_]))${LETTER_AHEAD})` +
    '[a-z0-9_./()+@-]*(?: [a-z0-9_./()+@-]+)*(?<![.-])$',
  'i',
);

/** Whether a text is written without quotation marks. */
export function isPlain(text: string): boolean {
  return PLAIN.test(text);
}

/** A whole text: its first line and the entries in the order given. */
export function writeText(kind: string, entries: Iterable<readonly [string, Value]>): string {
  let text = `dbk: ${kind} ${VERSION}\n`;
  for (const [key, value] of entries) text += writeEntry(key, value);
  return text;
}

/** An entry of a block map with all that is below it; ends with a line feed. */
export function writeEntry(key: string, value: Value, indent = '', depth = 1): string {
  const start = `${indent}${writeKey(key)}:`;
  if (typeof value === 'string' && isLiteral(value)) return `${start} ${literal(value, `${indent}  `)}`;
  if (isList(value) && value.length > 0) return `${start}\n${members(value, `${indent}  `, depth + 1)}`;
  if (isBlock(value) && value.map.size > 0) {
    if (depth >= DEEPEST) throw tooDeep(undefined, DEEPEST);
    let text = `${start}\n`;
    for (const [inner, below] of value.map) text += writeEntry(inner, below, `${indent}  `, depth + 1);
    return text;
  }
  return `${start} ${writeFlow(value, depth)}\n`;
}

/** A value on one line, as it stands in a line map or in a list. */
export function writeFlow(value: Value, depth = 1): string {
  if (typeof value !== 'object') return writeScalar(value);
  if (depth >= DEEPEST) throw tooDeep(undefined, DEEPEST);
  if (isList(value)) return `[${value.map((member) => writeFlow(member, depth + 1)).join(', ')}]`;
  const entries = Array.from(value.map, ([key, inner]) => `${writeKey(key)}: ${writeFlow(inner, depth + 1)}`);
  return `{${entries.join(', ')}}`;
}

export function writeKey(key: string): string {
  const written = isPlain(key) ? key : quoted(key);
  if (written.length > LONGEST_KEY) throw longKey(undefined, LONGEST_KEY);
  return written;
}

export function writeScalar(value: Scalar): string {
  if (typeof value === 'string') return isPlain(value) ? value : quoted(value);
  if (!Number.isSafeInteger(value) || value < 0) throw new RangeError(`cannot write the number ${value}`);
  return String(value);
}

/** Unknown keys in the order in which they are written. */
export function byBytes<T>(entries: ReadonlyMap<string, T> | undefined): [string, T][] {
  if (entries === undefined) return [];
  return Array.from(entries).sort(([a], [b]) => compareBytes(a, b));
}

/**
 * Whether a text that is an entry's value is written as a literal block: it has several lines, and the last that
 * is not empty has more than blanks in it. (Of trailing lines of blanks, readers keep different ones.)
 */
export function isLiteral(text: string): boolean {
  if (!text.includes('\n')) return false;
  let end = text.length;
  while (end > 0 && text.charCodeAt(end - 1) === 10) end--;
  while (end > 0 && text.charCodeAt(end - 1) === 32) end--;
  return end > 0 && text.charCodeAt(end - 1) !== 10;
}

/** What a literal block begins with: whether its indentation has to be said, and what of the final line feeds stays. */
export function literalHeader(text: string): string {
  const chomping = text.endsWith('\n\n') ? '+' : text.endsWith('\n') ? '' : '-';
  return `|${/^[\n \t]/.test(text) ? '2' : ''}${chomping}`;
}

function quoted(text: string): string {
  if (!isPlainUnicode(text)) throw unwritable(undefined, text);
  return `"${/["\\\n]/.test(text) ? text.replace(/["\\]/g, '\\$&').replaceAll('\n', '\\n') : text}"`;
}

function literal(text: string, indent: string): string {
  if (!isPlainUnicode(text)) throw unwritable(undefined, text);
  const lines = text.split('\n');
  if (text.endsWith('\n')) lines.pop();
  let block = `${literalHeader(text)}\n`;
  for (const line of lines) block += line === '' ? '\n' : `${indent}${line}\n`;
  return block;
}

function members(list: List, indent: string, depth: number): string {
  if (depth > DEEPEST) throw tooDeep(undefined, DEEPEST);
  let text = '';
  for (const member of list) text += `${indent}- ${writeFlow(member, depth)}\n`;
  return text;
}

function isList(value: Value): value is List {
  return Array.isArray(value);
}

function isBlock(value: Value): value is BlockMap {
  return typeof value === 'object' && !isList(value) && (value as BlockMap | LineMap).kind === 'block';
}
