/** Which name a file or folder had at which time: the moves that commits recorded, in both directions. */

import { MoveFacts } from '../diff/move-facts.ts';
import type { Commit, Move } from '../model/commit.ts';
import type { CommitId } from '../model/id.ts';
import { isWithin, type RepositoryPath } from '../model/path.ts';
import type { Commits } from '../store/commits.ts';
import { firstParents } from '../store/history.ts';
import { RecordedAt } from './recorded-at.ts';

export class Follower {
  private readonly commits: Commits;
  private readonly recorded: RecordedAt;

  constructor(commits: Commits) {
    this.commits = commits;
    this.recorded = new RecordedAt(commits);
  }

  /** Where what stands at a path after a commit came from in it; undefined where it did not move. */
  before(id: CommitId, commit: Commit, path: RepositoryPath): RepositoryPath | undefined {
    const lines = ofFirstParent(commit);
    if (!lines.some(({ to }) => isCovered(path, to))) return undefined;
    return this.factsOf(id, commit, lines, this.isFolder(id, path)).backwards(path);
  }

  /** Where what stood at a path before a commit went in it; undefined where it did not move. */
  after(id: CommitId, commit: Commit, path: RepositoryPath): RepositoryPath | undefined {
    const lines = ofFirstParent(commit);
    if (!lines.some(({ from }) => isCovered(path, from))) return undefined;
    return this.factsOf(id, commit, lines, this.isFolder(commit.parents[0], path)).forwards(path);
  }

  /** What something that once stood at a path was called last, looking from `head` back; the path itself if it never moved. */
  lastName(head: CommitId | undefined, path: RepositoryPath): RepositoryPath {
    if (this.recorded.thing(head, path) !== undefined) return path;
    const later: { readonly id: CommitId; readonly commit: Commit }[] = [];
    for (const { id, commit } of firstParents(this.commits, head)) {
      let name = this.after(id, commit, path);
      if (name === undefined) {
        later.push({ id, commit });
        continue;
      }
      for (const next of later.reverse()) name = this.after(next.id, next.commit, name) ?? name;
      return name;
    }
    return path;
  }

  /** What a commit records at a path. */
  thing(id: CommitId | undefined, path: RepositoryPath): ReturnType<RecordedAt['thing']> {
    return this.recorded.thing(id, path);
  }

  private isFolder(at: CommitId | undefined, path: RepositoryPath): boolean {
    return this.recorded.thing(at, path)?.kind === 'directory';
  }

  private factsOf(id: CommitId, { parents }: Commit, lines: readonly Move[], ofFolders: boolean): MoveFacts {
    const isIn = (at: CommitId | undefined, path: RepositoryPath): boolean => {
      const thing = this.recorded.thing(at, path);
      return thing !== undefined && (thing.kind === 'directory') === ofFolders;
    };
    return new MoveFacts(lines, {
      wasThere: (path) => isIn(parents[0], path),
      isThere: (path) => isIn(id, path),
    });
  }
}

function ofFirstParent({ moved }: Commit): readonly Move[] {
  return moved.filter(({ parent }) => parent === undefined || parent === 1);
}

/** Whether a line of `moved:` speaks of a path, or of a folder above it. */
function isCovered(path: RepositoryPath, line: string): boolean {
  if (line === path || line === `${path}/`) return true;
  return line.endsWith('/') && isWithin(path, line.slice(0, -1) as RepositoryPath);
}
