/** The words for the state that nothing changed since. */

import type { Repository } from '../../flow/repository.ts';
import type { CommitId } from '../../model/id.ts';
import { sinceWords } from '../render-commit.ts';

export async function sinceHead(repository: Repository, head: CommitId | undefined): Promise<string> {
  if (head === undefined) return 'the beginning';
  const { momentOf } = await import('../../flow/moment-of.ts');
  return sinceWords(head, momentOf(repository, head), repository.context.clock.offset);
}
