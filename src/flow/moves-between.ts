/** What moved between two states that commits recorded: what their `moved:` says, or follows from it. */

import { MoveFacts } from '../diff/move-facts.ts';
import { findMoves, type Folder, type MoveAnswer, type Replaced, type Thing } from '../diff/moves.ts';
import type { DirectoryChange, MoveEvidence } from '../model/change.ts';
import type { Move } from '../model/commit.ts';
import type { CommitId } from '../model/id.ts';
import type { Entry, Manifest } from '../model/manifest.ts';
import { childOf, type RepositoryPath } from '../model/path.ts';
import type { Commits } from '../store/commits.ts';
import { firstParents } from '../store/history.ts';
import { movesOf, type Moves } from '../diff/move-lookup.ts';
import { contentOf, sizeOf } from './moves.ts';

/** All that is different, path by path. */
class Differences {
  readonly before = new Map<RepositoryPath, Entry>();
  readonly after = new Map<RepositoryPath, Entry>();
  readonly foldersBefore = new Map<RepositoryPath, Manifest>();
  readonly foldersAfter = new Set<RepositoryPath>();

  constructor(changes: Iterable<DirectoryChange>) {
    for (const { path, before, after } of changes) {
      if (before !== undefined) this.foldersBefore.set(path, before);
      if (after !== undefined) this.foldersAfter.add(path);
      for (const [name, entry] of before?.files ?? []) {
        if (!isSame(entry, after?.files.get(name))) this.before.set(childOf(path, name), entry);
      }
      for (const [name, entry] of after?.files ?? []) {
        if (!isSame(entry, before?.files.get(name))) this.after.set(childOf(path, name), entry);
      }
    }
  }

  moves(answer: MoveAnswer): Moves {
    return movesOf(answer, {
      evidence: new Map(),
      entries: this.before,
      manifestBefore: (path) => this.foldersBefore.get(path),
      ground: {
        isRecorded: (path) => this.foldersBefore.has(path),
        isNew: (path) => !this.foldersBefore.has(path) || answer.folders.some(({ from }) => from === path),
        isThere: (path) => this.foldersAfter.has(path),
      },
    });
  }
}

function isSame(a: Entry, b: Entry | undefined): boolean {
  return b !== undefined && contentOf(a) === contentOf(b);
}

/** The moves of one commit, as it says them; `changes` are its own against its first parent. */
export function movesOfCommit(moved: readonly Move[], changes: Iterable<DirectoryChange>): Moves {
  const differences = new Differences(changes);
  const { before, after } = differences;
  const lines = moved.filter(({ parent }) => parent === undefined || parent === 1);
  const facts = new MoveFacts(lines, {
    wasThere: (path) => before.has(path),
    isThere: (path) => after.has(path),
  });
  const evidence = new Map<string, MoveEvidence>(lines.map(({ to, by }) => [to, by]));
  // What went along with a folder is known by what that was known by.
  const evidenceOf = (path: string): MoveEvidence => {
    let by = evidence.get(path);
    for (let at = path.lastIndexOf('/'); by === undefined && at > 0; at = path.lastIndexOf('/', at - 1))
      by = evidence.get(path.slice(0, at + 1));
    return by ?? 'content';
  };
  const things = [...after].flatMap(([path, entry]) => {
    const from = facts.backwards(path);
    const old = from && before.get(from);
    if (from === undefined || old === undefined) return [];
    return [{ from: thingOf(from, old), to: thingOf(path, entry), by: evidenceOf(path) }];
  });
  const folders = lines
    .filter(({ to }) => to.endsWith('/'))
    .map(({ from, to, by }) => ({ from: folderPath(from), to: folderPath(to), by }));
  return differences.moves({ things, folders, moved: lines });
}

/**
 * The moves between two commits, the first of which the second came from along first parents; otherwise what
 * contents tell, as with the disk (`to` undefined). What was said to have moved on the way counts first.
 */
export function movesBetween(
  commits: Commits,
  from: CommitId | undefined,
  to: CommitId | undefined,
  changes: Iterable<DirectoryChange>,
): Moves {
  return pairedMoves(changes, composed(commits, from, to));
}

/**
 * The moves of what takes changes back: what these moves brought goes to where it came from, and is known by the
 * same evidence. Lines are found anew: turned round, those of folders that joined would say two things of one.
 */
export function movesBack(moves: Moves, changes: Iterable<DirectoryChange>): Moves {
  const told: Composed = new Map();
  for (const { from, to, by } of moves.facts) {
    if (to.endsWith('/')) told.set(to, { to: from, by });
  }
  for (const { from, to, by } of moves.things) told.set(to.path, { to: from.path, by });
  const back = [...changes].map(({ path, before, after }) => ({ path, before: after, after: before }));
  return pairedMoves(back, told);
}

function pairedMoves(changes: Iterable<DirectoryChange>, told: Composed): Moves {
  const differences = new Differences(changes);
  const { before, after, foldersBefore, foldersAfter } = differences;
  const gone = [...before].filter(([path]) => !after.has(path)).map(([path, entry]) => thingOf(path, entry));
  const come = [...after].filter(([path]) => !before.has(path)).map(([path, entry]) => thingOf(path, entry));
  const replaced: Replaced<Thing>[] = [];
  for (const [path, entry] of after) {
    const old = before.get(path);
    if (old !== undefined) replaced.push({ before: thingOf(path, old), after: thingOf(path, entry) });
  }
  const folder = (path: RepositoryPath): Folder => ({ path, inode: undefined });
  const answer = findMoves({
    vanished: gone,
    appeared: come,
    replaced,
    foldersGone: [...foldersBefore.keys()].filter((path) => !foldersAfter.has(path)).map(folder),
    foldersNew: [...foldersAfter].filter((path) => !foldersBefore.has(path)).map(folder),
    foldersReplaced: [],
    told: [...told].map(([first, { to: last }]) => ({ from: folderPath(first), to: folderPath(last) })),
  });
  // What commits said was told here, but by them and not by hand.
  const evidence = (by: MoveEvidence, line: string): MoveEvidence =>
    (by === 'hand' ? told.get(line)?.by : by) ?? by;
  return differences.moves({
    things: answer.things.map((move) => ({ ...move, by: evidence(move.by, move.from.path) })),
    folders: answer.folders.map((move) => ({ ...move, by: evidence(move.by, `${move.from}/`) })),
    moved: answer.moved.map((move) => ({ ...move, by: evidence(move.by, move.from) })),
  });
}

/** By the paths of lines, those of folders with their final '/': where each is at last, and what said so. */
type Composed = Map<string, { readonly to: string; readonly by: MoveEvidence }>;

/** The lines of all commits on the way, each followed to its end; none where there is no such way. */
function composed(commits: Commits, from: CommitId | undefined, to: CommitId | undefined): Composed {
  const all: Composed = new Map();
  for (const moved of to === undefined ? [] : stepsBetween(commits, from, to)) {
    const origins = new Map([...all].map(([first, { to: last }]) => [last, first]));
    const lines = new Map(moved.map((line) => [line.from, line.to]));
    for (const [first, { to: last, by }] of all) all.set(first, { to: along(lines, last), by });
    for (const line of moved) {
      if (!origins.has(line.from)) all.set(along(origins, line.from), { to: line.to, by: line.by });
    }
  }
  return all;
}

/** What each commit on the way says against the parent that is on it, the oldest first. */
function stepsBetween(commits: Commits, from: CommitId | undefined, to: CommitId): (readonly Move[])[] {
  const steps: (readonly Move[])[] = [];
  for (const { id, parent } of wayBetween(commits, from, to).reverse())
    steps.push(commits.readCommit(id).moved.filter((line) => (line.parent ?? 1) === parent));
  return steps;
}

interface OnTheWay {
  readonly id: CommitId;
  /** Which of its parents comes before it, counted from 1. */
  readonly parent: number;
}

/** The commits from one back to another, along first parents if those lead there, else along any; none where nothing does. */
function wayBetween(commits: Commits, from: CommitId | undefined, to: CommitId): OnTheWay[] {
  const way: OnTheWay[] = [];
  for (const { id } of firstParents(commits, to)) {
    if (id === from) return way;
    way.push({ id, parent: 1 });
  }
  if (from === undefined) return way;
  const cameBy = new Map<CommitId, OnTheWay>();
  const waiting: CommitId[] = [to];
  for (const id of waiting) {
    if (id === from) return wayBack(cameBy, from, to);
    commits.readCommit(id).parents.forEach((parent, i) => {
      if (cameBy.has(parent)) return;
      cameBy.set(parent, { id, parent: i + 1 });
      waiting.push(parent);
    });
  }
  return [];
}

function wayBack(cameBy: ReadonlyMap<CommitId, OnTheWay>, from: CommitId, to: CommitId): OnTheWay[] {
  const way: OnTheWay[] = [];
  for (let id = from; id !== to;) {
    const step = cameBy.get(id)!;
    way.push(step);
    id = step.id;
  }
  return way.reverse();
}

/** Where a path is at the other end of lines, by the longest one that speaks of it; itself where none does. */
function along(lines: ReadonlyMap<string, string>, path: string): string {
  const own = lines.get(path);
  if (own !== undefined || lines.size === 0) return own ?? path;
  for (let end = path.lastIndexOf('/', path.length - 2); end > 0; end = path.lastIndexOf('/', end - 1)) {
    const other = lines.get(path.slice(0, end + 1));
    if (other !== undefined) return other + path.slice(end + 1);
  }
  return path;
}

function thingOf(path: RepositoryPath, entry: Entry): Thing {
  return { path, content: contentOf(entry), inode: undefined, size: sizeOf(entry) };
}

function folderPath(line: string): RepositoryPath {
  return (line.endsWith('/') ? line.slice(0, -1) : line) as RepositoryPath;
}
