/** Puts back what only dbk writes, and keeps what somebody wrote there. */

import { undoEdit } from '../store/edited.ts';
import { textsAt } from '../store/texts.ts';
import type { EditedText } from './index-texts.ts';
import type { Repository } from './repository.ts';

/** To be called with the lock held. */
export function undoHandEdits({ commits, context, layout }: Repository, edits: readonly EditedText[]): void {
  if (edits.length === 0) return;
  const recorded = textsAt(commits, commits.readHead(), new Set(edits.map(({ path }) => path)));
  for (const { path } of edits) undoEdit(context.disk, layout, path, recorded.get(path));
}
