/** The texts in `conflicts/`: those that stay open, and those that a merge opens (section 11 of ../text/README.md). */

import { digest } from '../disk/blake3.ts';
import type { TreeConflict } from '../merge/conflicts.ts';
import type { CommitId } from '../model/id.ts';
import type { RepositoryPath } from '../model/path.ts';
import { conflictId, parseConflict, type Conflict } from '../text/conflict.ts';
import { TextError } from '../text/problems.ts';
import { readPeople } from '../text/yaml-people.ts';
import type { MetadataConflict } from './join-texts.ts';

export const CONFLICTS = 'conflicts';

/** What is new, with the commits it arose between. */
export function newConflicts(
  tree: readonly TreeConflict[],
  metadata: readonly MetadataConflict[],
  commits: readonly CommitId[],
): Conflict[] {
  const ofTree = tree.map(({ kind, paths, ids }): Conflict => ({ kind, paths, ids, field: '', commits }));
  const ofTexts = metadata.map((one): Conflict => ({ kind: 'metadata', ids: [], commits, ...one }));
  return [...ofTree, ...ofTexts];
}

export function conflictPath(conflict: Conflict): string {
  return `${CONFLICTS}/${conflictId(conflict, digest)}.yaml`;
}

/** Where what an open conflict is about stood, and stands now. */
export interface Whereabouts {
  /** Where a side had it; itself where it did not move. */
  readonly now: (path: RepositoryPath) => RepositoryPath;
  readonly stood: (path: RepositoryPath) => boolean;
  readonly stands: (path: RepositoryPath) => boolean;
}

/**
 * What becomes of a conflict that is open on a side: undefined where something that stood at one of its paths is
 * gone; with other paths where that moved; a text that cannot be read stays as it is.
 */
export function followed(
  text: string,
  { now, stood, stands }: Whereabouts,
): Conflict | 'as it is' | undefined {
  const conflict = read(text);
  if (conflict === undefined) return 'as it is';
  const paths = conflict.paths.map(now);
  if (conflict.paths.some((path, i) => stood(path) && !stands(paths[i]!))) return undefined;
  return paths.every((path, i) => path === conflict.paths[i]) ? 'as it is' : { ...conflict, paths };
}

function read(text: string): Conflict | undefined {
  try {
    return parseConflict(text, readPeople);
  } catch (error) {
    if (error instanceof TextError) return undefined;
    throw error;
  }
}
