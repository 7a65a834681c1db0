/**
 * In which order moves that happen all at once can be done one by one, and which of them have to go aside first.
 * Pure.
 */

import { compareBytes } from '../model/name.ts';
import { parentOf } from '../model/path.ts';
import { Relocation, upwards, type Moving } from './relocation.ts';

export interface Order<M extends Moving> {
  /**
   * Moves that wait for one another: all of a group go aside, then all come to their places, those that others end
   * in first. No group waits for another one, nor for a move that is done directly.
   */
  readonly groups: readonly (readonly M[])[];
  /** All others, one after another; after the groups. */
  readonly direct: readonly M[];
}

/** For each move those that have to be done before it. */
export type Needed<M extends Moving> = ReadonlyMap<M, ReadonlySet<M>>;

/** What each move waits for: that its place is left, that the folder it ends in has come, that its parts are out. */
export function neededBy<M extends Moving>(moves: readonly M[]): Needed<M> {
  const places = new Relocation(moves);
  const needed = new Map<M, Set<M>>(moves.map((move) => [move, new Set()]));
  for (const move of moves) {
    for (const at of upwards(move.to)) {
      const left = places.from(at);
      if (left !== undefined) needed.get(move)!.add(left);
    }
    for (const at of upwards(parentOf(move.to))) {
      const come = places.to(at);
      if (come !== undefined) needed.get(move)!.add(come);
    }
    for (const at of upwards(parentOf(move.from))) {
      // Out of a folder that moves, or out of one whose place something else takes.
      for (const other of [places.from(at), places.to(at)])
        if (other !== undefined) needed.get(other)!.add(move);
    }
  }
  return needed;
}

/** The moves that wait for some of these, however indirectly, and for which of them. */
export function waitingFor<M extends Moving>(moves: readonly M[], stopped: Iterable<M>): ReadonlyMap<M, M> {
  const waiters = turned(neededBy(moves));
  const found = new Map<M, M>([...stopped].map((move) => [move, move]));
  for (const [move, cause] of found)
    for (const waiter of waiters.get(move) ?? []) if (!found.has(waiter)) found.set(waiter, cause);
  return found;
}

export function orderOf<M extends Moving>(moves: readonly M[]): Order<M> {
  const needed = neededBy(moves);
  const sorted = [...moves].sort((a, b) => compareBytes(a.to, b.to));
  const ordered = inOrder(sorted, needed);
  if (ordered.length === moves.length) return { groups: [], direct: ordered };
  const rest = without(sorted, new Set(ordered));
  // What others only wait for is no part of a circle, and what only waits is none either.
  const circles = without(rest, new Set(inOrder(rest, turned(needed))));
  const aside = reachable(circles, needed);
  const direct = inOrder(without(sorted, aside), needed);
  return {
    groups: groupsOf(
      sorted.filter((move) => aside.has(move)),
      needed,
    ),
    direct,
  };
}

/** In which order they go aside: what is in a folder before it. */
export function parkOrder<M extends Moving>(group: readonly M[]): readonly M[] {
  return [...group].sort((a, b) => compareBytes(b.from, a.from));
}

/** Those of `moves` that can be done one after another, where what is not among them counts as done. */
function inOrder<M extends Moving>(moves: readonly M[], needed: Needed<M>): M[] {
  const own = new Set(moves);
  const open = new Map(
    moves.map((move) => [move, [...(needed.get(move) ?? [])].filter((each) => own.has(each)).length]),
  );
  const waiters = turned(needed);
  const ordered = moves.filter((move) => open.get(move) === 0);
  for (const move of ordered) {
    for (const waiter of waiters.get(move) ?? []) {
      const left = open.get(waiter);
      if (left === undefined) continue;
      open.set(waiter, left - 1);
      if (left === 1) ordered.push(waiter);
    }
  }
  return ordered;
}

function turned<M extends Moving>(needed: Needed<M>): Needed<M> {
  const waiters = new Map<M, Set<M>>([...needed.keys()].map((move) => [move, new Set()]));
  for (const [move, all] of needed) for (const each of all) waiters.get(each)!.add(move);
  return waiters;
}

function without<M>(moves: readonly M[], less: ReadonlySet<M>): M[] {
  return moves.filter((move) => !less.has(move));
}

/** These and all that they wait for, however indirectly. */
function reachable<M extends Moving>(moves: Iterable<M>, needed: Needed<M>): Set<M> {
  const found = new Set(moves);
  for (const move of found) for (const each of needed.get(move) ?? []) found.add(each);
  return found;
}

/** What hangs together by waiting, each in the order of `moves`. */
function groupsOf<M extends Moving>(moves: readonly M[], needed: Needed<M>): M[][] {
  const waiters = turned(needed);
  const own = new Set(moves);
  const numbers = new Map<M, number>();
  const groups: M[][] = [];
  for (const first of moves) {
    if (numbers.has(first)) continue;
    const together = new Set([first]);
    for (const move of together)
      for (const each of [...(needed.get(move) ?? []), ...(waiters.get(move) ?? [])])
        if (own.has(each)) together.add(each);
    for (const move of together) numbers.set(move, groups.length);
    groups.push([]);
  }
  for (const move of moves) groups[numbers.get(move)!]!.push(move);
  return groups;
}
