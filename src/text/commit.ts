/** The cover letter of a commit (README.md, section 8): what it says, what its message may be, where it stands. */

import type { MoveEvidence, Summary } from '../model/change.ts';
import type { Commit, Move } from '../model/commit.ts';
import { shortId, type CommitId } from '../model/id.ts';
import { compareBytes } from '../model/name.ts';
import { line, type LineMap, type Value } from '../model/value.ts';
import { cleanUnicode, escapeText } from './names.ts';
import { wrongValue } from './problems.ts';
import {
  commitId,
  contentId,
  fields,
  listOf,
  number,
  oneOf,
  parseOwnText,
  pathOrFolder,
  repositoryName,
  someText,
  text,
  type Check,
  type Fields,
} from './reader.ts';
import { byBytes, writeText } from './yaml-write.ts';

const EVIDENCE: readonly MoveEvidence[] = ['content', 'inode', 'media', 'name', 'hand'];
const DATE = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-](?:[01]\d|2[0-3]):[0-5]\d$/;

/** The bytes of `commit.yaml`; the message is cleaned, moves and forgotten paths are sorted. */
export function writeCommit(commit: Commit): string {
  const entries: [string, Value][] = [
    ['parents', commit.parents],
    ['index', commit.index],
    ['changes', commit.changes],
    ['author', commit.author],
    ['repository', commit.repository],
    ['date', commit.date],
    ['moved', [...commit.moved].sort(compareMoves).map(moveValue)],
    ['forgotten', [...commit.forgotten].sort(compareBytes).map(escapeText)],
    ['summary', summaryValue(commit.summary)],
    ['message', cleanMessage(commit.message)],
    ...byBytes(commit.more),
  ];
  return writeText('commit', entries);
}

/** The commit that a canonical text says; throws a TextError for any other text. */
export function parseCommit(text: string): Commit {
  return parseOwnText(text, 'commit', readCommit, writeCommit);
}

/**
 * A message as it is recorded: line feeds end the lines, no blanks stand at the end of one and no empty lines
 * around the whole, what no text may hold is U+FFFD, one line feed ends it. '' when nothing is left.
 */
export function cleanMessage(message: string): string {
  const lines = cleanUnicode(message.replace(/\r\n?/g, '\n')).split('\n').map(withoutBlanksAtEnd);
  let first = 0;
  let end = lines.length;
  while (first < end && lines[first] === '') first++;
  while (end > first && lines[end - 1] === '') end--;
  return first === end ? '' : `${lines.slice(first, end).join('\n')}\n`;
}

/** Where a commit stands below `commits/`: `YYYY/YYYYMMDDTHHMMSSZ-REPOSITORY-ID16`. */
export function commitDirectory(commit: Pick<Commit, 'date' | 'repository'>, id: CommitId): string {
  const date = compactDate(commit.date);
  return `${date.slice(0, 4)}/${date}-${commit.repository}-${shortId(id)}`;
}

/** A date with an offset as it stands in names, in UTC: `20261122T182011Z`. */
export function compactDate(date: string): string {
  return new Date(date).toISOString().replace(/-|:|\.\d+/g, '');
}

function compareMoves(a: Move, b: Move): number {
  return compareBytes(a.to, b.to) || compareBytes(a.from, b.from) || (a.parent ?? 1) - (b.parent ?? 1);
}

function moveValue(move: Move): LineMap {
  const keys: [string, Value][] = [
    ['from', escapeText(move.from)],
    ['to', escapeText(move.to)],
    ['by', move.by],
  ];
  if (move.parent !== undefined && move.parent !== 1) keys.push(['parent', move.parent]);
  return line([...keys, ...byBytes(move.more)]);
}

function summaryValue(summary: Summary): LineMap {
  const { added, changed, moved, removed, metadata } = summary;
  return line([...Object.entries({ added, changed, moved, removed, metadata }), ...byBytes(summary.more)]);
}

function withoutBlanksAtEnd(line: string): string {
  let end = line.length;
  while (end > 0 && (line.charCodeAt(end - 1) === 32 || line.charCodeAt(end - 1) === 9)) end--;
  return line.slice(0, end);
}

function readCommit(fields: Fields): Commit {
  return {
    parents: fields.required('parents', listOf(commitId)),
    index: fields.required('index', contentId),
    changes: fields.required('changes', contentId),
    author: fields.required('author', someText),
    repository: fields.required('repository', repositoryName),
    date: fields.required('date', date),
    moved: fields.required('moved', listOf(move)),
    forgotten: fields.required('forgotten', listOf(pathOrFolder)),
    summary: fields.required('summary', summary),
    message: fields.required('message', text),
    ...fields.more(),
  };
}

/** A date that the calendar has, and that has four digits of a year in UTC too. */
const date: Check<string> = (value, at) => {
  if (typeof value !== 'string' || !DATE.test(value) || !isOnCalendar(value)) {
    throw wrongValue(at.line, at.key, 'a date with an offset, as 2026-11-22T19:20:11+01:00');
  }
  return value;
};

function isOnCalendar(date: string): boolean {
  const local = date.slice(0, 19);
  const asRead = new Date(`${local}Z`);
  // JavaScript takes 30 February for a day in March.
  if (Number.isNaN(asRead.getTime()) || asRead.toISOString().slice(0, 19) !== local) return false;
  return /^\d{4}-/.test(new Date(date).toISOString()) && !date.endsWith('-00:00');
}

const parent: Check<number> = (value, at) => {
  if (typeof value !== 'number' || value < 2)
    throw wrongValue(at.line, at.key, 'the number of a parent after the first');
  return value;
};

const move = fields<Move>((of) => ({
  from: of.required('from', pathOrFolder),
  to: of.required('to', pathOrFolder),
  by: of.required('by', oneOf(...EVIDENCE)),
  ...of.optional('parent', parent),
  ...of.more(),
}));

const summary = fields<Summary>((of) => ({
  added: of.required('added', number),
  changed: of.required('changed', number),
  moved: of.required('moved', number),
  removed: of.required('removed', number),
  metadata: of.required('metadata', number),
  ...of.more(),
}));
