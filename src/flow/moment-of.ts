/** When a commit was made, by its directory's name alone: for a line that is not worth reading the commit. */

import type { CommitId } from '../model/id.ts';
import { commitDirectories } from '../store/commit-directories.ts';
import type { Repository } from './repository.ts';

const DATE = /^\d{4}\/(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z-/;

/** Milliseconds since 1970; undefined where no directory, or more than one, has its short id. */
export function momentOf({ context, layout }: Repository, id: CommitId): number | undefined {
  const [directory, another] = commitDirectories(context.disk, layout).find(id);
  if (directory === undefined || another !== undefined) return undefined;
  const [, ...parts] = DATE.exec(directory) ?? [];
  const [year, month, day, hour, minute, second] = parts.map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const moment = Date.UTC(year, month - 1, day, hour, minute, second);
  return Number.isNaN(moment) ? undefined : moment;
}
