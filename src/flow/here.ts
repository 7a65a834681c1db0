/** Which place on which volume a repository was last seen at. */

import { instantOf } from '../model/instant.ts';
import { replaceFile } from '../store/files.ts';
import { writeHere as text } from '../text/journal.ts';
import type { Repository } from './repository.ts';

/** Notes where `.dbk` is, so that a copy of it is noticed later. */
export function writeHere({ context, layout }: Repository): void {
  const stats = context.disk.lstatExact(layout.home);
  if (stats === undefined) return;
  const born = stats.birthtimeNs === 0n ? '' : instantOf(stats.birthtimeNs);
  replaceFile(context.disk, layout.here, text({ inode: String(stats.ino), born, volume: '' }), {
    durable: true,
  });
}
