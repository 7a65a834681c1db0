/** By which inode a thing was known when it was seen last, and by which now: the first evidence of a move. */

import { nameOf, parentOf, type RepositoryPath } from '../model/path.ts';
import type { Part } from './scan.ts';
import * as T from './table.ts';
import type { HomeVolume } from './volume.ts';

/** `INODE:BIRTH`, birth in milliseconds; undefined where the volume does not keep inodes, or nothing is known. */
export type InodeKey = string;

/** Answers for one scan; `cached` is what was known before it. */
export class Evidence {
  private readonly cached: T.Table;
  private readonly home: HomeVolume;
  private rows: ReadonlyMap<string, number> | undefined;
  private last: { readonly row: number; readonly entries: ReadonlyMap<string, number> } | undefined;

  constructor(cached: T.Table, home: HomeVolume) {
    this.cached = cached;
    this.home = home;
  }

  directoryBefore(path: RepositoryPath): InodeKey | undefined {
    const row = this.rowOf(path);
    if (row === undefined) return undefined;
    const { directoryInode, directoryBirth, directoryFlags } = this.cached.columns;
    if ((directoryFlags[row]! & T.SEEDED) !== 0) return undefined;
    return this.key(directoryInode[row]!, directoryBirth[row]!);
  }

  entryBefore(path: RepositoryPath): InodeKey | undefined {
    const row = this.rowOf(parentOf(path));
    const entry = row === undefined ? undefined : this.entriesOf(row).get(nameOf(path));
    if (entry === undefined) return undefined;
    const { inode, birth, flags } = this.cached.columns;
    // Without a hash nobody knows which content that inode had.
    if ((flags[entry]! & (T.HASHED | T.SEEDED | T.SUSPECT_ENTRY)) !== T.HASHED) return undefined;
    return this.key(inode[entry]!, birth[entry]!);
  }

  directoryNow({ table, devices }: Part, row: number): InodeKey | undefined {
    if (devices[row] !== this.home.device) return undefined;
    return this.key(table.columns.directoryInode[row]!, table.columns.directoryBirth[row]!);
  }

  /** `index` counts the files and links of the directory in their order. */
  entryNow({ table, devices }: Part, row: number, index: number): InodeKey | undefined {
    if (devices[row] !== this.home.device) return undefined;
    const entry = table.columns.firstEntry[row]! + index;
    return this.key(table.columns.inode[entry]!, table.columns.birth[entry]!);
  }

  private key(inode: number, birth: number): InodeKey | undefined {
    return this.home.keeps === 'yes' && inode > 0 ? `${inode}:${birth}` : undefined;
  }

  private rowOf(path: RepositoryPath): number | undefined {
    this.rows ??= new Map(T.pathsOf(this.cached).map((known, row) => [known, row]));
    return this.rows.get(path);
  }

  /** The same directory is asked for many times in a row. */
  private entriesOf(row: number): ReadonlyMap<string, number> {
    if (this.last?.row === row) return this.last.entries;
    const first = this.cached.columns.firstEntry[row]!;
    const names = T.namesOf(this.cached, row);
    const entries = new Map<string, number>();
    for (let i = 1; i < names.length; i++) entries.set(names[i]!, first + i - 1);
    this.last = { row, entries };
    return entries;
  }
}
