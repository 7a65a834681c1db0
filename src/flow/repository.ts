/** One repository, opened: its places, its commits, what its config says. */

import type { Stats } from '../disk/disk.ts';
import type { RepositoryPath } from '../model/path.ts';
import { refuse } from '../model/problem.ts';
import { digest } from '../disk/blake3.ts';
import type { Disk } from '../disk/disk.ts';
import { withNames, withoutModes } from '../disk/rendered.ts';
import { FAITHFUL, takesAllNames, type Rendering } from '../model/rendering.ts';
import { openCommits, type Commits } from '../store/commits.ts';
import { checkFormat, findRepository, layoutOf, type Layout } from '../store/layout.ts';
import { readText } from '../store/files.ts';
import { readRepositoryFile } from '../store/repository-file.ts';
import { renderingOf } from '../store/rendering.ts';
import { parseConfig } from '../text/config.ts';
import { TextError } from '../text/problems.ts';
import type { Renamed } from '../text/repository.ts';
import { VolumeNames } from '../text/volume-names.ts';
import type { Context } from './context.ts';

const LONGEST_CONFIG = 1 << 20;

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
  const below = context.below ?? context.disk;
  const rendering = renderingOf(below, layout, !onlyRead);
  const told = rendering === FAITHFUL ? [] : namesTold(below, layout);
  const names =
    takesAllNames(rendering) && told.length === 0 ? undefined : new VolumeNames(rendering, digest, told);
  const kept = rendering.modes ? below : withoutModes(below);
  const disk = names === undefined ? kept : withNames(kept, { root, home: layout.home }, names);
  return {
    context: disk === context.disk ? context : { ...context, disk, below },
    root,
    layout,
    commits: openCommits(disk, layout),
    rendering,
    names,
  };
}

/** What a repository says of the names that its volume had to change. */
function namesTold(disk: Disk, layout: Layout): readonly Renamed[] {
  const name = ownName(readText(disk, layout.config, LONGEST_CONFIG) ?? '');
  return name === undefined ? [] : (readRepositoryFile(disk, layout, name)?.as ?? []);
}

/** Of a config that a person wrote in their own way, the line is enough. */
function ownName(config: string): string | undefined {
  try {
    return parseConfig(config).name;
  } catch (error) {
    if (!(error instanceof TextError)) throw error;
    return /^name: *["']?([a-z0-9-]+)/m.exec(config)?.[1];
  }
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
