/** What was read of one file, put into its row; and what the file was before, so that rot is told from edits. */

import { hexOf } from '../disk/blake3.ts';
import { READ } from './hash.ts';
import { SEEN_WIDTH, type Contents } from './messages.ts';
import { flagsAfter, flagsOfWritten, REFUSED, UNTRIED, type Previous } from './protect.ts';
import type { Former } from './protect-known.ts';
import type { Part, ScanRequest } from './scan.ts';
import * as T from './table.ts';
import { isYoung } from './volume.ts';
import { CHECK } from './walk.ts';

/** Which entry was read. */
export interface Read {
  readonly part: Part;
  readonly row: number;
  readonly entry: number;
}

/** What a file was before, so that the guard's name of it can follow what was written into it. */
export function previousOf(
  { part, row, entry }: Read,
  { cached, home, loadHashes }: ScanRequest,
  former: Former,
): Previous | undefined {
  const before = former.get(part.table.columns.inode[entry]!);
  if (before !== undefined) return { blake3: before, isRotIfOther: false };
  if ((part.table.columns.flags[entry]! & T.HASHED) !== 0) {
    const blake3 = hexOf(part.hashes.subarray(entry * 32, entry * 32 + 32));
    return {
      blake3,
      isRotIfOther: isAsBefore(part, row, entry, part.table.columns.ctime[entry]!, { cached, home }),
    };
  }
  const origin = part.written?.get(entry) ?? -1;
  if (origin < 0 || (cached.columns.flags[origin]! & T.HASHED) === 0) return undefined;
  const hash = loadHashes()?.subarray(origin * 32, origin * 32 + 32);
  return hash && { blake3: hexOf(hash), isRotIfOther: false };
}

/** Puts what was read of one file into its row. */
export function takeRead(
  { part, row: partRow, entry }: Read,
  contents: Contents,
  row: number,
  { cached, home, stamp, guard }: ScanRequest,
): void {
  part.outcomes[entry] = contents.outcomes[row]!;
  if (contents.outcomes[row] !== READ) {
    const code = contents.codes.get(row);
    if (code !== undefined) (part.codes as Map<number, string>).set(entry, code);
    return;
  }
  const [size, mtimeMs, ctimeMs, birthtimeMs, ino, mode, nlink, ctimeRead] = contents.seen.subarray(
    row * SEEN_WIDTH,
  ) as unknown as number[];
  const hash = contents.hashes.subarray(row * 32, row * 32 + 32);
  const c = part.table.columns;
  const guarding = contents.guarding[row]!;
  part.guarding[entry] = guarding;
  const code = guarding === REFUSED ? contents.codes.get(row) : undefined;
  if (code !== undefined) (part.codes as Map<number, string>).set(entry, code);
  const isOther = Buffer.compare(hash, part.hashes.subarray(entry * 32, entry * 32 + 32)) !== 0;
  const known = isOther && guarding === UNTRIED ? flagsOfWritten(c.flags[entry]!) : c.flags[entry]!;
  const flags = flagsAfter(known & ~T.YOUNG, guarding, guard?.way, nlink!);
  // The change time that the guard made says nothing of the content; the one before it does.
  const seen = { mtimeMs: mtimeMs!, ctimeMs: ctimeRead! };
  const young = isYoung(seen, home, stamp, part.devices[partRow]!) ? T.YOUNG : 0;
  c.flags[entry] = flags | T.HASHED | young;
  [c.size[entry], c.mtime[entry], c.ctime[entry]] = [size!, mtimeMs!, ctimeMs!];
  [c.birth[entry], c.inode[entry], c.mode[entry]] = [birthtimeMs!, ino!, mode!];
  part.mtimes[entry] = contents.mtimes[row]!;
  if (isSuspect(part, partRow, entry, hash, ctimeRead!, { cached, home })) {
    part.suspects[entry] = 1;
    c.flags[entry]! |= T.SUSPECT_ENTRY;
    return;
  }
  part.hashes.set(hash, entry * 32);
}

/** Other bytes at the same size and times: not an edit, or one that hid itself. */
function isSuspect(
  part: Part,
  row: number,
  entry: number,
  hash: Uint8Array,
  ctimeRead: number,
  known: Pick<ScanRequest, 'cached' | 'home'>,
): boolean {
  if (!isAsBefore(part, row, entry, ctimeRead, known)) return false;
  return Buffer.compare(hash, part.hashes.subarray(entry * 32, entry * 32 + 32)) !== 0;
}

/** Whether nothing shows that a file changed since it was hashed. */
function isAsBefore(
  part: Part,
  row: number,
  entry: number,
  ctimeRead: number,
  { cached, home }: Pick<ScanRequest, 'cached' | 'home'>,
): boolean {
  const origin = part.origins[entry]!;
  if (part.states[entry] !== CHECK || origin < 0) return false;
  const c = cached.columns;
  if ((c.flags[origin]! & T.HASHED) === 0 || (c.flags[origin]! & T.YOUNG) !== 0) return false;
  const seen = part.table.columns;
  if (c.size[origin] !== seen.size[entry] || c.mtime[origin] !== seen.mtime[entry]) return false;
  const isSeeded = (c.flags[origin]! & T.SEEDED) !== 0;
  if (isSeeded) return true;
  if (c.ctime[origin] !== ctimeRead) return false;
  // Where inodes are kept, another one is another file: folders that were swapped hold some of the same times.
  const isKeeping = home.keeps === 'yes' && part.devices[row] === home.device;
  return !isKeeping || (c.inode[origin] === seen.inode[entry] && c.birth[origin] === seen.birth[entry]);
}
