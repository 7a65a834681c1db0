/** Which places in the repository a person means by the paths they typed. */

import { basename, dirname, resolve } from 'node:path/posix';
import type { Repository } from '../flow/repository.ts';
import { OWN_FOLDER, parsePath, type RepositoryPath } from '../model/path.ts';
import { Refusal } from '../model/problem.ts';
import * as problems from './commands/problems.ts';

/** Refuses ('usage') what is not in the repository; `directory` is what a relative path is relative to. */
export function placeOf({ context, root }: Repository, directory: string, typed: string): RepositoryPath {
  if (typed === '') throw new Refusal('usage', problems.emptyPath());
  const whole = resolve(directory, typed);
  const below = within(root, whole) ?? within(root, withoutSymlinks(context.disk, whole));
  if (below === undefined) throw new Refusal('usage', problems.outside(typed, root));
  const path = parsePath(below);
  if (path !== undefined) return path;
  const isOwn = below.split('/').includes(OWN_FOLDER);
  throw new Refusal('usage', isOwn ? problems.ownFolder(typed) : problems.outside(typed, root));
}

/** The rest of a path that is the root or stands below it. */
function within(root: string, path: string): string | undefined {
  if (path === root) return '';
  const start = root === '/' ? root : `${root}/`;
  return path.startsWith(start) ? path.slice(start.length) : undefined;
}

/** The last component stays: it may be a symlink that is itself meant, or be gone. */
function withoutSymlinks(disk: Repository['context']['disk'], path: string): string {
  try {
    return resolve(disk.realpath(dirname(path)), basename(path));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === undefined) throw error;
    return path;
  }
}
