/** What the hunks of a stanza say, and whether git and patch would take them at exactly their lines. */

import type { Hunk } from './lines.ts';
import type { StanzaHeader } from './patch-header.ts';
import { badHunk, cutPatch } from './patch-problems.ts';

export interface ReadHunk extends Hunk {
  /** The number of its header in the patch, counted from 1. */
  readonly line: number;
  /** Both texts end with the hunk's last line. */
  readonly toEnd: boolean;
}

/** What the lines of a hunk are like: how many stand before the first change, and so on. */
interface Body {
  readonly end: number;
  readonly nextLine: number;
  readonly leading: number;
  readonly toEnd: boolean;
}

const CONTEXT = 3;
const SPACE = 32;
const PLUS = 43;
const MINUS = 45;
const BACKSLASH = 92;
const NO_NEWLINE = '\\ No newline at end of file\n';
const NUMBER = '(0|[1-9][0-9]{0,14})';
const RANGE = `${NUMBER}(?:,${NUMBER})?`;

/** Reads the hunks that a stanza holds from a place to its end; `line` is the number of the line there. */
export function readHunks(text: string, start: number, line: number, kind: StanzaHeader['kind']): ReadHunk[] {
  const hunks: ReadHunk[] = [];
  const header = new RegExp(`@@ -${RANGE} \\+${RANGE} @@\\n`, 'y');
  let [at, number] = [start, line];
  while (at < text.length) {
    header.lastIndex = at;
    const match = header.exec(text);
    if (match === null) badHunk(number, 'the header of a hunk is expected here');
    const [oldStart, oldCount] = range(match[1]!, match[2], number);
    const [newStart, newCount] = range(match[3]!, match[4], number);
    if (kind === 'new' && oldCount > 0) badHunk(number, 'a new text has no old lines');
    if (kind === 'deleted' && newCount > 0) badHunk(number, 'a deleted text has no new lines');
    const from = header.lastIndex;
    const { end, nextLine, leading, toEnd } = readBody(text, from, oldCount, newCount, number + 1);
    const hunk = { oldStart, oldCount, newStart, newCount, text: text.slice(from, end), line: number, toEnd };
    checkPlace(hunk, leading, hunks.at(-1));
    hunks.push(hunk);
    [at, number] = [end, nextLine];
  }
  return hunks;
}

function range(start: string, count: string | undefined, line: number): [start: number, count: number] {
  if (count === '1') badHunk(line, "a count of 1 is left out of a hunk's header");
  return [Number(start), count === undefined ? 1 : Number(count)];
}

/** Takes as many lines as the header counts; explains itself by being one walk over what may be a million lines. */
function readBody(text: string, start: number, oldCount: number, newCount: number, firstLine: number): Body {
  let [at, line, oldLeft, newLeft] = [start, firstLine, oldCount, newCount];
  let leading = -1;
  let unchanged = 0;
  let previous = SPACE;
  let [oldEnded, newEnded] = [false, false];
  while (oldLeft > 0 || newLeft > 0) {
    if (at >= text.length) cutPatch(line);
    const sign = text.charCodeAt(at);
    if (sign !== SPACE && sign !== PLUS && sign !== MINUS) badHunk(line, 'a line of a hunk has no sign');
    if (sign === MINUS && previous === PLUS) badHunk(line, 'a deleted line stands after an added one');
    if (sign !== PLUS && (oldEnded || oldLeft-- === 0))
      badHunk(line, 'a hunk has more old lines than it says');
    if (sign !== MINUS && (newEnded || newLeft-- === 0))
      badHunk(line, 'a hunk has more new lines than it says');
    if (sign === SPACE) unchanged++;
    else {
      if (leading < 0) leading = unchanged;
      else if (unchanged > 2 * CONTEXT) badHunk(line, 'a hunk has more than six unchanged lines together');
      unchanged = 0;
    }
    at = text.indexOf('\n', at) + 1;
    line++;
    if (text.charCodeAt(at) === BACKSLASH) {
      if (!text.startsWith(NO_NEWLINE, at)) badHunk(line, "a line begins with '\\'");
      at += NO_NEWLINE.length;
      line++;
      oldEnded ||= sign !== PLUS;
      newEnded ||= sign !== MINUS;
    }
    previous = sign;
  }
  if (leading < 0) badHunk(firstLine - 1, 'a hunk changes nothing');
  if (leading > CONTEXT || unchanged > CONTEXT)
    badHunk(firstLine - 1, 'a hunk has more context than three lines');
  return { end: at, nextLine: line, leading, toEnd: unchanged < CONTEXT || oldEnded || newEnded };
}

/** Less context than three lines, anywhere but at the ends of a text, lets git and patch look for another place. */
function checkPlace(hunk: ReadHunk, leading: number, previous: ReadHunk | undefined): void {
  const { line } = hunk;
  const oldFirst = firstOf(hunk.oldStart, hunk.oldCount);
  const newFirst = firstOf(hunk.newStart, hunk.newCount);
  const oldNext =
    previous === undefined ? 1 : firstOf(previous.oldStart, previous.oldCount) + previous.oldCount;
  const newNext =
    previous === undefined ? 1 : firstOf(previous.newStart, previous.newCount) + previous.newCount;
  if (oldFirst < oldNext || newFirst - newNext !== oldFirst - oldNext)
    badHunk(line, "the numbers in a hunk's header do not follow from those before");
  if (previous !== undefined && oldFirst === oldNext) badHunk(line, 'two hunks that touch are not one');
  if (previous?.toEnd)
    badHunk(line, 'a hunk has less context than three lines, or stands after the end of the text');
  if (leading < CONTEXT && oldFirst > 1) badHunk(line, 'a hunk has less context than three lines');
}

function firstOf(start: number, count: number): number {
  return count === 0 ? start + 1 : start;
}
