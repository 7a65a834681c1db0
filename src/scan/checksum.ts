/** CRC-32 of bytes, as zlib has it; for a few of them without loading zlib, which takes longer than a small status. */

import { createRequire } from 'node:module';

/** Below this the table is quicker than loading. */
const FEW = 1 << 18;
/** The reversed polynomial of CRC-32 (ISO 3309). */
const POLYNOMIAL = 0xedb88320;

const require = createRequire(import.meta.url);
let table: Uint32Array | undefined;

export function checksum(bytes: Uint8Array): number {
  if (bytes.length > FEW) return (require('node:zlib') as typeof import('node:zlib')).crc32(bytes);
  table ??= makeTable();
  let crc = 0xffffffff;
  for (let i = 0; i < bytes.length; i++) crc = table[(crc ^ bytes[i]!) & 0xff]! ^ (crc >>> 8);
  return (crc ^ 0xffffffff) >>> 0;
}

function makeTable(): Uint32Array {
  return Uint32Array.from({ length: 256 }, (_, byte) => {
    let value = byte;
    for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ POLYNOMIAL : value >>> 1;
    return value;
  });
}
