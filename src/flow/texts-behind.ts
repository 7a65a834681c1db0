/** Texts of which a person's edit and a move make two things: what is to be put right before a commit, or after it. */

import type { TextChange } from '../model/change.ts';
import type { Look } from './look.ts';
import { editsAlong, type MovedText } from './moved-texts.ts';

/**
 * Texts that somebody removed where something else stands now, about which there is a text: they stand there again
 * before a commit, as its patch says, with what was recorded.
 */
export function removedBehind(
  look: Look,
  moved: readonly MovedText[],
  edited: ReadonlyMap<string, TextChange>,
): { readonly path: string; readonly text: string }[] {
  const editOf = editsAlong(look, moved, edited);
  const sources = new Set(moved.map(({ from }) => from));
  return moved.flatMap(({ from, to }) => {
    const removed = edited.get(to);
    const text = look.texts.recordedText(to);
    const isBehind = removed !== undefined && removed.after === undefined && sources.has(to);
    const edit = editOf({ from, to });
    const after = edit === undefined ? look.texts.recordedText(from) : edit.after;
    return isBehind && text !== undefined && after !== undefined ? [{ path: to, text }] : [];
  });
}

/**
 * Texts that somebody edited and that went along with their file or folder, while another thing's text, equal to
 * the recorded one, came to their path: no patch changes that, so the edit would stand there too, and be about
 * something else. After the commit they stand there as recorded.
 */
export function editedBehind(
  look: Look,
  moved: readonly MovedText[],
  edited: ReadonlyMap<string, TextChange>,
): { readonly path: string; readonly edit: string; readonly text: string }[] {
  const editOf = editsAlong(look, moved, edited);
  const into = new Map(moved.map((text) => [text.to, text]));
  return moved.flatMap((text) => {
    const edit = edited.get(text.from);
    const next = into.get(text.from);
    const recorded = look.texts.recordedText(text.from);
    if (edit?.after === undefined || editOf(text) !== edit || next === undefined || recorded === undefined)
      return [];
    const nextEdit = editOf(next);
    const after = nextEdit === undefined ? look.texts.recordedText(next.from) : nextEdit.after;
    return after === recorded ? [{ path: text.from, edit: edit.after, text: recorded }] : [];
  });
}
