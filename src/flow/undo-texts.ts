/**
 * What dbk itself wrote about a person's files goes back with the operation that wrote it: the sidecar of a new
 * entity, those that moved with one. What somebody wrote there since stays, and goes where the thing goes.
 */

import { basename, dirname, join } from 'node:path/posix';
import { digest } from '../disk/blake3.ts';
import type { CommitId, ContentId } from '../model/id.ts';
import { makeDirectories, namesIn, removeEmptyDirectories } from '../store/directories.ts';
import { readBytes, removeFile, replaceFile } from '../store/files.ts';
import { textsAt } from '../store/texts.ts';
import { headersOf } from '../store/trace.ts';
import { MANIFEST } from '../text/mirror.ts';
import { rulerOf } from '../text/ruler.ts';
import type { Repository } from './repository.ts';

const LONGEST = 1 << 30;

/**
 * Of a commit that was made together with steps: to be called when head has gone from it to the one before it, or
 * from that one to it; what is neither of the two texts stays.
 */
export function bringTextsAlong(
  repository: Repository,
  from: CommitId | undefined,
  to: CommitId | undefined,
): void {
  const { commits } = repository;
  if (from !== undefined && commits.readCommit(from).parents[0] === to) bring(repository, from, to, true);
  else if (to !== undefined && commits.readCommit(to).parents[0] === from) bring(repository, to, to, false);
}

/** `at` is the state whose texts are wanted. */
function bring(
  { commits, context: { disk }, layout }: Repository,
  commit: CommitId,
  at: CommitId | undefined,
  isBack: boolean,
): void {
  const place = (path: string): string => join(layout.index, path);
  const idAt = (path: string): ContentId | undefined => {
    const bytes = readBytes(disk, place(path), LONGEST);
    return bytes && digest(bytes);
  };
  const wanted = new Set<string>();
  const left = new Set<string>();
  const folders = new Map<string, string>();
  for (const { kind, path, from = path, oldId, newId } of headersOf(commits, commit)) {
    const [is, was] = isBack ? [path, from] : [from, path];
    if (basename(path) === MANIFEST && kind === 'renamed') folders.set(dirname(is), dirname(was));
    if (rulerOf(path) !== 'person') continue;
    if (kind === 'renamed') {
      if (idAt(is) === undefined || idAt(was) !== undefined) continue;
      makeDirectories(disk, dirname(place(was)));
      disk.rename(place(is), place(was));
      left.add(dirname(is));
      continue;
    }
    const [now, then] = isBack ? [newId, oldId] : [oldId, newId];
    if (idAt(path) !== now) continue;
    if (then !== undefined) wanted.add(path);
    else if (removeFile(disk, place(path))) left.add(dirname(path));
  }
  // What no commit has goes with its folder.
  for (const [is, was] of folders) {
    for (const name of namesIn(disk, place(is))) {
      if (rulerOf(`${is}/${name}`) !== 'person' || disk.lstat(place(`${was}/${name}`)) !== undefined)
        continue;
      disk.rename(place(`${is}/${name}`), place(`${was}/${name}`));
    }
    left.add(is);
  }
  for (const [path, text] of wanted.size === 0 ? [] : textsAt(commits, at, wanted)) {
    makeDirectories(disk, dirname(place(path)));
    if (text !== undefined) replaceFile(disk, place(path), text);
  }
  for (const directory of left) removeEmptyDirectories(disk, place(directory), layout.index);
}
