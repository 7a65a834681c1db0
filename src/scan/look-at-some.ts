/** A scan of some directories alone: what becomes of all the others. */

import * as T from './table.ts';
import { CLEAN } from './walk.ts';

/** What is not looked at is as it was. */
export function markOthers(cached: T.Table, only: ReadonlySet<string>, marks: Uint8Array): void {
  marks.fill(CLEAN);
  const links = T.linksOf(cached);
  const waiting: [row: number, path: string][] = cached.directories > 0 ? [[0, '']] : [];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const [row, path] = next;
    if (!only.has(path)) continue;
    marks[row] = 0;
    for (let child = links.firstChild[row]!; child !== -1; child = links.nextSibling[child]!) {
      const name = T.nameOfRow(cached, child);
      waiting.push([child, path === '' ? name : `${path}/${name}`]);
    }
  }
}

/** A directory that is gone took along what stood below, also where nobody looked. */
export function loseBelowGone({ columns, directories }: T.Table, marks: Uint8Array): void {
  for (let row = 1; row < directories; row++) if (marks[columns.parent[row]!] === 0) marks[row] = 0;
}
