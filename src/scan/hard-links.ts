/** Which of the person's files are hard links of one another, and the id that their group was given once. */

import { compareBytes } from '../model/name.ts';
import type { RepositoryPath } from '../model/path.ts';
import type { Part, Scanned } from './scan.ts';
import { frozenRows } from './frozen.ts';
import * as T from './table.ts';
import { CLEAN } from './walk.ts';

export interface LinkGroups {
  groupOf(part: Part, entry: number): string | undefined;
}

interface Member {
  readonly path: string;
  readonly part?: Part;
  readonly entry: number;
}

/**
 * The groups that any file found belongs to.
 *
 * A group has the smallest of the ids that its members are recorded with, else a new one. Files that were not
 * looked at again count as members: whatever changes a group changes the times of all in it.
 */
export function linkGroups(
  { parts, marks }: Pick<Scanned, 'parts' | 'marks'>,
  cached: T.Table,
  recordedGroup: (path: RepositoryPath) => string | undefined,
  newId: () => string,
): LinkGroups {
  const groups = foundGroups(parts);
  if (groups.size > 0) addCached(groups, cached, marks);
  const ids = new Map<Part, Map<number, string>>();
  for (const members of groups.values()) {
    if (members.length < 2) continue;
    const known = members
      .map(({ path }) => recordedGroup(path as RepositoryPath))
      .filter((id) => id !== undefined);
    const id = known.sort(compareBytes)[0] ?? newId();
    for (const { part, entry } of members) {
      if (part === undefined) continue;
      if (!ids.has(part)) ids.set(part, new Map());
      ids.get(part)!.set(entry, id);
    }
  }
  return { groupOf: (part, entry) => ids.get(part)?.get(entry) };
}

/** Device and inode to the files found there. */
function foundGroups(parts: readonly Part[]): Map<string, Member[]> {
  const groups = new Map<string, Member[]>();
  for (const part of parts) {
    const { firstEntry, entryCount, flags, inode } = part.table.columns;
    for (let row = 0; row < part.table.directories; row++) {
      const first = firstEntry[row]!;
      let names: readonly string[] | undefined;
      for (let entry = first; entry < first + entryCount[row]!; entry++) {
        if ((flags[entry]! & (T.LINKED | T.RULES_ONLY | T.UNREADABLE)) !== T.LINKED) continue;
        names ??= T.namesOf(part.table, row);
        const name = names[entry - first + 1]!;
        const path = part.paths[row] === '' ? name : `${part.paths[row]}/${name}`;
        const key = `${inode[entry]} ${part.table.columns.birth[entry]} ${part.table.columns.ctime[entry]}`;
        const members = groups.get(key);
        if (members === undefined) groups.set(key, [{ path, part, entry }]);
        else members.push({ path, part, entry });
      }
    }
  }
  return groups;
}

function addCached(groups: Map<string, Member[]>, cached: T.Table, marks: Uint8Array): void {
  const { firstEntry, entryCount, flags, inode, birth, ctime } = cached.columns;
  const frozen = frozenRows(cached, marks);
  let paths: readonly string[] | undefined;
  for (let row = 0; row < cached.directories; row++) {
    if (marks[row] !== CLEAN && frozen[row] === 0) continue;
    const first = firstEntry[row]!;
    for (let entry = first; entry < first + entryCount[row]!; entry++) {
      if ((flags[entry]! & (T.LINKED | T.RULES_ONLY)) !== T.LINKED) continue;
      const members = groups.get(`${inode[entry]} ${birth[entry]} ${ctime[entry]}`);
      if (members === undefined) continue;
      paths ??= T.pathsOf(cached);
      const name = T.namesOf(cached, row)[entry - first + 1]!;
      members.push({ path: paths[row] === '' ? name : `${paths[row]}/${name}`, entry });
    }
  }
}
