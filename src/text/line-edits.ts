/** Which lines of a text go, and which come in their place. */

import { diffArrays } from 'diff/lib/diff/array.js';
import { compareBytes } from '../model/name.ts';
import { undoEscapes } from './names.ts';

/**
 * Lines that go and lines that come at one place. `From` and `To` are places in the texts, `Line` is the number of
 * the first line, counted from 0. Between two edits stands at least one unchanged line.
 */
export interface Edit {
  readonly oldFrom: number;
  oldTo: number;
  readonly oldLine: number;
  oldLines: number;
  readonly newFrom: number;
  newTo: number;
  readonly newLine: number;
  newLines: number;
}

const MANIFEST = 'dbk: manifest ';

/** How many lines that go or come are searched for the fewest; a text that differs more is replaced as a whole. */
const LONGEST_SEARCH = 1000;

/** Equal texts of many megabytes are compared in pieces, which costs a tenth of comparing characters. */
const BLOCK = 1024;
const LINE_FEED = 10;

/**
 * The edits that make `after` of `before`, in order.
 *
 * Linear for manifests, whose entries are sorted: those that are not in both texts go or come. Of other texts the
 * fewest lines go and come, up to a bound; beyond it all between the first and the last that differ.
 */
export function editsOf(before: string, after: string): Edit[] {
  const walk = new Walk(before, after);
  if (before.startsWith(MANIFEST) && after.startsWith(MANIFEST)) {
    const old = sectionsOf(before);
    const now = sectionsOf(after);
    compareAny(walk, old.directories, now.directories);
    compareSorted(walk, old.files, now.files, compareMirrors);
    compareSorted(walk, before.length, after.length, compareNames);
  } else compareAny(walk, before.length, after.length);
  return walk.edits;
}

/** Two texts, how far they have been compared, and what was found. */
class Walk {
  readonly before: string;
  readonly after: string;
  readonly edits: Edit[] = [];
  oldAt = 0;
  newAt = 0;
  #oldLine = 0;
  #newLine = 0;

  constructor(before: string, after: string) {
    this.before = before;
    this.after = after;
  }

  /** Passes lines that are in both texts. */
  keep(length: number): void {
    const lines = countLines(this.before, this.oldAt, this.oldAt + length);
    this.oldAt += length;
    this.newAt += length;
    this.#oldLine += lines;
    this.#newLine += lines;
  }

  /** Passes lines that go, up to a place in the old text, and lines that come, up to a place in the new one. */
  change(oldTo: number, oldLines: number, newTo: number, newLines: number): void {
    const last = this.edits.at(-1);
    if (last !== undefined && last.oldTo === this.oldAt && last.newTo === this.newAt) {
      last.oldTo = oldTo;
      last.newTo = newTo;
      last.oldLines += oldLines;
      last.newLines += newLines;
    } else if (oldLines + newLines > 0) {
      const { oldAt: oldFrom, newAt: newFrom } = this;
      const [oldLine, newLine] = [this.#oldLine, this.#newLine];
      this.edits.push({ oldFrom, oldTo, oldLine, oldLines, newFrom, newTo, newLine, newLines });
    }
    this.oldAt = oldTo;
    this.newAt = newTo;
    this.#oldLine += oldLines;
    this.#newLine += newLines;
  }

  /** The same up to both places, where the lines were not counted. */
  replace(oldTo: number, newTo: number): void {
    const oldLines = countLines(this.before, this.oldAt, oldTo);
    this.change(oldTo, oldLines, newTo, countLines(this.after, this.newAt, newTo));
  }

  /** Passes the lines with which both texts go on. */
  keepEqual(oldEnd: number, newEnd: number): void {
    const { before, after, oldAt, newAt } = this;
    const limit = Math.min(oldEnd - oldAt, newEnd - newAt);
    let length = 0;
    while (length < limit && before.charCodeAt(oldAt + length) === after.charCodeAt(newAt + length)) {
      length++;
      if (length % BLOCK === 0)
        length += equalBlocks(before, oldAt + length, after, newAt + length, limit - length);
    }
    const whole = oldAt + length === oldEnd && newAt + length === newEnd;
    if (!whole && length > 0) length = before.lastIndexOf('\n', oldAt + length - 1) + 1 - oldAt;
    if (length > 0) this.keep(length);
  }
}

function equalBlocks(a: string, aFrom: number, b: string, bFrom: number, limit: number): number {
  let length = 0;
  while (
    length + BLOCK <= limit &&
    a.slice(aFrom + length, aFrom + length + BLOCK) === b.slice(bFrom + length, bFrom + length + BLOCK)
  )
    length += BLOCK;
  return length;
}

/** Where a manifest's `directories:` and `files:` begin: what is missing begins where the next one does. */
function sectionsOf(text: string): { directories: number; files: number } {
  const files = text.indexOf('\nfiles:\n') + 1 || text.length;
  return { directories: text.lastIndexOf('\ndirectories:\n', files) + 1 || files, files };
}

/** Lines that both texts hold sorted by their keys: one walk over the two, which never looks back. */
function compareSorted(walk: Walk, oldEnd: number, newEnd: number, compare: typeof compareNames): void {
  const { before, after } = walk;
  walk.keepEqual(oldEnd, newEnd);
  while (walk.oldAt < oldEnd && walk.newAt < newEnd) {
    const oldNext = nextLine(before, walk.oldAt);
    const newNext = nextLine(after, walk.newAt);
    const order = compare(before.slice(walk.oldAt, oldNext), after.slice(walk.newAt, newNext));
    if (order < 0) walk.change(oldNext, 1, walk.newAt, 0);
    else if (order > 0) walk.change(walk.oldAt, 0, newNext, 1);
    else walk.change(oldNext, 1, newNext, 1);
    walk.keepEqual(oldEnd, newEnd);
  }
  walk.replace(oldEnd, newEnd);
}

function compareAny(walk: Walk, oldEnd: number, newEnd: number): void {
  walk.keepEqual(oldEnd, newEnd);
  const tail = equalTail(walk, oldEnd, newEnd);
  const old = splitLines(walk.before, walk.oldAt, oldEnd - tail);
  const now = splitLines(walk.after, walk.newAt, newEnd - tail);
  const search = old.length > 0 && now.length > 0;
  const found = search ? diffArrays(old, now, { maxEditLength: LONGEST_SEARCH }) : undefined;
  for (const { value, added, removed } of found ?? []) {
    const length = value.reduce((sum, line) => sum + line.length, 0);
    if (added) walk.change(walk.oldAt, 0, walk.newAt + length, value.length);
    else if (removed) walk.change(walk.oldAt + length, value.length, walk.newAt, 0);
    else walk.keep(length);
  }
  walk.replace(oldEnd - tail, newEnd - tail);
  walk.keep(tail);
}

/** The length of the whole lines that both texts end with before these places. */
function equalTail({ before, after, oldAt, newAt }: Walk, oldEnd: number, newEnd: number): number {
  const limit = Math.min(oldEnd - oldAt, newEnd - newAt);
  let length = 0;
  while (length < limit && before.charCodeAt(oldEnd - length - 1) === after.charCodeAt(newEnd - length - 1))
    length++;
  const startsLine = (text: string, at: number, first: number): boolean =>
    at === first || text.charCodeAt(at - 1) === LINE_FEED;
  if (startsLine(before, oldEnd - length, oldAt) && startsLine(after, newEnd - length, newAt)) return length;
  const feed = before.indexOf('\n', oldEnd - length);
  return feed === -1 ? 0 : Math.max(0, oldEnd - feed - 1);
}

/** Where the line after the one at a place begins, or the text ends. */
export function nextLine(text: string, at: number): number {
  return text.indexOf('\n', at) + 1 || text.length;
}

function countLines(text: string, from: number, to: number): number {
  let count = 0;
  for (let at = from; at < to; count++) at = nextLine(text, at);
  return count;
}

function splitLines(text: string, from: number, to: number): string[] {
  const lines: string[] = [];
  for (let at = from; at < to;) {
    const end = nextLine(text, at);
    lines.push(text.slice(at, end));
    at = end;
  }
  return lines;
}

const KEY = /^ *(?:"((?:[^"\\]|\\.)*)"|(.*?)):(?: |$)/;

/** By the bytes of the names that two lines of `files:` begin with. */
function compareNames(a: string, b: string): number {
  const x = keyOf(a);
  const y = keyOf(b);
  if (x === y) return 0;
  return x.includes('%') || y.includes('%')
    ? compareBytes(undoEscapes(x), undoEscapes(y))
    : compareBytes(x, y);
}

/** By the bytes of the mirror names that two lines of `directories:` begin with. */
function compareMirrors(a: string, b: string): number {
  return compareBytes(keyOf(a), keyOf(b));
}

/** What a line says up to its colon; the title of a section, which is not indented, comes before its entries. */
function keyOf(line: string): string {
  if (!line.startsWith(' ')) return '';
  const [, quoted, plain] = KEY.exec(line) ?? [];
  return quoted?.replace(/\\(.)/g, '$1') ?? plain ?? line;
}
