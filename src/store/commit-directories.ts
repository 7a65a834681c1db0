/** Where each commit is: `commits/YYYY/DIRECTORY`, found by the digits of the id that the directory's name ends in. */

import { join } from 'node:path/posix';
import type { Disk } from '../disk/disk.ts';
import { shortId, type CommitId } from '../model/id.ts';
import { namesIn } from './directories.ts';
import type { Layout } from './layout.ts';

const YEAR = /^[0-9]{4}$/;
const DIRECTORY = /^[0-9]{8}T[0-9]{6}Z-[a-z0-9][a-z0-9-]{0,40}-([0-9a-f]{16})$/;

export interface CommitDirectories {
  /** The directories whose names fit an id, below `commits/`: one, but for foreign or forged ones. */
  find(id: CommitId): readonly string[];
  /** The same, less what another process wrote since the names were read. */
  known(id: CommitId): readonly string[];
  /** All whose names fit the beginning of an id. */
  startingWith(prefix: string): readonly string[];
  add(directory: string): void;
  remove(directory: string): void;
}

/** Years are read as they are needed, the newest first: what is asked for is mostly new. */
export function commitDirectories(disk: Disk, layout: Layout): CommitDirectories {
  let found = new Map<string, string[]>();
  let years: string[] | undefined;

  const add = (directory: string): void => {
    const short = DIRECTORY.exec(directory.slice('YYYY/'.length))?.[1];
    if (short === undefined) return;
    const same = found.get(short);
    if (same === undefined) found.set(short, [directory]);
    else if (!same.includes(directory)) same.push(directory);
  };
  const readNextYear = (): boolean => {
    years ??= namesIn(disk, layout.commits)
      .filter((name) => YEAR.test(name))
      .sort();
    const year = years.pop();
    if (year === undefined) return false;
    for (const name of namesIn(disk, join(layout.commits, year))) add(`${year}/${name}`);
    return true;
  };
  const search = (short: string): readonly string[] | undefined => {
    while (!found.has(short)) if (!readNextYear()) return undefined;
    return found.get(short);
  };
  const forget = (): void => {
    found = new Map();
    years = undefined;
  };

  return {
    find: (id) => {
      const known = search(shortId(id));
      if (known) return known;
      // Another process may have written it since.
      forget();
      return search(shortId(id)) ?? [];
    },
    known: (id) => search(shortId(id)) ?? [],
    startingWith: (prefix) => {
      forget();
      while (readNextYear());
      const short = prefix.slice(0, shortId(prefix as CommitId).length);
      return [...found].flatMap(([id, directories]) => (id.startsWith(short) ? directories : []));
    },
    add,
    remove: (directory) => {
      for (const [short, same] of found) {
        if (same.includes(directory))
          found.set(
            short,
            same.filter((other) => other !== directory),
          );
      }
    },
  };
}
