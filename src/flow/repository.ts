/** One repository, opened: its places, its commits, what its config says. */

import type { Stats } from '../disk/disk.ts';
import type { RepositoryPath } from '../model/path.ts';
import { refuse } from '../model/problem.ts';
import type { Rendering } from '../model/rendering.ts';
import { openCommits, type Commits } from '../store/commits.ts';
import { checkFormat, findRepository, layoutOf, type Layout } from '../store/layout.ts';
import type { VolumeNames } from '../text/volume-names.ts';
import type { Context } from './context.ts';
import { onItsVolume } from './on-its-volume.ts';

export interface Repository {
  readonly context: Context;
  /** The absolute path of the person's folder. */
  readonly root: string;
  readonly layout: Layout;
  readonly commits: Commits;
  /** What its volume keeps of what it is given. */
  readonly rendering: Rendering;
  /** What things are called there, where that is not always their name. */
  readonly names: VolumeNames | undefined;
}

/**
 * The repository that a folder is in; refuses where there is none, or one of a newer format. Nothing is written there
 * where it is `onlyRead`.
 */
export function openRepository(context: Context, from: string, { onlyRead = false } = {}): Repository {
  const place = findRepository(context.disk, from);
  if (place === undefined) {
    refuse('no-repository', 'flow/no-repository', `no repository at '${from}' or above it`, {
      hint: 'make one with: dbk init',
    });
  }
  // The folder itself, not a symlink to it: a scan follows none.
  const root = context.disk.realpath(place.root);
  const layout = layoutOf(place.home);
  checkFormat(context.disk, layout);
  const { disk, ...volume } = onItsVolume(context.below ?? context.disk, { root, layout, onlyRead });
  const isOrdinary = disk === context.disk;
  return {
    context: isOrdinary ? context : { ...context, disk, below: context.below ?? context.disk },
    root,
    layout,
    commits: openCommits(disk, layout),
    ...volume,
  };
}

/** The absolute path of something in the repository. */
export function absolute({ root }: Repository, path: RepositoryPath): string {
  return path === '' ? root : `${root === '/' ? '' : root}/${path}`;
}

/** What stands at a path; undefined where nothing does: below what is now a file, too. */
export function statsAt(repository: Repository, path: RepositoryPath): Stats | undefined {
  try {
    return repository.context.disk.lstat(absolute(repository, path));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOTDIR') throw error;
    return undefined;
  }
}
