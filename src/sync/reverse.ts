/** What has to stand where for the steps of an operation to be taken back, and what stood there before. Pure. */

import type { RepositoryPath } from '../model/path.ts';
import type { Contents, Looks, Step } from '../text/operation.ts';
import type { Standing } from './plan.ts';
import { pairsOf, type Pair } from './pairs.ts';
import { along, Relocation, upwards, type Moving } from './relocation.ts';
import { parseInstant } from '../model/instant.ts';
import { FAITHFUL, showsMode, showsTime, type Rendering } from '../model/rendering.ts';

/** What a step says of a path, before or after it. */
export type State =
  | { readonly kind: 'nothing' }
  | ({ readonly kind: 'file' } & Contents)
  | { readonly kind: 'link'; readonly target: string }
  | { readonly kind: 'directory'; readonly mode: number }
  /** Of what stood there all the time only this changed. */
  | { readonly kind: 'looks'; readonly looks: Looks };

/** What stands there came with a move. */
export interface Replaced {
  readonly kind: 'replaced';
}

export interface Reversal {
  readonly path: RepositoryPath;
  /** Where it is when the moves are taken back; undefined of what came to a place that a move had left. */
  readonly before: RepositoryPath | undefined;
  /** What the operation left at `path`. */
  readonly is: State | Replaced;
  /** What was at `before` before it, if it was anywhere. */
  readonly was: State;
}

/** One for each path, from the first state to the last. Moves are in `movesBack`. */
export function reversalsOf(steps: readonly Step[]): Reversal[] {
  const reversals = new Map<string, Reversal>();
  const moves = numberedMoves(steps);
  const places = new Relocation(moves);
  for (const pair of pairsOf(steps)) {
    const { path, number } = pair;
    const before = placeBefore(path, number, moves, places);
    const is = isReplaced(pair, places) ? { kind: 'replaced' as const } : after(pair);
    const key = before ?? `/${path}`;
    reversals.set(key, { path, before, was: reversals.get(key)?.was ?? stateBefore(pair), is });
  }
  return [...reversals.values()];
}

export interface NumberedMove extends Moving {
  /** Of its step in the list. */
  readonly number: number;
}

export function numberedMoves(steps: readonly Step[]): NumberedMove[] {
  return steps.flatMap((step, number) =>
    step.kind === 'move' ? [{ from: step.from, to: step.to, number }] : [],
  );
}

/** Where something was before all moves of a list, that a step of it finds at a path: those before it were done. */
function placeBefore(
  path: RepositoryPath,
  number: number,
  moves: readonly NumberedMove[],
  places: Relocation<NumberedMove>,
): RepositoryPath | undefined {
  if (moves.length === 0) return path;
  const isDone = (move: NumberedMove | undefined): move is NumberedMove =>
    move !== undefined && move.number < number;
  for (const at of upwards(path)) {
    const came = places.to(at);
    if (isDone(came)) return along(path, came.to, came.from);
    if (isDone(places.from(at))) return undefined;
  }
  return path;
}

/** Whether something went for a move, so that what moved stands there now. */
function isReplaced({ path, number, comes }: Pair, places: Relocation<NumberedMove>): boolean {
  if (comes !== undefined || places.size === 0) return false;
  return [...upwards(path)].some((at) => (places.to(at)?.number ?? -1) > number);
}

/** The moves that take back those of an operation, the last first. */
export function movesBack(
  steps: readonly Step[],
): { readonly from: RepositoryPath; readonly to: RepositoryPath }[] {
  return steps.flatMap((step) => (step.kind === 'move' ? [{ from: step.to, to: step.from }] : [])).reverse();
}

/** Whether what stands at a path is what the operation left there. */
export function isStill(standing: Standing, is: State | Replaced, rendering: Rendering = FAITHFUL): boolean {
  switch (is.kind) {
    case 'replaced':
      return true;
    case 'nothing':
      return standing.kind === 'absent';
    case 'file':
      return standing.kind === 'file' && standing.blake3 === is.blake3;
    case 'link':
      return standing.kind === 'link' && standing.target === is.target;
    case 'directory':
      return standing.kind === 'directory';
    case 'looks':
      return looksSo(standing, is.looks, rendering);
  }
}

function looksSo(standing: Standing, { mode, mtime }: Looks, rendering: Rendering): boolean {
  if (standing.kind === 'directory') return mtime === undefined && showsMode(rendering, standing.mode, mode);
  if (standing.kind !== 'file' || !showsMode(rendering, standing.mode, mode)) return false;
  const meant = mtime === undefined ? undefined : parseInstant(mtime);
  return meant !== undefined && showsTime(rendering, standing.stamp.modified, meant);
}

function stateBefore({ goes, comes }: Pair): State {
  if (comes?.kind === 'set') return { kind: 'looks', looks: comes.was };
  switch (goes?.kind) {
    case undefined:
      return { kind: 'nothing' };
    case 'keep':
      return { ...goes, kind: 'file' };
    case 'unlink':
      return { kind: 'link', target: goes.target };
    case 'remove':
      return { kind: 'directory', mode: goes.mode };
  }
}

function after({ comes }: Pair): State {
  switch (comes?.kind) {
    case undefined:
      return { kind: 'nothing' };
    case 'write':
      return { ...comes, kind: 'file' };
    case 'link':
      return { kind: 'link', target: comes.target };
    case 'make':
      return { kind: 'directory', mode: comes.mode };
    case 'set':
      return { kind: 'looks', looks: comes };
  }
}
