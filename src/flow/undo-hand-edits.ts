/** Puts back what only dbk writes, and keeps what somebody wrote there. */

import { undoEdit } from '../store/edited.ts';
import type { EditedText, IndexTexts } from './index-texts.ts';
import type { Repository } from './repository.ts';

export function undoHandEdits(
  { context, layout }: Repository,
  texts: IndexTexts,
  edits: readonly EditedText[],
): void {
  for (const { path } of edits) undoEdit(context.disk, layout, path, texts.recordedText(path));
}
