/** What the rows of a scan say of one directory, without describing it. */

import { hexOf } from '../disk/blake3.ts';
import type { ContentId } from '../model/id.ts';
import type { Name } from '../model/name.ts';
import type { Part, Scanned } from './scan.ts';
import * as T from './table.ts';
import { CLEAN, SAME } from './walk.ts';

const S_IFMT = 0o170000;
const S_IFREG = 0o100000;

/** What a file holds. */
export interface Content {
  readonly name: Name;
  readonly content: ContentId;
  readonly size: number;
}

/** An entry that is not as it was seen last, or a directory that was known to differ from the index then. */
export function mayHoldReplaced(
  cached: T.Table,
  { table, cachedRows, origins, states }: Part,
  row: number,
): boolean {
  const known = cachedRows[row]!;
  if (known < 0 || (cached.columns.directoryFlags[known]! & T.RECORDED) === 0) return true;
  const first = table.columns.firstEntry[row]!;
  for (let entry = first; entry < first + table.columns.entryCount[row]!; entry++) {
    if (origins[entry]! >= 0 && states[entry] !== SAME) return true;
  }
  return false;
}

/** Directories that were known to differ from the index may hold what was new then, too. */
export function* readNew(cached: T.Table, part: Part, row: number): Generator<Content> {
  const { table, cachedRows, origins, hashes, suspects } = part;
  const known = cachedRows[row]!;
  const isKnown = known >= 0 && (cached.columns.directoryFlags[known]! & T.RECORDED) !== 0;
  const { firstEntry, entryCount, flags, mode, size } = table.columns;
  const first = firstEntry[row]!;
  let names: readonly Name[] | undefined;
  for (let entry = first; entry < first + entryCount[row]!; entry++) {
    if (isKnown && origins[entry]! >= 0) continue;
    const isRead =
      (flags[entry]! & (T.HASHED | T.IGNORED | T.UNREADABLE)) === T.HASHED && suspects[entry] === 0;
    if (!isRead || (mode[entry]! & S_IFMT) !== S_IFREG) continue;
    names ??= T.namesOf(table, row);
    const content = hexOf(hashes.subarray(entry * 32, entry * 32 + 32));
    yield { name: names[entry - first + 1]!, content, size: size[entry]! };
  }
}

/** Whether a cached file is still where it was, and as it was. */
export function stillStanding({
  parts,
  marks,
}: Pick<Scanned, 'parts' | 'marks'>): (row: number, path: string, name: Name) => boolean {
  let places: ReadonlyMap<string, readonly [Part, number]> | undefined;
  const find = (): ReadonlyMap<string, readonly [Part, number]> => {
    const found = new Map<string, readonly [Part, number]>();
    for (const part of parts) part.paths.forEach((path, row) => found.set(path, [part, row]));
    return found;
  };
  return (row, path, name) => {
    if (marks[row] === CLEAN) return true;
    const place = (places ??= find()).get(path);
    if (place === undefined) return false;
    const [part, at] = place;
    const index = T.namesOf(part.table, at).indexOf(name, 1);
    return index !== -1 && part.states[part.table.columns.firstEntry[at]! + index - 1] === SAME;
  };
}

/** Where each name stands among those of its directory; the last directory is remembered. */
export class NameIndexes {
  private part: Part | undefined;
  private row = -1;
  private indexes: ReadonlyMap<string, number> = new Map();

  of(part: Part, row: number): ReadonlyMap<string, number> {
    if (this.part !== part || this.row !== row) {
      this.indexes = new Map(
        T.namesOf(part.table, row)
          .slice(1)
          .map((name, i) => [name, i]),
      );
      [this.part, this.row] = [part, row];
    }
    return this.indexes;
  }
}
