/**
 * Finds the hash of a file at a new path by its inode, so that a renamed folder costs no reading; nor do folders that
 * changed places, where files of the same names stand at known paths.
 */

import type { Table } from './table.ts';
import { HASHED, SEEDED, SUSPECT_ENTRY, YOUNG } from './table.ts';
import { CHECK, NEW, type Found } from './walk.ts';

export interface Adopted {
  /** For each entry of what was found the cached entry that it is, or -1. */
  readonly same: Int32Array;
  /** New entries that are the inode of a cached one, but not as it was when it was hashed. */
  readonly written: ReadonlyMap<number, number>;
}

/**
 * For each entry of what was found that is new at its path, or is another file than was there, the cached entry that is the same file, or -1.
 *
 * The same file: same inode number, birth, size, modification and change time, as it was when it was hashed. Only
 * for directories on the home volume, and only where that keeps its inodes (the caller's promise).
 */
export function adoptable(found: Found, cached: Table, homeDevice: number): Adopted {
  const same = new Int32Array(found.table.entries).fill(-1);
  const written = new Map<number, number>();
  const wanted = newcomers(found, cached, homeDevice);
  if (wanted.size === 0) return { same, written };
  const { inode, flags } = cached.columns;
  for (let entry = 0; entry < cached.entries; entry++) {
    const candidates = wanted.get(inode[entry]!);
    if (candidates === undefined) continue;
    const isSettled = (flags[entry]! & (HASHED | YOUNG | SEEDED | SUSPECT_ENTRY)) === HASHED;
    if (!isSettled) continue;
    for (const newcomer of candidates)
      if (isSameFile(found.table, newcomer, cached, entry)) same[newcomer] = entry;
      else if (found.states[newcomer] === NEW && isSameInode(found.table, newcomer, cached, entry))
        written.set(newcomer, entry);
  }
  return { same, written };
}

/** Inode number to the entries that have it and are new where they are. */
function newcomers(found: Found, cached: Table, homeDevice: number): Map<number, number[]> {
  const { columns, directories } = found.table;
  const wanted = new Map<number, number[]>();
  for (let row = 0; row < directories; row++) {
    if (found.devices[row] !== homeDevice) continue;
    const first = columns.firstEntry[row]!;
    for (let entry = first; entry < first + columns.entryCount[row]!; entry++) {
      const isNew = found.states[entry] === NEW || isAnother(found, entry, cached);
      if (!isNew) continue;
      const inode = columns.inode[entry]!;
      const others = wanted.get(inode);
      if (others === undefined) wanted.set(inode, [entry]);
      else others.push(entry);
    }
  }
  return wanted;
}

/** Whether what stands at a path is not the inode that was cached for it; where that was a file that was read. */
function isAnother({ table, states, origins }: Found, entry: number, cached: Table): boolean {
  const origin = origins[entry]!;
  if (states[entry] !== CHECK || origin < 0) return false;
  const { inode, birth, flags } = cached.columns;
  if ((flags[origin]! & (HASHED | SEEDED)) !== HASHED) return false;
  return inode[origin] !== table.columns.inode[entry] || birth[origin] !== table.columns.birth[entry];
}

/** The number alone may be that of a file that is gone. */
function isSameInode(a: Table, i: number, b: Table, j: number): boolean {
  return a.columns.birth[i] === b.columns.birth[j];
}

function isSameFile(a: Table, i: number, b: Table, j: number): boolean {
  const x = a.columns;
  const y = b.columns;
  return (
    x.size[i] === y.size[j] &&
    x.mtime[i] === y.mtime[j] &&
    x.ctime[i] === y.ctime[j] &&
    x.birth[i] === y.birth[j] &&
    x.mode[i] === y.mode[j]
  );
}
