/** The index as it was at a commit, as a folder of ordinary files. */

import { dirname, join } from 'node:path/posix';
import type { Disk } from '../disk/disk.ts';
import type { CommitId } from '../model/id.ts';
import { Interrupted, Refusal } from '../model/problem.ts';
import { makeDirectories, namesIn, removeEmptyDirectories } from '../store/directories.ts';
import { createFile, removeFile } from '../store/files.ts';
import { recordedIds } from '../store/texts.ts';
import * as say from './problems.ts';
import { recordedTexts } from './recorded-texts.ts';
import type { Repository } from './repository.ts';

export interface ExportedIndex {
  readonly texts: number;
  readonly bytes: number;
}

/**
 * Writes the texts of a commit below `folder` (absolute), which is made or is empty; gives each path when it is
 * there. If it does not come to its end, nothing is left of it. Refuses ('usage') a folder that is not empty, is
 * none, or is in `.dbk`.
 */
export function* exportIndex(
  repository: Repository,
  at: CommitId,
  folder: string,
): Generator<string, ExportedIndex> {
  const { disk, interrupted } = repository.context;
  refuseTaken(repository, folder);
  const ids = recordedIds(repository.commits, at);
  const created = makeDirectories(disk, folder);
  const written: string[] = [];
  let bytes = 0;
  try {
    for (const [path, text] of recordedTexts(repository, at, ids, [...ids.keys()])) {
      if (interrupted()) throw new Interrupted();
      const place = join(folder, path);
      created.push(...makeDirectories(disk, dirname(place)));
      createFile(disk, place, text);
      written.push(place);
      bytes += Buffer.byteLength(text);
      yield path;
    }
  } finally {
    if (written.length < ids.size) takeBack(disk, written, created);
  }
  return { texts: ids.size, bytes };
}

function refuseTaken({ context: { disk }, layout }: Repository, folder: string): void {
  let above = folder;
  while (disk.statExact(above) === undefined && above !== '/') above = dirname(above);
  const home = disk.realpath(layout.home);
  const real = disk.realpath(above);
  if (real === home || real.startsWith(`${home}/`)) throw new Refusal('usage', say.exportIntoOwn(folder));
  if (above !== folder && disk.lstat(folder) === undefined) return;
  if (!disk.statExact(folder)?.isDirectory()) throw new Refusal('usage', say.exportToNoFolder(folder));
  if (namesIn(disk, folder).length > 0) throw new Refusal('usage', say.exportNotEmpty(folder));
}

/** Only what was written here: somebody else may have put something there meanwhile. */
function takeBack(disk: Disk, written: readonly string[], created: readonly string[]): void {
  for (const path of written) removeFile(disk, path);
  for (const directory of [...created].reverse()) removeEmptyDirectories(disk, directory, dirname(directory));
}
