/** What is asked when moves are looked for, and what is answered. */

import type { MoveEvidence } from '../model/change.ts';
import type { Move } from '../model/commit.ts';
import type { RepositoryPath } from '../model/path.ts';

/** A file or a link, as it was recorded or as it is now. */
export interface Thing {
  readonly path: RepositoryPath;
  /** What it holds: the content id of a file, or `link:TARGET`; undefined where it was not read. */
  readonly content: string | undefined;
  /** `INODE:BIRTH`, where the volume keeps inodes and this one is trusted. */
  readonly inode: string | undefined;
  readonly size: number;
  /** Ids of what it shows or plays (`flac:9c1d…`), which stay when its tags change. */
  readonly media?: readonly string[];
}

export interface Folder {
  readonly path: RepositoryPath;
  readonly inode: string | undefined;
  /** The id of the entity whose root it is. */
  readonly entity?: string;
}

/** One path that holds something else than before: two things, or two folders, in the order of time. */
export interface Replaced<T> {
  readonly before: T;
  readonly after: T;
}

/** What a person says: this is that. */
export interface Told {
  readonly from: RepositoryPath;
  readonly to: RepositoryPath;
}

/** What is different between two states of a tree. No path stands twice in a list; their order means nothing. */
export interface MoveQuestion {
  /** Recorded, and nothing stands at their paths now. */
  readonly vanished: Iterable<Thing>;
  /** Not recorded before. */
  readonly appeared: Iterable<Thing>;
  /** Paths with other content, or with another inode, than before. */
  readonly replaced: Iterable<Replaced<Thing>>;
  readonly foldersGone: Iterable<Folder>;
  readonly foldersNew: Iterable<Folder>;
  /** Folders that are there before and after, with another inode. */
  readonly foldersReplaced: Iterable<Replaced<Folder>>;
  /** Things below `foldersReplaced` that are as they were; others need not be told. */
  readonly stayed?: Iterable<RepositoryPath>;
  /** What a person said, of things and folders; it goes before all evidence. */
  readonly told?: Iterable<Told>;
}

export interface ThingMove {
  readonly from: Thing;
  readonly to: Thing;
  readonly by: MoveEvidence;
}

export interface FolderMove {
  readonly from: RepositoryPath;
  readonly to: RepositoryPath;
  readonly by: MoveEvidence;
}

export interface MoveAnswer {
  /** Each thing that moved, sorted by the bytes of where it is now. */
  readonly things: readonly ThingMove[];
  /** The folders that have a line of their own in `moved`: below them, what went along is not told again. */
  readonly folders: readonly FolderMove[];
  /** The lines of a commit's `moved:`, in its order. */
  readonly moved: readonly Move[];
}
