/** What a file is called: bytes, held as a string without losing one. */

/**
 * One component of a path.
 *
 * A name is bytes. Valid UTF-8 is the ordinary string; every byte that is not part of valid UTF-8 stands as
 * the lone surrogate U+DC00 + byte (Python's "surrogateescape", PEP 383), so that each byte string has exactly
 * one Name and each Name gives its bytes back.
 */
export type Name = string & { readonly __brand: 'Name' };

const encoder = new TextEncoder();
const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const LONE_SURROGATE = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/;
const INVALID_BYTE = /[\ud800-\udfff]/;

/** The name that these bytes are; total, and inverted by `bytesOfName`. */
export function nameOfBytes(bytes: Uint8Array): Name {
  try {
    return strict.decode(bytes) as Name;
  } catch {
    return decodeByPieces(bytes);
  }
}

/** The bytes of a name. */
export function bytesOfName(name: string): Uint8Array {
  if (!INVALID_BYTE.test(name) || !LONE_SURROGATE.test(name)) return encoder.encode(name);
  const bytes: number[] = [];
  for (const character of name) {
    const code = character.codePointAt(0)!;
    if (code >= 0xdc80 && code <= 0xdcff) bytes.push(code - 0xdc00);
    else bytes.push(...encoder.encode(character));
  }
  return Uint8Array.from(bytes);
}

/** Whether the bytes of a name are valid UTF-8, so that the string is the name as other programs see it. */
export function isUtf8(name: string): boolean {
  return !INVALID_BYTE.test(name) || !LONE_SURROGATE.test(name);
}

/** The order of the names' bytes: the one order in which dbk sorts names and paths. */
export function compareBytes(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const x = a.charCodeAt(i);
    const y = b.charCodeAt(i);
    if (x === y) continue;
    // Below the surrogates the order of UTF-16 is the order of the bytes.
    return x < 0xd800 && y < 0xd800 ? x - y : compareEncoded(a, b);
  }
  return a.length - b.length;
}

function compareEncoded(a: string, b: string): number {
  const x = bytesOfName(a);
  const y = bytesOfName(b);
  const length = Math.min(x.length, y.length);
  for (let i = 0; i < length; i++) if (x[i] !== y[i]) return x[i]! - y[i]!;
  return x.length - y.length;
}

/** Takes the longest valid character at each place, else one byte. */
function decodeByPieces(bytes: Uint8Array): Name {
  let text = '';
  for (let i = 0; i < bytes.length;) {
    const length = characterLength(bytes, i);
    text +=
      length === 0 ? String.fromCharCode(0xdc00 + bytes[i]!) : strict.decode(bytes.subarray(i, i + length));
    i += length || 1;
  }
  return text as Name;
}

/** The length of the valid UTF-8 character at a place, 0 where there is none. */
function characterLength(bytes: Uint8Array, at: number): number {
  const lead = bytes[at]!;
  const length = lead < 0x80 ? 1 : lead < 0xc2 ? 0 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : lead < 0xf5 ? 4 : 0;
  if (length < 2 || at + length > bytes.length) return length < 2 ? length : 0;
  try {
    strict.decode(bytes.subarray(at, at + length));
    return length;
  } catch {
    return 0;
  }
}
