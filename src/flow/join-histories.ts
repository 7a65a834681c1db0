/** The merge of two commits: from their histories to one index, and to the commit that says so. Reads commits alone. */

import type { Moves } from '../diff/move-lookup.ts';
import { digest } from '../disk/blake3.ts';
import { movedAgainst, movedOfMerge } from '../merge/moved.ts';
import type { MergeQuestion, SideName } from '../merge/state.ts';
import { mergeTrees, type MergedTree } from '../merge/tree.ts';
import type { DirectoryChange, TextChange } from '../model/change.ts';
import type { Move } from '../model/commit.ts';
import type { CommitId } from '../model/id.ts';
import type { Manifest } from '../model/manifest.ts';
import { compareBytes } from '../model/name.ts';
import { nameOf, parentOf, type RepositoryPath } from '../model/path.ts';
import type { Commits } from '../store/commits.ts';
import { writeConflict, type Conflict } from '../text/conflict.ts';
import { changesTo, directoriesIn } from './join-changes.ts';
import { CONFLICTS, conflictPath, followed, newConflicts, type Whereabouts } from './join-conflicts.ts';
import { labelsOf } from './join-labels.ts';
import {
  BEGINNING,
  commonOf,
  Differences,
  pointOf,
  pointThrough,
  pointWith,
  type Point,
} from './join-points.ts';
import { joinOtherText, joinTexts, type JoinedTexts, type MetadataConflict } from './join-texts.ts';
import { joinTypes, type RulingTexts } from './join-types.ts';
import { openSide, openState, type OpenSide, type OpenState } from './merge-states.ts';
import { movesOfCommit } from './moves-between.ts';
import { rememberManifests, type ReadManifest } from './read-manifests.ts';
import type { TextsView } from './texts-view.ts';

export type Joined =
  /** Ours has all that theirs has. */
  | { readonly kind: 'same' }
  /** Theirs has all that ours has. */
  | { readonly kind: 'forward' }
  /** They have nothing in common, and nobody said that they may not. */
  | { readonly kind: 'unrelated' }
  | { readonly kind: 'merged'; readonly merged: MergedIndex };

export interface MergedIndex {
  /** Sorted by their ids. */
  readonly parents: readonly [CommitId, CommitId];
  /** What differs from ours, sorted by path. */
  readonly texts: readonly TextChange[];
  readonly directories: readonly DirectoryChange[];
  /** Where our things are now. */
  readonly moves: Moves;
  /** What differs from the first parent, sorted by path. */
  readonly patch: readonly TextChange[];
  readonly moved: readonly Move[];
  /** Those that were not open before. */
  readonly conflicts: readonly Conflict[];
}

/** `view` is that of the texts of ours, where they are known without reading its history. */
export function joinHistories(
  commits: Commits,
  ours: CommitId,
  theirs: CommitId,
  { unrelated = false, view }: { readonly unrelated?: boolean; readonly view?: TextsView } = {},
): Joined {
  const one = pointOf(commits, ours, view);
  const common = commonOf(commits, one, pointOf(commits, theirs));
  if (common.includes(theirs)) return { kind: 'same' };
  if (common.includes(ours)) return { kind: 'forward' };
  if (common.length === 0 && !unrelated) return { kind: 'unrelated' };
  const work = { commits, read: rememberManifests(), differences: new Differences(commits) };
  const other = seenThrough(work, one, theirs);
  return { kind: 'merged', merged: mergedOf(work, one, other, joinPoints(work, one, other)) };
}

/** What one merge works with. */
interface Work {
  readonly commits: Commits;
  readonly read: ReadManifest;
  readonly differences: Differences;
}

/** A commit, of which only what differs is read. */
function seenThrough({ commits, differences }: Work, one: Point, id: CommitId): Point {
  const changes = differences.between(one, pointOf(commits, id));
  const point = pointThrough(one, id, changes);
  differences.note(one, point, changes);
  return point;
}

interface Join {
  readonly question: MergeQuestion & { readonly ours: OpenSide; readonly theirs: OpenSide };
  readonly tree: MergedTree;
  readonly joined: JoinedTexts;
  /** What differs from ours, but for conflicts that are new. */
  readonly texts: ReadonlyMap<string, string | undefined>;
  readonly others: readonly MetadataConflict[];
}

/** Several bases are merged first, in the order of their ids; what is in conflict in them is in the base. */
function baseOf(work: Work, one: Point, common: readonly CommitId[]): Point {
  const [first, ...others] = common;
  if (first === undefined) return BEGINNING;
  return others.reduce(
    (base, id) => {
      const next = seenThrough(work, one, id);
      return pointWith(base, next, joinPoints(work, base, next).texts);
    },
    seenThrough(work, one, first),
  );
}

function joinPoints(work: Work, one: Point, other: Point): Join {
  const { commits } = work;
  const common = commonOf(commits, one, other);
  const base = baseOf(work, one, common);
  const before = openState(base.view, work.read);
  const ours = sideOf(work, base, before, one);
  const theirs = sideOf(work, base, before, other);
  const labels = { ours: labelsOf(commits, base, one), theirs: labelsOf(commits, base, other) };
  const three = { base: before, ours, theirs, labels };
  const others = joinOthers(three);
  const types = joinTypes(rulingTexts(ours, others.texts));
  const question = { base: before, ours, theirs, wholeTypes: types.wholes, isJoined: common.length > 1 };
  const tree = mergeTrees(question, digest);
  const joined = joinTexts({ ...three, tree, types });
  const texts = new Map([...joined.texts, ...others.texts]);
  return { question, tree, joined, texts, others: others.conflicts };
}

function sideOf({ commits, read, differences }: Work, base: Point, before: OpenState, side: Point): OpenSide {
  const [from, to] = base.tips.length === 1 && side.tips.length === 1 ? [base.tips[0], side.tips[0]] : [];
  const texts = differences.between(base, side);
  return openSide(commits, before, openState(side.view, read), texts, { from, to }, read);
}

type ThreeSides = Parameters<typeof joinOtherText>[1];

/** The texts that are not of the tree, those that rule the rest first. */
function joinOthers(three: ThreeSides): {
  readonly texts: ReadonlyMap<string, string | undefined>;
  readonly conflicts: readonly MetadataConflict[];
} {
  const paths = new Set<string>();
  for (const { texts } of [three.ours, three.theirs])
    for (const { path } of texts)
      if (!path.startsWith('tree/') && !path.startsWith('ignore.d/')) paths.add(path);
  const texts = new Map<string, string | undefined>();
  const conflicts: MetadataConflict[] = [];
  for (const path of [...paths].sort(compareBytes)) {
    const merged = joinOtherText(path, three);
    texts.set(path, merged.text);
    const { kept } = merged;
    for (const { field } of merged.conflicts)
      conflicts.push({ paths: [], field: `${path}: ${field}`, ...(kept !== undefined && { kept }) });
  }
  return { texts, conflicts };
}

function rulingTexts(ours: OpenSide, merged: ReadonlyMap<string, string | undefined>): RulingTexts {
  const textAt = (path: string): string | undefined =>
    merged.has(path) ? merged.get(path) : ours.after.texts.text(path);
  const names = new Set(ours.after.texts.textsIn('types').map((name) => `types/${name}`));
  for (const path of merged.keys()) if (path.startsWith('types/')) names.add(path);
  const types = new Map<string, string>();
  for (const path of [...names].sort(compareBytes)) {
    const text = path.endsWith('.yaml') ? textAt(path) : undefined;
    if (text !== undefined) types.set(path.slice('types/'.length, -'.yaml'.length), text);
  }
  return { policy: textAt('policy.yaml'), types };
}

function mergedOf({ read, differences }: Work, one: Point, other: Point, join: Join): MergedIndex {
  const { question, tree, joined } = join;
  const [ours, theirs] = [one.tips[0]!, other.tips[0]!];
  const isOursFirst = compareBytes(ours, theirs) < 0;
  const parents: [CommitId, CommitId] = isOursFirst ? [ours, theirs] : [theirs, ours];
  const found = newConflicts(tree.conflicts, [...joined.conflicts, ...join.others], parents);
  const texts = withConflicts(one, join, found);
  const changes = changesTo(one.view, texts, texts.keys());
  const paths = new Set([...texts.keys(), ...differences.between(one, other).map(({ path }) => path)]);
  const isMerged = (path: string): string | undefined =>
    texts.has(path) ? texts.get(path) : one.view.text(path);
  const patch = isOursFirst ? changes : changesTo(other.view, { get: isMerged, has: () => true }, paths);
  const directories = directoriesIn(changes, one.view, read);
  const moves = movesOfCommit(movedAgainst(question, tree, 'ours'), directories);
  const moved = movedOfMerge(question, tree, isOursFirst ? ['ours', 'theirs'] : ['theirs', 'ours']);
  const came = new Set(changes.filter(({ before }) => before === undefined).map(({ path }) => path));
  const conflicts = found.filter((conflict) => came.has(conflictPath(conflict)));
  return { parents, texts: changes, directories, moves, patch, moved, conflicts };
}

/** With the texts of conflicts that are new, and those that are open following what they are about. */
function withConflicts(one: Point, join: Join, found: readonly Conflict[]): Map<string, string | undefined> {
  const all = new Map(join.texts);
  const open = new Map<string, string>();
  const paths = new Set(one.view.textsIn(CONFLICTS).map((name) => `${CONFLICTS}/${name}`));
  for (const path of all.keys()) if (path.startsWith(`${CONFLICTS}/`)) paths.add(path);
  for (const path of paths) {
    const text = all.has(path) ? all.get(path) : one.view.text(path);
    if (text === undefined) continue;
    const after = followed(text, whereaboutsIn(join, one.view.has(path) ? 'ours' : 'theirs'));
    if (after === 'as it is') open.set(path, text);
    else {
      all.set(path, undefined);
      if (after !== undefined) open.set(conflictPath(after), writeConflict(after));
    }
  }
  // One that is open already stays as it is.
  for (const conflict of found)
    if (!open.has(conflictPath(conflict))) open.set(conflictPath(conflict), writeConflict(conflict));
  for (const [path, text] of open) all.set(path, text);
  return all;
}

function whereaboutsIn({ question, tree, joined }: Join, side: SideName): Whereabouts {
  const landed = new Map<RepositoryPath, RepositoryPath>();
  for (const each of tree.landed) if (each[side] !== undefined) landed.set(each[side], each.path);
  const isIn = (manifest: (path: RepositoryPath) => Manifest | undefined, path: RepositoryPath): boolean =>
    manifest(path) !== undefined || manifest(parentOf(path))?.files.has(nameOf(path)) === true;
  const { after } = question[side];
  return {
    now: (path) => landed.get(path) ?? path,
    stood: (path) => isIn((at) => after.manifest(at), path),
    stands: (path) => isIn(joined.manifest, path),
  };
}
