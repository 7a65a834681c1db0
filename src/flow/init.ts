/** Makes a folder a repository. */

import { createRepository, refuseExisting } from '../store/create.ts';
import { findRepository, layoutOf } from '../store/layout.ts';
import { makeDirectories } from '../store/directories.ts';
import { OWN_FOLDER } from '../model/path.ts';
import { DEFAULT_CONFIG, type GuardKind } from '../text/config.ts';
import { checkedGuard, usualGuard } from './guard.ts';
import { randomDigits, type Context } from './context.ts';
import { writeHere } from './here.ts';
import { requireName } from './names.ts';
import { openRepository, type Repository } from './repository.ts';
import { sayOfItself } from './say-of-itself.ts';

export interface InitOptions {
  /** The absolute path of the folder; it is created where it is missing. */
  readonly folder: string;
  /** What the repository is called; by default as the machine. */
  readonly name?: string;
  /** How deleted files are kept; by default links where the volume has them, else not at all. */
  readonly guard?: GuardKind;
}

/** A new repository without a commit; refuses where there is one. */
export async function init(context: Context, options: InitOptions): Promise<Repository> {
  const { folder, guard } = options;
  const chosen = nameFor(context, options);
  makeDirectories(context.disk, folder);
  const id = randomDigits(context);
  createRepository(context.disk, homeIn(folder), (layout) => ({
    ...DEFAULT_CONFIG,
    guard: guard === undefined ? usualGuard(context.disk, layout) : checkedGuard(context.disk, layout, guard),
    name: chosen,
    id,
    more: new Map(),
  }));
  const repository = openRepository(context, folder);
  writeHere(repository);
  await sayOfItself(repository, undefined);
  return repository;
}

/** What a new repository would be called; refuses what `init` refuses before it writes anything. */
export function nameFor(context: Context, { folder, name }: Pick<InitOptions, 'folder' | 'name'>): string {
  const chosen = requireName(name ?? nameFrom(context.identity.host));
  refuseExisting(context.disk, layoutOf(homeIn(folder)));
  return chosen;
}

/** Whether a folder is itself a repository's. */
export function isRepositoryFolder(context: Context, folder: string): boolean {
  return findRepository(context.disk, folder)?.root === folder;
}

function homeIn(folder: string): string {
  return `${folder === '/' ? '' : folder}/${OWN_FOLDER}`;
}

/** A machine's name as a repository may be called. */
function nameFrom(host: string): string {
  const cleaned = host
    .toLowerCase()
    .replace(/\..*$/, '')
    .replace(/[^a-z0-9-]+/g, '-')
    .replace(/^-+/, '')
    .slice(0, 41);
  return cleaned === '' ? 'repository' : cleaned;
}
