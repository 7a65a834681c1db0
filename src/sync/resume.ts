/**
 * Finishes what a journal says was begun with a person's files: of each step it looks what is there. What was not
 * begun is left as it is; what was half done is completed, or taken back where the new content is not whole.
 *
 * Long because it answers for each kind of step what to look for.
 */

import { dirname, join } from 'node:path/posix';
import type { Disk, ExactStats } from '../disk/disk.ts';
import type { ContentId } from '../model/id.ts';
import { parseInstant, type Instant } from '../model/instant.ts';
import type { RepositoryPath } from '../model/path.ts';
import type { Problem } from '../model/problem.ts';
import type { Commits } from '../store/commits.ts';
import { flushDirectory, isDirectory } from '../store/directories.ts';
import { codeOf, quietly } from '../store/errors.ts';
import { flushFile } from '../store/files.ts';
import type { Guard } from '../store/guard.ts';
import { appendOperation, operations } from '../store/operations.ts';
import type { Journal } from '../text/journal.ts';
import type { Step } from '../text/operation.ts';
import { isOwnName } from './own-name.ts';
import { isOpening, setOpenings } from './openings.ts';
import { pairsOf, type Pair } from './pairs.ts';
import * as say from './problems.ts';
import { Relocation, upwards } from './relocation.ts';
import { resumeMoves, type ResumedMoves } from './resume-moves.ts';
import { numberedMoves, type NumberedMove } from './reverse.ts';
import { besideName, dress, OF_ONE_PATH, placeNew, putBack } from './stage.ts';
import { contentOf, modeOf, placeIn, wrongAbove } from './stand.ts';

export interface Resumption {
  readonly disk: Disk;
  readonly root: string;
  readonly commits: Commits;
  readonly guard: Guard;
}

/** Two seconds: no volume rounds times more than FAT does. */
const COARSE = 2_000_000_000n;

/** To be given to recover(): notes what was done as an operation, and tells how far it came. */
export function finishSteps(resumption: Resumption, journal: Journal): Problem[] {
  return new Resuming(resumption, journal).run();
}

class Resuming {
  private readonly given: Resumption;
  private readonly journal: Journal;
  private readonly problems: Problem[] = [];
  private readonly touched = new Set<string>();

  constructor(given: Resumption, journal: Journal) {
    this.given = given;
    this.journal = journal;
  }

  run(): Problem[] {
    const { disk, commits } = this.given;
    const { command, date, undoes = '', from, to } = this.journal;
    const steps = this.journal.steps.filter((step) => !isOpening(step));
    const moves = this.moves(steps);
    const done = this.resumeSteps(steps, moves);
    for (const step of [...done].reverse()) if (step.kind === 'make') this.finishFolder(step);
    for (const folder of this.touched) if (isDirectory(disk, folder)) flushDirectory(disk, folder);
    if (done.length > 0 && date !== undefined && !this.isNoted(date)) {
      appendOperation(disk, commits.layout, { command, date, before: from, after: to, steps: done, undoes });
    }
    return [say.resumed(command, done.length, steps.length), ...this.problems];
  }

  /** It ended after it had noted what was done: each operation has a date of its own. */
  private isNoted(date: Instant): boolean {
    const { disk, commits } = this.given;
    const [last] = operations(disk, commits.layout, () => undefined);
    return last?.operation.date === date;
  }

  private moves(steps: readonly Step[]): ResumedMoves {
    const { disk, root, guard, commits } = this.given;
    const { aside } = this.journal;
    if (aside === undefined || !steps.some(({ kind }) => kind === 'move'))
      return { done: new Set(), instead: new Map(), problems: [] };
    const resumed = resumeMoves({
      disk,
      root,
      guard,
      scratch: commits.layout.scratch,
      aside,
      steps,
      touch: (...folders) => folders.forEach((folder) => this.touched.add(folder)),
      looksDone: (step, stats) => this.looksDone(step, stats),
    });
    const openings = this.journal.steps.filter(isOpening);
    setOpenings(disk, root, openings, numberedMoves(steps), { done: resumed.done, isOpen: false });
    this.problems.push(...resumed.problems);
    return resumed;
  }

  /** Those that are done, in their order. */
  private resumeSteps(steps: readonly Step[], moves: ResumedMoves): Step[] {
    const done = new Set<Step>();
    const numbered = numberedMoves(steps);
    const places = new Relocation(numbered);
    const standing = new Relocation(moves.done);
    const undone: Pair[] = [];
    for (const pair of pairsOf(steps)) {
      const isDone = this.resumePair(pair, places, standing, undone);
      if (isDone && pair.goes !== undefined) done.add(pair.goes);
      if (isDone && pair.comes !== undefined) done.add(pair.comes);
    }
    // A folder comes back before what was in it.
    for (const pair of undone.reverse()) this.bringBack(pair);
    const instead = new Map<Step, readonly Step[]>();
    for (const move of numbered) {
      const step = steps[move.number] as Extract<Step, { kind: 'move' }>;
      const { aside: _, ...plain } = step;
      if (standing.to(move.to) !== undefined) instead.set(step, [plain]);
      for (const [each, own] of moves.instead) if (each.to === move.to) instead.set(step, own);
    }
    return steps.flatMap((step) => (done.has(step) ? [step] : (instead.get(step) ?? [])));
  }

  private resumePair(
    pair: Pair,
    places: Relocation<NumberedMove>,
    standing: Relocation,
    undone: Pair[],
  ): boolean {
    if (places.size === 0) return this.resume(pair);
    // What goes for a move is gone if that is done; else it comes back.
    const later = moveOver(pair.path, places, (number) => number > pair.number);
    if (later !== undefined && pair.comes === undefined) {
      const isDone = standing.to(later.to) !== undefined;
      if (!isDone) undone.push(pair);
      return isDone;
    }
    // What is in something that has not moved was not begun.
    const earlier = moveOver(pair.path, places, (number) => number < pair.number);
    if (earlier !== undefined && standing.to(earlier.to) === undefined) return false;
    return this.resume(pair);
  }

  /** What went for a move that was not done stands there again. */
  private bringBack(pair: Pair): void {
    const { disk, root } = this.given;
    const place = placeIn(root, pair.path);
    if (wrongAbove(disk, root, pair.path) !== undefined || disk.lstat(place) !== undefined) return;
    if (!isDirectory(disk, dirname(place))) return;
    this.takeBack(pair, place);
  }

  /** Whether the steps at a path are done, now or before. */
  private resume(pair: Pair): boolean {
    const { disk, root } = this.given;
    const { path, comes } = pair;
    if (isOwnName(path) || wrongAbove(disk, root, path) !== undefined) return false;
    try {
      const stats = disk.lstatExact(placeIn(root, path));
      if (comes === undefined) return stats === undefined;
      switch (comes.kind) {
        case 'make':
          if (stats === undefined && pair.goes !== undefined) this.takeBack(pair, placeIn(root, path));
          return stats?.isDirectory() === true;
        case 'link':
          return this.resumeLink(pair, comes.target, stats);
        case 'set':
          return this.resumeSet(comes, stats);
        case 'write':
          return this.resumeWrite(pair, comes, stats);
      }
    } catch (error) {
      const code = codeOf(error);
      if (!OF_ONE_PATH.has(code)) throw error;
      this.problems.push(code === 'EXDEV' ? say.otherVolume(path) : say.failed(path, String(code)));
      const staged = this.stagedOf(path, pair.number);
      if (staged !== undefined) quietly(() => disk.unlink(staged));
      return false;
    }
  }

  /** A symlink has no content to wait for: where the old one went, the new one comes. */
  private resumeLink({ path, goes }: Pair, target: string, stats: ExactStats | undefined): boolean {
    const { disk, root } = this.given;
    const place = placeIn(root, path);
    if (stats !== undefined) return stats.isSymbolicLink() && disk.readlink(place) === target;
    if (goes === undefined) return false;
    disk.symlink(target, place);
    this.touched.add(dirname(place));
    return true;
  }

  private resumeSet(step: Extract<Step, { kind: 'set' }>, stats: ExactStats | undefined): boolean {
    const { disk, root } = this.given;
    if (stats === undefined || stats.isSymbolicLink()) return false;
    const place = placeIn(root, step.path);
    const isFolder = step.mtime === undefined;
    if (stats.isDirectory() !== isFolder) return false;
    const mode = modeOf(stats);
    const isKnown = (wanted: number | undefined, was: number | undefined): boolean =>
      mode === wanted || mode === was;
    if (!isKnown(step.mode, step.was.mode)) return false;
    if (isFolder) {
      if (mode !== step.mode) disk.chmod(place, step.mode);
      return true;
    }
    const [now, old] = [parseInstant(step.mtime), step.was.mtime && parseInstant(step.was.mtime)];
    const isNew = isNear(stats.mtimeNs, now);
    // Nothing was begun: the bits come first.
    if (!isNew && !isNear(stats.mtimeNs, old || undefined)) return false;
    if (mode !== step.mode) return false;
    if (!isNew) disk.setTimes([[place, now!]]);
    return true;
  }

  private resumeWrite(
    pair: Pair,
    step: Extract<Step, { kind: 'write' }>,
    stats: ExactStats | undefined,
  ): boolean {
    const { disk, root, guard } = this.given;
    const place = placeIn(root, step.path);
    const staged = this.stagedOf(step.path, pair.number);
    if (staged === undefined) {
      if (stats === undefined) this.takeBack(pair, place);
      return stats?.isFile() === true && this.looksWritten(step, stats);
    }
    const isWhole = contentOf(disk, staged) === step.blake3;
    const isThere = stats?.isFile() === true && contentOf(disk, place) === step.blake3;
    if (isThere || !isWhole) {
      disk.unlink(staged);
      if (stats === undefined) this.takeBack(pair, place);
      return isThere;
    }
    if (!this.clear(pair, place, stats, guard)) {
      disk.unlink(staged);
      this.problems.push(say.changedMeanwhile(step.path));
      return false;
    }
    const { mode, mtime } = step;
    if (mode !== undefined && mtime !== undefined) dress(disk, [[staged, { mode, mtime }]]);
    flushFile(disk, staged);
    this.touched.add(dirname(place));
    return placeNew(disk, staged, place);
  }

  /** Takes away what is still as it was; false where something else stands there. */
  private clear({ goes }: Pair, place: string, stats: ExactStats | undefined, guard: Guard): boolean {
    const { disk } = this.given;
    if (stats === undefined) return true;
    if (goes?.kind === 'keep' && stats.isFile() && contentOf(disk, place) === goes.blake3) {
      this.touched.add(dirname(guard.take(place, goes.blake3).path));
      return true;
    }
    if (goes?.kind === 'unlink' && stats.isSymbolicLink() && disk.readlink(place) === goes.target) {
      disk.unlink(place);
      return true;
    }
    if (goes?.kind === 'remove' && stats.isDirectory() && disk.readdir(place).length === 0) {
      disk.rmdir(place);
      return true;
    }
    return false;
  }

  /** What went comes back where what was to come is not whole. */
  private takeBack({ goes }: Pair, place: string): void {
    const { disk, guard } = this.given;
    if (!isDirectory(disk, dirname(place))) return;
    if (goes?.kind === 'unlink') disk.symlink(goes.target, place);
    if (goes?.kind === 'remove') {
      disk.mkdir(place, goes.mode);
      disk.chmod(place, goes.mode);
    }
    if (goes?.kind === 'keep') {
      const kept = takenOf(guard, disk, goes.blake3);
      if (kept !== undefined) putBack(disk, kept, place);
    }
    this.touched.add(dirname(place));
  }

  /** Where a file was written aside; undefined where there is none. */
  private stagedOf(path: RepositoryPath, number: number): string | undefined {
    const { disk, root, commits } = this.given;
    const { aside } = this.journal;
    if (aside === undefined) return undefined;
    const beside = join(dirname(placeIn(root, path)), besideName(aside, number));
    const places = [join(commits.layout.scratch, aside, String(number)), beside];
    return places.find((staged) => disk.lstatExact(staged)?.isFile() === true);
  }

  /** Whether what stands somewhere looks like what a step was to bring there. */
  private looksDone(step: Step, stats: ExactStats): boolean {
    if (step.kind === 'make') return stats.isDirectory();
    if (step.kind === 'link') return stats.isSymbolicLink();
    return step.kind === 'write' && stats.isFile() && this.looksWritten(step, stats);
  }

  /** By what costs nothing to look at: an undo reads the file again. */
  private looksWritten({ size, mtime }: Extract<Step, { kind: 'write' }>, stats: ExactStats): boolean {
    const isTime = mtime === undefined || isNear(stats.mtimeNs, parseInstant(mtime));
    return isTime && (size === undefined || stats.size === BigInt(size));
  }

  private finishFolder({ path, mode }: Extract<Step, { kind: 'make' | 'remove' }>): void {
    const { disk, root } = this.given;
    const stats = disk.lstatExact(placeIn(root, path));
    if (stats?.isDirectory() === true && modeOf(stats) !== mode) disk.chmod(placeIn(root, path), mode);
  }
}

/** The nearest move that ends at a path or above it, of those with such a number. */
function moveOver(
  path: RepositoryPath,
  places: Relocation<NumberedMove>,
  isSuch: (number: number) => boolean,
): NumberedMove | undefined {
  for (const at of upwards(path)) {
    const move = places.to(at);
    if (move !== undefined && isSuch(move.number)) return move;
  }
  return undefined;
}

function isNear(a: bigint, b: bigint | undefined): boolean {
  if (b === undefined) return false;
  const distance = a > b ? a - b : b - a;
  return distance <= COARSE;
}

/** A file in the guard that dbk took away and that still is what its name says. */
function takenOf(guard: Guard, disk: Disk, blake3: ContentId): string | undefined {
  return guard.find(blake3).find(({ isTaken, path }) => isTaken && contentOf(disk, path) === blake3)?.path;
}
