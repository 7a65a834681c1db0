/** Texts that people wrote, brought to where they belong: what no patch can do, before a commit and after it. */

import { dirname, join } from 'node:path/posix';
import { makeDirectories } from '../store/directories.ts';
import { readText, replaceFile } from '../store/files.ts';
import { LONGEST_SIDECAR } from '../text/sidecar.ts';
import type { Plan } from './record.ts';
import type { Repository } from './repository.ts';

/** Before the commit; where the process ends after this, they are still edits, at the place where they belong. */
export function carryAhead({ context, layout }: Repository, { unrecorded, removed }: Plan): void {
  for (const { from, to } of unrecorded) {
    makeDirectories(context.disk, join(layout.index, dirname(to)));
    context.disk.rename(join(layout.index, from), join(layout.index, to));
  }
  for (const { path, text } of removed) replaceFile(context.disk, join(layout.index, path), text);
}

/** After it; the words are recorded where they belong, and whatever else somebody wrote meanwhile stays. */
export function putBack({ context, layout }: Repository, { behind }: Plan): void {
  for (const { path, edit, text } of behind) {
    const place = join(layout.index, path);
    if (readText(context.disk, place, LONGEST_SIDECAR) === edit) replaceFile(context.disk, place, text);
  }
}
