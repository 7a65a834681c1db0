/** The conflicts that a commit opens by itself: edits of what head knew in another version already. */

import type { TextChange } from '../model/change.ts';
import { writeConflict, type Conflict } from '../text/conflict.ts';
import { conflictPath } from './join-conflicts.ts';
import type { Look } from './look.ts';

/** What a person edited while head knew another version already is a conflict of contents, as between two sides. */
export function disputedTexts(look: Look): TextChange[] {
  return look.disputes().map(({ paths, ids }) => {
    const commits = look.head === undefined ? [] : [look.head];
    const conflict: Conflict = { kind: 'content', paths, ids, field: '', commits };
    const path = conflictPath(conflict);
    return { path, before: look.texts.recordedText(path), after: writeConflict(conflict) };
  });
}
