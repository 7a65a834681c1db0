/** What the texts of open conflicts are called, and how many there are. */

import { join } from 'node:path/posix';
import { isDirectory, namesIn } from '../store/directories.ts';
import type { Repository } from './repository.ts';

/** Below `index/`. */
export const CONFLICTS = 'conflicts';
const NAME = /^([0-9a-f]{16})\.yaml$/;

/** Where the text of a conflict stands, below `index/`. */
export function conflictText(id: string): string {
  return `${CONFLICTS}/${id}.yaml`;
}

/** The ids that names in `conflicts/` have, sorted; other names are none. */
export function conflictIds(names: readonly string[]): string[] {
  return names.flatMap((name) => NAME.exec(name)?.[1] ?? []).sort();
}

/** Those whose texts stand here now. */
export function idsOfConflicts({ context, layout }: Repository): string[] {
  const folder = join(layout.index, CONFLICTS);
  return isDirectory(context.disk, folder) ? conflictIds(namesIn(context.disk, folder)) : [];
}

/** How many there are, for the price of one listing. */
export function countOpenConflicts(repository: Repository): number {
  return idsOfConflicts(repository).length;
}
