/** How bytes of a file are told and counted. */

/** Whether these characters, of one byte each, stand there. */
export function isText(bytes: Uint8Array, at: number, text: string): boolean {
  for (let i = 0; i < text.length; i++) if (bytes[at + i] !== text.charCodeAt(i)) return false;
  return true;
}

/** A whole number, its lowest byte first; `length` is at most 8, and what is above 2^53 is not exact. */
export function littleEndianAt(bytes: Uint8Array, offset: number, length: number): number {
  let number = 0;
  for (let i = offset + length - 1; i >= offset; i--) number = number * 256 + bytes[i]!;
  return number;
}

export function hexOf(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
