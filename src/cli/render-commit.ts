/** The words for a commit: in a log, and when it was just made. */

import type { Commit } from '../model/commit.ts';
import type { CommitId } from '../model/id.ts';
import { shortId } from '../model/id.ts';
import type { Summary } from '../model/change.ts';
import type { Palette } from './colour.ts';
import type { Fate } from '../flow/log.ts';
import { counted, shownSize } from './quantities.ts';
import { restOf, summaryWords } from './render.ts';
import { shownLines, shownPath, shownText } from './shown.ts';

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
  yield `    ${palette.quiet(changeWords(commit))}`;
}

/** `14 added, 3 changed`, or what else a commit did. */
export function changeWords({ summary, forgotten }: Pick<Commit, 'summary' | 'forgotten'>): string {
  const words = summaryWords(summary);
  if (forgotten.length === 0) return words ?? 'no file changed';
  return `${words === undefined ? '' : `${words}, `}${counted(forgotten.length, 'path')} forgotten`;
}

/** What a commit did to the path that a log follows: `moved from a to b, 3.2 MB`; undefined: to what is below it, or written about it. */
export function fateWords({ kind, path, from, size }: Fate): string | undefined {
  if (kind === 'changed' && size === undefined) return undefined;
  const bytes = size === undefined ? '' : `, ${shownSize(size)}`;
  const now = shownPath(path, 'other');
  return from === undefined
    ? `${kind} ${now}${bytes}`
    : `${kind} from ${shownPath(from, 'other')} to ${now}${bytes}`;
}

/** The paths that a commit took out of the index, as far as a list goes. */
export function* forgottenLines(
  { forgotten }: Pick<Commit, 'forgotten'>,
  limit: number,
  palette: Palette,
): Generator<string> {
  if (forgotten.length === 0) return;
  const aside = palette.quiet(' (taken out of the index; no file was touched)');
  yield palette.heading(palette.gone(`Forgotten: ${counted(forgotten.length, 'path')}`)) + aside;
  const shown = forgotten.length <= limit + 1 ? forgotten : forgotten.slice(0, limit);
  for (const path of shown) {
    const isFolder = path.endsWith('/');
    yield `             ${palette.gone(shownPath(isFolder ? path.slice(0, -1) : path, isFolder ? 'directory' : 'other'))}`;
  }
  if (shown.length < forgotten.length) yield `  ${restOf(forgotten.length - shown.length, palette)}`;
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
  yield summaryWords(made.summary) ?? 'no file changed';
  if (made.unconfirmed > 0) yield* unconfirmedLines(made.unconfirmed, 'file', palette);
}

/** That files, or empty folders, are gone and nobody confirmed it. */
export function* unconfirmedLines(count: number, noun: string, palette: Palette): Generator<string> {
  const [are, stay, them] = count === 1 ? ['is', 'stays', 'it'] : ['are', 'stay', 'them'];
  yield palette.gone(`${counted(count, noun)} ${are} missing and ${stay} recorded`);
  yield `to record ${them} as deleted: dbk commit --confirm-deletions`;
}

/** `commit 9c1d2e3f4a5b6c7d of 2026-11-22 19:20:11 +01:00`, in the time of whoever looks; `offset` is in minutes. */
export function sinceWords(
  id: CommitId,
  moment: number | undefined,
  offset: (moment: number) => number,
): string {
  const words = `commit ${shortId(id)}`;
  if (moment === undefined) return words;
  const ahead = offset(moment);
  const [date, time] = new Date(moment + ahead * 60_000).toISOString().split(/[T.]/) as [string, string];
  const two = (value: number): string => String(Math.floor(value)).padStart(2, '0');
  const zone = `${ahead < 0 ? '-' : '+'}${two(Math.abs(ahead) / 60)}:${two(Math.abs(ahead) % 60)}`;
  return `${words} of ${date} ${time} ${zone}`;
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
