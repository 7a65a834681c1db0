/** Which directories and symlinks have to be looked at again the next time, although their times stay as they are. */

import { parentOf, type RepositoryPath } from '../model/path.ts';
import type { Part, ScanRequest } from './scan.ts';
import * as T from './table.ts';
import { isYoung } from './volume.ts';

const S_IFMT = 0o170000;
const S_IFLNK = 0o120000;

/** A directory or a symlink that changed a moment ago may change again without its times showing it. */
export function markYoung(
  parts: readonly Part[],
  { stamp, home }: Pick<ScanRequest, 'stamp' | 'home'>,
): void {
  for (const { table, devices } of parts) {
    const c = table.columns;
    for (let row = 0; row < table.directories; row++) {
      const times = { mtimeMs: c.directoryMtime[row]!, ctimeMs: c.directoryCtime[row]! };
      if (isYoung(times, home, stamp, devices[row]!)) c.directoryFlags[row]! |= T.YOUNG;
      const first = c.firstEntry[row]!;
      for (let entry = first; entry < first + c.entryCount[row]!; entry++) {
        if ((c.mode[entry]! & S_IFMT) !== S_IFLNK) continue;
        const link = { mtimeMs: c.mtime[entry]!, ctimeMs: c.ctime[entry]! };
        if (isYoung(link, home, stamp, devices[row]!)) c.flags[entry]! |= T.YOUNG;
      }
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
