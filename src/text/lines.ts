/** Where two texts differ, line by line, in the form of git's hunks. */

import { editsOf, nextLine, type Edit } from './line-edits.ts';

/** Changed lines that stand together, with the unchanged ones before, between and after. */
export interface Hunk {
  /** The number of the first line, counted from 1; of the line before, where the count is 0. */
  readonly oldStart: number;
  readonly oldCount: number;
  readonly newStart: number;
  readonly newCount: number;
  /** The lines with their signs and line feeds, `\ No newline at end of file` included. */
  readonly text: string;
}

const CONTEXT = 3;

/** The hunks that make `after` of `before`; none where they are equal. */
export function hunksOf(before: string, after: string): Hunk[] {
  return groupsOf(editsOf(before, after)).map((edits) => hunkOf(before, after, edits));
}

/** Edits with at most twice the context between them share a hunk. */
function groupsOf(edits: readonly Edit[]): Edit[][] {
  const groups: Edit[][] = [];
  let end = Number.NEGATIVE_INFINITY;
  for (const edit of edits) {
    if (edit.oldLine - end > 2 * CONTEXT) groups.push([edit]);
    else groups.at(-1)!.push(edit);
    end = edit.oldLine + edit.oldLines;
  }
  return groups;
}

function hunkOf(before: string, after: string, edits: readonly Edit[]): Hunk {
  const first = edits[0]!;
  const last = edits.at(-1)!;
  const [from, leading] = linesBefore(before, first.oldFrom);
  const [to, trailing] = linesAfter(before, last.oldTo);
  const pieces: string[] = [];
  let at = from;
  for (const edit of edits) {
    pieces.push(signed(' ', before.slice(at, edit.oldFrom)));
    pieces.push(signed('-', before.slice(edit.oldFrom, edit.oldTo)));
    pieces.push(signed('+', after.slice(edit.newFrom, edit.newTo)));
    at = edit.oldTo;
  }
  pieces.push(signed(' ', before.slice(at, to)));
  const oldCount = leading + last.oldLine + last.oldLines - first.oldLine + trailing;
  const newCount = leading + last.newLine + last.newLines - first.newLine + trailing;
  return {
    oldStart: first.oldLine - leading + (oldCount === 0 ? 0 : 1),
    oldCount,
    newStart: first.newLine - leading + (newCount === 0 ? 0 : 1),
    newCount,
    text: pieces.join(''),
  };
}

function linesBefore(text: string, end: number): [at: number, lines: number] {
  let at = end;
  let lines = 0;
  for (; lines < CONTEXT && at > 0; lines++) at = at === 1 ? 0 : text.lastIndexOf('\n', at - 2) + 1;
  return [at, lines];
}

function linesAfter(text: string, start: number): [at: number, lines: number] {
  let at = start;
  let lines = 0;
  for (; lines < CONTEXT && at < text.length; lines++) at = nextLine(text, at);
  return [at, lines];
}

/** Lines with a sign before each. */
function signed(sign: string, lines: string): string {
  if (lines === '') return '';
  const complete = lines.endsWith('\n');
  const signs = sign + (complete ? lines.slice(0, -1) : lines).replace(/\n/g, `\n${sign}`);
  return complete ? `${signs}\n` : `${signs}\n\\ No newline at end of file\n`;
}
