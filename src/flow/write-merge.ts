/** The commit of a merge that nobody decided anything in: a pure function of its parents (section 10 of the format). */

import { Tally } from '../diff/diff.ts';
import { digest } from '../disk/blake3.ts';
import type { Summary, TextChange } from '../model/change.ts';
import type { Commit } from '../model/commit.ts';
import type { CommitId, ContentId } from '../model/id.ts';
import { compareBytes } from '../model/name.ts';
import type { Commits } from '../store/commits.ts';
import { cleanMessage } from '../text/commit.ts';
import { writeStanza } from '../text/patch-write.ts';
import { changesOfTexts, directoryChanges, manifestsIn, MirrorReader } from './changes-of-texts.ts';
import { digestOf } from '../store/index-digest.ts';
import type { MergedIndex } from './join-histories.ts';
import { MERGER } from './join-labels.ts';
import { movesOfCommit } from './moves-between.ts';

/** All texts of ours with their ids, sorted by path. */
export type TextIds = Iterable<{ readonly path: string; readonly id: ContentId }>;

/** Writes it, durable when it returns; one that is there already is left. `ours` are the ids of our side's texts. */
export function writeMerge(commits: Commits, merged: MergedIndex, ours: TextIds): CommitId {
  const writer = commits.beginCommit();
  try {
    for (const change of merged.patch) writer.write(writeStanza(change, digest));
    return writer.finish(letterOf(commits, merged, ours));
  } catch (error) {
    writer.abandon();
    throw error;
  }
}

function letterOf(commits: Commits, merged: MergedIndex, ours: TextIds): Omit<Commit, 'changes'> {
  return {
    parents: merged.parents,
    index: digestOf(withChanges(ours, merged.texts)),
    author: 'dbk',
    repository: MERGER,
    date: laterOf(merged.parents.map((id) => commits.readCommit(id).date)),
    moved: merged.moved,
    forgotten: [],
    summary: summaryOf(commits, merged),
    message: cleanMessage('Merge'),
  };
}

/** By instant, then by text. */
function laterOf(dates: readonly string[]): string {
  return dates.reduce((a, b) => {
    const order = Date.parse(a) - Date.parse(b) || compareBytes(a, b);
    return order < 0 ? b : a;
  });
}

function summaryOf(commits: Commits, { parents, patch, moved }: MergedIndex): Summary {
  const now = new Map(patch.map(({ path, after }) => [path, after]));
  const before = manifestsIn(commits, [parents[0]]);
  const readerOf = (): MirrorReader => new MirrorReader((path) => [now.get(path), ...before(path)]);
  const moves = movesOfCommit(moved, directoryChanges(patch, readerOf()));
  const tally = new Tally();
  for (const change of changesOfTexts(patch, readerOf(), [], moves)) tally.add(change);
  return tally.summary;
}

function* withChanges(ours: TextIds, changes: readonly TextChange[]): TextIds & Generator {
  let next = 0;
  const upTo = function* (path: string | undefined): Generator<{ path: string; id: ContentId }> {
    for (; next < changes.length; next++) {
      const change = changes[next]!;
      if (path !== undefined && compareBytes(change.path, path) >= 0) return;
      if (change.after !== undefined) yield { path: change.path, id: digest(change.after) };
    }
  };
  for (const text of ours) {
    yield* upTo(text.path);
    const change = changes[next];
    if (change?.path !== text.path) yield text;
    else if (++next && change.after !== undefined) yield { path: text.path, id: digest(change.after) };
  }
  yield* upTo(undefined);
}
