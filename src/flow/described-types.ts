/** Of which types all files that are recorded here have been read: a note that outlives whoever was to read them. */

import type { RepositoryPath } from '../model/path.ts';
import { quietly } from '../store/errors.ts';
import { readText, replaceFile } from '../store/files.ts';
import { escapePath, unescapePath } from '../text/names.ts';
import type { Repository } from './repository.ts';

export interface DescribedTypes {
  /** By the name of a type: the version of the plugin that all its files were read with. */
  readonly types: ReadonlyMap<string, number>;
  /** Files that were to be read, and could not be for a while. */
  readonly files: ReadonlySet<RepositoryPath>;
}

const FIRST = 'dbk: described 1';
const TYPE = /^type ([a-z][a-z0-9-]*) ([1-9]\d{0,14})$/;
const FILE = 'file ';
const LONGEST = 16 * 1024 * 1024;

/** Nothing where there is no note, or one that cannot be read: then what is known is found by looking. */
export function describedTypes({ context, layout }: Repository): DescribedTypes {
  const types = new Map<string, number>();
  const files = new Set<RepositoryPath>();
  quietly(() => {
    const [first, ...lines] = (readText(context.disk, layout.described, LONGEST) ?? '').split('\n');
    if (first !== FIRST) return;
    for (const line of lines) {
      const [, name, version] = TYPE.exec(line) ?? [];
      if (name !== undefined) types.set(name, Number(version));
      const path = line.startsWith(FILE) ? unescapePath(line.slice(FILE.length)) : undefined;
      if (path !== undefined) files.add(path);
    }
  });
  return { types, files };
}

/** Best effort: without it the next commit looks again. */
export function keepDescribed({ context, layout }: Repository, { types, files }: DescribedTypes): void {
  const lines = [
    ...[...types].map(([name, version]) => `type ${name} ${version}`).sort(),
    ...[...files].map((path) => FILE + escapePath(path)).sort(),
  ];
  quietly(() => replaceFile(context.disk, layout.described, [FIRST, ...lines, ''].join('\n')));
}
