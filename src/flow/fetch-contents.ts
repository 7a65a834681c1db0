/** Brings what is to come and is on no disk of this machine here, before anything of the person's is touched. */

import { join } from 'node:path/posix';
import type { Problem } from '../model/problem.ts';
import { Interrupted } from '../model/problem.ts';
import { removeTree } from '../store/directories.ts';
import { isKept } from '../sync/plan.ts';
import type { WantedFile } from '../sync/stage.ts';
import { contentOf } from '../sync/stand.ts';
import type { Prepared, Transport } from '../sync/transport.ts';
import type { PlannedArrival } from './arrive.ts';
import { guardOf } from './guard.ts';
import type { Repository } from './repository.ts';
import { Sources } from './sources.ts';

/** Kept when the command is broken off, so that the next one asks for the rest only. */
function folderOf({ layout }: Repository): string {
  return join(layout.local, 'fetched');
}

/** The lock is held. Says what did not come as it is recorded; the files themselves are told where they are missing. */
export async function fetchContents(
  repository: Repository,
  transport: Transport,
  { plan, known }: Pick<PlannedArrival, 'plan' | 'known'>,
): Promise<readonly Problem[]> {
  const { interrupted, progress, disk } = repository.context;
  const here = new Sources(repository, await guardOf(repository), known, plan, new Map());
  const isHere = (wanted: Prepared & { readonly file: WantedFile }): boolean => {
    if (interrupted()) throw new Interrupted();
    for (const { path } of here.of(wanted.path, wanted.file)) {
      const stats = disk.lstatExact(path);
      if (stats?.isFile() !== true || stats.size !== BigInt(wanted.size)) continue;
      if (readable(() => contentOf(disk, path)) === wanted.blake3) return true;
    }
    return false;
  };
  const wanted = plan.actions.flatMap(({ path, before, after }) => {
    if (after.kind !== 'file' || isKept(before, after)) return [];
    return [{ path, blake3: after.blake3, size: after.size, file: after }];
  });
  const missing = transport.isElsewhere ? wanted.filter((each) => !isHere(each)) : [];
  if (missing.length === 0) return [];
  const totalBytes = missing.reduce((sum, { size }) => sum + size, 0);
  return transport.prepare(missing, folderOf(repository), ({ path }, done) => {
    if (interrupted()) throw new Interrupted();
    progress.tell({ phase: 'Fetching', path, ...done, totalBytes });
  });
}

/** What came stands where it belongs now. */
export function forgetFetched(repository: Repository): void {
  removeTree(repository.context.disk, folderOf(repository));
}

/** What cannot be read is not here. */
function readable<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (typeof (error as NodeJS.ErrnoException).code !== 'string') throw error;
    return undefined;
  }
}
