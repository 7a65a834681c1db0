/**
 * Renames what a plan moves, each looked at again right before it. What waits for one another goes aside first, all
 * of it, and comes to its places from there: at no moment does it take the place of something else. Long because
 * both ways share what is done, what is aside and how it is taken back.
 */

import { dirname } from 'node:path/posix';
import type { Disk } from '../disk/disk.ts';
import { parentOf, ROOT, type RepositoryPath } from '../model/path.ts';
import type { Problem } from '../model/problem.ts';
import { codeOf, quietly } from '../store/errors.ts';
import type { Guard } from '../store/guard.ts';
import type { Layout } from '../store/layout.ts';
import { Aside } from './aside.ts';
import type { Breath } from './breath.ts';
import type { LookAgain } from './look-again.ts';
import { neededBy, parkOrder, type Needed } from './move-order.ts';
import type { Action, MoveAction } from './plan.ts';
import * as say from './problems.ts';
import { Relocation, upwards } from './relocation.ts';
import { OF_ONE_PATH, stagedPath } from './stage.ts';
import { placeIn } from './stand.ts';
import type { Touched } from './touched.ts';
import { transfer } from './transfer.ts';

/** What it is given by whoever applies a plan. */
export interface MoverHands {
  readonly disk: Disk;
  readonly root: string;
  readonly layout: Layout;
  readonly guard: Guard;
  /** 16 digits that no other command has. */
  readonly aside: string;
  readonly again: LookAgain;
  readonly touched: Touched;
  readonly problems: Problem[];
  readonly breath: Breath;
  /** What is done, in its order. */
  readonly deeds: Set<Action | MoveAction>;
  /** The number of its step in the journal. */
  readonly numberOf: (move: MoveAction) => number;
  /** Does an action, or tells why not. */
  readonly act: (action: Action) => void;
  /** Takes one back that was done a moment ago. */
  readonly takeBack: (action: Action) => void;
  /** Tells an error that is one path's alone, and throws all others. */
  readonly tellOf: (path: RepositoryPath, error: unknown) => void;
}

export class Mover {
  /** Whether something is still aside; then the journal has to stay. */
  isStranded = false;
  private readonly hands: MoverHands;
  private readonly moves: readonly MoveAction[];
  private readonly needed: Needed<MoveAction>;
  private readonly aside: Aside;
  /** What was copied to another volume. */
  private readonly transferred = new Set<MoveAction>();

  constructor(hands: MoverHands, moves: readonly MoveAction[]) {
    this.hands = hands;
    this.moves = moves;
    this.needed = neededBy(moves);
    this.aside = new Aside(hands.disk, hands.root, hands.layout.scratch, hands.aside);
  }

  async run(): Promise<void> {
    const groups = new Map<number, MoveAction[]>();
    for (const move of this.moves) {
      if (move.aside === undefined) continue;
      const group = groups.get(move.aside);
      if (group === undefined) groups.set(move.aside, [move]);
      else group.push(move);
    }
    for (const [number, group] of groups) {
      await this.hands.breath.after();
      this.moveTogether(number, group);
    }
    for (const move of this.moves) {
      if (move.aside !== undefined) continue;
      await this.hands.breath.after();
      await this.move(move);
    }
    this.hands.touched.flush();
  }

  isDone(move: MoveAction): boolean {
    return this.hands.deeds.has(move) || this.transferred.has(move);
  }

  private async move(move: MoveAction): Promise<void> {
    const { again, problems, tellOf } = this.hands;
    const cause = [...this.needed.get(move)!].find((each) => !this.isDone(each));
    if (cause !== undefined) {
      problems.push(say.waits(move.from, move.to, cause.from));
      return;
    }
    let isDone = false;
    try {
      isDone =
        this.isFree(again.problemOfLeaving(move)) &&
        this.prepare(move) &&
        this.isFree(again.problemOfComing(move)) &&
        (await this.rename(move));
    } catch (error) {
      tellOf(move.from, error);
    } finally {
      if (!isDone) quietly(() => this.takeBackAll(move));
    }
  }

  private async rename(move: MoveAction): Promise<boolean> {
    const { disk, root, touched, again, deeds } = this.hands;
    const [source, target] = [placeIn(root, move.from), placeIn(root, move.to)];
    try {
      disk.rename(source, target);
    } catch (error) {
      if (codeOf(error) !== 'EXDEV') throw error;
      return this.transfer(move);
    }
    touched.add(dirname(source), dirname(target));
    again.learn(disk.lstatExact(target));
    deeds.add(move);
    return true;
  }

  private async transfer(move: MoveAction): Promise<boolean> {
    const { disk, root, layout, guard, aside, again, touched, breath, deeds, problems, numberOf } =
      this.hands;
    const staged = stagedPath(disk, { root, scratch: layout.scratch, aside }, move.to, numberOf(move));
    const done = await transfer({ disk, root, guard, home: layout.home, breath }, move, staged);
    if ('code' in done) {
      problems.push(done);
      return false;
    }
    for (const action of done) deeds.add(action);
    this.transferred.add(move);
    const [source, target] = [placeIn(root, move.from), placeIn(root, move.to)];
    touched.add(dirname(source), dirname(target), layout.guard);
    const copy = disk.lstatExact(target);
    if (copy !== undefined) again.standIn(move.standing.stamp, copy);
    return true;
  }

  /** All of a group, or none where one cannot leave its place. */
  private moveTogether(number: number, group: readonly MoveAction[]): void {
    if (!this.canGoAside(group)) return;
    const { problems, touched } = this.hands;
    /** What is aside, in the order in which it went there. */
    const hops = new Map<MoveAction, string>();
    try {
      for (const move of parkOrder(group)) this.park(move, hops);
      touched.flush();
      this.aside.mark(number);
      for (const move of group) this.come(move, hops);
      touched.flush();
    } catch (error) {
      this.isStranded = true;
      this.settle(number, group, hops);
      this.isStranded = false;
      if (!OF_ONE_PATH.has(codeOf(error))) throw error;
      problems.push(say.failed(group[0]!.from, String(codeOf(error))));
    }
  }

  private canGoAside(group: readonly MoveAction[]): boolean {
    const { again, problems } = this.hands;
    for (const move of group) {
      const problem = again.problemOfLeaving(move) ?? this.problemOfVolume(move, group);
      if (problem === undefined) continue;
      problems.push(problem);
      for (const each of group) if (each !== move) problems.push(say.waits(each.from, each.to, move.from));
      return false;
    }
    return true;
  }

  /** What goes aside has to stay on its volume. */
  private problemOfVolume(move: MoveAction, group: readonly MoveAction[]): Problem | undefined {
    const { disk, root, numberOf } = this.hands;
    const { from, to, standing } = move;
    const isFolder = standing.kind === 'directory';
    const places = new Relocation(this.moves);
    const device = disk.lstatExact(placeIn(root, from))?.dev;
    const target = this.deviceAbove(to, places);
    if (target !== undefined && target !== device)
      return isFolder ? say.folderOfOtherVolume(from, to) : say.otherVolume(from);
    const isBeside = !this.aside.isOfDbk(this.aside.placeOf(move, numberOf(move)));
    const isCarried = isBeside && new Relocation(group).leaving(this.aside.topOf(from)) !== undefined;
    return isCarried ? say.otherVolume(from) : undefined;
  }

  /** The volume that something comes to: of the nearest folder above that is there already. */
  private deviceAbove(to: RepositoryPath, places: Relocation): bigint | undefined {
    const { disk, root } = this.hands;
    for (const above of [...upwards(parentOf(to)), ROOT]) {
      const before = places.before(above);
      const device = before === undefined ? undefined : disk.lstatExact(placeIn(root, before))?.dev;
      if (device !== undefined) return device;
    }
    return undefined;
  }

  private park(move: MoveAction, hops: Map<MoveAction, string>): void {
    const { disk, root, touched, numberOf } = this.hands;
    const source = placeIn(root, move.from);
    const hop = this.aside.placeOf(move, numberOf(move));
    disk.rename(source, hop);
    hops.set(move, hop);
    touched.add(dirname(source), dirname(hop));
  }

  private come(move: MoveAction, hops: Map<MoveAction, string>): void {
    const { disk, root, again, touched, deeds, problems } = this.hands;
    const hop = hops.get(move)!;
    let isDone = false;
    try {
      isDone =
        this.prepare(move) && this.isFree(again.problemOfComing(move)) && this.aside.place(hop, move.to);
    } finally {
      if (!isDone) quietly(() => this.takeBackAll(move));
    }
    touched.add(dirname(hop), dirname(placeIn(root, move.to)));
    if (isDone) {
      hops.delete(move);
      again.learn(disk.lstatExact(placeIn(root, move.to)));
      deeds.add(move);
    } else problems.push(...this.bringHome(move, hops));
  }

  private bringHome(move: MoveAction, hops: Map<MoveAction, string>): Problem[] {
    const { root, touched } = this.hands;
    const now = this.aside.bringHome(move, hops.get(move)!);
    hops.delete(move);
    touched.add(dirname(placeIn(root, now)));
    return now === move.from ? [] : [say.movedAside(move.from, now)];
  }

  /** After an error: nothing stays aside. */
  private settle(number: number, group: readonly MoveAction[], hops: Map<MoveAction, string>): void {
    const { deeds, problems, touched, root } = this.hands;
    const isMarked = this.aside.isMarked(number);
    const order = isMarked ? group : [...parkOrder(group)].reverse();
    for (const move of order) {
      const hop = hops.get(move);
      if (hop === undefined) continue;
      if (isMarked && this.prepare(move) && this.aside.place(hop, move.to)) {
        hops.delete(move);
        deeds.add(move);
        touched.add(dirname(placeIn(root, move.to)));
      } else problems.push(...this.bringHome(move, hops));
    }
    touched.flush();
  }

  /** Clears the place and makes the folders above; false where that cannot be, and then all is as it was. */
  private prepare(move: MoveAction): boolean {
    const { deeds, act } = this.hands;
    for (const action of move.first) {
      if (deeds.has(action)) continue;
      act(action);
      if (deeds.has(action)) continue;
      this.takeBackAll(move);
      return false;
    }
    return true;
  }

  private takeBackAll(move: MoveAction): void {
    const { deeds, takeBack } = this.hands;
    for (const action of [...move.first].reverse()) {
      if (!deeds.has(action) || action.after.kind !== 'nothing') continue;
      takeBack(action);
      deeds.delete(action);
    }
  }

  private isFree(problem: Problem | undefined): boolean {
    if (problem !== undefined) this.hands.problems.push(problem);
    return problem === undefined;
  }
}
