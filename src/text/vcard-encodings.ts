/** The bytes of a vCard as text: UTF-8, what older programs wrote instead, and quoted-printable (RFC 2045, section 6.7). */

import { cleanUnicode } from './names.ts';

const EQUALS = 61;
const BIDIRECTIONAL = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/** What a text cannot hold goes: carriage returns, marks of direction, which phones put around numbers, and controls. */
export function cleanValue(text: string): string {
  return cleanUnicode(text.replace(/\r\n?/g, '\n').replace(BIDIRECTIONAL, ''));
}

/** By the character set that the line names where it is not UTF-8; undefined where it names none. */
export function textOf(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    const named = /^[^:]{0,1000};CHARSET="?([A-Z0-9_-]{1,40})/i.exec(latin1(bytes))?.[1];
    return named === undefined ? undefined : decode(named, bytes);
  }
}

/** undefined where the set is unknown, or the bytes are none of it. */
export function decode(charset: string, bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder(charset, { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/** Each byte a character: for looking at ASCII. */
export function latin1(bytes: Uint8Array): string {
  return new TextDecoder('latin1').decode(bytes);
}

/** The bytes of a file in UTF-8 without a mark; of one in UTF-16 its mark says so. */
export function inUtf8(file: Uint8Array): Uint8Array {
  const [a, b, c] = file;
  const isLittle = a === 0xff && b === 0xfe;
  if (isLittle || (a === 0xfe && b === 0xff))
    return new TextEncoder().encode(new TextDecoder(isLittle ? 'utf-16le' : 'utf-16be').decode(file));
  return a === 0xef && b === 0xbb && c === 0xbf ? file.subarray(3) : file;
}

/** An `=` that no two digits follow is itself. */
export function bytesOfQuotedPrintable(text: string): Uint8Array {
  const bytes = new TextEncoder().encode(text);
  const found = new Uint8Array(bytes.length);
  let length = 0;
  for (let at = 0; at < bytes.length; at++) {
    const digits = bytes[at] === EQUALS ? latin1(bytes.subarray(at + 1, at + 3)) : '';
    const isEscape = /^[0-9a-f]{2}$/i.test(digits);
    found[length++] = isEscape ? Number.parseInt(digits, 16) : bytes[at]!;
    if (isEscape) at += 2;
  }
  return found.subarray(0, length);
}
