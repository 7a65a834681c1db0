/** The words for a commit: in a log, and when it was just made. */

import type { Commit } from '../model/commit.ts';
import type { CommitId } from '../model/id.ts';
import { shortId } from '../model/id.ts';
import type { Summary } from '../model/change.ts';
import type { Palette } from './colour.ts';
import { counted } from './quantities.ts';
import { summaryWords } from './render.ts';
import { shownLines, shownText } from './shown.ts';

const DATE = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)(Z|[+-]\d\d:\d\d)$/;

/** One commit of a log; lines without line ends. No line ends right after an id but with a line end, so that it can be copied. */
export function* commitLines(id: CommitId, commit: Commit, palette: Palette): Generator<string> {
  yield palette.changed(`commit ${shortId(id)}`);
  if (commit.parents.length > 1) yield `merges  ${commit.parents.map(shortId).join(' ')}`;
  yield `author  ${shownText(commit.author)}`;
  yield `date    ${shownDate(commit.date)} on ${shownText(commit.repository)}`;
  yield '';
  const message = shownLines(commit.message).trimEnd();
  for (const line of message === '' ? [] : [...message.split('\n'), ''])
    yield line === '' ? '' : `    ${line}`;
  yield `    ${palette.quiet(summaryWords(commit.summary) ?? 'nothing changed')}`;
}

/** What `commit` says when it is done. */
export function* committedLines(
  made: {
    readonly id: CommitId;
    readonly message: string;
    readonly summary: Summary;
    readonly unconfirmed: number;
  },
  palette: Palette,
): Generator<string> {
  const title = shownText(made.message.split('\n', 1)[0]!);
  yield `${palette.changed(`commit ${shortId(made.id)}`)}${title === '' ? '' : `  ${title}`}`;
  yield summaryWords(made.summary) ?? 'nothing changed';
  if (made.unconfirmed > 0) yield* unconfirmedLines(made.unconfirmed, 'file', palette);
}

/** That files, or empty folders, are gone and nobody confirmed it. */
export function* unconfirmedLines(count: number, noun: string, palette: Palette): Generator<string> {
  const [are, stay, them] = count === 1 ? ['is', 'stays', 'it'] : ['are', 'stay', 'them'];
  yield palette.gone(`${counted(count, noun)} ${are} missing and ${stay} recorded`);
  yield `to record ${them} as deleted: dbk commit --confirm-deletions`;
}

/** `commit 9c1d2e3f4a5b6c7d of 2026-11-22 19:20:11 +01:00`. */
export function sinceWords(id: CommitId, { date }: Pick<Commit, 'date'>): string {
  return `commit ${shortId(id)} of ${shownDate(date)}`;
}

/** The date, and the first line of the message where there is one. */
export function titleOf({ date, message }: Pick<Commit, 'date' | 'message'>): string[] {
  const title = shownText(message.split('\n', 1)[0]!);
  return [shownDate(date), ...(title === '' ? [] : [title])];
}

/** A commit's local time as people read it: `2026-11-22 19:20:11 +01:00`. */
export function shownDate(date: string): string {
  const found = DATE.exec(date);
  return found === null ? shownText(date) : `${found[1]} ${found[2]} ${found[3]}`;
}
