/** The words for the state that nothing changed since. */

import { momentOf } from '../../flow/moment-of.ts';
import type { Repository } from '../../flow/repository.ts';
import type { CommitId } from '../../model/id.ts';
import { sinceWords } from '../render-commit.ts';

export function sinceHead(repository: Repository, head: CommitId | undefined): string {
  if (head === undefined) return 'the beginning';
  return sinceWords(head, momentOf(repository, head), repository.context.clock.offset);
}
