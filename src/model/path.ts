/** Where a thing is: a path below the repository's folder, and what cannot be one. */

import type { Name } from './name.ts';

/**
 * Names joined by '/', relative to the repository's folder; '' is the folder itself.
 *
 * `..`, `.`, empty components, a leading '/', NUL and `.dbk` cannot be represented: only `parsePath` and
 * `childOf` make one.
 */
export type RepositoryPath = string & { readonly __brand: 'RepositoryPath' };

export const ROOT = '' as RepositoryPath;

/** The folder of dbk's own files, which is never recorded. */
export const OWN_FOLDER = '.dbk';

/** Whether a name can be a component of a path. */
export function isName(text: string): text is Name {
  return (
    text !== '' &&
    text !== '.' &&
    text !== '..' &&
    !text.includes('/') &&
    !text.includes('\0') &&
    text !== OWN_FOLDER
  );
}

/** The path a text names, or undefined where a component cannot be one; a final '/' is taken. */
export function parsePath(text: string): RepositoryPath | undefined {
  const trimmed = text.endsWith('/') ? text.slice(0, -1) : text;
  if (trimmed === '') return text === '' ? ROOT : undefined;
  return trimmed.split('/').every(isName) ? (trimmed as RepositoryPath) : undefined;
}

export function childOf(directory: RepositoryPath, name: Name): RepositoryPath {
  return (directory === '' ? name : `${directory}/${name}`) as RepositoryPath;
}

/** The directory that holds a path; the root holds itself. */
export function parentOf(path: RepositoryPath): RepositoryPath {
  return path.slice(0, Math.max(0, path.lastIndexOf('/'))) as RepositoryPath;
}

export function nameOf(path: RepositoryPath): Name {
  return path.slice(path.lastIndexOf('/') + 1) as Name;
}

export function componentsOf(path: RepositoryPath): readonly Name[] {
  return path === '' ? [] : (path.split('/') as Name[]);
}

/** Every directory that one of these is in, the repository's own folder among them; not these themselves. */
export function foldersAbove(paths: Iterable<RepositoryPath>): Set<RepositoryPath> {
  const folders = new Set<RepositoryPath>();
  for (const path of paths) {
    for (let at = parentOf(path); !folders.has(at); at = parentOf(at)) {
      folders.add(at);
      if (at === ROOT) break;
    }
  }
  return folders;
}

/** Whether a path is a directory or stands below it. */
export function isWithin(path: RepositoryPath, directory: RepositoryPath): boolean {
  return directory === '' || path === directory || path.startsWith(`${directory}/`);
}
