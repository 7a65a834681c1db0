/** What a repository may be called, and which names are free. */

import { refuse } from '../model/problem.ts';
import { isRepositoryName } from '../model/repository-name.ts';
import { recordPath } from '../store/repository-file.ts';
import type { Repository } from './repository.ts';

const NUMBERED = /^(.*)-([0-9]+)$/;
/** Room for a number of two digits. */
const LONGEST_STEM = 38;

/** Refuses ('usage') what no repository can be called. */
export function requireName(name: string): string {
  if (isRepositoryName(name)) return name;
  return refuse('usage', 'flow/bad-name', `cannot call a repository '${name}'`, {
    hint: 'use small letters, digits and -, at most 41 of them, beginning with a letter or digit',
  });
}

/** `nas-2` after `nas`. */
export function numberedAfter(name: string): string {
  const numbered = NUMBERED.exec(name);
  return numbered === null ? `${name.slice(0, LONGEST_STEM)}-2` : `${numbered[1]}-${Number(numbered[2]) + 1}`;
}

/** The first one with a number that nobody is known to have. */
export function nextName(repository: Repository, name: string): string {
  let next = numberedAfter(name);
  while (!isFreeName(repository, next)) next = numberedAfter(next);
  return next;
}

/** Whether no repository of that name has been heard of here. */
export function isFreeName({ context, layout }: Repository, name: string): boolean {
  return context.disk.lstat(recordPath(layout, name)) === undefined;
}
