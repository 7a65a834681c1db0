/** How much is here, as far as a scan could see. */

import type { RepositoryPath } from '../model/path.ts';
import type { Scanned } from './scan.ts';
import * as T from './table.ts';
import { CLEAN, DIRTY } from './walk.ts';

const S_IFMT = 0o170000;
const S_IFREG = 0o100000;

/** Files and bytes that are here, links not counted among the bytes. */
export function totalsOf(cached: T.Table, { parts, marks }: Scanned): { files: number; bytes: number } {
  let files = 0;
  let bytes = 0;
  const add = (table: T.Table, row: number): void => {
    const first = table.columns.firstEntry[row]!;
    const count = table.columns.entryCount[row]!;
    for (let entry = first; entry < first + count; entry++) {
      if ((table.columns.flags[entry]! & T.RULES_ONLY) !== 0) continue;
      files++;
      if ((table.columns.mode[entry]! & S_IFMT) === S_IFREG) bytes += table.columns.size[entry]!;
    }
  };
  for (let row = 0; row < cached.directories; row++) if (marks[row] === CLEAN) add(cached, row);
  for (const { table } of parts) for (let row = 0; row < table.directories; row++) add(table, row);
  return { files, bytes };
}

/** Each directory that is here, with how many of its files and links were known before. */
export function forKnownDirectories(
  cached: T.Table,
  { parts, marks }: Scanned,
  each: (path: RepositoryPath, files: number) => void,
): void {
  T.pathsOf(cached).forEach((path, row) => {
    if (marks[row] !== 0 && marks[row] !== DIRTY)
      each(path as RepositoryPath, cached.columns.entryCount[row]!);
  });
  for (const { table, paths, origins } of parts) {
    paths.forEach((path, row) => {
      const first = table.columns.firstEntry[row]!;
      const known = origins
        .subarray(first, first + table.columns.entryCount[row]!)
        .filter((origin) => origin >= 0);
      each(path as RepositoryPath, known.length);
    });
  }
}
