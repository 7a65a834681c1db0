/**
 * What each commit took out of the index and only the guard still holds: `local/released/`, one list a commit, so
 * that what is due is found without reading a history. All of it can be made again from the history.
 */

import { join } from 'node:path/posix';
import type { Disk } from '../disk/disk.ts';
import type { CommitId, ContentId } from '../model/id.ts';
import { isCommitId, isContentId, shortId } from '../model/id.ts';
import { compareBytes } from '../model/name.ts';
import type { RepositoryPath } from '../model/path.ts';
import { escapePath, unescapePath } from '../text/names.ts';
import { discardTree, makeDirectories, namesIn } from './directories.ts';
import { readText, removeFile, replaceFile } from './files.ts';
import type { Layout } from './layout.ts';

/** One content at one path, as it was recorded until then. */
export interface Released {
  readonly blake3: ContentId;
  readonly size: number;
  readonly path: RepositoryPath;
}

/** The list of one commit. */
export interface ReleaseList {
  /** Milliseconds since 1970, to the second. */
  readonly time: number;
  /** The digits of the commit's id that its directory's name ends in. */
  readonly commit: string;
}

/** What only the guard holds, counted along. */
export interface GuardTotals {
  readonly files: number;
  readonly bytes: number;
}

const LONGEST = 1 << 30;
const TOTALS = 'totals';
const NAME = /^(\d{10,13})-([0-9a-f]{16})$/;
const LINE = /^([0-9a-f]{64}) (0|[1-9]\d{0,15}) (.*)$/;
const SAID = /^dbk: released 1\nhead: ([0-9a-f]{64}|"")\nfiles: (\d{1,16})\nbytes: (\d{1,16})\n$/;

/** Adds the list of a commit; best effort, like all of `local/`. */
export function writeReleased(
  disk: Disk,
  layout: Layout,
  list: ReleaseList,
  released: readonly Released[],
): void {
  const path = join(folderOf(layout), nameOf(list));
  if (released.length === 0) {
    removeFile(disk, path);
    return;
  }
  makeDirectories(disk, folderOf(layout));
  const lines = released.map((each) => `${each.blake3} ${each.size} ${escapePath(each.path)}\n`);
  replaceFile(disk, path, lines.join(''));
}

/** The lists that are there, the oldest first. */
export function releaseLists(disk: Disk, layout: Layout): ReleaseList[] {
  return namesIn(disk, folderOf(layout))
    .map((name) => NAME.exec(name))
    .filter((found) => found !== null)
    .map(([, seconds, commit]) => ({ time: Number(seconds) * 1000, commit: commit! }))
    .sort((a, b) => a.time - b.time || compareBytes(a.commit, b.commit));
}

/** What one of them says; a line that is none is left out. */
export function readReleased(disk: Disk, layout: Layout, list: ReleaseList): Released[] {
  const text = readText(disk, join(folderOf(layout), nameOf(list)), LONGEST) ?? '';
  const released: Released[] = [];
  for (const line of text.split('\n')) {
    const [, blake3, size, escaped] = LINE.exec(line) ?? [];
    const path = escaped === undefined ? undefined : unescapePath(escaped);
    if (blake3 !== undefined && isContentId(blake3) && path !== undefined)
      released.push({ blake3, size: Number(size), path });
  }
  return released;
}

/** How much only the guard holds, counted along up to this head. */
export interface CountedTotals extends GuardTotals {
  readonly head: CommitId | undefined;
}

/** undefined where nothing was counted yet. */
export function countedTotals(disk: Disk, layout: Layout): CountedTotals | undefined {
  const [, at, files, bytes] = SAID.exec(readText(disk, join(folderOf(layout), TOTALS), LONGEST) ?? '') ?? [];
  if (at === undefined) return undefined;
  return { head: isCommitId(at) ? at : undefined, files: Number(files), bytes: Number(bytes) };
}

/** The same, if it was counted along up to this head. */
export function readTotals(disk: Disk, layout: Layout, head: CommitId | undefined): GuardTotals | undefined {
  const counted = countedTotals(disk, layout);
  return counted?.head === head ? counted : undefined;
}

export function writeTotals(
  disk: Disk,
  layout: Layout,
  head: CommitId | undefined,
  { files, bytes }: GuardTotals,
): void {
  makeDirectories(disk, folderOf(layout));
  const counts = `files: ${Math.max(0, files)}\nbytes: ${Math.max(0, bytes)}\n`;
  replaceFile(disk, join(folderOf(layout), TOTALS), `dbk: released 1\nhead: ${head ?? '""'}\n${counts}`);
}

/** Forgets all of it, to be made again. */
export function dropReleased(disk: Disk, layout: Layout): void {
  discardTree(disk, folderOf(layout));
}

/** The name of the list of a commit of this date, as a commit has it. */
export function releaseListOf(commit: CommitId, date: string): ReleaseList {
  return { time: Math.floor(Date.parse(date) / 1000) * 1000, commit: shortId(commit) };
}

function folderOf(layout: Layout): string {
  return join(layout.local, 'released');
}

function nameOf({ time, commit }: ReleaseList): string {
  return `${String(Math.max(0, time) / 1000).padStart(10, '0')}-${commit}`;
}
