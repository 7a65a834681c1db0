/** The newcomer's one command: a folder is recorded, and a second repository on another disk has all of it. */

import { basename, dirname, join } from 'node:path/posix';
import { OWN_FOLDER } from '../model/path.ts';
import { refuse } from '../model/problem.ts';
import { namesIn } from '../store/directories.ts';
import { clone, type Cloned } from './clone.ts';
import { commit, type CommitResult } from './commit.ts';
import type { Context } from './context.ts';
import { fetch } from './fetch.ts';
import { init, isRepositoryFolder } from './init.ts';
import { openAddress } from './merge-source.ts';
import type { MergeOptions } from './merge.ts';
import { pullAfterPush } from './pull-after-push.ts';
import { push } from './push.ts';
import { addRemote, addressOf, readRemotes, remoteAt } from './remotes.ts';
import { openRepository, type Repository } from './repository.ts';
import { toldOf, type ToldMerge } from './told-merge.ts';

export interface BackupOptions extends Omit<
  MergeOptions,
  'source' | 'command' | 'unrelated' | 'dryRun' | 'report'
> {
  /** The absolute path of the folder that a person has; made a repository where it is none. */
  readonly source: string;
  /** The absolute path of a disk, or of the copy on it. */
  readonly disk: string;
  /** Told of each thing as it is done. */
  readonly tell: (done: BackupStep) => Promise<void>;
}

export type BackupStep =
  | { readonly kind: 'made'; readonly repository: Repository }
  | { readonly kind: 'recorded'; readonly result: CommitResult }
  | { readonly kind: 'cloned'; readonly cloned: Cloned }
  | { readonly kind: 'came' | 'went'; readonly place: string; readonly result: ToldMerge };

export interface BackedUp {
  readonly repository: Repository;
  /** The folder of the copy. */
  readonly place: string;
  /** Both are on one volume, which takes both when it fails. */
  readonly isOneVolume: boolean;
}

/** Refuses ('usage') a place for the copy that cannot be one before anything is done. */
export async function backup(context: Context, options: BackupOptions): Promise<BackedUp> {
  const { source, tell } = options;
  const place = placeOfCopy(context, options);
  const isNew = !isRepositoryFolder(context, source);
  if (isNew) await tell({ kind: 'made', repository: await init(context, { folder: source }) });
  const repository = openRepository(context, source);
  const result = await commit(repository, { ...quiet(options), report: options.reportOwn });
  await tell({ kind: 'recorded', result });
  if (isRepositoryFolder(context, place)) await meet(repository, place, options);
  else await copyTo(repository, place, options);
  const [here, there] = [source, place].map((path) => context.disk.statExact(path)?.dev);
  return { repository, place, isOneVolume: here === there };
}

/** `DISK/NAME` where DISK is a folder that is there, as `cp -r` takes it; the copy itself where DISK is that. */
function placeOfCopy(context: Context, { source, disk }: BackupOptions): string {
  const isFolder = context.disk.statExact(disk)?.isDirectory() === true;
  const place = isFolder && !isRepositoryFolder(context, disk) ? join(disk, basename(source)) : disk;
  if (`${place}/`.startsWith(`${source}/`) || `${source}/`.startsWith(`${place}/`)) {
    refuse('usage', 'flow/copy-inside', `'${place}' cannot be a copy of '${source}': one is in the other`, {
      hint: 'name another disk, or a folder beside it',
    });
  }
  if (context.disk.statExact(dirname(place))?.isDirectory() !== true) {
    refuse('usage', 'flow/no-disk', `there is no folder '${dirname(place)}'`, {
      hint: 'connect the disk, or make the folder first',
    });
  }
  const names = context.disk.lstat(place) === undefined ? [] : namesIn(context.disk, place);
  if (names.length > 0 && names.every((name) => name !== OWN_FOLDER)) {
    refuse('failed', 'flow/not-empty', `something is in '${place}' already, and it is no repository`, {
      hint: 'name another folder; if it is an old copy, make it a repository with: dbk init',
    });
  }
  return place;
}

/** What merging asks for and a backup does not decide. */
function quiet({ message, confirmDeletions, checkEverything, ask, reportOwn }: BackupOptions) {
  const asked = ask === undefined ? {} : { ask };
  return {
    message,
    confirmDeletions,
    checkEverything,
    dryRun: false,
    reportOwn,
    report: () => undefined,
    ...asked,
  };
}

/** There is a copy: what each has that the other has not goes over. */
async function meet(repository: Repository, place: string, options: BackupOptions): Promise<void> {
  const transport = openAddress(repository, place);
  const asked = { ...quiet(options), unrelated: false };
  try {
    const name = (await transport.facts()).name;
    await remember(repository, name, place);
    // What changed there is recorded by this, so that it can come.
    const pushed = await push(repository, { ...asked, remote: remoteAt(name, place, '/') });
    await options.tell({ kind: 'went', place, result: pushed.there });
    const came = await pullAfterPush(repository, pushed, transport, asked);
    await options.tell({ kind: 'came', place, result: toldOf(came) });
  } finally {
    await transport.close();
  }
}

async function copyTo(repository: Repository, place: string, { tell }: BackupOptions): Promise<void> {
  const { context, root } = repository;
  const cloned = await clone(context, {
    source: root,
    directory: '/',
    folder: place,
    report: () => undefined,
  });
  await tell({ kind: 'cloned', cloned });
  await remember(repository, cloned.name, place);
  // So it is known here who has what.
  const transport = openAddress(repository, place);
  try {
    await fetch(repository, transport);
  } finally {
    await transport.close();
  }
}

/** A remote from now on, so that `sync` needs no address; one that is called so already stays. */
async function remember(repository: Repository, name: string, place: string): Promise<void> {
  const { remotes } = await readRemotes(repository);
  if (remotes.some((remote) => remote.name === name || addressOf(remote) === place)) return;
  await addRemote(repository, remoteAt(name, place, '/'));
}
