/** What is planned: what stands at a path, what is to stand there, and what is done for it. Pure. */

import type { ContentId } from '../model/id.ts';
import type { Instant } from '../model/instant.ts';
import type { RepositoryPath } from '../model/path.ts';
import type { Problem } from '../model/problem.ts';
import type { Moving } from './relocation.ts';

/** What tells that something is still what was seen. Times in nanoseconds. */
export interface Stamp {
  readonly inode: bigint;
  readonly size: bigint;
  readonly modified: bigint;
  readonly changed: bigint;
}

/** What stands at a path. */
export type Standing =
  | { readonly kind: 'absent' }
  | { readonly kind: 'file'; readonly stamp: Stamp; readonly mode: number; readonly blake3: ContentId }
  | { readonly kind: 'link'; readonly stamp: Stamp; readonly target: string }
  | { readonly kind: 'directory'; readonly stamp: Stamp; readonly mode: number }
  /** A device, a fifo, or a file that cannot be read: `why` says it. */
  | { readonly kind: 'other'; readonly why: string }
  /** Something that is no folder, or a symlink, stands where a folder above it has to be. */
  | { readonly kind: 'behind'; readonly above: RepositoryPath };

/** What is to stand at a path. */
export type Wanted =
  | { readonly kind: 'nothing' }
  | {
      readonly kind: 'file';
      readonly blake3: ContentId;
      readonly size: number;
      readonly mtime: Instant;
      readonly mode: number;
    }
  | { readonly kind: 'link'; readonly target: string }
  | { readonly kind: 'directory'; readonly mode: number };

/** One path and what is done there: `before` goes, `after` comes. They are of different kinds, or differ in something. */
export interface Action {
  readonly path: RepositoryPath;
  readonly before: Standing;
  readonly after: Wanted;
}

/** A file, link or folder that gets another name. */
export interface MoveAction extends Moving {
  readonly standing: Exclude<Standing, { kind: 'absent' | 'other' | 'behind' }>;
  /** Right before it, in this order: what goes from where it ends, and the folders above that come. */
  readonly first: readonly Action[];
  /** Those of one number wait for one another: all of them go aside, and then come to their places. */
  readonly aside?: number;
}

/** What a plan takes. */
export interface Needs {
  /** Of new files, to be free on the volume while they are written. */
  readonly bytes: number;
  readonly written: number;
  /** What goes into the guard. */
  readonly kept: number;
  readonly keptBytes: number;
  readonly moved: number;
  /** Files, links and folders of which nothing stands there afterwards. */
  readonly removed: number;
  readonly folders: number;
  readonly links: number;
  /** What gets other permission bits or another time. */
  readonly set: number;
}

export interface Plan {
  /** Done first, in this order; each `from` is a path as it is before all of them, all others are as they are after. */
  readonly moves: readonly MoveAction[];
  /** A folder before what comes into it, and after what goes from it. Those of `moves` are the first of them. */
  readonly actions: readonly Action[];
  readonly needs: Needs;
  /** How many paths are as wanted already. */
  readonly same: number;
  /** Links that the volume cannot have. */
  readonly unkept: readonly RepositoryPath[];
  /** Paths at which nothing is done, since something that was to move from or to there has to stay. */
  readonly left: readonly RepositoryPath[];
  readonly problems: readonly Problem[];
}
