/** The arguments as the bytes they were typed as: Node's argv loses what is not UTF-8. */

import { nameOfBytes } from '../model/name.ts';

const REPLACEMENT = '\ufffd';
const lossy = new TextDecoder('utf-8', { ignoreBOM: true });

/**
 * The arguments with every byte that is not UTF-8 held as a Name holds it.
 *
 * `readCommandLine` gives what Linux shows as `/proc/self/cmdline` (arguments that each end in NUL), or undefined
 * where there is no such thing. It is read only where an argument holds U+FFFD, and believed only where its last
 * arguments are the ones Node shows: a process may rewrite its title over them.
 */
export function exactArguments(
  argv: readonly string[],
  readCommandLine: () => Uint8Array | undefined,
): readonly string[] {
  if (argv.length === 0 || !argv.some((argument) => argument.includes(REPLACEMENT))) return argv;
  const bytes = readCommandLine();
  if (bytes === undefined) return argv;
  const raw = splitAtNul(bytes).slice(-argv.length);
  const same = raw.length === argv.length && raw.every((piece, i) => lossy.decode(piece) === argv[i]);
  return same ? raw.map(nameOfBytes) : argv;
}

function splitAtNul(bytes: Uint8Array): Uint8Array[] {
  const pieces: Uint8Array[] = [];
  let start = 0;
  for (let end = bytes.indexOf(0); end !== -1; end = bytes.indexOf(0, start)) {
    pieces.push(bytes.subarray(start, end));
    start = end + 1;
  }
  if (start < bytes.length) pieces.push(bytes.subarray(start));
  return pieces;
}
