/** `dbk status`: what changed since the last commit. */

import { countOpenConflicts } from '../../flow/conflict-names.ts';
import { guardTotals } from '../../flow/guard-totals.ts';
import type { Repository } from '../../flow/repository.ts';
import { status, type Status } from '../../flow/status.ts';
import type { Change } from '../../model/change.ts';
import { shortId } from '../../model/id.ts';
import { Counts } from '../counts.ts';
import type { ExitCode } from '../exit.ts';
import { changeLine } from '../json.ts';
import { counted, shownSize } from '../quantities.ts';
import { titleOf } from '../render-commit.ts';
import { flatLine, Groups } from '../render.ts';
import { shownText } from '../shown.ts';
import { exitAfter, type Work } from '../work.ts';
import type { Entry } from './entry.ts';
import { seenAsChanges } from './seen.ts';
import { sinceHead } from './since.ts';

export const STATUS: Entry = {
  name: 'status',
  group: 'daily',
  summary: 'Show what changed since the last commit',
  description: [
    `Looks at every file and says what a commit would record. A file is read again only where its size, times or place changed; with --checksum every file is, which finds contents that changed by themselves.`,
    `What is gone is called missing: a commit records it as deleted only when you confirm it.`,
  ],
  options: [{ name: 'checksum', type: 'flag', summary: 'read every file again, also where no time changed' }],
  examples: [
    { line: 'dbk status', says: 'What changed, in groups' },
    { line: 'dbk status -v', says: 'Every change, one a line' },
    { line: 'dbk status --checksum', says: 'Whether the disk still holds what was recorded' },
  ],
  also: ['st', 'state', 'changes'],
  run,
};

async function run(work: Work): Promise<ExitCode> {
  const repository = await work.open();
  const counts = new Counts();
  const groups = new Groups({ palette: work.palette, limit: work.limit });
  const take = (change: Change): void => {
    counts.add(change);
    if (work.isJson) work.stdout.write(`${changeLine(change)}\n`);
    else if (work.isVerbose) work.stdout.write(`${flatLine(change, work.palette)}\n`);
    else groups.add(change);
  };
  const checkEverything = work.given.flag('checksum');
  const found = await work.uncut(() => status(repository, { checkEverything, report: take }));
  if (found.problems.length > 0) {
    for (const change of seenAsChanges(repository, found.problems)) take(change);
  }
  const open = countOpenConflicts(repository);
  if (!work.isJson) {
    await tell(work, repository, found, counts, groups);
    if (!work.isQuiet) await work.print([...guardLine(repository), ...conflictsLine(open)]);
  }
  work.report(found.problems);
  const { files, bytes, head } = found;
  const guard = { ...guardTotals(repository) };
  work.summary({
    files,
    bytes,
    ...counts.json,
    ...notRecorded(counts),
    guard,
    conflicts: open > 0 ? open : undefined,
    head,
  });
  return exitAfter(found.problems);
}

/** What `prune` may free some day. */
function guardLine(repository: Repository): string[] {
  const { files, bytes } = guardTotals(repository);
  if (files === 0) return [];
  return [
    `the guard alone holds ${counted(files, 'file')} (${shownSize(bytes)}): see dbk deleted, dbk prune`,
  ];
}

/** What is still to be settled. */
function conflictsLine(open: number): string[] {
  return open === 0 ? [] : [`${counted(open, 'conflict')}: dbk conflicts`];
}

async function tell(
  work: Work,
  repository: Repository,
  found: Status,
  counts: Counts,
  groups: Groups,
): Promise<void> {
  const here = `${counted(found.files, 'file')}, ${shownSize(found.bytes)}`;
  if (counts.changes === 0) {
    if (!work.isQuiet)
      await work.print([`Nothing changed since ${sinceHead(repository, found.head)} (${here}).`]);
    return;
  }
  const groupLines = [...groups.lines()];
  if (groupLines.length === 0 && !work.isVerbose) {
    // Only the repository's own folder is new.
    if (!work.isQuiet) await work.print([`${await firstLine(repository, found)}, and nothing to record`]);
    return;
  }
  if (!work.isQuiet && !work.isVerbose) {
    await work.print([work.palette.heading(await firstLine(repository, found)), '']);
  }
  await work.print(groupLines);
  if (work.isQuiet) return;
  await work.print([
    ...(groupLines.length > 0 || work.isVerbose ? [''] : []),
    `${counts.words}; ${here} here`,
  ]);
}

/** `laptop  9c1d2e3f4a5b6c7d  2026-11-22 19:20:11 +01:00  Sorted the Iceland pictures`. */
async function firstLine(repository: Repository, { head }: Status): Promise<string> {
  const { readConfig } = await import('../../flow/config.ts');
  const name = shownText((await readConfig(repository)).name);
  if (head === undefined) return `${name}  no commit yet`;
  return [name, shortId(head), ...titleOf(repository.commits.readCommit(head))].join('  ');
}

function notRecorded(counts: Counts): Readonly<Record<string, number>> {
  const [missing, suspect] = [counts.of('missing'), counts.of('suspect')];
  return { missing, suspect, unreadable: counts.of('unreadable'), unstable: counts.of('unstable') };
}
