/** What neither side touched, which no merge opens and which stays as it is. */

import type { Manifest } from '../model/manifest.ts';
import type { RepositoryPath } from '../model/path.ts';
import { changedDirectories } from './objects.ts';
import type { MergeQuestion, State } from './state.ts';

export class Untouched {
  /** Every directory that is not as it was on one side at least. */
  readonly touched: ReadonlySet<RepositoryPath>;
  private readonly base: State;

  constructor(question: MergeQuestion) {
    this.touched = changedDirectories(question);
    this.base = question.base;
  }

  /** A directory that is the same in all three states. */
  manifest(path: RepositoryPath): Manifest | undefined {
    return this.touched.has(path) ? undefined : this.base.manifest(path);
  }
}
