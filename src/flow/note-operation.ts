/** Notes in `operations/` what a command did, for whoever wants to take it back. */

import type { CommitId } from '../model/id.ts';
import { instantOf } from '../model/instant.ts';
import { appendOperation } from '../store/operations.ts';
import type { Repository } from './repository.ts';

const SECOND = 1000;

/** A command that moved the head and touched no file of the person's. */
export function noteOperation(
  { context, layout }: Repository,
  command: string,
  before: CommitId | undefined,
  after: CommitId | undefined,
): void {
  const date = instantOf(BigInt(Math.floor(context.clock.now() / SECOND)) * 1_000_000_000n);
  appendOperation(context.disk, layout, {
    command,
    date,
    before: before ?? '',
    after: after ?? '',
    steps: [],
    undoes: '',
  });
}
