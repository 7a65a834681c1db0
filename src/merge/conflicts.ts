/** What a person has to look at after a merge of trees, each thing said once. */

import type { ContentId } from '../model/id.ts';
import { compareBytes } from '../model/name.ts';
import type { RepositoryPath } from '../model/path.ts';

export type TreeConflictKind = 'content' | 'rename' | 'delete' | 'directory' | 'entity';

export interface TreeConflict {
  readonly kind: TreeConflictKind;
  /** Of what stands in the merged tree, the one that kept its name first; else sorted. */
  readonly paths: readonly RepositoryPath[];
  /** Contents, in the order of the paths they are at. */
  readonly ids: readonly ContentId[];
}

export class Conflicts {
  private readonly found = new Map<string, TreeConflict>();

  note(conflict: TreeConflict): void {
    this.found.set(JSON.stringify([conflict.kind, conflict.paths]), conflict);
  }

  /** In an order that does not depend on which side is which. */
  sorted(): readonly TreeConflict[] {
    return [...this.found].sort(([a], [b]) => compareBytes(a, b)).map(([, conflict]) => conflict);
  }
}
