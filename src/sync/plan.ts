/** What has to be done to a person's files so that they are as wanted, given what stands there now. Pure. */

import { instantOf, parseInstant } from '../model/instant.ts';
import { compareBytes } from '../model/name.ts';
import { isWithin, type RepositoryPath } from '../model/path.ts';
import type { Problem } from '../model/problem.ts';
import { FAITHFUL, showsMode, showsTime, type Rendering } from '../model/rendering.ts';
import type { Contents, Step } from '../text/operation.ts';
import { inTheWay } from './in-the-way.ts';
import { isOwnName } from './own-name.ts';
import { planMoves, type PlannedMoves } from './plan-moves.ts';
import type { Action, MoveAction, Needs, Plan, Standing, Wanted } from './planned.ts';
import * as say from './problems.ts';
import { upwards, type Moving } from './relocation.ts';

export type { Action, MoveAction, Needs, Plan, Stamp, Standing, Wanted } from './planned.ts';
export type { Moving } from './relocation.ts';

export interface PlanOptions {
  /** Whether a folder may take the place of a file or link, and they that of a folder; absent: nowhere. */
  readonly mayChangeKind?: (path: RepositoryPath) => boolean;
  /** What the volume shows; absent: all that it is given. */
  readonly rendering?: Rendering;
}

const NOTHING: Wanted = { kind: 'nothing' };
const ABSENT: Standing = { kind: 'absent' };

/**
 * Plans from what is wanted at each path; paths come once, and what is wanted is so after the moves.
 *
 * `stands` says what is at a path now, and is asked once for each. Of the moves, which come in any order and happen
 * all at once, no two begin or end at the same path; that of a folder takes along what is in it and has no move of
 * its own. What stands where a move ends goes, if something is said to be wanted there; else the move is left.
 *
 * A folder goes only when it is empty by then.
 */
export function planChanges(
  wanted: ReadonlyMap<RepositoryPath, Wanted>,
  stands: (path: RepositoryPath, wanted: Wanted) => Standing,
  asked: readonly Moving[] = [],
  { mayChangeKind = () => false, rendering = FAITHFUL }: PlanOptions = {},
): Plan {
  const once = asked.length === 0 ? stands : askedOnce(stands);
  const moves = planMoves(wanted, once, asked);
  const carried = new Carried(wanted, once, moves);
  const coming: Action[] = [];
  const going: Action[] = [...carried.goingElsewhere()];
  const first = moves.moves.flatMap((move) => move.first);
  const done = new Set(first.map(({ path }) => path));
  const problems: Problem[] = [...moves.problems];
  /** A folder that cannot be made: nothing is said of what is in it. */
  let blocked: RepositoryPath | undefined;
  /** A folder that takes the place of something else. */
  let becoming: RepositoryPath | undefined;
  const unkept: RepositoryPath[] = [];
  const left: RepositoryPath[] = [];
  let same = 0;
  for (const [path, after] of [...wanted].sort(byFolders)) {
    if (blocked !== undefined && isWithin(path, blocked)) continue;
    if (moves.isLeft(path)) {
      left.push(path);
      continue;
    }
    if (after.kind === 'directory' && done.has(path)) continue;
    const isOwn = after.kind !== 'nothing' && isOwnName(path);
    let before: Standing = isOwn ? ABSENT : carried.standingAt(path, after);
    if (before.kind === 'behind' && before.above === becoming) before = ABSENT;
    const unfit = isOwn ? say.ownName(path) : inTheWay(path, before, after);
    const isOfKind = before.kind !== 'other' && before.kind !== 'behind';
    const problem = isOfKind && !isOwn && mayChangeKind(path) ? undefined : unfit;
    if (unfit !== undefined && problem === undefined && after.kind === 'directory') becoming = path;
    if (problem !== undefined) {
      problems.push(problem);
      if (after.kind === 'directory') blocked = path;
    } else if (isAsWanted(before, after, rendering)) same++;
    else if (after.kind === 'link' && !rendering.links) unkept.push(path);
    else if (after.kind === 'nothing') going.push({ path, before, after });
    else coming.push({ path, before, after });
  }
  if (unkept.length > 0) problems.push(say.noLinks(unkept));
  going.sort((a, b) => byFolders([b.path], [a.path]));
  const actions = [...first, ...going, ...coming];
  return { moves: moves.moves, actions, needs: needsOf(moves.moves, actions), same, unkept, left, problems };
}

function byFolders(
  [a]: readonly [RepositoryPath, ...unknown[]],
  [b]: readonly [RepositoryPath, ...unknown[]],
): number {
  return compareBytes(`${a}/`, `${b}/`);
}

/** Each path is looked at once, whatever it is asked for. */
function askedOnce(
  stands: (path: RepositoryPath, wanted: Wanted) => Standing,
): (path: RepositoryPath, wanted: Wanted) => Standing {
  const answers = new Map<RepositoryPath, Standing>();
  return (path, wanted) => {
    const known = answers.get(path);
    if (known !== undefined) return known;
    const answer = stands(path, wanted);
    answers.set(path, answer);
    return answer;
  };
}

/** What stands where when the moves are done. */
class Carried {
  private readonly wanted: ReadonlyMap<RepositoryPath, Wanted>;
  private readonly stands: (path: RepositoryPath, wanted: Wanted) => Standing;
  private readonly moves: PlannedMoves;

  constructor(
    wanted: ReadonlyMap<RepositoryPath, Wanted>,
    stands: (path: RepositoryPath, wanted: Wanted) => Standing,
    moves: PlannedMoves,
  ) {
    this.wanted = wanted;
    this.stands = stands;
    this.moves = moves;
  }

  standingAt(path: RepositoryPath, wanted: Wanted): Standing {
    const { places } = this.moves;
    // What is to go from there has gone first; what moved there stays.
    if (wanted.kind === 'nothing' && places.to(path) !== undefined) return ABSENT;
    const before = places.before(path);
    return before === undefined ? ABSENT : this.stands(before, wanted);
  }

  /** What is not wanted any more and was taken along by the folder it is in, to where nothing is said of it. */
  *goingElsewhere(): Generator<Action> {
    const { places, isLeft } = this.moves;
    if (places.size === 0) return;
    const needed = this.needed();
    for (const [from, { kind }] of this.wanted) {
      const move = places.leaving(from);
      if (kind !== 'nothing' || move === undefined || move.from === from) continue;
      const path = places.after(from);
      if (needed.has(path) || this.wanted.has(path) || isLeft(from) || isLeft(path)) continue;
      if (places.to(path) !== undefined) continue;
      const before = this.stands(from, NOTHING);
      if ('stamp' in before) yield { path, before, after: NOTHING };
    }
  }

  /** Where something is wanted or moves to, and the folders above. */
  private needed(): ReadonlySet<RepositoryPath> {
    const needed = new Set<RepositoryPath>();
    const add = (path: RepositoryPath): void => {
      for (const at of upwards(path)) {
        if (needed.has(at)) return;
        needed.add(at);
      }
    };
    for (const [path, { kind }] of this.wanted) if (kind !== 'nothing') add(path);
    for (const { to } of this.moves.moves) add(to);
    return needed;
  }
}

/** The steps that an action is, in their order, as operations and journals have them. */
export function stepsOf({ path, before, after }: Action): Step[] {
  const steps: Step[] = [];
  if (isKept(before, after)) return [setStep(path, before, after)];
  if (before.kind === 'file') steps.push({ kind: 'keep', path, ...contentsOf(before) });
  if (before.kind === 'link') steps.push({ kind: 'unlink', path, target: before.target });
  if (before.kind === 'directory') steps.push({ kind: 'remove', path, mode: before.mode });
  if (after.kind === 'directory') steps.push({ kind: 'make', path, mode: after.mode });
  if (after.kind === 'link') steps.push({ kind: 'link', path, target: after.target });
  if (after.kind === 'file') {
    const { blake3, size, mtime, mode } = after;
    const was = before.kind === 'file' ? { was: before.blake3 } : {};
    steps.push({ kind: 'write', path, blake3, size, mtime, mode, ...was });
  }
  return steps;
}

function contentsOf({ blake3, stamp, mode }: Extract<Standing, { kind: 'file' }>): Contents {
  return { blake3, size: Number(stamp.size), mtime: instantOf(stamp.modified), mode };
}

type SetPair =
  | readonly [Extract<Standing, { kind: 'file' }>, Extract<Wanted, { kind: 'file' }>]
  | readonly [Extract<Standing, { kind: 'directory' }>, Extract<Wanted, { kind: 'directory' }>];

/** Whether what stands there stays, and only its permission bits or its time change. */
export function isKept(before: Standing, after: Wanted): boolean {
  return pairOf(before, after) !== undefined;
}

function pairOf(before: Standing, after: Wanted): SetPair | undefined {
  if (before.kind === 'directory' && after.kind === 'directory') return [before, after];
  const isSame = before.kind === 'file' && after.kind === 'file' && before.blake3 === after.blake3;
  return isSame ? [before, after] : undefined;
}

function setStep(path: RepositoryPath, before: Standing, after: Wanted): Step {
  const [was, now] = pairOf(before, after)!;
  if (was.kind === 'directory') return { kind: 'set', path, mode: now.mode, was: { mode: was.mode } };
  const { mtime } = now as Extract<Wanted, { kind: 'file' }>;
  const old = { mode: was.mode, mtime: instantOf(was.stamp.modified) };
  return { kind: 'set', path, mode: now.mode, mtime, was: old };
}

function isAsWanted(before: Standing, after: Wanted, rendering: Rendering): boolean {
  if (after.kind === 'nothing') return before.kind === 'absent' || before.kind === 'behind';
  if (after.kind === 'link') return before.kind === 'link' && before.target === after.target;
  const pair = pairOf(before, after);
  if (pair === undefined || !showsMode(rendering, pair[0].mode, pair[1].mode)) return false;
  if (pair[1].kind === 'directory') return true;
  const meant = parseInstant(pair[1].mtime);
  return meant === undefined || showsTime(rendering, pair[0].stamp.modified, meant);
}

/** How many files go into the guard. */
export function keptBy(actions: readonly Action[]): number {
  return actions.filter(({ before, after }) => before.kind === 'file' && !isKept(before, after)).length;
}

function needsOf(moves: readonly MoveAction[], actions: readonly Action[]): Needs {
  const none = { bytes: 0, written: 0, kept: 0, keptBytes: 0, removed: 0, folders: 0, links: 0, set: 0 };
  const needs = { ...none, moved: moves.length };
  for (const { before, after } of actions) {
    if (isKept(before, after)) {
      needs.set++;
      continue;
    }
    if (before.kind === 'file') {
      needs.kept++;
      needs.keptBytes += Number(before.stamp.size);
    }
    if (after.kind === 'nothing') needs.removed++;
    if (after.kind === 'directory') needs.folders++;
    if (after.kind === 'link') needs.links++;
    if (after.kind !== 'file') continue;
    needs.written++;
    needs.bytes += after.size;
  }
  return needs;
}
