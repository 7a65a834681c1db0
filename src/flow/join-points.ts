/** States of the index that are merged: those of commits, and those that only a merge of bases has. */

import type { TextChange } from '../model/change.ts';
import type { CommitId } from '../model/id.ts';
import { compareBytes } from '../model/name.ts';
import type { Commits } from '../store/commits.ts';
import { history } from '../store/history.ts';
import type { AtHand } from '../store/texts-at-hand.ts';
import { changesBetween } from '../store/texts.ts';
import { viewOfCommit, viewThrough, type TextsView } from './texts-view.ts';

/** One state, and the commits that it came of. */
export interface Point {
  readonly view: TextsView;
  /** One commit, or the bases that were merged; none: the state before all commits. */
  readonly tips: readonly CommitId[];
  /** The commit that all texts are those of but these; undefined: the state before all commits. */
  readonly anchor: CommitId | undefined;
  readonly overlay: ReadonlyMap<string, string | undefined>;
  /** A commit of which the texts are known without reading its history. */
  readonly hand?: AtHand | undefined;
}

const NO_TEXTS: ReadonlyMap<string, string | undefined> = new Map();
const NO_VIEW: TextsView = {
  has: () => false,
  text: () => undefined,
  directoriesIn: () => [],
  textsIn: () => [],
};

/** Before all commits: what histories begin with that have nothing in common. */
export const BEGINNING: Point = { view: NO_VIEW, tips: [], anchor: undefined, overlay: NO_TEXTS };

/** `view` is given where the texts are known already. */
export function pointOf(commits: Commits, id: CommitId, view?: TextsView): Point {
  const near = view && remembering(view);
  const hand = near && { commit: id, text: (path: string) => near.text(path) };
  return { view: near ?? lazily(commits, id), tips: [id], anchor: id, overlay: NO_TEXTS, hand };
}

/** A point that is seen through another one: only what differs is read. */
export function pointThrough(seen: Point, id: CommitId, changes: readonly TextChange[]): Point {
  const overlay = new Map(changes.map(({ path, after }) => [path, after]));
  return {
    view: viewThrough(seen.view, overlay),
    tips: [id],
    anchor: id,
    overlay: NO_TEXTS,
    hand: seen.hand,
  };
}

/** What a merge of two points made, as texts that differ from the first one's. */
export function pointWith(one: Point, other: Point, overlay: ReadonlyMap<string, string | undefined>): Point {
  return {
    view: viewThrough(one.view, overlay),
    tips: [...new Set([...one.tips, ...other.tips])].sort(compareBytes),
    anchor: one.anchor,
    overlay: new Map([...one.overlay, ...overlay]),
    hand: one.hand,
  };
}

/** Tells the differences of points, each pair but once in whichever direction. */
export class Differences {
  private readonly commits: Commits;
  private readonly known = new Map<Point, Map<Point, readonly TextChange[]>>();

  constructor(commits: Commits) {
    this.commits = commits;
  }

  /** The texts that differ, sorted by path. */
  between(before: Point, after: Point): readonly TextChange[] {
    const known = this.known.get(before)?.get(after);
    if (known !== undefined) return known;
    const changes = differences(this.commits, before, after);
    this.note(before, after, changes);
    return changes;
  }

  note(before: Point, after: Point, changes: readonly TextChange[]): void {
    this.put(before, after, changes);
    const back = changes.map(({ path, before: was, after: is }) => ({ path, before: is, after: was }));
    this.put(after, before, back);
  }

  private put(before: Point, after: Point, changes: readonly TextChange[]): void {
    const from = this.known.get(before) ?? new Map<Point, readonly TextChange[]>();
    this.known.set(before, from.set(after, changes));
  }
}

function differences(commits: Commits, before: Point, after: Point): TextChange[] {
  const changes = new Map<string, TextChange>();
  const hand = before.hand ?? after.hand;
  for (const change of changesBetween(commits, before.anchor, after.anchor, hand))
    changes.set(change.path, change);
  for (const path of [...before.overlay.keys(), ...after.overlay.keys()]) {
    const [was, is] = [before.view.text(path), after.view.text(path)];
    if (was === is) changes.delete(path);
    else changes.set(path, { path, before: was, after: is });
  }
  return [...changes.values()].sort((a, b) => compareBytes(a.path, b.path));
}

/** The best commits that two points have in common, in the order of their ids. */
export function commonOf(commits: Commits, one: Point, other: Point): CommitId[] {
  const [a, b] = [ancestorsOf(commits, one.tips), ancestorsOf(commits, other.tips)];
  const behind = new Set<CommitId>();
  const common: CommitId[] = [];
  for (const [id, parents] of a) {
    if (!b.has(id)) continue;
    common.push(id);
    const waiting = [...parents];
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      if (behind.has(next)) continue;
      behind.add(next);
      waiting.push(...(a.get(next) ?? []));
    }
  }
  return common.filter((id) => !behind.has(id)).sort(compareBytes);
}

/** With their parents. */
export function ancestorsOf(
  commits: Commits,
  tips: readonly CommitId[],
): ReadonlyMap<CommitId, readonly CommitId[]> {
  const found = new Map<CommitId, readonly CommitId[]>();
  for (const tip of tips)
    if (!found.has(tip)) for (const { id, commit } of history(commits, tip)) found.set(id, commit.parents);
  return found;
}

/** Each text is read but once. */
function remembering(view: TextsView): TextsView {
  const known = new Map<string, string | undefined>();
  const text = (path: string): string | undefined => {
    if (!known.has(path)) known.set(path, view.text(path));
    return known.get(path);
  };
  return { ...view, text };
}

/** Reading all of a commit takes its whole history, so it waits until a text is asked for. */
function lazily(commits: Commits, id: CommitId): TextsView {
  let made: TextsView | undefined;
  const view = (): TextsView => (made ??= viewOfCommit(commits, id));
  return {
    has: (path) => view().has(path),
    text: (path) => view().text(path),
    directoriesIn: (path) => view().directoriesIn(path),
    textsIn: (path) => view().textsIn(path),
  };
}
