/** What belongs to an entity as the index has it, and the id of all that a reader can tell from it. */

import { digest } from '../disk/blake3.ts';
import type { ContentId } from '../model/id.ts';
import type { FileEntry, Manifest } from '../model/manifest.ts';
import { compareBytes, type Name } from '../model/name.ts';
import { childOf, nameOf, parentOf, type RepositoryPath } from '../model/path.ts';
import type { FilePatterns } from '../plugin/api.ts';
import { takes } from '../plugin/file-patterns.ts';
import { escapePath } from '../text/names.ts';
import type { EntityAt } from './entities.ts';

/** The index at one commit, as far as readers of entities ask for it. */
export interface IndexNow {
  manifest(path: RepositoryPath): Manifest | undefined;
  foldersIn(path: RepositoryPath): Iterable<Name>;
}

/** The files of an entity by their paths relative to it, in the order of their bytes. */
export function filesOfEntity(
  index: IndexNow,
  path: RepositoryPath,
  { kind }: Pick<EntityAt, 'kind'>,
): ReadonlyMap<string, FileEntry> {
  const found: [string, FileEntry][] = [];
  if (kind === 'file') {
    const entry = index.manifest(parentOf(path))?.files.get(nameOf(path));
    if (entry?.kind === 'file') found.push([nameOf(path), entry]);
    return new Map(found);
  }
  const waiting: RepositoryPath[] = [path];
  const start = path === '' ? 0 : path.length + 1;
  for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
    for (const [name, entry] of index.manifest(at)?.files ?? [])
      if (entry.kind === 'file') found.push([childOf(at, name).slice(start), entry]);
    for (const name of index.foldersIn(at)) waiting.push(childOf(at, name));
  }
  return new Map(found.sort(([a], [b]) => compareBytes(a, b)));
}

/**
 * What `extracted:` of an entity is of: equal where names and sizes of all files are, and the contents of those that
 * a reader may open (section 6 of ../text/README.md).
 */
export function contentOfEntity(
  files: ReadonlyMap<string, FileEntry>,
  patterns: readonly FilePatterns[],
): ContentId {
  const lines = Array.from(files, ([path, { blake3, size }]) => {
    const isRead = patterns.some((each) => takes(each, path));
    return `${isRead ? blake3 : '-'} ${size} ${escapePath(path as RepositoryPath)}\n`;
  });
  return digest(lines.join(''));
}
