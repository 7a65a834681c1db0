/** What neither side touched, which stays where and as it is. */

import type { Entry, Manifest } from '../model/manifest.ts';
import { nameOf, parentOf, type RepositoryPath } from '../model/path.ts';
import { changedDirectories, type Still } from './objects.ts';
import type { MergeQuestion, State } from './state.ts';

export class Untouched {
  /** Every directory that is not as it was on one side at least. */
  readonly touched: Set<RepositoryPath>;
  /** In those, what is as it was on both. */
  readonly still: Still;
  private readonly base: State;

  constructor(question: MergeQuestion, still: Still) {
    this.touched = new Set(changedDirectories(question));
    this.still = still;
    this.base = question.base;
  }

  /** What no side touched goes elsewhere all the same: with the whole that it is in. */
  leave(path: RepositoryPath): void {
    this.touched.add(path);
  }

  /** A directory that is the same in all three states, which no merge opens without need. */
  manifest(path: RepositoryPath): Manifest | undefined {
    return this.touched.has(path) ? undefined : this.base.manifest(path);
  }

  /** A file or link that is the same in all three. */
  file(path: RepositoryPath): Entry | undefined {
    const directory = parentOf(path);
    const files = this.still.get(directory) ?? this.manifest(directory)?.files;
    return files?.get(nameOf(path));
  }
}
