/**
 * Finishes the moves of a journal: what is aside comes to its place if all of its group had gone aside, else back to
 * where it was. What had not begun is left, and what had to go for it comes back.
 */

import { dirname, join } from 'node:path/posix';
import type { RepositoryPath } from '../model/path.ts';
import type { Problem } from '../model/problem.ts';
import { isDirectory } from '../store/directories.ts';
import { codeOf, quietly } from '../store/errors.ts';
import type { Guard } from '../store/guard.ts';
import type { Disk, ExactStats } from '../disk/disk.ts';
import type { Step } from '../text/operation.ts';
import { Aside } from './aside.ts';
import { parkOrder } from './move-order.ts';
import * as say from './problems.ts';
import { Relocation } from './relocation.ts';
import { numberedMoves, type NumberedMove } from './reverse.ts';
import { besideName, OF_ONE_PATH } from './stage.ts';
import { contentOf, placeIn, wrongAbove } from './stand.ts';

export interface MovesToResume {
  readonly disk: Disk;
  readonly root: string;
  readonly guard: Guard;
  readonly scratch: string;
  /** Of the journal. */
  readonly aside: string;
  readonly steps: readonly Step[];
  readonly touch: (...folders: readonly string[]) => void;
  /** Whether what stands somewhere looks like what a step was to bring there. */
  readonly looksDone: (step: Step, stats: ExactStats) => boolean;
}

export interface ResumedMoves {
  readonly done: ReadonlySet<NumberedMove>;
  /** Copies to another volume, and what they were copied from: done instead of a move. */
  readonly instead: ReadonlyMap<NumberedMove, readonly Step[]>;
  readonly problems: readonly Problem[];
}

/** The owner writes in it until it has its own bits. */
const WRITABLE = 0o700;

export function resumeMoves(given: MovesToResume): ResumedMoves {
  return new Moves(given).run();
}

class Moves {
  private readonly given: MovesToResume;
  private readonly aside: Aside;
  private readonly moves: readonly NumberedMove[];
  private readonly done = new Set<NumberedMove>();
  private readonly instead = new Map<NumberedMove, readonly Step[]>();
  private readonly problems: Problem[] = [];

  constructor(given: MovesToResume) {
    const { disk, root, scratch, aside, steps } = given;
    this.given = given;
    this.aside = new Aside(disk, root, scratch, aside);
    this.moves = numberedMoves(steps);
  }

  run(): ResumedMoves {
    const groups = new Map<number, NumberedMove[]>();
    for (const move of this.moves) {
      const group = this.groupOf(move);
      if (group !== undefined) groups.set(group, [...(groups.get(group) ?? []), move]);
    }
    for (const [number, group] of groups) this.finishGroup(number, group);
    const direct = this.moves.filter((move) => this.groupOf(move) === undefined);
    const came = this.comings();
    // The last first: what stands where a move began may have come with a later one.
    for (const move of direct.reverse()) this.finish(move, came);
    return { done: this.done, instead: this.instead, problems: this.problems };
  }

  private groupOf({ number }: NumberedMove): number | undefined {
    const step = this.given.steps[number];
    return step?.kind === 'move' ? step.aside : undefined;
  }

  private finishGroup(number: number, group: readonly NumberedMove[]): void {
    const hops = new Map<NumberedMove, string>();
    for (const move of group) {
      const hop = this.aside.find(move, move.number);
      if (hop !== undefined) hops.set(move, hop);
    }
    if (!this.aside.isMarked(number)) {
      for (const move of [...parkOrder(group)].reverse()) this.bringHome(move, hops.get(move));
      return;
    }
    for (const move of group) {
      // Those further up have come meanwhile, with what is aside in them.
      const hop = hops.get(move) ?? this.aside.find(move, move.number);
      if (hop === undefined) {
        if (this.statsAt(move.to) !== undefined) this.done.add(move);
        continue;
      }
      this.prepare(move);
      if (this.aside.place(hop, move.to)) {
        this.done.add(move);
        this.touch(hop, placeIn(this.given.root, move.to));
      } else this.bringHome(move, hop);
    }
  }

  private bringHome(move: NumberedMove, hop: string | undefined): void {
    if (hop === undefined) return;
    const now = this.aside.bringHome(move, hop);
    this.touch(hop, placeIn(this.given.root, now));
    if (now !== move.from) this.problems.push(say.movedAside(move.from, now));
  }

  /** The steps right before a move, each as far as it is still to be done. */
  private prepare({ number }: NumberedMove): void {
    const { steps } = this.given;
    let first = number;
    while (first > 0 && steps[first - 1]!.kind !== 'move') first--;
    for (const step of steps.slice(first, number)) {
      try {
        this.prepareStep(step);
      } catch (error) {
        if (!OF_ONE_PATH.has(codeOf(error)) && codeOf(error) !== 'ENOTEMPTY') throw error;
      }
    }
  }

  private prepareStep(step: Step): void {
    const { disk, root, guard } = this.given;
    if (step.kind === 'move' || wrongAbove(disk, root, step.path) !== undefined) return;
    const place = placeIn(root, step.path);
    const stats = disk.lstatExact(place);
    if (step.kind === 'make' && stats === undefined && isDirectory(disk, dirname(place))) {
      disk.mkdir(place, step.mode | WRITABLE);
    } else if (step.kind === 'keep' && stats?.isFile() === true && contentOf(disk, place) === step.blake3) {
      this.touch(guard.take(place, step.blake3).path);
    } else if (step.kind === 'unlink' && stats?.isSymbolicLink() && disk.readlink(place) === step.target) {
      disk.unlink(place);
    } else if (step.kind === 'remove' && stats?.isDirectory() === true) disk.rmdir(place);
    else return;
    this.touch(place);
  }

  /** By which steps something came to a path. */
  private comings(): ReadonlyMap<RepositoryPath, Step> {
    const found = new Map<RepositoryPath, Step>();
    for (const step of this.given.steps)
      if (step.kind === 'make' || step.kind === 'link' || step.kind === 'write') found.set(step.path, step);
    return found;
  }

  private finish(move: NumberedMove, came: ReadonlyMap<RepositoryPath, Step>): void {
    const { disk, root, aside } = this.given;
    const [from, to] = [this.statsAt(move.from), this.statsAt(move.to)];
    const torn = join(dirname(placeIn(root, move.to)), besideName(aside, move.number));
    if (disk.lstatExact(torn)?.isFile() === true) quietly(() => disk.unlink(torn));
    if (to === undefined) return;
    if (from === undefined || this.isExplained(move.from, from, came)) this.done.add(move);
    else if (from.isFile() && to.isFile() && from.dev !== to.dev) this.finishCopy(move, from);
  }

  /** Whether what stands where a move began came there later. */
  private isExplained(
    path: RepositoryPath,
    stats: ExactStats,
    came: ReadonlyMap<RepositoryPath, Step>,
  ): boolean {
    if (new Relocation(this.done).coming(path) !== undefined) return true;
    const step = came.get(path);
    return step !== undefined && this.given.looksDone(step, stats);
  }

  /** A copy on another volume is whole: what it was copied from goes. */
  private finishCopy(move: NumberedMove, { size }: ExactStats): void {
    const { disk, root, guard } = this.given;
    const [source, target] = [placeIn(root, move.from), placeIn(root, move.to)];
    const blake3 = contentOf(disk, source);
    if (contentOf(disk, target) !== blake3) return;
    try {
      this.touch(guard.take(source, blake3).path, source);
    } catch (error) {
      if (!OF_ONE_PATH.has(codeOf(error))) throw error;
      return;
    }
    const contents = { blake3, size: Number(size) };
    this.instead.set(move, [
      { kind: 'write', path: move.to, ...contents },
      { kind: 'keep', path: move.from, ...contents },
    ]);
  }

  private statsAt(path: RepositoryPath): ExactStats | undefined {
    const { disk, root } = this.given;
    if (wrongAbove(disk, root, path) !== undefined) return undefined;
    return disk.lstatExact(placeIn(root, path));
  }

  private touch(...places: readonly string[]): void {
    this.given.touch(...places.map((place) => dirname(place)));
  }
}
