/** How a name, a path and a link's target are spelled in a text (section 3), and which characters no text holds. */

import { bytesOfName, nameOfBytes, type Name } from '../model/name.ts';
import { isName, parsePath, type RepositoryPath } from '../model/path.ts';

/** No file system dbk meets has a longer name. */
export const LONGEST_NAME = 255;

/** ASCII that stands for itself: the one test that ordinary names cost. */
const ORDINARY = /^[ -$&-~]*$/;

// Controls less tab and line feed, separators, BOM, what is no character, lone surrogates, bidirectional controls.
const UNWRITABLE =
  '\\u0000-\\u0008\\u000b-\\u001f\\u007f-\\u009f\\u2028\\u2029\\ufeff\\ufffe\\uffff\\ud800-\\udfff' +
  '\\u061c\\u200e\\u200f\\u202a-\\u202e\\u2066-\\u2069';
const UNWRITABLE_ONE = new RegExp(`[${UNWRITABLE}]`, 'u');
const UNWRITABLE_EACH = new RegExp(`[${UNWRITABLE}]`, 'gu');
const ESCAPED_EACH = new RegExp(`[%\\t\\n${UNWRITABLE}]`, 'gu');
const ESCAPE_EACH = /%([0-9A-F]{2})/g;

/** Whether a text can be a value: it holds none of the characters that section 2 excludes. */
export function isPlainUnicode(text: string): boolean {
  return ORDINARY.test(text) || !UNWRITABLE_ONE.test(text);
}

/** The text with U+FFFD for each character that section 2 excludes. */
export function cleanUnicode(text: string): string {
  return ORDINARY.test(text) ? text : text.replace(UNWRITABLE_EACH, '\ufffd');
}

/** The one spelling of a name; it is plain Unicode. */
export function escapeName(name: string): string {
  return escapeText(name);
}

/** The name a text spells; undefined unless the text is the spelling of a name that a path can hold. */
export function unescapeName(text: string): Name | undefined {
  const name = unescapeText(text);
  return name !== undefined && isComponent(name) ? name : undefined;
}

/** The one spelling of any bytes, held as a Name is: a link's target. */
export function escapeText(text: string): string {
  return ORDINARY.test(text) ? text : text.replace(ESCAPED_EACH, percent);
}

/** The bytes a text spells, held as a Name is; undefined unless it is the spelling of at least one byte and no NUL. */
export function unescapeText(text: string): string | undefined {
  if (text === '') return undefined;
  if (ORDINARY.test(text)) return text;
  const bytes = undoEscapes(text);
  return escapeText(bytes) === text && !bytes.includes('\0') ? bytes : undefined;
}

export function escapePath(path: RepositoryPath): string {
  return escapeText(path);
}

/** The path a text spells, '' the root; undefined unless it is a path's spelling. The caller takes off a final '/'. */
export function unescapePath(text: string): RepositoryPath | undefined {
  if (text === '') return text as RepositoryPath;
  const path = unescapeText(text);
  return path !== undefined && path.split('/').every(isComponent) ? parsePath(path) : undefined;
}

/** Whether a decoded name can be a component of a path: it can be a name, and is not too long to be one. */
export function isComponent(name: string): name is Name {
  return isName(name) && fitsIn(name, LONGEST_NAME);
}

/** Whether a text or name has at most so many bytes; no unit of UTF-16 has more than three. */
export function fitsIn(text: string, bytes: number): boolean {
  return text.length * 3 <= bytes || bytesOfName(text).length <= bytes;
}

/** `%` and two digits for each byte of a character. */
export function percent(character: string): string {
  let text = '';
  for (const byte of bytesOfName(character)) text += `%${hex(byte)}`;
  return text;
}

/** What a text with escapes stands for, whether or not it is the right spelling. */
export function undoEscapes(text: string): Name {
  if (!text.includes('%')) return text as Name;
  // Each escape becomes a byte; bytes that are a character together then become that.
  return nameOfBytes(bytesOfName(text.replace(ESCAPE_EACH, (_, digits: string) => ofByte(digits))));
}

function ofByte(digits: string): string {
  const byte = Number.parseInt(digits, 16);
  return String.fromCharCode(byte < 0x80 ? byte : 0xdc00 + byte);
}

function hex(byte: number): string {
  return byte.toString(16).toUpperCase().padStart(2, '0');
}
