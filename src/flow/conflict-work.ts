/** What settling a conflict takes of a person's files, and what has to be known of them for that. */

import type { Entry } from '../model/manifest.ts';
import type { RepositoryPath } from '../model/path.ts';
import type { Problem } from '../model/problem.ts';
import type { Moving, Standing, Wanted } from '../sync/plan.ts';
import type { EntityWork } from './entity-work.ts';

/** What is to be done for one conflict. */
export interface Work {
  readonly wanted: ReadonlyMap<RepositoryPath, Wanted>;
  readonly moves?: readonly Moving[];
  /** What moves when all of that is done: to where something went. */
  readonly then?: readonly Moving[];
}

export const NOTHING: Work = { wanted: new Map() };

export type Stands = (path: RepositoryPath) => Standing;

/** Answers of what is recorded, and whether it stands so. */
export interface Ground {
  readonly work: EntityWork;
  readonly stands: Stands;
  entry(path: RepositoryPath): Entry | undefined;
  isFolder(path: RepositoryPath): boolean;
  /** What is written about a recorded path is not as it is recorded. */
  textProblem(path: RepositoryPath): Problem | undefined;
  /** Something stands at a path that no commit has. */
  changed(path: RepositoryPath, entry: Entry): Problem | undefined;
  /** A content that a person chose is elsewhere. */
  notHere(path: RepositoryPath): Promise<Problem>;
}
