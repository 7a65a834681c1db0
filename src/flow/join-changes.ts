/** What is different in a merged index from one of its sides. */

import type { DirectoryChange, TextChange } from '../model/change.ts';
import { compareBytes } from '../model/name.ts';
import { directoryChanges, MirrorReader } from './changes-of-texts.ts';
import type { ReadManifest } from './read-manifests.ts';
import type { TextsView } from './texts-view.ts';

/** Texts by their paths, a part of them or all. */
interface Texts {
  get(path: string): string | undefined;
  has(path: string): boolean;
}

/** What is otherwise in some texts than a view has them, sorted by path. */
export function changesTo(view: TextsView, texts: Texts, paths: Iterable<string>): TextChange[] {
  const changes: TextChange[] = [];
  for (const path of [...paths].sort(compareBytes)) {
    const [before, after] = [view.text(path), texts.get(path)];
    if (before !== after) changes.push({ path, before, after });
  }
  return changes;
}

/** The directories whose manifests are among changes of a view. */
export function directoriesIn(
  changes: readonly TextChange[],
  view: TextsView,
  read: ReadManifest,
): DirectoryChange[] {
  const now = new Map(changes.map(({ path, after }) => [path, after]));
  const reader = new MirrorReader((path) => [now.get(path), view.text(path)], read);
  return directoryChanges(changes, reader);
}
