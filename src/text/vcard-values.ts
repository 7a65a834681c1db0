/** The values of vCard properties: texts with backslashes, those of several parts, dates, and what parameters say. */

import { line, type Scalar, type Value } from '../model/value.ts';
import type { Property } from './vcard-lines.ts';
import type { VcardVersion } from './vcard.ts';

/** What a member of a field has besides its value. */
export type Details = readonly (readonly [key: string, value: Value])[];

const DAY = /^(\d{4})-?(\d\d)-?(\d\d)(?:T00:?00(?::?00(?:\.0+)?)?(?:Z|[+-][\d:]+)?)?$/;
/** Keys that dbk gives a meaning of its own, and parameters that only say how a value is written. */
const NO_DETAILS: ReadonlySet<string> = new Set(['value', 'type', 'pref', 'called', 'encoding', 'charset']);

/** What a text says; a backslash before any sign but `n` stands for that sign. */
export function unescaped(raw: string): string {
  return raw.replace(/\\([^])/g, (_, sign: string) => (sign === 'n' || sign === 'N' ? '\n' : sign));
}

export function escaped(text: string): string {
  return text.replace(/[\\,;]/g, '\\$&').replaceAll('\n', '\\n');
}

/** Of what has no parts, such as an address of the web: its signs stand for themselves. */
export function escapedWhole(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');
}

/** The parts between signs without a backslash before them, still escaped. */
export function splitEscaped(raw: string, sign: ',' | ';'): string[] {
  const parts: string[] = [];
  let start = 0;
  for (let at = 0; at < raw.length; at++) {
    if (raw[at] === '\\') at++;
    else if (raw[at] === sign) {
      parts.push(raw.slice(start, at));
      start = at + 1;
    }
  }
  return [...parts, raw.slice(start)];
}

/** The members of a list that are not empty. */
export function listOf(raw: string): string[] {
  return splitEscaped(raw, ',')
    .map((part) => unescaped(part).trim())
    .filter((text) => text !== '');
}

/** The parts of a value; one of several texts is a list. */
export function partsOf(raw: string): Value[] {
  return splitEscaped(raw, ';').map((part) => {
    const texts = splitEscaped(part, ',').map((text) => unescaped(text).trim());
    return texts.length === 1 ? texts[0]! : texts.filter((text) => text !== '');
  });
}

export function writePart(value: Value | undefined): string {
  if (value === undefined) return '';
  const texts = Array.isArray(value) ? (value as readonly Value[]) : [value];
  return texts.map((text) => (typeof text === 'object' ? '' : escaped(String(text)))).join(',');
}

/** What the parameters say: `type`, `pref`, and all others by their names. */
export function detailsOf({ name, params }: Property): Details {
  const types = (params.get('TYPE') ?? []).flatMap((each) => each.toLowerCase().split(','));
  const told = new Set(types.map((each) => each.trim()).filter((each) => each !== ''));
  const isPreferred = told.delete('pref');
  // All addresses are of the internet by now.
  if (name === 'EMAIL') told.delete('internet');
  const pref = isPreferred ? '1' : (params.get('PREF')?.[0] ?? '');
  const type = oneOrAll([...told]);
  const details: (readonly [string, Value])[] = [];
  if (type !== undefined) details.push(['type', type]);
  if (/^[1-9]\d{0,2}$/.test(pref)) details.push(['pref', Number(pref)]);
  for (const [key, values] of params) {
    const own = oneOrAll(values.map((each) => each.trim()).filter((each) => each !== ''));
    const isDetail = own !== undefined && !NO_DETAILS.has(key.toLowerCase());
    if (isDetail) details.push([key.toLowerCase(), own]);
  }
  return details;
}

/** The parameters that details are; `called` is none (RFC 6350 has no name for it). */
export function paramsOf(
  details: ReadonlyMap<string, Value>,
  version: VcardVersion,
): Map<string, readonly string[]> {
  const params = new Map<string, readonly string[]>();
  for (const [key, value] of details) {
    const isParam =
      /^[a-z0-9_-]{1,100}$/.test(key) && (key === 'type' || key === 'pref' || !NO_DETAILS.has(key));
    const texts = isParam ? textsOf(value) : [];
    if (texts.length === 0) continue;
    const isType = key === 'type' || (key === 'pref' && version === '3.0' && texts[0] === '1');
    if (!isType) params.set(key.toUpperCase(), texts);
    else params.set('TYPE', [...(params.get('TYPE') ?? []), ...(key === 'pref' ? ['pref'] : texts)]);
  }
  return params;
}

/** A member of a field: the value alone where nothing else is said of it. */
export function memberOf(value: Value, details: Details): Value {
  return details.length === 0 && typeof value !== 'object' ? value : line([['value', value], ...details]);
}

/** As dates stand in dbk's texts, `--10-15` where the year is not told; any other text as it is. */
export function dateOf({ value, params }: Property): Scalar {
  const text = unescaped(value).trim();
  const day = DAY.exec(text);
  if (day !== null) {
    const [, year, month, of] = day;
    const isWithoutYear = params.get('X-APPLE-OMIT-YEAR')?.[0] === year;
    return isWithoutYear ? `--${month}-${of}` : `${year}-${month}-${of}`;
  }
  if (/^\d{4}$/.test(text) && !text.startsWith('0')) return Number(text);
  return text.replace(/^--(\d\d)-?(\d\d)$/, '--$1-$2');
}

export function writeDate(name: string, date: Scalar, version: VcardVersion): Property {
  const text = String(date);
  const params = new Map<string, readonly string[]>();
  if (/^(?:\d{4}|--\d\d)-\d\d(?:-\d\d)?$|^\d{4}$/.test(text)) {
    const isMonth = /^\d{4}-\d\d$/.test(text);
    const basic = text.startsWith('--') ? `--${text.slice(2).replace('-', '')}` : text.replaceAll('-', '');
    return { name, params, value: version === '3.0' || isMonth ? text : basic };
  }
  return { name, params: params.set('VALUE', ['text']), value: escaped(text) };
}

/** The texts of a value: itself, or its members. */
export function textsOf(value: Value | undefined): string[] {
  const members = Array.isArray(value) ? (value as readonly Value[]) : value === undefined ? [] : [value];
  return members.flatMap((member) => (typeof member === 'object' ? [] : [String(member)]));
}

function oneOrAll(texts: readonly string[]): Value | undefined {
  return texts.length < 2 ? texts[0] : texts;
}
