/** `dbk resolve`: settles conflicts. */

import { relative } from 'node:path/posix';
import { authorOfPerson } from '../../flow/configure.ts';
import * as say from '../../flow/conflict-problems.ts';
import type { Choice } from '../../flow/conflict-deeds.ts';
import {
  draftedText,
  draftOf,
  dropDraft,
  mergeContents,
  type MergedContent,
} from '../../flow/merge-contents.ts';
import type { Repository } from '../../flow/repository.ts';
import { resolve, type Resolved } from '../../flow/resolve.ts';
import { shortId } from '../../model/id.ts';
import { ROOT, type RepositoryPath } from '../../model/path.ts';
import { Interrupted, Refusal } from '../../model/problem.ts';
import { DRY_RUN, FILES_FROM } from '../command.ts';
import { editorFailure, editorOf, openInEditor } from '../editor.ts';
import { EXIT, type ExitCode } from '../exit.ts';
import { placeOf } from '../operands.ts';
import { counted } from '../quantities.ts';
import { exitAfter, type Work } from '../work.ts';
import { conflictJson, deedWords } from './conflict-words.ts';
import type { Entry } from './entry.ts';
import { typedPaths } from './paths.ts';
import * as problems from './problems.ts';

export const RESOLVE: Entry = {
  name: 'resolve',
  group: 'copies',
  summary: 'Settle conflicts: take one side, keep both, or merge',
  description: [
    `--ours takes what was here before the merge, --theirs what came from elsewhere, --take what the repository NAME has; 'dbk conflicts' shows which is which. What goes is put into the guard. --both leaves all as it is, and says that it is fine so.`,
    `--merge merges two versions of a file as its type knows how to (a playlist has what each side added), else of a text line by line, where both did not change the same lines; --edit opens the rest in your editor (VISUAL, else EDITOR, else vi), with marks where you have to choose. A conflict about a field is also settled with 'dbk edit PATH' and a commit.`,
    `Files, index and conflict go together, in a commit of their own; what you have not committed yet stays so. 'dbk undo' takes it back. PATH may be a folder: all that is below it.`,
  ],
  arguments: [{ name: 'PATH', optional: true, many: true }],
  options: [
    { name: 'ours', type: 'flag', summary: 'as this repository had it' },
    { name: 'theirs', type: 'flag', summary: 'as the other side had it' },
    { name: 'take', type: 'text', value: 'NAME', summary: 'as the repository NAME had it' },
    { name: 'both', type: 'flag', summary: 'leave all as it is' },
    { name: 'merge', type: 'flag', summary: 'merge two versions, by their type or their lines' },
    { name: 'edit', type: 'flag', summary: 'merge by lines, and choose in your editor' },
    { name: 'all', type: 'flag', summary: 'every conflict there is, instead of PATH' },
    { name: 'message', short: 'm', type: 'text', value: 'TEXT', summary: 'the message of the commit' },
    DRY_RUN,
    ...FILES_FROM,
  ],
  examples: [
    { line: 'dbk resolve --ours Pictures/a.jpg', says: 'Keep the version that was here' },
    { line: 'dbk resolve --take nas -n Pictures', says: 'What would be done to take those of another' },
    { line: 'dbk resolve --both --all', says: 'All is fine as it is' },
    { line: 'dbk resolve --edit notes.txt', says: 'Line by line, in your editor' },
  ],
  also: ['merge', 'mergetool', 'accept', 'settle'],
  run,
};

const CHOICES = ['ours', 'theirs', 'take', 'both', 'merge', 'edit'] as const;
type Word = (typeof CHOICES)[number];

async function run(work: Work): Promise<ExitCode> {
  const repository = await work.openToCommit(authorOfPerson);
  const paths = await pathsToSettle(work, repository);
  const word = wordOf(work);
  if (word === 'merge' || word === 'edit') return byLines(work, repository, paths, word);
  const take = work.given.text('take');
  const choice: Choice = word === 'take' ? { kind: 'take', repository: take! } : { kind: word };
  return settle(work, repository, paths, choice);
}

async function pathsToSettle(work: Work, repository: Repository): Promise<readonly RepositoryPath[]> {
  const typed = await typedPaths(work, work.given.operands);
  const isAll = work.given.flag('all');
  if (isAll === typed.length > 0) throw new Refusal('usage', problems.noPathOrAll());
  return isAll ? [ROOT] : [...new Set(typed.map((each) => placeOf(repository, work.directory, each)))];
}

function wordOf({ given }: Work): Word {
  const words = CHOICES.filter((word) =>
    word === 'take' ? given.text('take') !== undefined : given.flag(word),
  );
  if (words.length !== 1) throw new Refusal('usage', problems.oneChoice(CHOICES));
  return words[0]!;
}

async function settle(
  work: Work,
  repository: Repository,
  paths: readonly RepositoryPath[],
  choice: Choice,
): Promise<ExitCode> {
  const dryRun = work.given.flag('dry-run');
  const message = work.given.text('message');
  const made = await work.uncut(() => resolve(repository, { paths, choice, message, dryRun }));
  if (work.isJson) tellPrograms(work, made);
  else if (!work.isQuiet || dryRun) await work.print(said(work, made, dryRun));
  work.report(made.problems);
  work.summary({
    settled: made.settled.length,
    commits: made.commits,
    conflicts: made.left,
    dryRun: dryRun || undefined,
  });
  const code = exitAfter(made.problems);
  return code === EXIT.partly && made.settled.length === 0 ? EXIT.no : code;
}

function tellPrograms(work: Work, { settled }: Resolved): void {
  for (const { open, deed, about } of settled) {
    work.stdout.write(`${conflictJson({ ...open, path: about }, { done: deed.kind })}\n`);
  }
}

function* said(work: Work, { settled, commits, left }: Resolved, dryRun: boolean): Generator<string> {
  const shown = settled.slice(0, work.limit);
  for (const { deed, about } of shown) yield deedWords(deed, about, dryRun);
  if (settled.length > shown.length)
    yield `… and ${counted(settled.length - shown.length, 'more', 'more')} (-v shows all)`;
  if (dryRun) return;
  for (const commit of commits) yield `commit ${shortId(commit)}`;
  if (settled.length > 0)
    yield left === 0 ? 'no conflict is left' : `${counted(left, 'conflict')} left: dbk conflicts`;
}

/** One at a time: an editor shows one file. */
async function byLines(
  work: Work,
  repository: Repository,
  paths: readonly RepositoryPath[],
  word: 'merge' | 'edit',
): Promise<ExitCode> {
  let worst: ExitCode = EXIT.done;
  for (const path of paths) {
    const merged = await mergeContents(repository, path, word === 'merge' ? 'type' : 'lines');
    work.report(merged.problems);
    if (word === 'merge' && merged.places > 0)
      throw new Refusal('failed', say.linesConflict(merged.path, merged.places));
    const isOpened = word === 'edit' && !work.given.flag('dry-run');
    const text = isOpened ? await edited(work, repository, merged) : merged.text;
    const code = await settle(work, repository, [merged.path], { kind: 'text', text });
    if (code === EXIT.done && isOpened) dropDraft(repository, merged);
    if (code !== EXIT.done) worst = code;
  }
  return worst;
}

/** What is in the editor is kept until it is settled, however the editor ends. */
async function edited(work: Work, repository: Repository, merged: MergedContent): Promise<string> {
  const file = draftOf(repository, merged);
  const editor = editorOf(work.world.terminal.env);
  const end = await openInEditor(work, editor, file);
  if (end.kind === 'stopped') throw new Interrupted();
  if (end.kind !== 'ended' || end.code !== 0)
    throw new Refusal('failed', editorFailure(editor, end, relative(repository.root, file)));
  return draftedText(repository, merged);
}
