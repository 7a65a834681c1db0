/** All texts of one state of the index, seen through those of another and what is different. */

import type { TextChange } from '../model/change.ts';
import type { CommitId, ContentId } from '../model/id.ts';
import type { Commits } from '../store/commits.ts';
import type { AtHand } from '../store/texts-at-hand.ts';
import { recordedIds, textsAt } from '../store/texts.ts';
import { MANIFEST } from '../text/mirror.ts';
import type { IndexTexts } from './index-texts.ts';

/** Paths are below `index/`, as in a patch. */
export interface TextsView {
  has(path: string): boolean;
  text(path: string): string | undefined;
  /** The mirror names of the recorded directories in one, given as `tree/…`. */
  directoriesIn(path: string): readonly string[];
  /** The names of the texts in a directory of the index. */
  textsIn(path: string): readonly string[];
}

/** The texts at head. */
export function viewOfIndex(texts: IndexTexts): TextsView {
  return {
    has: (path) => texts.recordedId(path) !== undefined,
    text: (path) => texts.recordedText(path),
    directoriesIn: (path) => texts.directoriesIn(path),
    textsIn: (path) => texts.recordedIn(path),
  };
}

/** The same, for what is read of a history. */
export function handOf(head: CommitId | undefined, texts: IndexTexts): AtHand | undefined {
  return head && { commit: head, text: (path) => texts.recordedText(path) };
}

/** The texts of any commit, read as they are asked for. */
export function viewOfCommit(commits: Commits, id: CommitId): TextsView {
  return viewOfIds(recordedIds(commits, id), (path) => textsAt(commits, id, new Set([path])).get(path));
}

/** The texts that are recorded with these ids. */
export function viewOfIds(
  ids: ReadonlyMap<string, ContentId>,
  read: (path: string) => string | undefined,
): TextsView {
  const below = new Map<string, string[]>();
  for (const path of ids.keys()) {
    const slash = path.lastIndexOf('/');
    const names = below.get(path.slice(0, Math.max(0, slash)));
    if (names === undefined) below.set(path.slice(0, Math.max(0, slash)), [path.slice(slash + 1)]);
    else names.push(path.slice(slash + 1));
  }
  const inside = new Map<string, Set<string>>();
  for (const path of below.keys()) {
    const slash = path.lastIndexOf('/');
    if (slash === -1 || !ids.has(`${path}/${MANIFEST}`)) continue;
    const names = inside.get(path.slice(0, slash)) ?? new Set<string>();
    inside.set(path.slice(0, slash), names.add(path.slice(slash + 1)));
  }
  return {
    has: (path) => ids.has(path),
    text: (path) => (ids.has(path) ? read(path) : undefined),
    directoriesIn: (path) => [...(inside.get(path) ?? [])],
    textsIn: (path) => below.get(path) ?? [],
  };
}

/** A state that differs from another in these texts. */
export function viewThrough(view: TextsView, changes: ReadonlyMap<string, string | undefined>): TextsView {
  const names = new Map<string, Map<string, boolean>>();
  const directories = new Map<string, Map<string, boolean>>();
  for (const [path, text] of changes) {
    const slash = path.lastIndexOf('/');
    const folder = path.slice(0, Math.max(0, slash));
    note(names, folder, path.slice(slash + 1), text !== undefined);
    if (!path.endsWith(`/${MANIFEST}`)) continue;
    const above = folder.lastIndexOf('/');
    if (above !== -1) note(directories, folder.slice(0, above), folder.slice(above + 1), text !== undefined);
  }
  return {
    has: (path) => (changes.has(path) ? changes.get(path) !== undefined : view.has(path)),
    text: (path) => (changes.has(path) ? changes.get(path) : view.text(path)),
    directoriesIn: (path) => withChanges(view.directoriesIn(path), directories.get(path)),
    textsIn: (path) => withChanges(view.textsIn(path), names.get(path)),
  };
}

/** What leads from one state to the other, by path. */
export function forwards(changes: readonly TextChange[]): Map<string, string | undefined> {
  return new Map(changes.map(({ path, after }) => [path, after]));
}

export function backwards(changes: readonly TextChange[]): Map<string, string | undefined> {
  return new Map(changes.map(({ path, before }) => [path, before]));
}

function note(to: Map<string, Map<string, boolean>>, folder: string, name: string, isThere: boolean): void {
  const known = to.get(folder);
  if (known === undefined) to.set(folder, new Map([[name, isThere]]));
  else known.set(name, isThere);
}

function withChanges(
  names: readonly string[],
  changed: ReadonlyMap<string, boolean> | undefined,
): readonly string[] {
  if (changed === undefined) return names;
  const came = [...changed]
    .filter(([name, isThere]) => isThere && !names.includes(name))
    .map(([name]) => name);
  return [...names.filter((name) => changed.get(name) !== false), ...came];
}
