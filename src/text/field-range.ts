/** Which lines of a sidecar's front matter a field takes, by their indentation. */

import { FIRST_LINE, type Front } from './sidecar-front.ts';
import type { Sidecar } from './sidecar.ts';

/** Lines of a front, from the first to the one behind the last. */
export interface Range {
  readonly from: number;
  readonly to: number;
}

/** A block scalar: what its first line is indented by, and what becomes of the blank lines at its end. */
interface Header {
  readonly indentation: number;
  readonly keepsBlank: boolean;
}

const NOTHING = /^[ \t]*(?:#|\r?\n?$)/;
const HEADER =
  /^( *)(?:(?:[-?][ \t]{1,20}){0,32}(?:"(?:[^"\\]|\\.){0,1100}"|'(?:[^']|''){0,1100}')|(?:[^#\n]|(?<![ \t])#){0,2000}?)[ \t]{0,100}[:?-][ \t]{1,20}[|>](?:[0-9]?([+-])?|([+-])[0-9])[ \t]{0,200}(?:[ \t]#.*)?\r?\n?$/;

/** The lines of a field; blank lines and comments that follow it belong to what comes next. */
export function rangeOf(front: Front, sidecar: Sidecar, key: string): Range | undefined {
  const line = sidecar.lines.get(key);
  if (line === undefined) return undefined;
  let next = front.lines.length;
  for (const other of sidecar.lines.values()) if (other > line) next = Math.min(next, other - FIRST_LINE);
  return rangeUpTo(front.lines, line - FIRST_LINE, next);
}

/**
 * The block `extracted:`, right or wrong: from its line to the next one that is not indented. Blank lines and
 * comments count when an indented line of the block comes behind them.
 */
export function rangeOfExtracted(lines: readonly string[]): Range | undefined {
  const from = lines.findIndex((line) =>
    /^(?:extracted|"extracted"|'extracted')[ \t]{0,100}:(?=[ \t\r\n])/.test(line),
  );
  if (from === -1) return undefined;
  let to = from + 1;
  for (let at = to; at < lines.length && !/^[^\s#]/.test(lines[at]!); at++)
    if (/^[ \t]+[^\s]/.test(lines[at]!)) to = at + 1;
  return { from, to: endOfScalar(lines, from, to, lines.length) };
}

/** Whether a line is blank or a comment, unless it is one of a block scalar. */
export function isNothing(line: string): boolean {
  return NOTHING.test(line);
}

/** The lines behind the first that hold nothing but a comment. */
export function commentsIn(lines: readonly string[]): string[] {
  const comments: string[] = [];
  let within: Header | undefined;
  for (const [i, line] of lines.entries()) {
    if (within !== undefined && isInside(line, within)) continue;
    within = headerOf(line);
    if (i > 0 && /^[ \t]*#/.test(line)) comments.push(line);
  }
  return comments;
}

function rangeUpTo(lines: readonly string[], from: number, next: number): Range {
  let to = next;
  while (to > from + 1 && isNothing(lines[to - 1]!)) to--;
  return { from, to: endOfScalar(lines, from, to, next) };
}

/** Where lines really end that may end in a block scalar: there comments and tabs are text, and so may blank lines be. */
function endOfScalar(lines: readonly string[], from: number, to: number, limit: number): number {
  const header = lastHeader(lines, from, to);
  if (header === undefined) return to;
  let end = to;
  while (end < limit && isInside(lines[end]!, header)) end++;
  if (!header.keepsBlank) while (end > to && /^ *\r?\n$/.test(lines[end - 1]!)) end--;
  return end;
}

/** What the block scalar begins with that lines end in. */
function lastHeader(lines: readonly string[], from: number, to: number): Header | undefined {
  let least = Infinity;
  for (let at = to - 1; at >= from; at--) {
    const line = lines[at]!;
    if (line.trim() === '') continue;
    const header = headerOf(line);
    if (header !== undefined && header.indentation < least) return header;
    least = Math.min(least, indentationOf(line));
  }
  return undefined;
}

function headerOf(line: string): Header | undefined {
  const match = HEADER.exec(line);
  if (match === null) return undefined;
  return { indentation: match[1]!.length, keepsBlank: (match[2] ?? match[3]) === '+' };
}

function isInside(line: string, { indentation }: Header): boolean {
  return line.trim() === '' || indentationOf(line) > indentation;
}

function indentationOf(line: string): number {
  return line.search(/[^ ]/);
}
