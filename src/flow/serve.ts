/** Lets another dbk read this repository over a pair of pipes. */

import { serve as answer, type Pipes } from '../sync/serve.ts';
import { openFolderOf } from './merge-source.ts';
import type { Repository } from './repository.ts';

/** Until the other side ends. No lock is taken, and nothing is written. */
export async function serve(repository: Repository, pipes: Pipes): Promise<void> {
  await answer(repository.context.disk, openFolderOf(repository), pipes);
}
