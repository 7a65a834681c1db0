/** Which inodes stood at paths that are gone, as far as the stat cache still knows. */

import type { RepositoryPath } from '../model/path.ts';
import { nameOf, parentOf } from '../model/path.ts';
import * as T from '../scan/table.ts';
import type { Plan } from '../sync/plan.ts';

/** Of each file that a plan brings; `origins` says where it is recorded. A hint only: nothing may depend on it. */
export function inodesIn(
  table: T.Table | undefined,
  { actions }: Plan,
  origins: ReadonlyMap<RepositoryPath, RepositoryPath>,
): ReadonlyMap<RepositoryPath, number> {
  const inodes = new Map<RepositoryPath, number>();
  if (table === undefined) return inodes;
  const wanted = new Map<RepositoryPath, Map<string, RepositoryPath>>();
  for (const { path, after } of actions) {
    if (after.kind !== 'file') continue;
    const origin = origins.get(path) ?? path;
    const names = wanted.get(parentOf(origin)) ?? new Map<string, RepositoryPath>();
    wanted.set(parentOf(origin), names.set(nameOf(origin), path));
  }
  T.pathsOf(table).forEach((directory, row) => {
    const names = wanted.get(directory as RepositoryPath);
    if (names === undefined) return;
    const first = table.columns.firstEntry[row]!;
    T.namesOf(table, row).forEach((name, i) => {
      const path = i === 0 ? undefined : names.get(name);
      if (path !== undefined) inodes.set(path, table.columns.inode[first + i - 1]!);
    });
  });
  return inodes;
}
