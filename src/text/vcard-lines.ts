/**
 * The content lines of a vCard: unfolded, decoded and taken apart, and written again (RFC 6350, sections 3.2 and 3.3;
 * RFC 2426; vCard 2.1; RFC 6868).
 */

import { bytesOfQuotedPrintable, cleanValue, decode, inUtf8, latin1, textOf } from './vcard-encodings.ts';

/** One line. */
export interface Property {
  /** What ties it to others of the card, as in `item1.TEL`. */
  readonly group?: string;
  /** Upper case, as those of the parameters; each of these has at least one value. */
  readonly name: string;
  readonly params: ReadonlyMap<string, readonly string[]>;
  /** As it stands, with the backslashes of its kind of value; of quoted-printable what was meant. */
  readonly value: string;
}

export interface ContentLine {
  /** Of the file, from 1. */
  readonly line: number;
  readonly property: Property;
  /** Why it has no value here. */
  readonly wrong?: string;
}

/** What is no content line. */
export interface WrongLine {
  readonly line: number;
  readonly property?: undefined;
  readonly wrong: string;
}

/** Bytes of one content line; more have pictures, which are not read. */
const LONGEST_LINE = 64 * 1024;
/** Bytes of a line that is written, its end not counted. */
const WIDTH = 75;
const [TAB, LINE_FEED, RETURN, BLANK, EQUALS] = [9, 10, 13, 32, 61];

const NAME = /^[A-Z0-9_-]{1,100}$/i;
/** What vCard 2.1 writes without the name of a parameter is a type, but for these. */
const ENCODINGS = /^(?:QUOTED-PRINTABLE|BASE64|B|7BIT|8BIT)$/i;
const QUOTED_PRINTABLE = /^[^:]*;(?:ENCODING=)?QUOTED-PRINTABLE[;:]/i;

/** The content lines of a file in UTF-8, or in UTF-16 with its mark; each byte is looked at once. */
export function* contentLines(file: Uint8Array): Generator<ContentLine | WrongLine> {
  const bytes = inUtf8(file);
  let pieces: Uint8Array[] = [];
  let first = 1;
  let isOpen = false;
  let isSoft = false;
  for (const { line, start, end } of physicalLines(bytes)) {
    const isFolded = pieces.length > 0 && (bytes[start] === BLANK || bytes[start] === TAB);
    if (pieces.length > 0 && !isFolded && !isOpen) {
      yield lineOf(first, pieces);
      pieces = [];
    }
    if (pieces.length === 0) {
      if (start === end) continue;
      first = line;
      isSoft = QUOTED_PRINTABLE.test(latin1(bytes.subarray(start, Math.min(end, start + 1000))));
    }
    isOpen = isSoft && bytes[end - 1] === EQUALS;
    pieces.push(bytes.subarray(isFolded && !isSoft ? start + 1 : start, isOpen ? end - 1 : end));
  }
  if (pieces.length > 0) yield lineOf(first, pieces);
}

/** A line as it is written in a file: folded, with its end. */
export function writeLine(property: Property): string {
  return folded(writeUnfolded(property));
}

/** The same on one line, whatever the value holds. */
export function writeUnfolded({ group, name, params, value }: Property): string {
  let text = group === undefined ? name : `${group}.${name}`;
  for (const [key, values] of params) text += `;${key}=${values.map(writeParam).join(',')}`;
  return `${text}:${value.replaceAll('\n', '\\n')}`;
}

function* physicalLines(
  bytes: Uint8Array,
): Generator<{ readonly line: number; readonly start: number; readonly end: number }> {
  let line = 0;
  for (let start = 0; start < bytes.length;) {
    const found = bytes.indexOf(LINE_FEED, start);
    const next = found === -1 ? bytes.length : found;
    line++;
    yield { line, start, end: next > start && bytes[next - 1] === RETURN ? next - 1 : next };
    start = next + 1;
  }
}

function lineOf(line: number, pieces: readonly Uint8Array[]): ContentLine | WrongLine {
  const whole = joined(pieces);
  const text = textOf(whole);
  const property = text === undefined ? undefined : propertyOf(text);
  if (property === undefined)
    return { line, wrong: text === undefined ? 'it is not UTF-8' : 'it is not NAME:VALUE' };
  if (lengthOf(pieces) > LONGEST_LINE)
    return { line, property, wrong: `it is longer than ${LONGEST_LINE} bytes` };
  return decoded(line, property);
}

/** Of a line that is too long only its beginning. */
function joined(pieces: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(Math.min(lengthOf(pieces), LONGEST_LINE));
  let at = 0;
  for (const piece of pieces) {
    const fits = piece.subarray(0, whole.length - at);
    whole.set(fits, at);
    at += fits.length;
    if (at === whole.length) break;
  }
  // Not within a character.
  let end = whole.length;
  if (lengthOf(pieces) > LONGEST_LINE) while (end > 0 && (whole[end - 1]! & 0x80) !== 0) end--;
  return whole.subarray(0, end);
}

function lengthOf(pieces: readonly Uint8Array[]): number {
  return pieces.reduce((sum, piece) => sum + piece.length, 0);
}

/** What one unfolded line says; undefined where it is none. */
export function propertyOf(line: string): Property | undefined {
  const colon = outsideQuotes(line, ':').next().value;
  if (colon === undefined) return undefined;
  const [head = '', ...rest] = splitOutside(line.slice(0, colon), ';');
  const dot = head.indexOf('.');
  const [group, name] = dot === -1 ? [undefined, head] : [head.slice(0, dot), head.slice(dot + 1)];
  if (!NAME.test(name) || (group !== undefined && !NAME.test(group))) return undefined;
  const params = new Map<string, string[]>();
  for (const each of rest) {
    const [key, values] = paramOf(each);
    const known = params.get(key);
    if (known !== undefined) known.push(...values);
    else if (NAME.test(key)) params.set(key, [...values]);
  }
  return {
    ...(group !== undefined && { group }),
    name: name.toUpperCase(),
    params,
    value: line.slice(colon + 1),
  };
}

function paramOf(text: string): readonly [key: string, values: readonly string[]] {
  const equals = text.indexOf('=');
  if (equals === -1) return [ENCODINGS.test(text) ? 'ENCODING' : 'TYPE', [text]];
  const values = splitOutside(text.slice(equals + 1), ',').map(unquoted);
  return [text.slice(0, equals).trim().toUpperCase(), values];
}

/** RFC 6868; a `^` before anything else is itself. */
function unquoted(text: string): string {
  const bare = text.replaceAll('"', '');
  return cleanValue(
    bare.replace(/\^([n'^])/g, (_, sign: string) => (sign === 'n' ? '\n' : sign === "'" ? '"' : '^')),
  );
}

/** In older cards, too: they have no other way to say it. */
function writeParam(text: string): string {
  const escaped = text.replace(/[\^\n"]/g, (sign) => (sign === '\n' ? '^n' : sign === '"' ? "^'" : '^^'));
  return /[:;,]/.test(escaped) ? `"${escaped}"` : escaped;
}

/** Where a sign stands that is not between quotation marks. */
function* outsideQuotes(text: string, sign: string): Generator<number> {
  let isQuoted = false;
  for (let at = 0; at < text.length; at++) {
    if (text[at] === '"') isQuoted = !isQuoted;
    else if (text[at] === sign && !isQuoted) yield at;
  }
}

function splitOutside(text: string, sign: string): string[] {
  const parts: string[] = [];
  let start = 0;
  for (const at of outsideQuotes(text, sign)) {
    parts.push(text.slice(start, at));
    start = at + 1;
  }
  return [...parts, text.slice(start)];
}

/** The value of quoted-printable as it was meant; what is binary is left. */
function decoded(line: number, property: Property): ContentLine {
  const encoding = property.params.get('ENCODING')?.[0]?.toUpperCase();
  const charset = property.params.get('CHARSET')?.[0] ?? 'utf-8';
  const params = new Map(property.params);
  params.delete('ENCODING');
  params.delete('CHARSET');
  const bare = { ...property, params };
  if (encoding === 'B' || encoding === 'BASE64') return { line, property: bare, wrong: 'it is binary' };
  if (encoding !== 'QUOTED-PRINTABLE') return { line, property: { ...bare, value: cleanValue(bare.value) } };
  const value = decode(charset, bytesOfQuotedPrintable(bare.value));
  if (value === undefined) return { line, property: bare, wrong: `it is not ${charset}` };
  return { line, property: { ...bare, value: cleanValue(value) } };
}

/** Never within a character: readers that unfold late would find halves. */
function folded(line: string): string {
  let text = '';
  let width = 0;
  for (const character of line) {
    const point = character.codePointAt(0)!;
    const bytes = point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
    if (width + bytes > WIDTH) {
      text += '\r\n ';
      width = 1;
    }
    text += character;
    width += bytes;
  }
  return `${text}\r\n`;
}
