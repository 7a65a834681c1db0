/** Which of the moves that are asked for can be done, in which order, and what has to be done first for each. Pure. */

import { compareBytes } from '../model/name.ts';
import { isWithin, parentOf, type RepositoryPath } from '../model/path.ts';
import type { Problem } from '../model/problem.ts';
import { fold } from '../text/fold.ts';
import { inTheWay } from './in-the-way.ts';
import { orderOf, waitingFor } from './move-order.ts';
import { isOwnName } from './own-name.ts';
import type { Action, MoveAction, Standing, Wanted } from './planned.ts';
import * as say from './problems.ts';
import { along, Relocation, upwards, type Moving } from './relocation.ts';

export interface PlannedMoves {
  /** In the order in which they are done. */
  readonly moves: readonly MoveAction[];
  readonly places: Relocation;
  readonly problems: readonly Problem[];
  /** What was to move from or to there, or below, is left; so nothing else is done there. */
  readonly isLeft: (path: RepositoryPath) => boolean;
}

const NOTHING: Wanted = { kind: 'nothing' };
const ABSENT: Standing = { kind: 'absent' };

/** `stands` says what is at a path before anything is done. */
export function planMoves(
  wanted: ReadonlyMap<RepositoryPath, Wanted>,
  stands: (path: RepositoryPath, wanted: Wanted) => Standing,
  asked: readonly Moving[],
): PlannedMoves {
  return new MovePlanner(wanted, stands).plan(asked);
}

class MovePlanner {
  private readonly wanted: ReadonlyMap<RepositoryPath, Wanted>;
  private readonly stands: (path: RepositoryPath, wanted: Wanted) => Standing;
  private readonly problems: Problem[] = [];
  private readonly left = new Set<RepositoryPath>();
  private sorted: readonly RepositoryPath[] | undefined;

  constructor(
    wanted: ReadonlyMap<RepositoryPath, Wanted>,
    stands: (path: RepositoryPath, wanted: Wanted) => Standing,
  ) {
    this.wanted = wanted;
    this.stands = stands;
  }

  plan(asked: readonly Moving[]): PlannedMoves {
    const open = this.possible(asked.filter((move) => this.isThere(move)));
    const places = new Relocation(open);
    const { groups, direct } = orderOf(open);
    const made = new Set<RepositoryPath>();
    const planned = (move: Moving, aside?: number): MoveAction => ({
      from: move.from,
      to: move.to,
      standing: this.stands(move.from, NOTHING) as MoveAction['standing'],
      first: [...this.foldersFor(move, places, made), ...this.goingFor(move, places)],
      ...(aside !== undefined && { aside }),
    });
    const moves = [
      ...groups.flatMap((group, number) => group.map((move) => planned(move, number))),
      ...direct.map((move) => planned(move)),
    ];
    const { problems, left } = this;
    const isLeft = (path: RepositoryPath): boolean =>
      left.size > 0 && [...upwards(path)].some((at) => left.has(at));
    return { moves, places, problems, isLeft };
  }

  /** What is gone meanwhile does not move; what is wanted where it was to go is then simply wanted there. */
  private isThere({ from, to }: Moving): boolean {
    if (from === to) return false;
    const { kind } = this.stands(from, this.wanted.get(to) ?? NOTHING);
    if (kind !== 'absent' && kind !== 'behind') return true;
    if (!this.wanted.has(to)) this.problems.push(say.changedMeanwhile(from));
    return false;
  }

  /** Those that nothing stops, directly or by stopping another one that they wait for. */
  private possible(asked: readonly Moving[]): readonly Moving[] {
    let open = asked;
    for (;;) {
      const places = new Relocation(open);
      const stopped = new Map<Moving, Problem>();
      for (const move of open) {
        const problem = this.obstacleOf(move, places);
        if (problem !== undefined) stopped.set(move, problem);
      }
      if (stopped.size === 0) return open;
      const waiting = waitingFor(open, stopped.keys());
      for (const [move, cause] of waiting) {
        this.problems.push(stopped.get(move) ?? say.waits(move.from, move.to, cause.from));
        this.left.add(move.from).add(move.to);
      }
      open = open.filter((move) => !waiting.has(move));
    }
  }

  private obstacleOf(move: Moving, places: Relocation): Problem | undefined {
    const { from, to } = move;
    const standing = this.stands(from, NOTHING);
    if (standing.kind === 'other') return say.cannotTouch(from, standing.why);
    if (isOwnName(to)) return say.ownName(to);
    const unfit = inTheWay(to, standing, this.wanted.get(to) ?? NOTHING);
    if (unfit !== undefined) return unfit;
    const displaced = this.displacedBy(move, places);
    if (displaced.kind === 'other') return say.cannotTouch(to, displaced.why);
    if (displaced.kind === 'behind') return say.behind(to, displaced.above);
    if (displaced.kind !== 'absent' && !this.mayGo(move, places)) return say.taken(from, to);
    if (displaced.kind === 'directory') {
      const [path, why] = this.untouchableIn(places.displaced(move)!, places) ?? [];
      if (path !== undefined) return say.cannotTouch(path, why!);
    }
    for (const above of upwards(parentOf(to))) {
      const folder = this.wanted.get(above);
      if (folder?.kind !== 'directory') continue;
      if (inTheWay(above, this.standingAfter(above, places), folder) !== undefined)
        return say.waits(from, to, above);
    }
    return undefined;
  }

  /** What stands where a move ends and has to go for it; to some file systems it is what moves itself. */
  private displacedBy(move: Moving, places: Relocation): Standing {
    const at = places.displaced(move);
    if (at === undefined) return ABSENT;
    const there = this.stands(at, NOTHING);
    const own = this.stands(move.from, NOTHING);
    const isOwn =
      'stamp' in there &&
      'stamp' in own &&
      there.stamp.inode === own.stamp.inode &&
      fold(move.from) === fold(move.to);
    return isOwn ? ABSENT : there;
  }

  /** Whether it was said what is to be where a move ends, so that what stands there is known and not wanted. */
  private mayGo(move: Moving, places: Relocation): boolean {
    return this.wanted.has(move.to) || this.wanted.get(places.displaced(move)!)?.kind === 'nothing';
  }

  private untouchableIn(folder: RepositoryPath, places: Relocation): [RepositoryPath, string] | undefined {
    for (const path of this.knownIn(folder, places)) {
      const standing = this.stands(path, NOTHING);
      if (standing.kind === 'other') return [path, standing.why];
    }
    return undefined;
  }

  /** What the caller knows of a folder that goes, and that does not move out of it; what is in a folder first. */
  private knownIn(folder: RepositoryPath, places: Relocation): RepositoryPath[] {
    const with_ = places.leaving(folder);
    const below = this.below(folder).filter((path) => places.leaving(path) === with_);
    return below.reverse();
  }

  private below(folder: RepositoryPath): RepositoryPath[] {
    const sorted = (this.sorted ??= [...this.wanted.keys()].sort((a, b) => compareBytes(`${a}/`, `${b}/`)));
    let low = 0;
    for (let high = sorted.length; low < high;) {
      const middle = (low + high) >> 1;
      if (compareBytes(`${sorted[middle]!}/`, `${folder}/`) <= 0) low = middle + 1;
      else high = middle;
    }
    const found: RepositoryPath[] = [];
    for (let at = low; at < sorted.length && isWithin(sorted[at]!, folder); at++) found.push(sorted[at]!);
    return found;
  }

  private standingAfter(path: RepositoryPath, places: Relocation): Standing {
    const at = places.before(path);
    return at === undefined ? ABSENT : this.stands(at, this.wanted.get(path) ?? NOTHING);
  }

  private foldersFor({ to }: Moving, places: Relocation, made: Set<RepositoryPath>): Action[] {
    const actions: Action[] = [];
    for (const path of upwards(parentOf(to))) {
      const after = this.wanted.get(path);
      if (after?.kind !== 'directory' || made.has(path)) continue;
      const before = this.standingAfter(path, places);
      if (before.kind !== 'absent') continue;
      made.add(path);
      actions.unshift({ path, before, after });
    }
    return actions;
  }

  private goingFor(move: Moving, places: Relocation): Action[] {
    const before = this.displacedBy(move, places);
    if (before.kind === 'absent') return [];
    const { to } = move;
    const going: Action[] = [];
    if (before.kind === 'directory') {
      const at = places.displaced(move)!;
      for (const path of this.knownIn(at, places)) {
        const inside = this.stands(path, NOTHING);
        if ('stamp' in inside) going.push({ path: along(path, at, to), before: inside, after: NOTHING });
      }
    }
    return [...going, { path: to, before, after: NOTHING }];
  }
}
