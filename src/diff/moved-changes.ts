/** What happened in one directory, with what moved told as moved instead of as removed here and added there. */

import type { Change, DirectoryChange, MoveEvidence } from '../model/change.ts';
import type { Entry } from '../model/manifest.ts';
import { compareBytes } from '../model/name.ts';
import { nameOf, type RepositoryPath } from '../model/path.ts';
import { changesOf, kindOf } from './diff.ts';

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
  /** A whole folder that moved to a path by itself, not with one above, and how much it took along. */
  folderFact(path: RepositoryPath):
    | {
        readonly from: RepositoryPath;
        readonly by: MoveEvidence;
        readonly files: number;
        readonly bytes: number;
      }
    | undefined;
  isFolderTarget(path: RepositoryPath): boolean;
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
  for (const change of changesOf(directory)) {
    if (change.what === 'directory') {
      if (isToldElsewhere(change, moves)) continue;
      yield change;
      continue;
    }
    missing.delete(change.path);
    const told = withMove(change, moves);
    if (told !== undefined) changes.push(told);
  }
  const fact = directory.after && moves.folderFact(directory.path);
  if (fact !== undefined) yield { kind: 'moved', what: 'directory', path: directory.path, ...fact };
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

/** A folder that came or went by moving has a line of its own, or stands in that of one above. */
function isToldElsewhere({ kind, path }: Change, moves: MovesTold): boolean {
  if (kind === 'added') return moves.isFolderTarget(path);
  return kind === 'removed' && moves.isFolderSource(path);
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
