/** `dbk commit`: records what changed. */

import { commit, type CommitOptions, type CommitResult } from '../../flow/commit.ts';
import { authorOfPerson } from '../../flow/configure.ts';
import type { Repository } from '../../flow/repository.ts';
import type { Change } from '../../model/change.ts';
import { shortId } from '../../model/id.ts';
import { DRY_RUN } from '../command.ts';
import { Counts } from '../counts.ts';
import type { ExitCode } from '../exit.ts';
import { changeLine } from '../json.ts';
import { counted, shownCount, shownSize } from '../quantities.ts';
import { committedLines, unconfirmedLines } from '../render-commit.ts';
import { flatLine, Groups, summaryWords } from '../render.ts';
import { exitAfter, type Work } from '../work.ts';
import { AskDeletions } from './ask-deletions.ts';
import type { Entry } from './entry.ts';
import { sinceHead } from './since.ts';

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
  const repository = await work.openToCommit(authorOfPerson);
  const message = work.given.texts('message').join('\n\n').trim();
  const dryRun = work.given.flag('dry-run');
  const counts = new Counts();
  const groups = new Groups({ palette: work.palette, limit: work.limit });
  const asking = new AskDeletions(work, dryRun);
  const options: CommitOptions = {
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
  if (!work.isJson) {
    if (dryRun) await work.print(dryLines(made, counts, groups));
    else if (made.commit === undefined) await work.print(nothingLines(work, repository, made));
    else await work.print(madeLines(work, made, message));
    await work.print(missingLines(work, made, asking));
    await work.print(describedLines(work, made));
    await work.print(guardLines(work, made));
  }
  work.report(made.problems);
  summarise(work, repository, made);
  return exitAfter(made.problems);
}

function nothingLines(work: Work, repository: Repository, made: CommitResult): string[] {
  if (work.isQuiet) return [];
  const what = made.unconfirmed > 0 ? 'nothing else' : 'nothing';
  const since = sinceHead(repository, repository.commits.readHead());
  const here = `${counted(made.files, 'file')}, ${shownSize(made.bytes)}`;
  return [`Nothing to commit: ${what} changed since ${since} (${here}).`];
}

function* madeLines(work: Work, { commits, summary }: CommitResult, message: string): Generator<string> {
  const lines = committedLines({ id: commits.at(-1)!, message, summary, unconfirmed: 0 }, work.palette);
  if (work.isQuiet) {
    yield lines.next().value as string;
    return;
  }
  yield* lines;
  if (commits.length === 1) return;
  yield `too much for one patch: in ${shownCount(commits.length)} commits, of which this is the last`;
}

function* dryLines({ summary }: CommitResult, counts: Counts, groups: Groups): Generator<string> {
  if (counts.changes === 0) {
    yield 'Nothing would be recorded.';
    return;
  }
  const lines = [...groups.lines()];
  yield* lines;
  if (lines.length > 0) yield '';
  yield `a commit would record: ${summaryWords(summary) ?? counts.words}`;
}

function* missingLines(
  work: Work,
  { unconfirmed }: CommitResult,
  { missing, folders, isAsked }: AskDeletions,
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

function* describedLines(work: Work, { described }: CommitResult): Generator<string> {
  const last = described.commits.at(-1);
  if (work.isQuiet || last === undefined) return;
  const many = described.commits.length > 1 ? ` and ${described.commits.length - 1} before it` : '';
  const { entities, files } = described;
  const things = [
    entities > 0 ? counted(entities, 'entity', 'entities') : undefined,
    files > 0 ? counted(files, 'file') : undefined,
  ];
  const what = things.filter((each) => each !== undefined).join(' and ');
  const says = entities + files === 1 ? 'says of itself' : 'say of themselves';
  yield `noted what ${what} ${says}: commit ${shortId(last)}${many}`;
}

function* guardLines(work: Work, { guard: { protectedLate, freed } }: CommitResult): Generator<string> {
  if (work.isQuiet) return;
  if (protectedLate > 0) yield `guarded ${counted(protectedLate, 'file')} for the first time`;
  if (freed.files === 0) return;
  const what = `${counted(freed.files, 'file')} (${shownSize(freed.bytes)})`;
  yield `freed ${what} from the guard: gone for longer than 'keep' in 'dbk config' asks for`;
}

function summarise(work: Work, repository: Repository, made: CommitResult): void {
  const { added, changed, removed, moved, metadata } = made.summary;
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
    hashed: made.hashed.files,
    described: made.described.entities > 0 ? made.described.entities : undefined,
    read: made.described.files > 0 ? made.described.files : undefined,
    unconfirmed: made.unconfirmed,
    head: repository.commits.readHead(),
    freed: made.guard.freed.files > 0 ? { ...made.guard.freed } : undefined,
  });
}
