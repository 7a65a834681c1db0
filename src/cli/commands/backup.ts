/** `dbk backup`: one command for a folder and the disk that is to have a copy of it. */

import { resolve } from 'node:path/posix';
import { backup, type BackupStep } from '../../flow/backup.ts';
import type { CommitResult } from '../../flow/commit.ts';
import { readConfig } from '../../flow/config.ts';
import { authorOfPerson } from '../../flow/configure.ts';
import { toldOf, type ToldMerge } from '../../flow/told-merge.ts';
import { EXIT, type ExitCode } from '../exit.ts';
import { counted, shownSize } from '../quantities.ts';
import { committedLines, unconfirmedLines } from '../render-commit.ts';
import { shownPath } from '../shown.ts';
import { exitAfter, type Work } from '../work.ts';
import type { Problem } from '../../model/problem.ts';
import type { Entry } from './entry.ts';
import { Taking, TAKING_OPTIONS } from './taken.ts';

export const BACKUP: Entry = {
  name: 'backup',
  group: 'start',
  summary: 'Record a folder, and bring a copy of it on another disk up to date',
  description: [
    `The first time it makes SOURCE a repository, records what is in it, and copies all of it to DISK, as a repository of its own. From then on it records what changed and brings the two together: what is new here goes there, and what was changed there comes here. Every content is hashed while it is copied.`,
    `The copy is DISK/NAME, with the name that SOURCE has; where DISK is the copy itself, that. It becomes a remote of SOURCE: 'dbk sync', 'dbk pull' and 'dbk push' do the single steps.`,
    `A file that is gone is missing, and stays in the copy, until you confirm it: at the prompt, or with --confirm-deletions.`,
  ],
  arguments: [{ name: 'SOURCE' }, { name: 'DISK' }],
  options: [...TAKING_OPTIONS],
  examples: [
    {
      line: 'dbk backup ~/Data /media/usb',
      says: 'A copy in /media/usb/Data; again, to bring it up to date',
    },
  ],
  also: ['rsync', 'copy', 'mirror', 'save'],
  run,
};

async function run(work: Work): Promise<ExitCode> {
  const [source, disk] = work.given.operands.map((typed) => resolve(work.directory, typed)) as [
    string,
    string,
  ];
  const context = await work.contextToCommit(authorOfPerson);
  const taking = new Taking(work);
  const problems: Problem[] = [];
  let conflicts = 0;
  const tell = async (step: BackupStep): Promise<void> => {
    problems.push(...problemsOf(step));
    if (step.kind === 'came' || step.kind === 'went') conflicts += step.result.conflicts.length;
    if (!work.isJson && !work.isQuiet) await work.print(await linesOf(work, step));
    if (work.isJson) work.json('step', jsonOf(step));
  };
  const done = await work.uncut(() => backup(context, { ...taking.options, source, disk, tell }));
  if (!work.isJson && !work.isQuiet) await work.print([`The copy is ${shownPath(done.place)}`]);
  if (conflicts > 0)
    work.note(`${counted(conflicts, 'conflict')}, both sides kept: see them with dbk conflicts`);
  if (done.isOneVolume) work.note('note: both are on one volume: when it fails, both are gone');
  work.report(problems);
  work.summary({
    place: done.place,
    head: done.repository.commits.readHead(),
    isOneVolume: done.isOneVolume,
    conflicts,
  });
  const code = exitAfter(problems);
  return code === EXIT.done && conflicts > 0 ? EXIT.no : code;
}

function problemsOf(step: BackupStep): readonly Problem[] {
  if (step.kind === 'made') return [];
  return step.kind === 'cloned' ? step.cloned.made.problems : step.result.problems;
}

async function linesOf(work: Work, step: BackupStep): Promise<string[]> {
  switch (step.kind) {
    case 'made': {
      const { name } = await readConfig(step.repository);
      return [`Made a repository '${name}' in ${shownPath(step.repository.root)}`];
    }
    case 'recorded':
      return recordedLines(work, step.result);
    case 'cloned': {
      const { name, repository, made } = step.cloned;
      return [
        `Made a repository '${name}' in ${shownPath(repository.root)}`,
        ...broughtLines(toldOf(made), 'there'),
      ];
    }
    case 'came':
      return broughtLines(step.result, 'here');
    case 'went':
      return broughtLines(step.result, 'there');
  }
}

function recordedLines(work: Work, { commit, summary, unconfirmed, files, bytes }: CommitResult): string[] {
  const missing = unconfirmed === 0 ? [] : [...unconfirmedLines(unconfirmed, 'file', work.palette)];
  if (commit === undefined)
    return [`Nothing changed here (${counted(files, 'file')}, ${shownSize(bytes)}).`, ...missing];
  return [...committedLines({ id: commit, message: '', summary, unconfirmed: 0 }, work.palette), ...missing];
}

function broughtLines({ needs, done, absent, older }: ToldMerge, where: string): string[] {
  const { written = 0, bytes = 0, moved = 0, removed = 0 } = needs ?? {};
  const parts = [
    ...(written > 0 ? [`${counted(written, 'file')} written, ${shownSize(bytes)}`] : []),
    ...(moved > 0 ? [`${moved} moved`] : []),
    ...(removed > 0 ? [`${removed} removed`] : []),
  ];
  const open = absent + older;
  const rest = open > 0 ? [`not ${where} yet: ${counted(open, 'path')}; run it again to go on`] : [];
  if (done === undefined || parts.length === 0) return [`Nothing to bring ${where}.`, ...rest];
  return [`Brought ${where}: ${parts.join(', ')}`, ...rest];
}

function jsonOf(step: BackupStep) {
  switch (step.kind) {
    case 'made':
      return { what: 'made', root: step.repository.root };
    case 'recorded':
      return { what: 'recorded', commit: step.result.commit, unconfirmed: step.result.unconfirmed };
    case 'cloned':
      return { what: 'cloned', name: step.cloned.name, ...broughtJson(toldOf(step.cloned.made)) };
    case 'came':
    case 'went':
      return { what: step.kind, ...broughtJson(step.result) };
  }
}

function broughtJson({ head, taken, needs, absent, older }: ToldMerge) {
  const { written = 0, bytes = 0, moved = 0, removed = 0 } = needs ?? {};
  return {
    head,
    taken,
    written,
    bytes,
    moved,
    removed,
    absent,
    older,
  };
}
