/**
 * How the texts of `index/` become those of another commit (section 8 of ../text/README.md, "Recovery").
 *
 * All new texts are written aside first, and flushed, so that no name ever stands for a text that a power loss
 * could cut: it would pass for a person's edit. Then what goes is removed and what comes is renamed into place.
 * Wherever that is broken off, doing it again completes it: by its id each text is recognised as old or new.
 */

import { dirname, join } from 'node:path/posix';
import type { ContentId } from '../model/id.ts';
import type { Problem } from '../model/problem.ts';
import type { Commits } from './commits.ts';
import {
  discardTree,
  flushDirectory,
  isDirectory,
  makeDirectories,
  makeScratch,
  removeEmptyDirectories,
  removeTree,
} from './directories.ts';
import { codeOf } from './errors.ts';
import { createFile, decode, flushFile, moveFile, removeFile } from './files.ts';
import { ABSENT, placesIn, type Found } from './index-places.ts';
import { editStays } from './problems.ts';
import { newTexts, textSteps, type Step, type TextStep } from './text-steps.ts';
import { textsAt } from './texts.ts';

/** Everything that is to happen in `index/`, of which nothing has happened yet. */
export interface PreparedTexts {
  /** Puts the texts in place, durable when it returns; what a person changed meanwhile is left and told. */
  place(): Problem[];
}

/** A text that comes or goes; by its stamp its place is still as it was seen. */
interface Action {
  readonly path: string;
  readonly stamp: string;
}

interface Strange extends Action {
  readonly id: ContentId;
  readonly goes: boolean;
}

/** Up to so many texts are flushed one by one; beyond, the volume is. */
const FEW = 64;

/** Writes the new texts aside. After an error nothing is left of it. */
export function prepareTexts(commits: Commits, step: Step): PreparedTexts {
  const scratch = makeScratch(commits.disk, commits.layout.scratch);
  try {
    const preparation = new Preparation(commits, scratch, step);
    for (const text of textSteps(commits, step)) preparation.take(text);
    preparation.finish();
    return preparation;
  } catch (error) {
    discardTree(commits.disk, scratch);
    throw error;
  }
}

class Preparation implements PreparedTexts {
  readonly #commits: Commits;
  readonly #step: Step;
  readonly #index: string;
  readonly #scratch: string;
  readonly #look: (path: string) => Found;
  readonly #removals: Action[] = [];
  readonly #writes: Action[] = [];
  /**
   * Texts that have to come from the history, and the stamps of their places. Such is what a rename is to make of
   * a text that is not where it was: breaking off between the two left neither.
   */
  readonly #missing = new Map<string, string>();
  /** Texts that are neither old nor new, in the way of a removal or of a new text. */
  readonly #strange: Strange[] = [];
  /** What has come already, or, where names differ in case alone, what is about to go. */
  readonly #done: Action[] = [];
  /** The directories of all that goes or went: they may be empty then. */
  readonly #left = new Set<string>();
  readonly #problems: Problem[] = [];
  #flushed = 0;

  constructor(commits: Commits, scratch: string, step: Step) {
    this.#commits = commits;
    this.#step = step;
    this.#index = commits.layout.index;
    this.#scratch = scratch;
    this.#look = placesIn(commits.disk, this.#index).look;
  }

  take(step: TextStep): void {
    if (step.from) return this.#takeMoved(step, step.from);
    const { path, before, after } = step;
    const found = this.#look(path);
    if (after === undefined) this.#remove(path, found, before);
    else if (found.kind === 'text' && found.id === after) this.#done.push({ path, stamp: found.stamp });
    else if (before === undefined) this.#write(path, step.make(undefined), ABSENT);
    else if (found.kind === 'text' && found.id === before) {
      this.#write(path, step.make(decode(found.bytes, path)), found.stamp);
    } else this.#meet(path, found, false);
  }

  #takeMoved({ path, after, make }: TextStep, from: NonNullable<TextStep['from']>): void {
    const target = this.#look(path);
    const source = this.#look(from.path);
    if (target.kind === 'text' && target.id === after) this.#done.push({ path, stamp: target.stamp });
    else if (source.kind === 'text' && source.id === from.id) {
      this.#write(path, make(decode(source.bytes, path)), ABSENT);
    } else if (target.kind === 'text') this.#meet(path, target, false);
    else this.#missing.set(path, ABSENT);
    this.#remove(from.path, source, from.id);
  }

  /** Writes what has to come from the history, and makes all that was written durable. */
  finish(): void {
    const { disk } = this.#commits;
    this.#judgeStrange();
    for (const [path, text] of textsAt(this.#commits, this.#step.to, new Set(this.#missing.keys())))
      this.#write(path, text, this.#missing.get(path)!);
    this.#missing.clear();
    if (this.#writes.length - this.#flushed > FEW) disk.flushVolume(this.#scratch);
    else for (let i = this.#flushed; i < this.#writes.length; i++) flushFile(disk, this.#aside(i));
    this.#flushed = this.#writes.length;
  }

  /** A place that should be free and is not may become so; that is seen when the text is put there. */
  #write(path: string, text: string | undefined, stamp: string): void {
    if (text === undefined) return;
    createFile(this.#commits.disk, this.#aside(this.#writes.length), text);
    this.#writes.push({ path, stamp });
  }

  #remove(path: string, found: Found, before: string | undefined): void {
    this.#left.add(dirname(path));
    if (found.kind !== 'text') return;
    if (found.id === before) this.#removals.push({ path, stamp: found.stamp });
    else this.#meet(path, found, true);
  }

  #meet(path: string, found: Found, goes: boolean): void {
    if (found.kind === 'text') this.#strange.push({ path, stamp: found.stamp, id: found.id, goes });
    else this.#leave(path);
  }

  /**
   * What is neither the old nor the new text is a person's and stays; but not where this very commit records its
   * bytes elsewhere: a sidecar that was edited and whose file moved, too. They are safe in the patch.
   */
  #judgeStrange(): void {
    if (this.#strange.length === 0) return;
    const met = new Set(this.#strange.map(({ id }) => id));
    const places = new Map<ContentId, string[]>();
    for (const { path, id } of newTexts(this.#commits, this.#step)) {
      if (met.has(id)) places.set(id, [...(places.get(id) ?? []), path]);
    }
    for (const { path, stamp, id, goes } of this.#strange.splice(0)) {
      if (places.get(id)?.some((place) => place !== path) !== true) this.#leave(path);
      else if (goes) this.#removals.push({ path, stamp });
      else this.#missing.set(path, stamp);
    }
  }

  #leave(path: string): void {
    this.#problems.push(editStays(path));
  }

  #aside(number: number): string {
    return join(this.#scratch, String(number));
  }

  place(): Problem[] {
    const { disk } = this.#commits;
    // What goes may be in the way of what comes: a file where a directory is to be, or the other way round.
    const changed = this.#removeTexts();
    if (this.#removals.length > 0) this.#bringBack();
    for (const directory of this.#placeTexts()) changed.add(directory);
    if (this.#removals.length + this.#writes.length > FEW) disk.flushVolume(this.#index);
    else for (const path of changed) if (isDirectory(disk, path)) flushDirectory(disk, path);
    removeTree(disk, this.#scratch);
    return this.#problems;
  }

  /** To some file systems two names are one: removing the old one took the new one away. */
  #bringBack(): void {
    const places = placesIn(this.#commits.disk, this.#index);
    for (const { path, stamp } of this.#done)
      if (places.stampOf(path) !== stamp) this.#missing.set(path, ABSENT);
    this.finish();
  }

  /** Gives the directories that names went from. */
  #removeTexts(): Set<string> {
    const { disk } = this.#commits;
    const places = placesIn(disk, this.#index);
    const changed = new Set<string>();
    for (const { path, stamp } of this.#removals) {
      if (places.stampOf(path) !== stamp) {
        this.#leave(path);
        continue;
      }
      removeFile(disk, join(this.#index, path));
      changed.add(dirname(join(this.#index, path)));
    }
    for (const directory of [...this.#left].sort((a, b) => b.length - a.length)) {
      // Not through a symlink: what is behind one is none of dbk's.
      if (places.kindOf(directory) === 'other') continue;
      const removed = removeEmptyDirectories(disk, join(this.#index, directory), this.#index);
      for (const path of removed) changed.add(dirname(path));
    }
    return changed;
  }

  /** FUSE says for a second that a directory is there whose name in another case was removed. */
  #moveInto(path: string, aside: string): void {
    const { disk } = this.#commits;
    try {
      moveFile(disk, aside, path);
    } catch (error) {
      if (codeOf(error) !== 'ENOENT') throw error;
      makeDirectories(disk, dirname(path));
      moveFile(disk, aside, path);
    }
  }

  /** Gives the directories that names came to. */
  #placeTexts(): Set<string> {
    const { disk } = this.#commits;
    const places = placesIn(disk, this.#index);
    const changed = new Set<string>();
    for (const [i, { path, stamp }] of this.#writes.entries()) {
      if (!places.makeParent(path) || places.stampOf(path) !== stamp) {
        this.#leave(path);
        continue;
      }
      this.#moveInto(join(this.#index, path), this.#aside(i));
      changed.add(dirname(join(this.#index, path)));
    }
    for (const directory of places.created) changed.add(dirname(directory));
    return changed;
  }
}
