/** Scans with what was known, and again where that turns out not to have been enough. */

import type { Manifest } from '../model/manifest.ts';
import { childOf, type RepositoryPath } from '../model/path.ts';
import type { Cache } from '../scan/cache.ts';
import { goneNames } from '../scan/describe.ts';
import type { Scanned } from '../scan/scan.ts';
import { absolute, type Repository } from './repository.ts';
import type { TreeCache } from './tree-cache.ts';

/** Scans with what was known, and again with a row for everything recorded where that was not enough. */
export async function scanCompletely(
  known: TreeCache,
  completed: (cache: Cache | undefined) => TreeCache,
  scanWith: (tree: TreeCache) => Promise<Scanned>,
  isHiding: (scanned: Scanned) => boolean,
): Promise<TreeCache & { readonly scanned: Scanned }> {
  const scanned = await scanWith(known);
  const isDamaged = known.cache.isDamaged();
  if (!isDamaged && (known.isComplete || !isHiding(scanned))) return { ...known, scanned };
  const complete = completed(isDamaged || known.cache.loadHashes() === undefined ? undefined : known.cache);
  return { ...complete, scanned: await scanWith(complete) };
}

/** Whether rules keep something out that is recorded: it was gone when they came, and is back. */
export function hidesRecorded(
  { parts }: Scanned,
  recordedManifest: (path: RepositoryPath) => Manifest | undefined,
  stands: (path: RepositoryPath) => boolean,
): boolean {
  if (!parts.some(({ hasRules }) => hasRules)) return false;
  return parts.some((part) =>
    part.paths.some((path, row) => {
      const directory = path as RepositoryPath;
      const gone = goneNames(part, row, recordedManifest(directory));
      return gone.some((name) => stands(childOf(directory, name)));
    }),
  );
}

/** Whether a file or a link stands at a path, as far as can be seen. */
export function isThere(repository: Repository, path: RepositoryPath): boolean {
  try {
    const stats = repository.context.disk.lstat(absolute(repository, path));
    return stats !== undefined && (stats.isFile() || stats.isSymbolicLink());
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === undefined) throw error;
    return false;
  }
}
