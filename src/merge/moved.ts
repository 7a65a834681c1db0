/** The lines of a merge commit's `moved:`: where each parent's things are in the merged tree. */

import { findMoves, type Folder, type Replaced, type Thing, type Told } from '../diff/moves.ts';
import type { Moves } from '../diff/move-lookup.ts';
import type { DirectoryChange, MoveEvidence } from '../model/change.ts';
import type { Move } from '../model/commit.ts';
import type { Entry, Manifest } from '../model/manifest.ts';
import { compareBytes, type Name } from '../model/name.ts';
import { childOf, nameOf, parentOf, type RepositoryPath } from '../model/path.ts';
import { contentOf } from './entries.ts';
import type { Landed } from './result.ts';
import { entryAt, otherSide, type MergeQuestion, type SideName } from './state.ts';
import type { MergedTree } from './tree.ts';

/**
 * The lines against both parents, `sides` in their order, sorted as a commit has them: by `to`, `from` and parent.
 *
 * What moved is what landed elsewhere and nothing else, so contents are not compared here; a folder has a line where
 * src/diff says that it moved. A line is known by what the other side's move was known by.
 */
export function movedOfMerge(
  question: MergeQuestion,
  merged: MergedTree,
  sides: readonly [SideName, SideName],
): readonly Move[] {
  const lines = sides.flatMap((side, i) =>
    movedAgainst(question, merged, side).map((line): Move => (i === 0 ? line : { ...line, parent: i + 1 })),
  );
  return lines.sort(
    (a, b) => compareBytes(a.to, b.to) || compareBytes(a.from, b.from) || (a.parent ?? 1) - (b.parent ?? 1),
  );
}

/** The lines against one side. */
export function movedAgainst(question: MergeQuestion, merged: MergedTree, side: SideName): readonly Move[] {
  const { after } = question[side];
  const stands = (path: RepositoryPath): boolean => {
    const [was, is] = [entryAt(after, path), merged.directories.get(parentOf(path))?.files.get(nameOf(path))];
    return was !== undefined && is !== undefined && contentOf(was) === contentOf(is);
  };
  const moved = landedElsewhere(merged.landed, side, stands);
  if (moved.size === 0) return [];
  const told = [...moved].map(([, { from, to }]): Told => ({ from, to }));
  const evidence = evidenceOf(question[otherSide(side)].moves, moved);
  const { moved: lines } = findMoves({ ...differences(changesAgainst(question, merged, side)), told });
  return lines.map((line) => ({ ...line, by: evidence(line.from) }));
}

/** A thing that is at another path than on a side; keys are as in lines, of folders with a final '/'. */
interface Elsewhere {
  readonly from: RepositoryPath;
  readonly to: RepositoryPath;
  readonly base: RepositoryPath | undefined;
}

/**
 * Of several that became one, what was there already goes before what came, then the order of bytes decides. Where
 * the same bytes stand as before, nothing has moved away, though it was put to another place as well.
 */
function landedElsewhere(
  landed: readonly Landed[],
  side: SideName,
  stands: (path: RepositoryPath) => boolean,
): ReadonlyMap<string, Elsewhere> {
  const stayed = new Set<string>();
  const arrived = new Map<string, Elsewhere>();
  const key = (path: string, what: Landed['what']): string => (what === 'directory' ? `${path}/` : path);
  for (const { path, what, base, [side]: from } of landed) {
    if (from === undefined || (from !== path && what === 'file' && stands(from))) continue;
    const to = key(path, what);
    if (from === path) stayed.add(to);
    else if (compareBytes(from, arrived.get(to)?.from ?? from) <= 0)
      arrived.set(to, { from, to: path, base });
  }
  const found = new Map<string, Elsewhere>();
  for (const [to, it] of arrived) {
    const isFolder = to.endsWith('/');
    if (!stayed.has(to)) found.set(isFolder ? `${it.from}/` : it.from, it);
  }
  return found;
}

/** By what the other side's move is known that a line tells of: of the thing itself, or of a folder above it. */
function evidenceOf(others: Moves, moved: ReadonlyMap<string, Elsewhere>): (line: string) => MoveEvidence {
  const folders = new Map(others.facts.map(({ from, by }) => [from, by]));
  const above = (path: string): MoveEvidence | undefined => {
    for (let end = path.lastIndexOf('/', path.length - 2); end > 0; end = path.lastIndexOf('/', end - 1)) {
      const by = folders.get(path.slice(0, end + 1));
      if (by !== undefined) return by;
    }
    return undefined;
  };
  return (line) => {
    const base = moved.get(line)?.base;
    const own = line.endsWith('/')
      ? folders.get(base === undefined ? line : `${base}/`)
      : base && others.outOf(base)?.by;
    return own ?? (base && above(base)) ?? above(line) ?? 'content';
  };
}

/** What the merge did to a side, directory by directory. */
function* changesAgainst(
  question: MergeQuestion,
  { directories }: MergedTree,
  side: SideName,
): Generator<DirectoryChange> {
  const { after } = question[side];
  for (const [path, now] of directories) yield { path, before: after.manifest(path), after: now };
}

/** What is asked of src/diff; without contents, since they prove nothing that is not known. */
function differences(changes: Iterable<DirectoryChange>): {
  readonly vanished: Thing[];
  readonly appeared: Thing[];
  readonly replaced: Replaced<Thing>[];
  readonly foldersGone: Folder[];
  readonly foldersNew: Folder[];
  readonly foldersReplaced: Replaced<Folder>[];
} {
  const found = {
    vanished: [] as Thing[],
    appeared: [] as Thing[],
    replaced: [] as Replaced<Thing>[],
    foldersGone: [] as Folder[],
    foldersNew: [] as Folder[],
    foldersReplaced: [] as Replaced<Folder>[],
  };
  for (const { path, before, after } of changes) {
    if (before !== undefined && after === undefined) found.foldersGone.push({ path, inode: undefined });
    if (before === undefined && after !== undefined) found.foldersNew.push({ path, inode: undefined });
    for (const [name, entry] of filesOf(before)) {
      const now = after?.files.get(name);
      const thing = thingOf(childOf(path, name), entry);
      if (now === undefined) found.vanished.push(thing);
      else if (contentOf(now) !== contentOf(entry))
        found.replaced.push({ before: thing, after: thingOf(thing.path, now) });
    }
    for (const [name, entry] of filesOf(after))
      if (before?.files.has(name) !== true) found.appeared.push(thingOf(childOf(path, name), entry));
  }
  return found;
}

function filesOf(manifest: Manifest | undefined): Iterable<[Name, Entry]> {
  return manifest?.files ?? [];
}

function thingOf(path: RepositoryPath, entry: Entry): Thing {
  return { path, content: undefined, inode: undefined, size: entry.kind === 'file' ? entry.size : 0 };
}
