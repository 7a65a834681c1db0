/**
 * By which inodes things are known again whose moves an undo takes back.
 *
 * The stat cache knows by its place what stands there now. For the state that the index goes back to, that is the
 * wrong thing wherever something moved: a swap would look like two edits.
 */

import type { Moves } from '../diff/move-lookup.ts';
import type { DirectoryChange } from '../model/change.ts';
import type { CommitId } from '../model/id.ts';
import { instantOf } from '../model/instant.ts';
import type { Entry } from '../model/manifest.ts';
import { nameOf, parentOf, type RepositoryPath } from '../model/path.ts';
import type { HomeVolume } from '../scan/volume.ts';
import { keepEvidence, readKeptEvidence } from './kept-evidence.ts';
import { absolute, statsAt, type Repository } from './repository.ts';

/** What the commits that are taken back had done. */
export interface WentForth {
  readonly moves: Moves;
  readonly changes: readonly DirectoryChange[];
}

/** To be called when the index stands at `to`; best effort, as evidence is. */
export function keepEvidenceOfUndo(
  repository: Repository,
  home: HomeVolume,
  { from, to }: { readonly from: CommitId | undefined; readonly to: CommitId | undefined },
  { moves, changes }: WentForth,
): void {
  if (home.keeps !== 'yes') return;
  // What was known of things that had moved on since, and nobody committed it.
  const known = readKeptEvidence(repository, from);
  const evidence = new Map(known);
  for (const { to: line } of moves.facts) evidence.delete(line);
  for (const { to: thing } of moves.things) evidence.delete(thing.path);
  const recorded = new Map(changes.map(({ path, after }) => [path, after]));
  for (const move of moves.things) {
    const place = move.to.path;
    const entry = recorded.get(parentOf(place))?.files.get(nameOf(place));
    const inode = known.get(place) ?? (entry && inodeOf(repository, home, place, entry));
    if (inode !== undefined) evidence.set(move.from.path, inode);
  }
  for (const { from: line, to: place, by } of moves.facts) {
    // Where a folder's files went by their contents, the folder there is another one.
    if (!place.endsWith('/') || by !== 'inode') continue;
    const inode = known.get(place) ?? inodeOf(repository, home, place.slice(0, -1) as RepositoryPath);
    if (inode !== undefined) evidence.set(line, inode);
  }
  keepEvidence(repository, to, evidence);
}

/** Undefined where what stands there is not what was recorded; of a folder nothing is compared. */
function inodeOf(
  repository: Repository,
  home: HomeVolume,
  path: RepositoryPath,
  entry?: Entry,
): string | undefined {
  const stats = statsAt(repository, path);
  if (stats === undefined || stats.dev !== home.device) return undefined;
  if (entry === undefined) return stats.isDirectory() ? `${stats.ino}:${stats.birthtimeMs}` : undefined;
  if (entry.kind === 'file') {
    const exact = repository.context.disk.lstatExact(absolute(repository, path));
    if (!stats.isFile() || exact === undefined || instantOf(exact.mtimeNs) !== entry.mtime) return undefined;
    if (stats.size !== entry.size) return undefined;
  } else if (!stats.isSymbolicLink()) return undefined;
  return `${stats.ino}:${stats.birthtimeMs}`;
}
