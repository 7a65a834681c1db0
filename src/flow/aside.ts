/** A folder below `.dbk/local` for what a command needs while it runs, which the next one clears away if it crashed. */

import { join } from 'node:path/posix';
import {
  discardTree,
  makeDirectories,
  makeScratch,
  namesIn,
  removeEmptyDirectories,
} from '../store/directories.ts';
import { quietly } from '../store/errors.ts';
import { createFile, readText } from '../store/files.ts';
import { identifyProcess, isRunning } from '../store/process-identity.ts';
import { parseLock, writeLock, type Holder } from '../text/journal.ts';
import type { Repository } from './repository.ts';

export interface Aside {
  /** Absolute, empty at first. */
  readonly folder: string;
  /** Removes it with all that is in it; never throws. */
  remove(): void;
}

/** Who a folder belongs to, as in a lock: nothing of the command's own is called so. */
const OWNER = 'owner';
const WORK = 'files';
const LONGEST_OWNER = 4096;

/** Makes one. It needs no lock: it is not below `local/new`, which whoever holds the lock empties. */
export function openAside(repository: Repository, command: string): Aside {
  const { disk, identity, clock } = repository.context;
  const parent = join(repository.layout.local, 'aside');
  const me = identifyProcess(disk, identity.host, identity.pid);
  makeDirectories(disk, parent);
  clearAway(repository, parent, me);
  let own: string | undefined;
  const remove = (): void => {
    if (own !== undefined) discardTree(disk, own);
    quietly(() => removeEmptyDirectories(disk, parent, repository.layout.local));
  };
  try {
    own = makeScratch(disk, parent);
    const since = new Date(clock.now()).toISOString().replace(/\.\d+Z$/, 'Z');
    createFile(disk, join(own, OWNER), writeLock({ ...me, command, since }));
    disk.mkdir(join(own, WORK));
    return { folder: join(own, WORK), remove };
  } catch (error) {
    remove();
    throw error;
  }
}

/** Removes the folders of processes of this machine that have ended. */
function clearAway(
  { context: { disk } }: Repository,
  parent: string,
  me: Pick<Holder, 'host' | 'boot'>,
): void {
  for (const name of namesIn(disk, parent)) {
    const owner = ownerOf(readOwner(disk, join(parent, name, OWNER)));
    if (owner === undefined || owner.host !== me.host) continue;
    if (owner.boot !== me.boot || isRunning(disk, owner) === false) discardTree(disk, join(parent, name));
  }
}

function readOwner(disk: Repository['context']['disk'], path: string): string {
  return readText(disk, path, LONGEST_OWNER) ?? '';
}

/** undefined for what is not yet written, or is none: it is left. */
function ownerOf(text: string): Holder | undefined {
  try {
    return parseLock(text);
  } catch {
    return undefined;
  }
}
