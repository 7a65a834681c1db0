/** The difference of two states as two folders that any tool can compare. */

import { dirname, join } from 'node:path/posix';
import { Interrupted, type Problem } from '../model/problem.ts';
import { makeDirectories } from '../store/directories.ts';
import { createFile } from '../store/files.ts';
import { openAside } from './aside.ts';
import { diff, type Difference, type DiffRequest } from './diff.ts';
import type { Repository } from './repository.ts';

export interface Sides {
  /** The absolute path of the folder in which `a` and `b` are. */
  readonly folder: string;
  /** How many texts differ. */
  readonly texts: number;
  readonly problems: readonly Problem[];
  /** Removes the folders. */
  remove(): void;
}

export const BEFORE = 'a';
export const AFTER = 'b';

/** Writes the texts that differ, and no others, into two folders; after an error nothing is left of them. */
export async function sideBySide(repository: Repository, request: DiffRequest): Promise<Sides> {
  const difference = await diff(repository, request);
  const { folder, remove } = openAside(repository, 'difftool');
  try {
    const texts = writeSides(repository, folder, difference);
    return { folder, texts, problems: difference.problems, remove };
  } catch (error) {
    remove();
    throw error;
  }
}

function writeSides({ context }: Repository, folder: string, difference: Difference): number {
  const { disk, interrupted } = context;
  const write = (side: string, path: string, text: string | undefined): void => {
    if (text === undefined) return;
    const place = join(folder, side, path);
    makeDirectories(disk, dirname(place));
    createFile(disk, place, text);
  };
  for (const side of [BEFORE, AFTER]) disk.mkdir(join(folder, side));
  let texts = 0;
  for (const { path, before, after } of difference.texts()) {
    if (interrupted()) throw new Interrupted();
    write(BEFORE, path, before);
    write(AFTER, path, after);
    texts += 1;
  }
  return texts;
}
