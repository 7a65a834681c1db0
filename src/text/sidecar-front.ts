/** Where a sidecar's front matter begins and ends, and what its lines are; every byte stands in one of the parts. */

import { mergeMarker } from './problems.ts';
import { notFrontMatter, unclosedFrontMatter } from './sidecar-problems.ts';

/** The parts of a text in their order. Without front matter all but `mark` and `prose` are empty. */
export interface Front {
  /** The byte order mark, or ''. */
  readonly mark: string;
  /** The first `---` with its line end. */
  readonly opening: string;
  /** The lines between, with their ends; the first is the text's second. */
  readonly lines: readonly string[];
  /** The second `---`, with its line end if it has one. */
  readonly closing: string;
  readonly prose: string;
}

/** The number, from 1, of the first of a front's lines. */
export const FIRST_LINE = 2;

const MARK = '\ufeff';

/** The parts of a text; throws a TextError where it looks like front matter and is not. */
export function splitFront(text: string): Front {
  refuseMarkers(text);
  const mark = text.startsWith(MARK) ? MARK : '';
  const start = mark.length;
  const first = endOfLine(text, start);
  if (!isFence(text.slice(start, first))) return withoutFront(text, mark);
  const lines: string[] = [];
  for (let at = first; at < text.length;) {
    const end = endOfLine(text, at);
    const line = text.slice(at, end);
    if (isFence(line))
      return { mark, opening: text.slice(start, first), lines, closing: line, prose: text.slice(end) };
    lines.push(line);
    at = end;
  }
  throw unclosedFrontMatter();
}

export function joinFront(front: Front): string {
  return front.mark + front.opening + front.lines.join('') + front.closing + front.prose;
}

/** What ends the lines that are added: what ends the first line. */
export function lineEndOf({ opening, prose }: Front): '\n' | '\r\n' {
  const text = opening === '' ? prose : opening;
  return text[text.indexOf('\n') - 1] === '\r' ? '\r\n' : '\n';
}

/** The parts with front matter, empty where there was none. */
export function withFront(front: Front): Front {
  if (front.opening !== '') return front;
  const fence = `---${lineEndOf(front)}`;
  return { ...front, opening: fence, closing: fence };
}

/** Whether front matter and prose say nothing, not even in a comment. */
export function isBlankFront({ lines, prose }: Front): boolean {
  return /^[ \t\r\n]*$/.test(prose) && lines.every((line) => /^[ \t\r\n]*$/.test(line));
}

function withoutFront(text: string, mark: string): Front {
  const prose = text.slice(mark.length);
  // What begins so was meant to be front matter: as prose its fields would be lost without a word.
  const begin = prose.search(/\S/);
  const isMeant = begin !== -1 && prose.startsWith('---', begin);
  if (isMeant) throw notFrontMatter(prose.slice(0, begin).split('\n').length);
  return { mark, opening: '', lines: [], closing: '', prose };
}

function isFence(line: string): boolean {
  return line === '---\n' || line === '---\r\n' || line === '---';
}

function endOfLine(text: string, at: number): number {
  return text.indexOf('\n', at) + 1 || text.length;
}

/** What a merge by another tool leaves, in the prose too: both versions stand there, and neither was chosen. */
function refuseMarkers(text: string): void {
  const ours = startOfLine(text, '<<<<<<< ', 0);
  const between = ours === -1 ? -1 : startOfLine(text, '=======', ours);
  const theirs = between === -1 ? -1 : startOfLine(text, '>>>>>>> ', between);
  if (theirs !== -1) throw mergeMarker(text.slice(0, ours).split('\n').length);
}

/** Where a line begins with something, from a place on. */
function startOfLine(text: string, beginning: string, from: number): number {
  if (from === 0 && text.startsWith(beginning)) return 0;
  const at = text.indexOf(`\n${beginning}`, from);
  return at === -1 ? -1 : at + 1;
}
