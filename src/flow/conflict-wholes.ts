/** What wholes are called on each side of a conflict: by what they hold, names and bytes. */

import { digest } from '../disk/blake3.ts';
import { idOf } from '../merge/versions.ts';
import { wholeId } from '../merge/wholes.ts';
import type { CommitId, ContentId } from '../model/id.ts';
import { nameOf, parentOf, type RepositoryPath } from '../model/path.ts';
import type { Conflict } from '../text/conflict.ts';
import { hereOnly } from './conflict-sides.ts';
import { RecordedTree } from './ls.ts';
import type { Repository } from './repository.ts';

/** Whether a conflict names wholes, or what had to go beside something of another kind. */
export function isOfWholes({ kind, ids }: Conflict): boolean {
  return kind === 'directory' && ids.length > 0;
}

/** Trees of commits, each read once and whole: such conflicts are few. */
export class WholesAt {
  private readonly repository: Repository;
  private readonly trees = new Map<CommitId, RecordedTree | undefined>();

  constructor(repository: Repository) {
    this.repository = repository;
  }

  /** The ids of the folders and files at these paths; undefined where the commit is not here. */
  at(commit: CommitId, paths: readonly RepositoryPath[]): readonly ContentId[] | undefined {
    if (!this.trees.has(commit))
      this.trees.set(
        commit,
        hereOnly(() => new RecordedTree(this.repository, commit)),
      );
    const tree = this.trees.get(commit);
    return tree && hereOnly(() => paths.flatMap((path) => idAt(tree, path) ?? []));
  }
}

function idAt(tree: RecordedTree, path: RepositoryPath): ContentId | undefined {
  if (tree.has(path)) {
    tree.load(path);
    return wholeId(tree, path, digest);
  }
  const entry = path === '' ? undefined : tree.manifest(parentOf(path))?.files.get(nameOf(path));
  return entry && idOf(entry, digest);
}
