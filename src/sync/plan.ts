/** What has to be done to a person's files so that they are as wanted, given what stands there now. Pure. */

import type { ContentId } from '../model/id.ts';
import { instantOf, type Instant } from '../model/instant.ts';
import { compareBytes } from '../model/name.ts';
import { isWithin, type RepositoryPath } from '../model/path.ts';
import type { Problem } from '../model/problem.ts';
import type { Contents, Step } from '../text/operation.ts';
import { isOwnName } from './own-name.ts';
import * as say from './problems.ts';

/** What tells that something is still what was seen. Times in nanoseconds. */
export interface Stamp {
  readonly inode: bigint;
  readonly size: bigint;
  readonly modified: bigint;
  readonly changed: bigint;
}

/** What stands at a path. */
export type Standing =
  | { readonly kind: 'absent' }
  | { readonly kind: 'file'; readonly stamp: Stamp; readonly mode: number; readonly blake3: ContentId }
  | { readonly kind: 'link'; readonly stamp: Stamp; readonly target: string }
  | { readonly kind: 'directory'; readonly stamp: Stamp; readonly mode: number }
  /** A device, a fifo, or a file that cannot be read: `why` says it. */
  | { readonly kind: 'other'; readonly why: string }
  /** Something that is no folder, or a symlink, stands where a folder above it has to be. */
  | { readonly kind: 'behind'; readonly above: RepositoryPath };

/** What is to stand at a path. */
export type Wanted =
  | { readonly kind: 'nothing' }
  | {
      readonly kind: 'file';
      readonly blake3: ContentId;
      readonly size: number;
      readonly mtime: Instant;
      readonly mode: number;
    }
  | { readonly kind: 'link'; readonly target: string }
  | { readonly kind: 'directory'; readonly mode: number };

/** One path and what is done there: `before` goes, `after` comes. They are of different kinds, or differ in something. */
export interface Action {
  readonly path: RepositoryPath;
  readonly before: Standing;
  readonly after: Wanted;
}

/** A file, link or folder that gets another name on the same volume; nothing stands there yet. */
export interface MoveAction {
  readonly from: RepositoryPath;
  readonly to: RepositoryPath;
  readonly stamp: Stamp;
}

/** What a plan takes. */
export interface Needs {
  /** Of new files, to be free on the volume while they are written. */
  readonly bytes: number;
  readonly written: number;
  /** What goes into the guard. */
  readonly kept: number;
  readonly keptBytes: number;
  readonly moved: number;
  /** Files, links and folders of which nothing stands there afterwards. */
  readonly removed: number;
  readonly folders: number;
  readonly links: number;
  /** What gets other permission bits or another time. */
  readonly set: number;
}

export interface Plan {
  /** Done first, in this order. */
  readonly moves: readonly MoveAction[];
  /** A folder before what comes into it, and after what goes from it. */
  readonly actions: readonly Action[];
  readonly needs: Needs;
  /** How many paths are as wanted already. */
  readonly same: number;
  readonly problems: readonly Problem[];
}

/** Plans from what is wanted at each path; paths come once. `stands` is asked once for each. */
export function planChanges(
  wanted: ReadonlyMap<RepositoryPath, Wanted>,
  stands: (path: RepositoryPath, wanted: Wanted) => Standing,
  moves: readonly MoveAction[] = [],
): Plan {
  const coming: Action[] = [];
  const going: Action[] = [];
  const problems: Problem[] = [];
  /** A folder that cannot be made: nothing is said of what is in it. */
  let blocked: RepositoryPath | undefined;
  let same = 0;
  for (const [path, after] of [...wanted].sort(([a], [b]) => compareBytes(`${a}/`, `${b}/`))) {
    if (blocked !== undefined && isWithin(path, blocked)) continue;
    const isOwn = after.kind !== 'nothing' && isOwnName(path);
    const before: Standing = isOwn ? { kind: 'absent' } : stands(path, after);
    const problem = isOwn ? say.ownName(path) : inTheWay(path, before, after);
    if (problem !== undefined) {
      problems.push(problem);
      if (after.kind === 'directory') blocked = path;
    } else if (isAsWanted(before, after)) same++;
    else if (after.kind === 'nothing') going.unshift({ path, before, after });
    else coming.push({ path, before, after });
  }
  const actions = [...going, ...coming];
  return { moves, actions, needs: needsOf(moves, actions), same, problems };
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

function isAsWanted(before: Standing, after: Wanted): boolean {
  if (after.kind === 'nothing') return before.kind === 'absent' || before.kind === 'behind';
  if (after.kind === 'link') return before.kind === 'link' && before.target === after.target;
  const pair = pairOf(before, after);
  if (pair === undefined || pair[0].mode !== pair[1].mode) return false;
  return pair[1].kind === 'directory' || instantOf(pair[0].stamp.modified) === pair[1].mtime;
}

function inTheWay(path: RepositoryPath, before: Standing, after: Wanted): Problem | undefined {
  if (before.kind === 'other') return say.cannotTouch(path, before.why);
  if (after.kind === 'nothing') return undefined;
  if (before.kind === 'behind') return say.behind(path, before.above);
  const isFolder = before.kind === 'directory';
  if (before.kind === 'absent' || isFolder === (after.kind === 'directory')) return undefined;
  return isFolder ? say.folderInTheWay(path) : say.notAFolder(path);
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
