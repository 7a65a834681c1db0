/** Which thing before is which thing now: the pairs so far, and which of them can stand. */

import type { MoveEvidence } from '../model/change.ts';
import { isWithin, type RepositoryPath } from '../model/path.ts';
import type { MoveQuestion, Thing, ThingMove, Told } from './move-question.ts';

/** A pair that could not stand. */
export interface Fallen {
  readonly source: number;
  readonly target: number;
  readonly by: MoveEvidence;
}

const NONE = -1;

/**
 * Sources are what vanished and then what stood at the replaced paths, targets what appeared and then what stands
 * there: numbers, so that hundreds of thousands cost little.
 */
export class Pairs {
  readonly sources: readonly Thing[];
  readonly targets: readonly Thing[];
  readonly stayed: ReadonlySet<RepositoryPath>;
  /** How many sources have vanished; the others are still there, as something else. */
  readonly vanished: number;
  private readonly appeared: number;
  /** The target of each source, and the source of each target. */
  private readonly to: Int32Array;
  private readonly from: Int32Array;
  private readonly by: MoveEvidence[] = [];
  private readonly isVote: Uint8Array;

  constructor(question: MoveQuestion) {
    const replaced = [...question.replaced];
    const vanished = [...question.vanished];
    const appeared = [...question.appeared];
    this.vanished = vanished.length;
    this.appeared = appeared.length;
    this.sources = vanished.concat(replaced.map(({ before }) => before));
    this.targets = appeared.concat(replaced.map(({ after }) => after));
    this.stayed = new Set(question.stayed ?? []);
    this.to = new Int32Array(this.sources.length).fill(NONE);
    this.from = new Int32Array(this.targets.length).fill(NONE);
    this.isVote = new Uint8Array(this.targets.length);
  }

  /** The target at the path of a source, undefined where it vanished. */
  private targetHere(source: number): number | undefined {
    return source < this.vanished ? undefined : source - this.vanished + this.appeared;
  }

  /** The source at the path of a target, undefined where it appeared. */
  private sourceHere(target: number): number | undefined {
    return target < this.appeared ? undefined : target - this.appeared + this.vanished;
  }

  /** An edit in place: it went nowhere, and nothing came. */
  private isEdit(source: number, target: number): boolean {
    const { inode } = this.sources[source]!;
    return inode !== undefined && inode === this.targets[target]!.inode;
  }

  /** What vanished and is paired with nothing so far. */
  *lost(): Generator<RepositoryPath> {
    for (let source = 0; source < this.vanished; source++) {
      if (this.to[source] === NONE) yield this.sources[source]!.path;
    }
  }

  /** What is there now and is paired with nothing so far. */
  *come(): Generator<RepositoryPath> {
    for (let target = 0; target < this.targets.length; target++) {
      if (this.from[target] === NONE) yield this.targets[target]!.path;
    }
  }

  isFreeSource(source: number): boolean {
    if (this.to[source] !== NONE) return false;
    const here = this.targetHere(source);
    return here === undefined || !this.isEdit(source, here);
  }

  isFreeTarget(target: number): boolean {
    if (this.from[target] !== NONE) return false;
    const here = this.sourceHere(target);
    return here === undefined || !this.isEdit(here, target);
  }

  /** What stands at the path of a source now, and the other way round, while it is nothing else's target. */
  unclaimedHere(source: number): Thing | undefined {
    const here = this.targetHere(source);
    return here !== undefined && this.from[here] === NONE ? this.targets[here] : undefined;
  }

  unclaimedBefore(target: number): Thing | undefined {
    const here = this.sourceHere(target);
    return here !== undefined && this.from[target] === NONE ? this.sources[here] : undefined;
  }

  /** `isVote`: it says something about the folders as well. */
  pair(source: number, target: number, by: MoveEvidence, isVote: boolean): void {
    this.to[source] = target;
    this.from[target] = source;
    this.by[target] = by;
    this.isVote[target] = isVote ? 1 : 0;
  }

  /** Takes what a person said, where both paths are in question. */
  tell(told: readonly Told[]): void {
    if (told.length === 0) return;
    const sources = new Map(this.sources.map(({ path }, source) => [path, source]));
    const targets = new Map(this.targets.map(({ path }, target) => [path, target]));
    for (const { from, to } of told) {
      const source = sources.get(from);
      const target = targets.get(to);
      if (source === undefined || target === undefined || from === to) continue;
      if (this.isFreeSource(source) && this.isFreeTarget(target)) this.pair(source, target, 'hand', true);
    }
  }

  /** Whether a folder holds anything that came. */
  isSomethingNowBelow(folder: RepositoryPath): boolean {
    return this.targets.some(({ path }) => path !== folder && isWithin(path, folder));
  }

  /** Gives back the pairs that cannot stand, so that another reason may be found for both of their ends. */
  setAsideFallen(): readonly Fallen[] {
    const stands = this.standing();
    const fallen: Fallen[] = [];
    for (let target = 0; target < this.from.length; target++) {
      const source = this.from[target]!;
      if (source === NONE || stands[target] === 1) continue;
      fallen.push({ source, target, by: this.by[target]! });
      this.to[source] = NONE;
      this.from[target] = NONE;
    }
    return fallen;
  }

  /** Takes back those whose ends are still free. */
  takeBack(fallen: readonly Fallen[]): void {
    for (const { source, target, by } of fallen)
      if (this.isFreeSource(source) && this.isFreeTarget(target)) this.pair(source, target, by, false);
  }

  /**
   * Which targets have a pair that stands: without those whose source is still there and is not itself the target
   * of one that stands, unless a person said so; and without those known by what they hold alone whose target held
   * something that went nowhere, since that is a file that was written anew. Each that falls may pull down two
   * others, so this is linear.
   */
  private standing(): Uint8Array {
    const stands = Uint8Array.from(this.from, (source) => (source === NONE ? 0 : 1));
    const work = [...this.from.keys()];
    for (let target = work.pop(); target !== undefined; target = work.pop()) {
      if (stands[target] === 0 || (this.mayLeave(target, stands) && this.mayArrive(target, stands))) continue;
      stands[target] = 0;
      const behind = this.sourceHere(target);
      const ahead = this.targetHere(this.from[target]!);
      if (behind !== undefined && this.to[behind] !== NONE) work.push(this.to[behind]!);
      if (ahead !== undefined) work.push(ahead);
    }
    return stands;
  }

  private mayLeave(target: number, stands: Uint8Array): boolean {
    const here = this.targetHere(this.from[target]!);
    return here === undefined || stands[here] === 1 || this.by[target] === 'hand';
  }

  private mayArrive(target: number, stands: Uint8Array): boolean {
    const by = this.by[target];
    const behind = this.sourceHere(target);
    if (behind === undefined || (by !== 'content' && by !== 'media')) return true;
    return this.to[behind] !== NONE && stands[this.to[behind]!] === 1;
  }

  /** The pairs that stand. */
  kept(): ThingMove[] {
    return this.moves(() => true);
  }

  /** Those of them that say where a folder went. */
  voting(): ThingMove[] {
    return this.moves((target) => this.isVote[target] === 1);
  }

  private moves(isAsked: (target: number) => boolean): ThingMove[] {
    const moves: ThingMove[] = [];
    this.standing().forEach((isStanding, target) => {
      if (isStanding === 0 || !isAsked(target)) return;
      const from = this.sources[this.from[target]!]!;
      moves.push({ from, to: this.targets[target]!, by: this.by[target]! });
    });
    return moves;
  }

  /** What is at a path now that held something which went nowhere, or (a person said so) left one that holds more. */
  overOthers(): ReadonlySet<Thing> {
    const stands = this.standing();
    const found = new Set<Thing>();
    for (let source = this.vanished; source < this.sources.length; source++) {
      const here = this.targetHere(source)!;
      const to = this.to[source]!;
      const isGone = to !== NONE && stands[to] === 1;
      if (stands[here] === 1 && !isGone) found.add(this.targets[here]!);
      if (isGone && stands[here] === 0) found.add(this.targets[to]!);
    }
    return found;
  }

  /** The paths before of what did not move: what was removed, overwritten, edited in place, and what stayed. */
  unmoved(): RepositoryPath[] {
    const stands = this.standing();
    const paths = [...this.stayed];
    this.sources.forEach(({ path }, source) => {
      const to = this.to[source]!;
      if (to === NONE || stands[to] === 0) paths.push(path);
    });
    return paths;
  }
}
