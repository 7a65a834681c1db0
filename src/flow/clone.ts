/** Makes a new repository that has what another one has. */

import { resolve } from 'node:path/posix';
import type { Context } from './context.ts';
import { init, nameFor } from './init.ts';
import { openAddress } from './merge-source.ts';
import { merge, type MergeOptions, type MergeResult } from './merge.ts';
import { addRemote, remoteAt } from './remotes.ts';
import { numberedAfter } from './names.ts';
import { openRepository, type Repository } from './repository.ts';
import { refuse } from '../model/problem.ts';
import { namesIn } from '../store/directories.ts';
import type { WantRule } from '../text/want.ts';
import { setWant } from './want.ts';

export interface CloneOptions extends Pick<MergeOptions, 'report'> {
  /** As a person typed it. */
  readonly source: string;
  /** Where relative addresses start from. */
  readonly directory: string;
  /** The absolute path of the new folder. */
  readonly folder: string;
  /** What it is called; by default as the machine, with a number where the source is called so. */
  readonly name?: string;
  /** What is wanted of it; absent: everything. */
  readonly want?: readonly WantRule[];
}

export interface Cloned {
  readonly repository: Repository;
  readonly name: string;
  readonly made: MergeResult;
}

/** Refuses ('failed') a folder in which something is already. What was broken off goes on with `pull`. */
export async function clone(context: Context, options: CloneOptions): Promise<Cloned> {
  const { source, directory, folder, report } = options;
  const address = source.startsWith('ssh://') ? source : resolve(directory, source);
  if (context.disk.lstat(folder) !== undefined && namesIn(context.disk, folder).length > 0) {
    refuse('failed', 'flow/not-empty', `something is in '${folder}' already`, {
      hint: 'clone into a new folder; if it is a copy, make it a repository and run there: dbk pull --unrelated',
    });
  }
  const transport = openAddress({ context, root: folder }, address);
  try {
    const facts = await transport.facts();
    const name = options.name ?? freeName(nameFor(context, { folder }), facts.name);
    const repository = await init(context, { folder, name });
    await addRemote(repository, remoteAt(facts.name, address, directory));
    if (options.want !== undefined) await setWant(repository, options.want, false);
    const made = await merge(openRepository(context, folder), {
      source: { kind: 'repository', transport },
      command: 'clone',
      unrelated: false,
      message: '',
      confirmDeletions: false,
      checkEverything: false,
      dryRun: false,
      reportOwn: () => undefined,
      report,
    });
    return { repository, name, made };
  } finally {
    await transport.close();
  }
}

/** Two on one machine would be called the same. */
function freeName(usual: string, taken: string): string {
  return usual === taken ? numberedAfter(usual) : usual;
}
