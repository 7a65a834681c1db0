/** Which conflicts are open, and what each side has. */

import type { CommitId } from '../model/id.ts';
import { isWithin, ROOT, type RepositoryPath } from '../model/path.ts';
import { Interrupted, type Problem } from '../model/problem.ts';
import type { Value } from '../model/value.ts';
import { writeFlow } from '../text/yaml-write.ts';
import { readConfig } from './config.ts';
import { ConflictSides } from './conflict-sides.ts';
import { ConflictVersions, type Version } from './conflict-versions.ts';
import { indexOnDisk } from './index-on-disk.ts';
import { looseConflicts } from './loose-conflicts.ts';
import { openConflicts, subjectOf, type OpenConflict } from './open-conflicts.ts';
import type { Repository } from './repository.ts';

export interface ConflictsRequest {
  /** About these, or what is below them; none: all that are known without reading every text. */
  readonly paths: readonly RepositoryPath[];
  /** Of so many what each side has is found out. */
  readonly limit: number;
  /** Told of each in its turn, of those beyond the limit without `versions`. */
  readonly report: (shown: ConflictShown) => void;
}

export interface ConflictShown extends OpenConflict {
  /** What it is about. */
  readonly path: RepositoryPath;
  readonly versions: readonly Version[];
  /** The merge it came from, and when that was; undefined where that is not known. */
  readonly since: { readonly commit: CommitId; readonly date: string } | undefined;
}

export interface ConflictsFound {
  readonly count: number;
  readonly problems: readonly Problem[];
}

/** Histories are read for so many at once. */
const BATCH = 1000;

/** Reads no file of the person's and takes no lock. */
export async function conflicts(repository: Repository, request: ConflictsRequest): Promise<ConflictsFound> {
  const { paths, limit, report } = request;
  const { open, problems } = await openConflicts(repository);
  const found = [...(await wanted(repository, open, paths))];
  const { name } = await readConfig(repository);
  const sides = new ConflictSides(repository, name);
  const versions = new ConflictVersions(indexOnDisk(repository), sides);
  for (const [i, one] of found.entries()) {
    if (i % BATCH === 0 && repository.context.interrupted()) throw new Interrupted();
    const path = subjectOf(one.conflict)!;
    if (i >= limit) {
      report({ ...one, path, versions: [], since: undefined });
      continue;
    }
    if (i % BATCH === 0) versions.load(found.slice(i, Math.min(i + BATCH, limit)));
    const { merge } = sides.of(one.conflict.commits);
    const since = merge && { commit: merge.id, date: merge.commit.date };
    report({ ...one, path, versions: await versions.of(one), since });
  }
  return { count: found.length, problems };
}

async function wanted(
  repository: Repository,
  open: readonly OpenConflict[],
  paths: readonly RepositoryPath[],
): Promise<Iterable<OpenConflict>> {
  if (paths.length === 0) return open;
  const found = new Set<OpenConflict>();
  for (const path of paths) {
    for (const one of open) if (isAbout(one, path)) found.add(one);
    for (const one of await looseConflicts(repository, path, [...open, ...found])) found.add(one);
  }
  return found;
}

/** Whether a conflict is about a path, or something below it. */
export function isAbout({ conflict }: OpenConflict, path: RepositoryPath): boolean {
  return path === ROOT || conflict.paths.some((each) => isWithin(each, path));
}

/** A value of a field as it is written. */
export function valueWords(value: Value): string {
  return writeFlow(value);
}
