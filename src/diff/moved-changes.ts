/** What happened in one directory, with what moved told as moved instead of as removed here and added there. */

import type { Change, DirectoryChange, MoveEvidence } from '../model/change.ts';
import type { Entry, Manifest } from '../model/manifest.ts';
import { compareBytes } from '../model/name.ts';
import { nameOf, type RepositoryPath } from '../model/path.ts';
import { changesOf, directoryChange, kindOf } from './diff.ts';

/** What is known of moves. */
export interface MovesTold {
  /** The thing at a path came from another; `within` is the folder that moved and took it along. */
  into(path: RepositoryPath):
    | {
        readonly from: RepositoryPath;
        readonly by: MoveEvidence;
        readonly within: RepositoryPath | undefined;
      }
    | undefined;
  isSource(path: RepositoryPath): boolean;
  /** The whole folders that moved to a path by themselves, not with one above, and how much they took along. */
  folderFacts(path: RepositoryPath): readonly {
    readonly from: RepositoryPath;
    readonly by: MoveEvidence;
    readonly files: number;
    readonly bytes: number;
  }[];
  /** A whole folder that came to a path: what was recorded of it where it was. */
  folderBefore(path: RepositoryPath): Manifest | undefined;
  isFolderSource(path: RepositoryPath): boolean;
  /** What was recorded at a path. */
  entryBefore(path: RepositoryPath): Entry | undefined;
}

/**
 * The changes of a directory; `targets` are the things that moved into it.
 *
 * A thing that went along with its folder is told with `within`: as moved where that is all, else as what happened
 * to it besides, with its old path as `from`.
 */
export function* changesWithMoves(
  directory: DirectoryChange,
  moves: MovesTold,
  targets: readonly RepositoryPath[],
): Generator<Change> {
  const missing = new Set(targets);
  const changes: Change[] = [];
  const came = moves.folderBefore(directory.path);
  const itself = came && directoryChange(directory.path, came, directory.after);
  if (itself !== undefined) yield itself;
  for (const change of changesOf(directory)) {
    if (change.what === 'directory') {
      // One that came is told against what it was, one that went where it is now.
      const isElsewhere = change.kind === 'removed' && moves.isFolderSource(change.path);
      if (came === undefined && !isElsewhere) yield change;
      continue;
    }
    missing.delete(change.path);
    const told = withMove(change, moves);
    if (told !== undefined) changes.push(told);
  }
  for (const fact of directory.after === undefined ? [] : moves.folderFacts(directory.path))
    yield { kind: 'moved', what: 'directory', path: directory.path, ...fact };
  // What moved to where something just like it had been is no change of the manifest.
  for (const path of missing) {
    const after = directory.after?.files.get(nameOf(path));
    if (after === undefined) continue;
    const told = withMove({ kind: 'added', what: after.kind, path, after }, moves);
    if (told !== undefined) changes.push(told);
  }
  if (missing.size > 0) changes.sort((a, b) => compareBytes(a.path, b.path));
  yield* changes;
}

function withMove(change: Change, moves: MovesTold): Change | undefined {
  const move = moves.into(change.path);
  if (move === undefined)
    return change.kind === 'removed' && moves.isSource(change.path) ? undefined : change;
  const { from, by, within } = move;
  const before = moves.entryBefore(from);
  const { path, what, after } = change;
  const moved: Change = {
    kind: 'moved',
    path,
    what,
    from,
    by,
    ...(before && { before }),
    ...(after && { after }),
  };
  if (within === undefined) return moved;
  const kind = before && after && kindOf(before, after);
  return kind === undefined ? { ...moved, within } : { ...moved, kind, within };
}
