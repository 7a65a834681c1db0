/** Whether deletions are recorded: only a person says so. */

import { findBlocked, type Gone } from './deletions.ts';
import type { Look } from './look.ts';
import { asIfConfirmed, type Decision } from './settle.ts';

/** Shows what is gone and asks; the answer is a yes to all of it. */
export type Ask = (gone: Gone) => Promise<boolean>;

export interface DecideOptions {
  readonly confirmDeletions: boolean;
  readonly ask?: Ask;
}

/** Much is confirmed by the flag alone; what is not confirmed stays recorded and is missed. */
export async function decide(
  look: Look,
  gone: Gone,
  { confirmDeletions, ask }: DecideOptions,
): Promise<Decision> {
  const nothing = gone.count === 0 && gone.directories.length === 0;
  if (nothing || confirmDeletions) return asIfConfirmed(gone);
  if (!gone.isMuch && ask !== undefined && (await ask(gone))) return asIfConfirmed(gone);
  return { confirmed: false, gone, blocked: findBlocked(look, gone) };
}
