/**
 * Does what was planned with a person's files: journal, then the moves (mover.ts), then for some files at a time:
 * write aside, flush, look again, put what stands there into the guard, put the new in its place, flush. Whoever does
 * so holds the lock.
 *
 * At every call the process may end: `resume.ts` finishes from the journal. The order is that of section 15 of
 * ../text/README.md. Long because it is one work with one state, from the first step to the record of all.
 */

import { dirname, join } from 'node:path/posix';
import type { Disk } from '../disk/disk.ts';
import type { Instant } from '../model/instant.ts';
import type { CommitId } from '../model/id.ts';
import type { RepositoryPath } from '../model/path.ts';
import type { Problem } from '../model/problem.ts';
import type { Commits } from '../store/commits.ts';
import { discardTree, flushDirectory, makeDirectories, removeTree } from '../store/directories.ts';
import { codeOf, quietly } from '../store/errors.ts';
import { flushFile } from '../store/files.ts';
import type { Guard, Guarded } from '../store/guard.ts';
import { appendOperation } from '../store/operations.ts';
import { beginSteps, endSteps } from '../store/working.ts';
import type { Step } from '../text/operation.ts';
import { Breath } from './breath.ts';
import { LookAgain } from './look-again.ts';
import { Mover } from './mover.ts';
import { openingsFor, setOpenings, type Opening } from './openings.ts';
import { isKept, stepsOf, type Action, type MoveAction, type Plan, type Standing } from './plan.ts';
import * as say from './problems.ts';
import { upwards } from './relocation.ts';
import {
  dress,
  OF_ONE_PATH,
  placeNew,
  putBack,
  stageContent,
  stagedPath,
  type Source,
  type WantedFile,
} from './stage.ts';
import { modeOf, placeIn, wrongAbove } from './stand.ts';
import { FEW, Touched } from './touched.ts';

/** With what, and where. */
export interface Hands {
  readonly disk: Disk;
  /** The person's folder, absolute. */
  readonly root: string;
  readonly commits: Commits;
  readonly guard: Guard;
  /** 16 hexadecimal digits that no other command has. */
  readonly aside: string;
  /** Where the bytes of a wanted file may be, the likeliest first. */
  readonly sourcesOf: (path: RepositoryPath, wanted: WantedFile) => Iterable<Source>;
  /** What to say where no source has the bytes. */
  readonly hintOf: (path: RepositoryPath) => string;
  readonly interrupted: () => boolean;
  /** Told of each file before it is written. */
  readonly tell: (path: RepositoryPath, files: number, bytes: number) => void;
}

/** What the operation is called and when it was; `undoes` as in an operation. */
export interface Name {
  readonly command: string;
  /** UTC, whole seconds. */
  readonly date: Instant;
  readonly undoes: string;
  /** Head before the command, where it has moved it; undefined: before the first commit. */
  readonly before?: CommitId | undefined;
}

export interface Applied {
  readonly done: readonly Action[];
  readonly moved: readonly MoveAction[];
  /** The same, in its order. */
  readonly steps: readonly Step[];
  readonly problems: readonly Problem[];
  /** The record of what was done; undefined where nothing was. */
  readonly operation: string | undefined;
}

export const NOTHING_APPLIED: Applied = {
  done: [],
  moved: [],
  steps: [],
  problems: [],
  operation: undefined,
};

/** So many files, and about so many bytes, are written aside before they are flushed and put in place. */
const BATCH_FILES = 8192;
const BATCH_BYTES = 256 * 1024 * 1024;
const WRITABLE = 0o700;

/**
 * Applies a plan; durable when it returns, and noted in `operations/`.
 *
 * A path that is not what the plan saw is left and told. An error that is not one path's (a full disk) ends it:
 * what is in place stays and is noted, nothing is left half done, and the error is thrown.
 */
export async function applyPlan(hands: Hands, plan: Plan, name: Name): Promise<Applied> {
  if (plan.actions.length + plan.moves.length === 0) return NOTHING_APPLIED;
  return new Application(hands, plan, name).run();
}

/** An action, and where its steps begin in the list of all. */
interface Item {
  readonly action: Action;
  readonly number: number;
}

class Application {
  private readonly hands: Hands;
  private readonly name: Name;
  private readonly moves: readonly MoveAction[];
  private readonly mover: Mover;
  private readonly openings: readonly Opening[];
  private readonly items: readonly Item[];
  private readonly steps: readonly Step[];
  /** What is done, in its order. */
  private readonly deeds = new Set<Action | MoveAction>();
  /** Of what was put into the guard, where it is. */
  private readonly kept = new Map<Action, string>();
  private readonly problems: Problem[] = [];
  private readonly scratch: string;
  private readonly again: LookAgain;
  private readonly touched: Touched;
  private readonly breath: Breath;
  private files = 0;
  private bytes = 0;

  constructor(hands: Hands, plan: Plan, name: Name) {
    this.hands = hands;
    this.name = name;
    const { disk, root, commits } = hands;
    this.scratch = commits.layout.scratch;
    this.breath = new Breath(hands.interrupted);
    this.again = new LookAgain(disk, root);
    this.touched = new Touched(disk, [root, commits.layout.home]);
    const steps: Step[] = [];
    const numbers = new Map<MoveAction, number>();
    for (const move of plan.moves) {
      steps.push(...move.first.flatMap(stepsOf), moveStep(move));
      numbers.set(move, steps.length - 1);
    }
    const first = new Set(plan.moves.flatMap((move) => move.first));
    this.moves = plan.moves;
    this.items = plan.actions.flatMap((action) => {
      if (first.has(action)) return [];
      steps.push(...stepsOf(action));
      // What comes is the last of an action's steps.
      return { action, number: steps.length - 1 };
    });
    this.openings = openingsFor(disk, root, plan.moves);
    this.steps = [...steps, ...this.openings];
    this.mover = this.moverFor(numbers);
  }

  private moverFor(numbers: ReadonlyMap<MoveAction, number>): Mover {
    const { disk, root, commits, guard, aside } = this.hands;
    const { again, touched, problems, breath, deeds } = this;
    const hands = {
      disk,
      root,
      layout: commits.layout,
      guard,
      aside,
      again,
      touched,
      problems,
      breath,
      deeds,
    };
    return new Mover(
      {
        ...hands,
        numberOf: (move) => numbers.get(move)!,
        act: (action) => this.act(action),
        takeBack: (action) => this.takeBack(action),
        tellOf: (path, error) => this.tellOf(path, error),
      },
      this.moves,
    );
  }

  async run(): Promise<Applied> {
    const { commits, aside } = this.hands;
    const folder = join(this.scratch, aside);
    try {
      makeDirectories(this.hands.disk, folder);
      const { command, date, undoes } = this.name;
      beginSteps(commits, { command, date, undoes, steps: this.steps, aside });
    } catch (error) {
      discardTree(this.hands.disk, folder);
      throw error;
    }
    try {
      this.open(true);
      await this.mover.run();
      for (const batch of batches(this.itemsLeft())) await this.perform(batch);
    } catch (error) {
      if (!this.mover.isStranded) quietly(() => this.finish());
      throw error;
    }
    const operation = this.finish();
    const { problems } = this;
    return { done: this.done(), moved: this.moved(), steps: this.stepsDone(), problems, operation };
  }

  private stepsDone(): Step[] {
    return [...this.deeds].flatMap((deed) => ('path' in deed ? stepsOf(deed) : [doneStep(deed)]));
  }

  private done(): Action[] {
    return [...this.deeds].filter((deed) => 'path' in deed);
  }

  private moved(): MoveAction[] {
    return [...this.deeds].filter((deed) => 'from' in deed);
  }

  /** Less what is where something was to move from or to and did not: that is told of the move. */
  private itemsLeft(): readonly Item[] {
    const left = new Set(this.moves.flatMap((each) => (this.mover.isDone(each) ? [] : [each.from, each.to])));
    if (left.size === 0) return this.items;
    return this.items.filter(({ action }) => ![...upwards(action.path)].some((at) => left.has(at)));
  }

  private open(isOpen: boolean): void {
    const { disk, root } = this.hands;
    setOpenings(disk, root, this.openings, this.moves, { done: isOpen ? [] : this.moved(), isOpen });
  }

  /** What has to be done for a move: a folder comes, or something goes. */
  private act(action: Action): void {
    const item = { action, number: 0 };
    const staged = new Map<Item, string>();
    if (action.after.kind === 'directory') this.make(item);
    else this.place(item, staged);
  }

  /** What went a moment ago is there again. */
  private takeBack(action: Action): void {
    const { disk, root } = this.hands;
    const { path, before } = action;
    const place = placeIn(root, path);
    const kept = this.kept.get(action);
    if (kept !== undefined) putBack(disk, kept, place);
    else if (before.kind === 'link') disk.symlink(before.target, place);
    else if (before.kind === 'directory') makeAgain(disk, place, before.mode);
  }

  private async perform(batch: readonly Item[]): Promise<void> {
    const staged = new Map<Item, string>();
    try {
      for (const item of batch) {
        await this.breath.after();
        if (item.action.after.kind === 'directory') this.make(item);
        if (item.action.after.kind === 'file') await this.stage(item, staged);
      }
      this.flushStaged(staged);
      this.protect(staged);
      for (const item of batch) {
        this.place(item, staged);
        await this.breath.after();
      }
    } finally {
      for (const path of staged.values()) quietly(() => this.hands.disk.unlink(path));
    }
    this.touched.flush();
  }

  /** Makes a folder; what cannot be is told and left out. */
  private make(item: Item): void {
    const { path, before, after } = item.action;
    this.guarded(path, () => {
      if (isKept(before, after) || !this.isAsSeen(item.action)) return;
      if (this.exchange(item, new Map())) this.deeds.add(item.action);
    });
  }

  /** Writes a file aside; what cannot be is told and left out. */
  private async stage(item: Item, staged: Map<Item, string>): Promise<void> {
    const { path, before, after } = item.action;
    if (after.kind !== 'file' || isKept(before, after)) return;
    try {
      if (this.isAsSeen(item.action)) await this.stageFile(item, after, staged);
    } catch (error) {
      this.tellOf(path, error);
    }
  }

  private async stageFile(item: Item, after: WantedFile, staged: Map<Item, string>): Promise<void> {
    const { disk, root, aside, sourcesOf, hintOf, tell } = this.hands;
    const { path } = item.action;
    tell(path, this.files++, this.bytes);
    this.bytes += after.size;
    const place = stagedPath(disk, { root, scratch: this.scratch, aside }, path, item.number);
    if (await stageContent(disk, place, after, sourcesOf(path, after), this.breath)) staged.set(item, place);
    else this.problems.push(say.nowhere(path, hintOf(path)));
  }

  private flushStaged(staged: ReadonlyMap<Item, string>): void {
    const { disk, aside } = this.hands;
    if (staged.size === 0) return;
    dress(
      disk,
      [...staged].map(([{ action }, path]) => [path, action.after as WantedFile] as const),
    );
    const folders = new Set([...staged.values()].map((path) => dirname(path)));
    folders.add(join(this.scratch, aside));
    if (staged.size > FEW) for (const folder of folders) disk.flushVolume(folder);
    else {
      for (const path of staged.values()) flushFile(disk, path);
      for (const folder of folders) flushDirectory(disk, folder);
      flushDirectory(disk, this.scratch);
    }
  }

  /** Before a person can reach them: what is deleted a moment after it came can be had back. */
  private protect(staged: ReadonlyMap<Item, string>): void {
    for (const [{ action }, path] of staged)
      this.hands.guard.protect(path, (action.after as WantedFile).blake3);
  }

  /** What stands there goes, and what is wanted comes. */
  private place(item: Item, staged: Map<Item, string>): void {
    const { path, before, after } = item.action;
    if (after.kind === 'directory' && !isKept(before, after)) return;
    if (after.kind === 'file' && !isKept(before, after) && !staged.has(item)) return;
    this.guarded(path, () => {
      if (!this.isAsSeen(item.action)) return;
      if (isKept(before, after)) this.set(item.action);
      else if (!this.exchange(item, staged)) return;
      this.deeds.add(item.action);
    });
  }

  private exchange(item: Item, staged: Map<Item, string>): boolean {
    const { disk, root } = this.hands;
    const { path, before, after } = item.action;
    const place = placeIn(root, path);
    const kept = this.remove(path, before);
    if (kept !== undefined) this.kept.set(item.action, kept.path);
    this.touched.add(dirname(place));
    try {
      if (after.kind === 'link') disk.symlink(after.target, place);
      if (after.kind === 'directory') disk.mkdir(place, after.mode | WRITABLE);
      if (after.kind !== 'file') return true;
      if (!placeNew(disk, staged.get(item)!, place)) {
        this.problems.push(say.changedMeanwhile(path));
        // What went is in the guard, and what came meanwhile is a person's.
        if (kept !== undefined) this.deeds.add({ path, before, after: { kind: 'nothing' } });
        return false;
      }
      return true;
    } catch (error) {
      if (kept !== undefined) quietly(() => putBack(disk, kept.path, place));
      if (before.kind === 'link') quietly(() => disk.symlink(before.target, place));
      if (before.kind === 'directory') quietly(() => makeAgain(disk, place, before.mode));
      throw error;
    }
  }

  private remove(path: RepositoryPath, before: Standing): Guarded | undefined {
    const { disk, root, guard, commits } = this.hands;
    const place = placeIn(root, path);
    if (before.kind === 'link') disk.unlink(place);
    if (before.kind === 'directory') disk.rmdir(place);
    if (before.kind !== 'file') return undefined;
    const kept = guard.take(place, before.blake3);
    this.again.learn(kept.stats);
    this.touched.add(dirname(kept.path), commits.layout.guard, commits.layout.home);
    return kept;
  }

  private set({ path, after }: Action): void {
    const { disk, root } = this.hands;
    const place = placeIn(root, path);
    if (after.kind === 'file') dress(disk, [[place, after]]);
    // A folder gets its bits at the end: it may have to be written in.
    this.again.learn(disk.lstatExact(place));
  }

  /** Whether a path is still what the plan saw; else it is told. */
  private isAsSeen({ path, before }: Action): boolean {
    return this.isFree(this.again.problemAt(path, before));
  }

  private isFree(problem: Problem | undefined): boolean {
    if (problem !== undefined) this.problems.push(problem);
    return problem === undefined;
  }

  /** Does something at one path; an error that is this path's alone is told, and the rest goes on. */
  private guarded(path: RepositoryPath, action: () => void): void {
    try {
      action();
    } catch (error) {
      this.tellOf(path, error);
    }
  }

  private tellOf(path: RepositoryPath, error: unknown): void {
    const code = codeOf(error);
    if (code === 'ENOTEMPTY') this.problems.push(say.notEmpty(path));
    else if (code === 'EEXIST') this.problems.push(say.changedMeanwhile(path));
    else if (code === 'EXDEV') this.problems.push(say.otherVolume(path));
    else if (OF_ONE_PATH.has(code)) this.problems.push(say.failed(path, String(code)));
    else throw error;
  }

  /** Folders get their bits, the operation is noted, the journal goes. */
  private finish(): string | undefined {
    const { disk, root, commits, aside } = this.hands;
    this.open(false);
    for (const { path, after } of this.done().reverse()) {
      if (after.kind !== 'directory' || wrongAbove(disk, root, path) !== undefined) continue;
      const stats = disk.lstatExact(placeIn(root, path));
      if (stats?.isDirectory() === true && modeOf(stats) !== after.mode)
        this.guarded(path, () => disk.chmod(placeIn(root, path), after.mode));
    }
    this.touched.flush();
    const head = commits.readHead() ?? '';
    const steps = this.stepsDone();
    const { command, date, undoes } = this.name;
    const before = 'before' in this.name ? (this.name.before ?? '') : head;
    const operation =
      steps.length === 0
        ? undefined
        : appendOperation(disk, commits.layout, { command, date, before, after: head, steps, undoes });
    removeTree(disk, join(this.scratch, aside));
    endSteps(commits);
    return operation;
  }
}

function makeAgain(disk: Disk, place: string, mode: number): void {
  disk.mkdir(place, mode);
  disk.chmod(place, mode);
}

function moveStep({ from, to, aside }: MoveAction): Step {
  return { kind: 'move', from, to, ...(aside !== undefined && { aside }) };
}

function doneStep({ from, to }: MoveAction): Step {
  return { kind: 'move', from, to };
}

function* batches(items: readonly Item[]): Generator<Item[]> {
  let batch: Item[] = [];
  let bytes = 0;
  for (const item of items) {
    const { after } = item.action;
    const size = after.kind === 'file' ? after.size : 0;
    if (batch.length === BATCH_FILES || (batch.length > 0 && bytes + size > BATCH_BYTES)) {
      yield batch;
      batch = [];
      bytes = 0;
    }
    batch.push(item);
    bytes += size;
  }
  if (batch.length > 0) yield batch;
}
