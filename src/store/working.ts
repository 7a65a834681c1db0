/**
 * How `index/` and `head` go from one commit to another and survive every end of the process in between: sections
 * 8 ("Order of writing", "Recovery") and 15 of ../text/README.md. Whoever changes something here holds the lock.
 */

import { join } from 'node:path/posix';
import type { Disk } from '../disk/disk.ts';
import type { TextChange } from '../model/change.ts';
import type { CommitId } from '../model/id.ts';
import type { Problem } from '../model/problem.ts';
import { parseJournal, writeJournal, type Journal } from '../text/journal.ts';
import type { Commits } from './commits.ts';
import { makeDirectories, namesIn, removeTree } from './directories.ts';
import { quietly } from './errors.ts';
import { readText, removeFile, removeLeftovers, replaceFile } from './files.ts';
import { prepareTexts, type PreparedTexts } from './index-writer.ts';
import { LONGEST_TEXT } from './index-places.ts';
import type { Layout } from './layout.ts';
import { journalContradicts, journalHasSteps, journalUnreadable } from './problems.ts';
import type { RecordedId, Step } from './text-steps.ts';

export interface Advance {
  /** What the person asked for: `commit`. */
  readonly command: string;
  /** The head before. */
  readonly from: CommitId | undefined;
  /** undefined: the state before the first commit. */
  readonly to: CommitId | undefined;
  /** The ids of the texts at `from`, where the caller knows them: else the history is read for texts that move. */
  readonly recorded?: RecordedId | undefined;
  /** All texts that are different, sorted by path, where the caller knows them: else two histories are compared. */
  readonly changes?: readonly TextChange[];
  /** Called when the head has moved and the journal is still there: what it notes a crash cannot keep from being noted. */
  readonly note?: () => void;
  /** False where this repository keeps no `index/`. */
  readonly keepsIndex?: boolean;
}

/** What was left unfinished, and is finished now. */
export interface Recovery {
  readonly command: string;
  readonly from: CommitId | undefined;
  readonly to: CommitId | undefined;
  readonly problems: readonly Problem[];
}

/** A reading of the file system's clock, or a cache being written; a living process does without. */
const OF_A_PROCESS = /^(?:stamp-|(?:cache(?:-index|-tail)?|find)\.)[0-9]+$/;
const LONGEST_JOURNAL = 1 << 30;

/** What a command is about to do to the person's files. */
export type Intent = Required<Pick<Journal, 'command' | 'steps' | 'date' | 'undoes' | 'aside'>>;

/** Finishes, or leaves as it was, each of the steps of a journal; tells what became of them. */
export type FinishSteps = (journal: Journal) => readonly Problem[];

/** The text at a path below `index/`, as it stands there; undefined where there is none. */
export function readIndexText(disk: Disk, layout: Layout, path: string): string | undefined {
  return readText(disk, join(layout.index, path), LONGEST_TEXT);
}

/**
 * Makes a finished commit the head, and its texts those of `index/`; durable when it returns.
 *
 * A text that is neither the old nor the new one is a person's and stays; it is told. If the new texts cannot be
 * written (a full disk), all is as before; later errors leave a journal, from which recover() goes on.
 */
export function advance(commits: Commits, step: Advance): Problem[] {
  const { disk, layout } = commits;
  const { command, from, to } = step;
  if (isUnfinished(disk, layout)) throw new Error('advance() before recover()');
  makeDirectories(disk, layout.local);
  const journal = writeJournal({ command, from: from ?? '', to: to ?? '', steps: [] });
  let texts: PreparedTexts | undefined;
  try {
    replaceFile(disk, layout.journal, journal, { durable: true });
    const wanted = { ...step, ...peoplesTexts(command) };
    texts = step.keepsIndex === false ? undefined : prepareTexts(commits, wanted);
  } catch (error) {
    quietly(() => removeFile(disk, layout.journal, { durable: true }));
    throw error;
  }
  const problems = texts?.place() ?? [];
  commits.writeHead(to);
  step.note?.();
  removeFile(disk, layout.journal, { durable: true });
  return problems;
}

/** The command that takes back what was taken from elsewhere. */
export const UNDO_MERGE = 'undo merge';

/**
 * What people write stands as they left it, whichever commit an undo leads to (section 8, "Back"); but what a merge
 * had brought of it goes with the merge.
 */
function peoplesTexts(command: string): Pick<Step, 'leavesPeople' | 'isWhole'> {
  return { leavesPeople: command === 'undo', isWhole: command === UNDO_MERGE };
}

/** Notes what is about to be done to the person's files, before the first step; durable when it returns. */
export function beginSteps({ disk, layout, readHead }: Commits, intent: Intent): void {
  if (isUnfinished(disk, layout)) throw new Error('beginSteps() before recover()');
  makeDirectories(disk, layout.local);
  const head = readHead() ?? '';
  try {
    replaceFile(disk, layout.journal, writeJournal({ ...intent, from: head, to: head }), { durable: true });
  } catch (error) {
    quietly(() => removeFile(disk, layout.journal, { durable: true }));
    throw error;
  }
}

/** All steps are done, or left out for good, and what was written aside is gone. */
export function endSteps({ disk, layout }: Commits): void {
  removeFile(disk, layout.journal, { durable: true });
}

/**
 * Clears away what crashed processes left, and finishes what a journal says; undefined where there is none.
 *
 * Every command that writes begins with this. It may itself be broken off, and begun again. Without `finishSteps` a
 * journal that holds steps is refused.
 */
export function recover(
  commits: Commits,
  options: Pick<Advance, 'keepsIndex'> & { readonly finishSteps?: FinishSteps } = {},
): Recovery | undefined {
  const { disk, layout } = commits;
  const journal = readJournal(disk, layout);
  clearAway(disk, layout, journal?.aside);
  if (journal === undefined) return undefined;
  const problems: Problem[] = [];
  if (journal.steps.length > 0) {
    if (options.finishSteps === undefined) throw journalHasSteps(layout.journal);
    problems.push(...options.finishSteps(journal));
  }
  const { command } = journal;
  const [from, to] = [journal.from, journal.to].map((id) => (id === '' ? undefined : id));
  const head = commits.readHead();
  if (head !== to) {
    if (head !== from) throw journalContradicts(layout.journal);
    const step = { from, to, ...peoplesTexts(command) };
    if (options.keepsIndex !== false) problems.push(...prepareTexts(commits, step).place());
    commits.writeHead(to);
  }
  if (journal.aside !== undefined) removeTree(disk, join(layout.scratch, journal.aside));
  removeFile(disk, layout.journal, { durable: true });
  return { command, from, to, problems };
}

/** Whether a command was broken off: `index/` is then neither the old nor the new state. */
export function isUnfinished(disk: Disk, layout: Layout): boolean {
  return disk.lstat(layout.journal) !== undefined;
}

function readJournal(disk: Disk, layout: Layout): Journal | undefined {
  const text = readText(disk, layout.journal, LONGEST_JOURNAL);
  if (text === undefined) return undefined;
  try {
    return parseJournal(text);
  } catch (error) {
    throw journalUnreadable(layout.journal, error);
  }
}

/** `aside` is what an unfinished command still needs. */
function clearAway(disk: Disk, layout: Layout, aside: string | undefined): void {
  const released = join(layout.local, 'released');
  for (const directory of [layout.home, layout.local, layout.repositories, layout.operations, released]) {
    removeLeftovers(disk, directory);
  }
  for (const name of namesIn(disk, layout.local)) {
    if (OF_A_PROCESS.test(name)) removeFile(disk, join(layout.local, name));
  }
  for (const name of namesIn(disk, layout.scratch)) {
    if (name === aside) continue;
    const path = join(layout.scratch, name);
    if (disk.lstat(path)?.isDirectory()) removeTree(disk, path);
    else removeFile(disk, path);
  }
}
