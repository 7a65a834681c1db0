/** What a person names to merge with: another repository, by folder or address, or a commit that is here. */

import { resolve } from 'node:path/posix';
import type { RepositoryPath } from '../model/path.ts';
import { refuse } from '../model/problem.ts';
import { isSshAddress } from '../sync/address.ts';
import { folderTransport, type FolderPlace } from '../sync/folder.ts';
import { sshTransport } from '../sync/ssh.ts';
import type { Transport } from '../sync/transport.ts';
import { placesAt } from './contents-at.ts';
import type { MergeSource } from './merge.ts';
import { namedCommit } from './named-commit.ts';
import { openRepository, type Repository } from './repository.ts';

/** A folder that is there is one, whatever commits are called; refuses what is neither. */
export async function mergeSource(
  repository: Repository,
  directory: string,
  named: string,
): Promise<MergeSource> {
  if (isSshAddress(named)) return { kind: 'repository', transport: openAddress(repository, named) };
  const path = resolve(directory, named);
  const isFolder = repository.context.disk.lstat(path)?.isDirectory() === true || named.includes('/');
  if (!isFolder) return { kind: 'commit', id: namedCommit(repository, named) };
  return { kind: 'repository', transport: openFolder(repository, named, path) };
}

/**
 * A way to an address that is complete: `ssh://…`, or the absolute path of a folder. `jumps` are the machines on the
 * way, the nearest first.
 */
export function openAddress(
  repository: Pick<Repository, 'context' | 'root'>,
  address: string,
  jumps?: readonly string[],
): Transport {
  if (!isSshAddress(address)) return openFolder(repository, address, address);
  const { disk, interrupted, programs } = repository.context;
  return sshTransport(disk, address, { programs, jumps, interrupted });
}

/** Refuses a folder that is in no repository, and this one itself. */
export function openFolder(
  repository: Pick<Repository, 'context' | 'root'>,
  named: string,
  path: string,
): Transport {
  const { context } = repository;
  const other = openRepository(context, path, { onlyRead: true });
  if (other.root === repository.root) {
    refuse('usage', 'flow/itself', `'${named}' is this repository itself`, {
      hint: 'name the folder of another one',
    });
  }
  const { names, ...there } = other;
  // Who copies from there does so with a disk of its own, which does not know these names.
  const calledByOthers = names && ((path: RepositoryPath) => names.placeOf(path) as RepositoryPath);
  return openFolderOf(there, { place: named, calledByOthers });
}

/** A repository as others see it. */
export function openFolderOf(
  { context, root, layout }: Pick<Repository, 'context' | 'root' | 'layout'>,
  others: Partial<Pick<FolderPlace, 'place' | 'calledByOthers'>> = {},
): Transport {
  return folderTransport(context.disk, { place: root, ...others, root, layout }, placesAt);
}
