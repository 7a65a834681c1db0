/**
 * What stands in a field's lines when it has another value: as few other lines as possible, with the comments,
 * the spelling of the key and the indentation that a person gave them.
 *
 * What is found here by looking at lines is not trusted: sidecar-edit.ts reads the result before it is taken.
 */

import { isConflict, writeField, type FieldValue } from './field-conflict.ts';
import { FIRST_LINE, lineEndOf, type Front } from './sidecar-front.ts';
import { commentsIn, isNothing, type Range } from './field-range.ts';
import type { Sidecar } from './sidecar.ts';
import type { List } from '../model/value.ts';
import { writeFlow, writeKey } from './yaml-write.ts';

/** A key at the start of a line, with its colon. Bounded, so that no line costs more than its length. */
const KEY =
  /^(?:"(?:[^"\\]|\\.){0,1100}"|'(?:[^']|''){0,1100}'|(?:[^\s"'#?:[\]{},&*!|>%@`-]|[?:-](?=\S))(?:[^#\n]|(?<![ \t])#){0,1100}?)[ \t]{0,100}:(?=[ \t\r\n]|$)/;

/** The front with other lines in a place. */
export function spliceLines(front: Front, { from, to }: Range, lines: readonly string[]): Front {
  return { ...front, lines: [...front.lines.slice(0, from), ...lines, ...front.lines.slice(to)] };
}

/** A text of whole lines as lines of the front, with its line ends. */
export function linesFor(front: Front, text: string): string[] {
  const end = lineEndOf(front);
  return text
    .slice(0, -1)
    .split('\n')
    .map((line) => line + end);
}

/** Where a new field goes: before `extracted:`, otherwise to the end. */
export function placeForNew(front: Front, sidecar: Sidecar, before: string): Range {
  const line = sidecar.lines.get(before);
  const at = line === undefined ? front.lines.length : line - FIRST_LINE;
  return { from: at, to: at };
}

/** What may take the place of a field's lines, the best first; no choice may be right for a strange layout. */
export function* replacements(
  front: Front,
  sidecar: Sidecar,
  range: Range,
  key: string,
  value: FieldValue,
): Generator<readonly string[]> {
  const old = sidecar.fields.get(key);
  if (isList(old) && isList(value)) {
    const members = replaceMembers(front, sidecar, range, old, value);
    if (members !== undefined) yield members;
  }
  const lines = front.lines.slice(range.from, range.to);
  // Of a key that is spelled in a way not known here, the comments are not known either.
  if (!KEY.test(lines[0]!) && lines.some((line) => line.includes('#'))) return;
  const isScalar = typeof old === 'string' || typeof old === 'number';
  const inside = isScalar ? [] : commentsIn(lines);
  yield [...inside, ...linesFor(front, withHead(lines[0]!, key, writeField(key, value)))];
  if (isConflict(value)) return;
  // A literal block would take in the blank lines or comments behind it.
  yield [...inside, ...linesFor(front, withHead(lines[0]!, key, `${writeKey(key)}: ${writeFlow(value)}\n`))];
}

/** A canonical field with the key as a person spelled it, and with the comment that stood on its line. */
function withHead(line: string, key: string, written: string): string {
  const head = KEY.exec(line)?.[0];
  if (head === undefined) return written;
  const comment = commentOf(line.slice(head.length).replace(/\r?\n$/, ''));
  const end = written.indexOf('\n');
  return head + written.slice(writeKey(key).length + 1, end) + comment + written.slice(end);
}

/** The comment behind a value, with the blanks before it; '' where there is none. */
function commentOf(rest: string): string {
  const start = rest.search(/[^ \t]/);
  if (start === -1) return '';
  const first = rest[start]!;
  const isFlow = first === '[' || first === '{';
  let quote = '';
  for (let at = start; at < rest.length; at++) {
    const character = rest[at]!;
    if (quote !== '') {
      if (character === '\\' && quote === '"') at++;
      else if (character === "'" && quote === "'" && rest[at + 1] === "'") at++;
      else if (character === quote) quote = '';
    } else if (character === '#' && (at === 0 || /[ \t]/.test(rest[at - 1]!))) {
      return rest.slice(startOfBlanks(rest, at));
    } else if (character === '"' || character === "'") {
      if (at === start || (isFlow && /[[{,:][ \t]{0,100}$/.test(rest.slice(Math.max(0, at - 100), at))))
        quote = character;
    }
  }
  return '';
}

function startOfBlanks(text: string, at: number): number {
  let start = at;
  while (start > 0 && (text[start - 1] === ' ' || text[start - 1] === '\t')) start--;
  return start;
}

/** Members go and come a line each; the lines of those that stay are not touched. */
function replaceMembers(
  front: Front,
  sidecar: Sidecar,
  range: Range,
  old: List,
  now: List,
): string[] | undefined {
  if (old.length === 0 || now.length === 0) return undefined;
  const at = memberLines(front, sidecar, range, old);
  const dash = at === undefined ? undefined : /^[ \t]*-[ \t]+/.exec(front.lines[at[0]!]!)?.[0];
  if (at === undefined || dash === undefined) return undefined;
  const { start, end } = middleOf(old, now);
  const gone = new Set(at.slice(start, old.length - end));
  const come = now.slice(start, now.length - end).map((member) => dash + writeFlow(member, 2));
  const place = start === 0 ? at[0]! : at[start - 1]! + 1;
  const lines: string[] = [];
  for (let line = range.from; line <= range.to; line++) {
    if (line === place) for (const member of come) lines.push(...linesFor(front, `${member}\n`));
    if (line < range.to && !gone.has(line)) lines.push(front.lines[line]!);
  }
  return lines;
}

/** The line of each member, if each has one of its own that holds nothing else. */
function memberLines(
  front: Front,
  sidecar: Sidecar,
  range: Range,
  list: List,
): readonly number[] | undefined {
  const places = sidecar.places.get(list);
  const at = list.map((_, i) => (places?.get(i) ?? 0) - FIRST_LINE);
  const isEach = at.every((line, i) => {
    const next = at[i + 1] ?? range.to;
    if (line <= range.from || line >= next || !/^[ \t]*-[ \t]/.test(front.lines[line] ?? '')) return false;
    return front.lines.slice(line + 1, next).every(isNothing);
  });
  return isEach ? at : undefined;
}

/** How many members stay at the start and at the end. */
function middleOf(old: List, now: List): { start: number; end: number } {
  const before = old.map((member) => writeFlow(member));
  const after = now.map((member) => writeFlow(member));
  const shorter = Math.min(before.length, after.length);
  let start = 0;
  while (start < shorter && before[start] === after[start]) start++;
  let end = 0;
  while (end < shorter - start && before.at(-1 - end) === after.at(-1 - end)) end++;
  return { start, end };
}

export function isList(value: FieldValue | undefined): value is List {
  return Array.isArray(value);
}
