/** How names and texts of a person are shown, so that nothing in them ever reaches a terminal as a command. */

import { bytesOfName } from '../model/name.ts';

/**
 * Controls, what breaks lines, bidirectional controls, marks of byte order, and bytes that are not UTF-8 (lone
 * surrogates, which are all that a surrogate matches here): what the format writes as escapes.
 */
export const HOSTILE =
  /[\0-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ufffe\uffff\ud800-\udfff]/gu;
const HOSTILE_OR_PERCENT = new RegExp(`%|${HOSTILE.source}`, 'gu');
const HOSTILE_IN_LINES = new RegExp(`(?![\\n\\t])${HOSTILE.source}`, 'gu');
const NEEDS_QUOTES = /^['\s]|\s$/;
/** Without these, and without a blank or quote at an end, a path is shown as it is: the ordinary case, quickly. */
const ORDINARY = /^[\x21-\x26\x28-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/;

/**
 * A path for people: as it is, or in single quotes and then with the escapes of the format (`%0A`, `%25`), so that
 * what is shown never means two paths. The repository's folder is `.`; a directory ends in '/'.
 */
export function shownPath(path: string, what: 'directory' | 'other' = 'other'): string {
  if (path === '') return what === 'directory' ? './' : '.';
  const whole = what === 'directory' ? `${path}/` : path;
  if (ORDINARY.test(path)) return whole;
  const escaped = whole.replace(HOSTILE, escapeBytes);
  if (escaped === whole && !NEEDS_QUOTES.test(path)) return whole;
  return `'${whole.replace(HOSTILE_OR_PERCENT, escapeBytes)}'`;
}

/** A text for one line: what could command a terminal becomes escapes, all else stays. */
export function shownText(text: string): string {
  return text.replace(HOSTILE, escapeBytes);
}

/** A text of several lines: tabs and line feeds stay too. */
export function shownLines(text: string): string {
  return text.replace(HOSTILE_IN_LINES, escapeBytes);
}

function escapeBytes(character: string): string {
  let escaped = '';
  for (const byte of bytesOfName(character))
    escaped += `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
  return escaped;
}
