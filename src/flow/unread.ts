/** Which entities are still to be read: a list that outlives the process that was to read them. */

import { readText, removeFile, replaceFile } from '../store/files.ts';
import { quietly } from '../store/errors.ts';
import type { Repository } from './repository.ts';

const FIRST = 'dbk: unread 1';
const LONGEST = 64 * 1024 * 1024;

/** Their ids; none where there is no list, or one that cannot be read. */
export function unreadEntities({ context, layout }: Repository): ReadonlySet<string> {
  const ids = new Set<string>();
  quietly(() => {
    const [first, ...lines] = (readText(context.disk, layout.unread, LONGEST) ?? '').split('\n');
    if (first === FIRST) for (const id of lines) if (id !== '') ids.add(id);
  });
  return ids;
}

/** Keeps the list; best effort, since whatever is committed later is read then. */
export function keepUnread({ context, layout }: Repository, ids: ReadonlySet<string>): void {
  quietly(() => {
    if (ids.size === 0) removeFile(context.disk, layout.unread);
    else replaceFile(context.disk, layout.unread, [FIRST, ...[...ids].sort(), ''].join('\n'));
  });
}
