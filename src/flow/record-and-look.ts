/** How commands begin that change a person's files: what is here is recorded, and then looked at as it stands. */

import { commitAlone, type CommitOptions, type CommitResult } from './commit.ts';
import type { Exclusive } from './exclusively.ts';
import { look, type Look } from './look.ts';
import type { Repository } from './repository.ts';

export interface RecordedLook {
  readonly own: CommitResult;
  readonly seen: Look;
}

/** Looks again only where something was recorded. */
export async function recordAndLook(
  repository: Repository,
  alone: Exclusive,
  options: CommitOptions,
): Promise<RecordedLook> {
  const { result: own, seen: stands } = await commitAlone(repository, alone, options);
  return { own, seen: stands ?? (await lookAfresh(repository, alone)) };
}

/** What was written since the first look can be trusted when it is looked at now. */
export async function lookAfresh(repository: Repository, { eyes }: Exclusive): Promise<Look> {
  const afresh = { ...eyes, request: eyes.again() };
  return look(repository, afresh, { hashNew: false, checkEverything: false });
}
