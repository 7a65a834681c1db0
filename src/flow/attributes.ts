/** Owner, group, ACL and extended attributes of what changed, where the policy asks for them. */

import type { Attributes } from '../model/manifest.ts';
import { childOf, type RepositoryPath } from '../model/path.ts';
import type { Problem } from '../model/problem.ts';
import type { Scanned } from '../scan/scan.ts';
import * as T from '../scan/table.ts';
import { absolute, type Repository } from './repository.ts';

export interface AttributesSeen {
  /** What could not be read stays as it is recorded. */
  of(path: RepositoryPath, recorded: Attributes | undefined): Attributes;
  readonly problems: readonly Problem[];
}

const NOTHING: Attributes = {};

/** Asks for all paths at once. */
export async function seeAttributes(
  repository: Repository,
  { parts }: Scanned,
  record: ReadonlySet<keyof Attributes>,
): Promise<AttributesSeen> {
  if (record.size === 0) return { of: () => NOTHING, problems: [] };
  const paths: RepositoryPath[] = [];
  for (const { table, paths: directories } of parts) {
    directories.forEach((directory, row) => {
      paths.push(directory as RepositoryPath);
      for (const name of T.namesOf(table, row).slice(1))
        paths.push(childOf(directory as RepositoryPath, name));
    });
  }
  const { disk } = repository.context;
  const { readAttributes } = await import('../scan/attributes.ts');
  const read = readAttributes(repository.root, paths, record, (path) =>
    disk.lstat(absolute(repository, path)),
  );
  return {
    of: (path, recorded) => {
      const seen = read.attributes.get(path);
      if (seen !== undefined && read.unknown.size === 0) return seen;
      const kept = [...record].filter((kind) => seen === undefined || read.unknown.has(kind));
      return { ...seen, ...only(recorded, kept) };
    },
    problems: read.problems,
  };
}

function only(recorded: Attributes | undefined, kinds: readonly (keyof Attributes)[]): Attributes {
  return Object.fromEntries(
    kinds.filter((kind) => recorded?.[kind] !== undefined).map((kind) => [kind, recorded![kind]]),
  );
}
