/** Notes in `operations/` what a command did, for whoever wants to take it back. */

import type { CommitId } from '../model/id.ts';
import type { Instant } from '../model/instant.ts';
import { appendOperation, dateOfNext, operations } from '../store/operations.ts';
import type { Recovery } from '../store/working.ts';
import type { Told } from '../text/operation.ts';
import type { Repository } from './repository.ts';

/** When an operation is that is noted now. */
export function operationDate({ context, layout }: Repository): Instant {
  return dateOfNext(context.disk, layout, context.clock.now());
}

/** A command that moved the head and touched no file of the person's; `undoes` names the operation it takes back. */
export function noteOperation(
  repository: Repository,
  command: string,
  before: CommitId | undefined,
  after: CommitId | undefined,
  undoes = '',
): void {
  const date = operationDate(repository);
  const operation = { command, date, before: before ?? '', after: after ?? '', steps: [], undoes } as const;
  appendOperation(repository.context.disk, repository.layout, operation);
}

/** What somebody said had moved already. */
export function noteTold(repository: Repository, head: CommitId | undefined, told: readonly Told[]): void {
  const date = operationDate(repository);
  const at = head ?? '';
  const operation = { command: 'mv', date, before: at, after: at, steps: [], told, undoes: '' } as const;
  appendOperation(repository.context.disk, repository.layout, operation);
}

/** A command that was broken off while it moved the head, and is finished now. */
export function noteRecovery(repository: Repository, { command, from, to }: Recovery): void {
  if (from === to) return;
  const { context, layout } = repository;
  for (const { operation } of operations(context.disk, layout, () => undefined)) {
    // It had come as far as noting it.
    if (operation.before === (from ?? '') && operation.after === (to ?? '')) return;
    break;
  }
  noteOperation(repository, command, from, to);
}
