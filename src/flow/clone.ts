/** Makes a new repository that has what another one has. */

import { join, resolve } from 'node:path/posix';
import { randomDigits, type Context } from './context.ts';
import { init, nameFor } from './init.ts';
import { openAddress } from './merge-source.ts';
import { merge, type MergeOptions, type MergeResult } from './merge.ts';
import { addRemote, remoteAt } from './remotes.ts';
import { numberedAfter } from './names.ts';
import { openRepository, type Repository } from './repository.ts';
import { refuse } from '../model/problem.ts';
import { discardTree, namesIn } from '../store/directories.ts';
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
  refuseFilled(context, options.folder);
  return cloneInto(context, options, false);
}

/** What `clone` would do: the history is copied into a folder below `scratch`, which is removed again. */
export async function cloneAhead(context: Context, options: CloneOptions, scratch: string): Promise<Cloned> {
  refuseFilled(context, options.folder);
  const number = randomDigits(context);
  const folder = join(scratch, `dbk-clone-${number}`);
  try {
    return await cloneInto(context, { ...options, folder }, true);
  } finally {
    discardTree(context.disk, folder);
  }
}

function refuseFilled({ disk }: Context, folder: string): void {
  if (disk.lstat(folder) === undefined || namesIn(disk, folder).length === 0) return;
  refuse('failed', 'flow/not-empty', `something is in '${folder}' already`, {
    hint: 'clone into a new folder; if it is a copy, make it a repository and run there: dbk pull --unrelated',
  });
}

async function cloneInto(context: Context, options: CloneOptions, dryRun: boolean): Promise<Cloned> {
  const { source, directory, folder, report } = options;
  const address = source.startsWith('ssh://') ? source : resolve(directory, source);
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
      dryRun,
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
