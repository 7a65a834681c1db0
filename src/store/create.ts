/** How a repository comes to be: `format` is written last, and until then there is none. */

import { join } from 'node:path/posix';
import type { Disk } from '../disk/disk.ts';
import { writeConfig, type Config } from '../text/config.ts';
import { discardTree, makeDirectories, namesIn } from './directories.ts';
import { quietly } from './errors.ts';
import { removeFile, removeLeftovers, replaceFile } from './files.ts';
import { FORMAT_TEXT, isRepository, layoutOf, type Layout } from './layout.ts';
import { alreadyThere, formatLost, homeNotADirectory } from './problems.ts';
import { DEFAULT_POLICY_TEXT } from '../text/policy.ts';
import { IGNORE, README } from './readme.ts';

/** The texts of the index that a new repository has, by their paths in it. */
const FIRST_TEXTS: ReadonlyMap<string, string> = new Map([
  ['ignore', IGNORE],
  ['policy.yaml', DEFAULT_POLICY_TEXT],
]);

/** Nobody else is to read what a person's files are called. */
const PRIVATE = 0o700;

/**
 * Creates a repository in `home`; durable when it returns.
 *
 * `config` may be found out when the folders are there: what it throws takes them away again.
 *
 * Refuses where there is one. What an earlier attempt left is completed; what this one creates is taken away again
 * if it fails.
 */
export function createRepository(
  disk: Disk,
  home: string,
  config: Config | ((layout: Layout) => Config),
): Layout {
  const layout = layoutOf(home);
  refuseExisting(disk, layout);
  const isNew = makeDirectories(disk, home, { durable: true, mode: PRIVATE }).includes(home);
  try {
    for (const directory of [
      layout.commits,
      layout.repositories,
      layout.operations,
      layout.scratch,
      layout.index,
    ]) {
      makeDirectories(disk, directory, { durable: true });
      removeLeftovers(disk, directory);
    }
    removeLeftovers(disk, layout.local);
    removeLeftovers(disk, home);
    for (const [path, text] of [
      [layout.readme, README],
      [layout.config, writeConfig(typeof config === 'function' ? config(layout) : config)],
      ...Array.from(FIRST_TEXTS, ([path, text]) => [join(layout.index, path), text] as const),
      [layout.format, FORMAT_TEXT],
    ] as const) {
      replaceFile(disk, path, text, { durable: true });
    }
  } catch (error) {
    // First what makes it a repository, so that no half of one is ever taken for one.
    quietly(() => removeFile(disk, layout.format));
    if (isNew) discardTree(disk, home);
    throw error;
  }
  return layout;
}

/** Refuses where there is a repository, or something else where one would be. */
export function refuseExisting(disk: Disk, layout: Layout): void {
  const { home } = layout;
  if (isRepository(disk, home)) throw alreadyThere(home);
  const found = disk.statExact(home);
  if (found !== undefined && !found.isDirectory()) throw homeNotADirectory(home);
  const hasCommits = namesIn(disk, layout.commits).length > 0;
  if (hasCommits || disk.lstat(layout.head) !== undefined) throw formatLost(home);
}

/** Whether a text of the index is as a new repository has it: what nobody has changed is no news. */
export function isFirstText(path: string, text: string | undefined): boolean {
  return text !== undefined && FIRST_TEXTS.get(path) === text;
}
