/** How git's fast-import is told a person, a date, a path and a text (gitformat: git-fast-import(1)). */

import type { Commit } from '../model/commit.ts';

const AUTHOR = /^([^]*?)<([^<>]*)>\s*$/;
/** What git allows in no name. */
const NOT_IN_NAMES = /[<>\0-\x20\x7f]+/g;
const UNQUOTED = /^[A-Za-z0-9/._$%@+=,-]+$/;
/** Git knows no zone that is further away. */
const FURTHEST_ZONE = 1400;

/** `Ada <ada@example.org>`, always with brackets and with something before them. */
export function personOf(author: string): string {
  const [, name = author, address = ''] = AUTHOR.exec(author) ?? [];
  const where = address.replace(NOT_IN_NAMES, ' ').trim();
  return `${name.replace(NOT_IN_NAMES, ' ').trim() || where || 'unknown'} <${where}>`;
}

/** Seconds since 1970 and the offset; git knows no time before, and no zone beyond 14 hours. */
export function momentOf({ date }: Pick<Commit, 'date'>): string {
  const zone = date.slice(-6).replace(':', '');
  const seconds = Math.max(0, Date.parse(date) / 1000);
  return `${seconds} ${Math.abs(Number(zone)) > FURTHEST_ZONE ? '+0000' : zone}`;
}

/** A path, in quotes wherever it needs them in any command; bytes from 0x80 stay in quotes. */
export function pathOf(path: string): string {
  if (UNQUOTED.test(path)) return path;
  return `"${path.replace(/["\\]/g, '\\$&').replaceAll('\n', '\\n')}"`;
}

/** A text with its length. */
export function dataOf(text: string): string {
  return `data ${Buffer.byteLength(text)}\n${text}\n`;
}

/** Whether git takes a text for the full name of a ref (git-check-ref-format(1)). */
export function isRef(text: string): boolean {
  if (!/^refs\/[^\0-\x20\x7f~^:?*[\\]+$/.test(text) || text.includes('..') || text.includes('@{'))
    return false;
  return text.split('/').every((part) => part !== '' && !/^\.|\.$|\.lock$/.test(part));
}
