/** `dbk commit`: records what changed. */

import type { CommitResult } from '../../flow/commit.ts';
import type { Ask } from '../../flow/decide.ts';
import type { Repository } from '../../flow/repository.ts';
import type { Change } from '../../model/change.ts';
import { DRY_RUN } from '../command.ts';
import { Counts } from '../counts.ts';
import type { ExitCode } from '../exit.ts';
import { changeLine } from '../json.ts';
import { counted, shownCount, shownSize } from '../quantities.ts';
import { flatLine, Groups, summaryWords } from '../render.ts';
import { committedLines, sinceWords, unconfirmedLines } from '../render-commit.ts';
import { exitAfter, type Work } from '../work.ts';
import type { Entry } from './entry.ts';

export const COMMIT: Entry = {
  name: 'commit',
  group: 'daily',
  summary: 'Record what changed',
  description: [
    `Looks at every file, reads those that are new or changed, and writes one commit: a patch of the index, and a letter that says when, by whom and why. The files themselves are not touched.`,
    `What is gone is recorded as deleted only when you confirm it, at the prompt or with --confirm-deletions (-y does not). Until then it is missing: it stays recorded, and every commit asks again. When very much is gone - more than half of the files of one type, or more than 'dbk config confirm' says - only the option records it.`,
  ],
  options: [
    {
      name: 'message',
      short: 'm',
      type: 'text',
      summary: 'what happened, in your words; a second one is a new paragraph',
    },
    { name: 'confirm-deletions', type: 'flag', summary: 'record what is gone as deleted' },
    { name: 'checksum', type: 'flag', summary: 'read every file again, also where no time changed' },
    DRY_RUN,
  ],
  examples: [
    { line: `dbk commit -m 'Sorted the Iceland pictures'`, says: 'Everything that changed' },
    { line: 'dbk commit --confirm-deletions', says: 'What is gone too' },
    { line: 'dbk commit -n', says: 'What would be recorded' },
  ],
  also: ['add', 'save', 'snapshot', 'record', 'ci'],
  run,
};

async function run(work: Work): Promise<ExitCode> {
  const { commit } = await import('../../flow/commit.ts');
  const repository = await work.open({ writes: true });
  const message = work.given.texts('message').join('\n\n').trim();
  const dryRun = work.given.flag('dry-run');
  const counts = new Counts();
  const groups = new Groups({ palette: work.palette, limit: work.limit });
  const asking = new Asking(work, dryRun);
  const options = {
    message,
    dryRun,
    confirmDeletions: work.given.flag('confirm-deletions'),
    checkEverything: work.given.flag('checksum'),
    ask: asking.ask,
    report: (change: Change): void => {
      counts.add(change);
      if (work.isJson) work.stdout.write(`${changeLine(change)}\n`);
      else if (work.isVerbose) work.stdout.write(`${flatLine(change, work.palette)}\n`);
      else if (dryRun) groups.add(change);
    },
  };
  const made = await work.uncut(() => commit(repository, options));
  if (work.isJson) summarise(work, repository, made);
  else {
    const lines = dryRun ? dryLines(work, made, counts, groups) : madeLines(work, repository, made, message);
    await work.print([...lines, ...missingLines(work, made, asking)]);
  }
  if (!work.isJson) work.report(made.problems);
  return exitAfter(made.problems);
}

/** Shows what is gone and asks whether to record it, where there is somebody to ask. */
class Asking {
  /** What is gone and was not shown yet. */
  missing: Groups | undefined;
  /** Whether the flow asked: it does not where too much is gone. */
  isAsked = false;
  /** How many folders are gone. */
  folders = 0;
  readonly #work: Work;
  readonly #dryRun: boolean;

  constructor(work: Work, dryRun: boolean) {
    this.#work = work;
    this.#dryRun = dryRun;
  }

  readonly ask: Ask = async ({ files, directories, count }) => {
    const work = this.#work;
    this.isAsked = true;
    this.folders = directories.length;
    const missing = new Groups({
      palette: work.canAsk ? work.errorPalette : work.palette,
      limit: work.limit,
    });
    for (const { path, files: held, bytes } of directories) {
      missing.add({ kind: 'missing', what: 'directory', path, files: held, bytes });
    }
    for (const path of files) missing.add({ kind: 'missing', what: 'file', path });
    if (!work.canAsk || this.#dryRun) {
      this.missing = missing;
      return false;
    }
    for (const line of missing.lines()) work.stderr.write(`${line}\n`);
    const what = count === 0 ? counted(directories.length, 'empty folder') : counted(count, 'file');
    return work.confirm(`Record the deletion of ${what}?`);
  };
}

function* madeLines(
  work: Work,
  repository: Repository,
  made: CommitResult,
  message: string,
): Generator<string> {
  const { commit: id, commits, summary } = made;
  if (id === undefined) {
    const head = repository.commits.readHead();
    const what = made.unconfirmed > 0 ? 'nothing else' : 'nothing';
    const since =
      head === undefined ? 'the beginning' : sinceWords(head, repository.commits.readCommit(head));
    const here = `${counted(made.files, 'file')}, ${shownSize(made.bytes)}`;
    if (!work.isQuiet) yield `Nothing to commit: ${what} changed since ${since} (${here}).`;
    return;
  }
  const lines = committedLines({ id, message, summary, unconfirmed: 0 }, work.palette);
  if (work.isQuiet) {
    yield lines.next().value as string;
    return;
  }
  yield* lines;
  if (commits.length > 1)
    yield `too much for one patch: in ${shownCount(commits.length)} commits, of which this is the last`;
}

function* dryLines(work: Work, { summary }: CommitResult, counts: Counts, groups: Groups): Generator<string> {
  if (counts.changes === 0) {
    yield 'Nothing would be recorded.';
    return;
  }
  const lines = [...groups.lines()];
  yield* lines;
  if (lines.length > 0 || work.isVerbose) yield '';
  yield `a commit would record: ${summaryWords(summary) ?? counts.words}`;
}

function* missingLines(
  work: Work,
  { unconfirmed }: CommitResult,
  { missing, folders, isAsked }: Asking,
): Generator<string> {
  if (missing !== undefined) {
    yield '';
    yield* missing.lines();
  }
  if (unconfirmed === 0 && missing === undefined) return;
  yield '';
  const [count, noun] = unconfirmed > 0 ? [unconfirmed, 'file'] : [folders, 'empty folder'];
  yield* unconfirmedLines(count, noun, work.palette);
  if (!isAsked) yield 'so many are never asked about; dbk status shows them';
}

function summarise(work: Work, repository: Repository, made: CommitResult): void {
  const { added, changed, removed, moved, metadata } = made.summary;
  work.report(made.problems);
  work.summary({
    commit: made.commit,
    commits: made.commits.length > 1 ? made.commits : undefined,
    files: made.files,
    bytes: made.bytes,
    added,
    changed,
    removed,
    moved,
    metadata,
    unconfirmed: made.unconfirmed,
    head: repository.commits.readHead(),
  });
}
