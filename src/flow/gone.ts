/** What is recorded and was not met: whole directories, and the sizes of all files that are gone. */

import type { Entry, Manifest } from '../model/manifest.ts';
import { compareBytes } from '../model/name.ts';
import type { RepositoryPath } from '../model/path.ts';
import { goneNames } from '../scan/describe.ts';
import { frozenRows } from '../scan/frozen.ts';
import type { Walked } from '../scan/scan.ts';
import * as T from '../scan/table.ts';
import type { MirrorBefore } from './mirror-paths.ts';

/** Cached directories that nobody met, that are recorded, and that are not below one that could not be looked at. */
export function goneDirectories(
  cached: T.Table,
  { marks }: Pick<Walked, 'marks'>,
  mirror: MirrorBefore,
): RepositoryPath[] {
  if (!marks.includes(0)) return [];
  const frozen = frozenRows(cached, marks);
  const paths = T.pathsOf(cached);
  const gone: RepositoryPath[] = [];
  for (let row = 0; row < cached.directories; row++) {
    if (marks[row] !== 0 || frozen[row] === 1) continue;
    if (mirror.of(paths[row] as RepositoryPath) !== undefined) gone.push(paths[row] as RepositoryPath);
  }
  return gone.sort(compareBytes);
}

/** The sizes of all files that are gone: only of these something new can be the content. */
export function sizesOfGone(
  { parts, marks }: Walked,
  cached: T.Table,
  mirror: MirrorBefore,
  recordedManifest: (path: RepositoryPath) => Manifest | undefined,
): (size: number) => boolean {
  let sizes: Set<number> | undefined;
  const find = (): Set<number> => {
    const found = new Set<number>();
    const add = (entry: Entry | undefined): void => {
      if (entry?.kind === 'file' && entry.size > 0) found.add(entry.size);
    };
    for (const path of goneDirectories(cached, { marks }, mirror)) {
      for (const entry of recordedManifest(path)?.files.values() ?? []) add(entry);
    }
    for (const part of parts) {
      part.paths.forEach((path, row) => {
        const recorded = recordedManifest(path as RepositoryPath);
        for (const name of goneNames(part, row, recorded)) add(recorded?.files.get(name));
      });
    }
    return found;
  };
  return (size) => (sizes ??= find()).has(size);
}
