/** The tree that a merge makes: where each thing is, what it holds, and what a person has to look at. */

import type { Digest } from '../model/id.ts';
import type { Manifest } from '../model/manifest.ts';
import { compareBytes } from '../model/name.ts';
import { parentOf, type RepositoryPath } from '../model/path.ts';
import { Conflicts, type TreeConflict } from './conflicts.ts';
import { directoryRenames, type DirectoryRenames } from './directory-renames.ts';
import { mergeFolders } from './entries.ts';
import { settleEntities } from './entity-ids.ts';
import { keepLastCopies } from './last-copies.ts';
import { filesOf, foldersOf, type Thing } from './objects.ts';
import { Placing, type Arrival } from './placing.ts';
import { WholesPlaced } from './put-wholes.ts';
import { Result, type Landed } from './result.ts';
import { entryAt, type MergeQuestion, type SideName, type State } from './state.ts';
import { Untouched } from './untouched.ts';
import { pathsOf, versionsOf, type Standing } from './versions.ts';
import { isInWhole, outsideOf, wholesOf } from './wholes.ts';

export type { TreeConflict, TreeConflictKind } from './conflicts.ts';
export type { Landed } from './result.ts';

export interface MergedTree {
  /** Every directory that may differ from a side's; undefined: it is not there. */
  readonly directories: ReadonlyMap<RepositoryPath, Manifest | undefined>;
  readonly landed: readonly Landed[];
  readonly conflicts: readonly TreeConflict[];
}

/** Merges the trees; the same for swapped sides. `renames` are those that carry new things along. */
export function mergeTrees(
  question: MergeQuestion,
  digest: Digest,
  renames: Record<SideName, DirectoryRenames> = directoryRenames(question),
): MergedTree {
  const conflicts = new Conflicts();
  const folderThings = foldersOf(question);
  const { things: fileThings, still } = filesOf(question, (path) => isInWhole(question, path));
  const untouched = new Untouched(question, still);
  const placing = new Placing(question, renames, untouched, conflicts);
  const result = new Result(question, untouched, conflicts, digest);

  // What is one whole goes its own way: no thing that is in one is looked at by itself.
  const all = { files: fileThings, folders: folderThings };
  const wholes = wholesOf(question, digest);
  const roots = wholes.map(({ thing }) => thing);
  const files = placing.files(outsideOf(all.files, roots));
  const folders = placing.folders(outsideOf(all.folders, roots));

  // Every folder is known before anything is put, so that no file takes the name of one.
  for (const path of folders.keys()) result.surround(path);
  for (const path of files.keys()) result.surround(parentOf(path));
  const placedWholes = new WholesPlaced(question, result, untouched, conflicts, all);
  placedWholes.put(wholes, placing);
  for (const [path, arrivals] of folders) putFolder(result, path, arrivals);

  // What kept its name stands before anything is put beside it, so that no name is taken twice.
  const homeless: [RepositoryPath, Standing][] = [];
  for (const [path, arrivals] of [...files].sort(([a], [b]) => compareBytes(a, b)))
    for (const left of result.putFirst(path, versionsOf(arrivals, digest))) homeless.push([path, left]);
  for (const [path, standing] of homeless) result.putBeside(path, standing);
  const { isJoined = false } = question;
  keepLastCopies(result, fileThings, untouched, { wholes: placedWholes.roots, isJoined });

  const directories = result.directories();
  for (const conflict of settledEntities(directories, question.base, result.landed, digest))
    conflicts.note({ ...conflict, ids: [] });
  return { directories, landed: result.landed, conflicts: conflicts.sorted() };
}

/** Folders that came to one path are one from now on. */
function putFolder(result: Result, path: RepositoryPath, arrivals: readonly Arrival<Manifest>[]): void {
  const versions = arrivals.map(({ thing }) => folderAfter(thing));
  const from = arrivals.map(({ thing }) => pathsOf(thing));
  const itself = versions.reduce((a, b) => mergeFolders(undefined, a, b));
  result.putFolder(path, itself, from);
  for (const { conflict } of arrivals) if (conflict !== undefined) result.notePlace(conflict, path, path);
}

function folderAfter({ base, ours, theirs }: Thing<Manifest>): Manifest {
  if (ours === undefined || theirs === undefined) return (ours ?? theirs)!.is;
  return mergeFolders(base?.is, ours.is, theirs.is);
}

function settledEntities(
  directories: Map<RepositoryPath, Manifest | undefined>,
  base: State,
  landed: readonly Landed[],
  digest: Digest,
): ReturnType<typeof settleEntities> {
  const origins = new Map(landed.map(({ path, base: was }) => [path, was]));
  const cameFrom = (path: RepositoryPath, id: string): boolean => {
    const was = origins.has(path) ? origins.get(path) : path;
    if (was === undefined) return false;
    const entry = entryAt(base, was);
    return base.manifest(was)?.entity?.id === id || (entry?.kind === 'file' && entry.entity?.id === id);
  };
  return settleEntities(directories, base, cameFrom, digest);
}
