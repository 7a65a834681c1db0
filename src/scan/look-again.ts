/** Which directories have to be listed again the next time, although their times stay as they are. */

import { parentOf, type RepositoryPath } from '../model/path.ts';
import type { Part, ScanRequest } from './scan.ts';
import * as T from './table.ts';
import { isYoung } from './volume.ts';

/**
 * A directory that changed a moment ago may change again without its times showing it.
 *
 * With it its symlinks are read again: they change only by being replaced.
 */
export function markYoung(
  parts: readonly Part[],
  { stamp, home }: Pick<ScanRequest, 'stamp' | 'home'>,
): void {
  for (const { table, devices } of parts) {
    const { directoryMtime, directoryCtime, directoryFlags } = table.columns;
    for (let row = 0; row < table.directories; row++) {
      const times = { mtimeMs: directoryMtime[row]!, ctimeMs: directoryCtime[row]! };
      if (isYoung(times, home, stamp, devices[row]!)) directoryFlags[row]! |= T.YOUNG;
    }
  }
}

/** Nothing about a directory tells that a closed one in it was opened: it has to be listed again the next time. */
export function markAboveClosed(parts: readonly Part[]): void {
  const above = new Set<string>(
    parts.flatMap(({ closed }) => closed.map((path) => parentOf(path as RepositoryPath))),
  );
  if (above.size === 0) return;
  for (const { paths, table } of parts) {
    paths.forEach((path, row) => {
      if (above.has(path)) table.columns.directoryFlags[row]! |= T.YOUNG;
    });
  }
}
