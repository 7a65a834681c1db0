/** `dbk get`: brings what is absent here, now. */

import { authorOfPerson } from '../../flow/configure.ts';
import { get, type Got } from '../../flow/get.ts';
import { Refusal, type Problem } from '../../model/problem.ts';
import { DRY_RUN, FILES_FROM } from '../command.ts';
import type { ExitCode } from '../exit.ts';
import { placeOf } from '../operands.ts';
import { counted, shownSize } from '../quantities.ts';
import { exitAfter, type Work } from '../work.ts';
import { recordingFirst } from './ask-deletions.ts';
import type { Entry } from './entry.ts';
import { openRemotes } from './open-remotes.ts';
import { typedPaths } from './paths.ts';
import * as problems from './problems.ts';

export const GET: Entry = {
  name: 'get',
  group: 'copies',
  summary: 'Bring files here that this repository does not hold',
  description: [
    `Records what changed here, and then brings what is recorded at or below each PATH and is not here, from the first remote that has it. 'dbk want' stays as it is: what nobody wants here is held all the same from now on, and missed when it goes.`,
  ],
  arguments: [{ name: 'PATH', many: true }],
  options: [
    { name: 'from', type: 'text', value: 'REPOSITORY', summary: 'from this one alone' },
    DRY_RUN,
    ...FILES_FROM,
  ],
  examples: [
    { line: 'dbk get Movies/Alien', says: 'That folder, from whichever remote is at hand' },
    { line: 'dbk get --from nas Movies/Alien', says: 'From the one called so' },
  ],
  also: ['fetch', 'download', 'copy'],
  run,
};

async function run(work: Work): Promise<ExitCode> {
  const repository = await work.openToCommit(authorOfPerson);
  const typed = await typedPaths(work, work.given.operands);
  if (typed.length === 0) throw new Refusal('usage', problems.noPaths('get'));
  const paths = [...new Set(typed.map((each) => placeOf(repository, work.directory, each)))];
  const dryRun = work.given.flag('dry-run');
  const { opened, unreachable } = await openRemotes(work, repository);
  try {
    const got = await work.uncut(() =>
      get(repository, {
        paths,
        from: opened.map(({ transport }) => transport),
        ...recordingFirst(work, dryRun),
      }),
    );
    return tellGot(work, got, { dryRun, none: 'nothing of that is absent', unreachable });
  } finally {
    for (const { transport } of opened) await transport.close();
  }
}

export interface TellingGot {
  readonly dryRun: boolean;
  /** The words where nothing came. */
  readonly none: string;
  readonly unreachable: readonly Problem[];
}

/** What was brought. */
export function tellGot(work: Work, got: Got, { dryRun, none, unreachable }: TellingGot): ExitCode {
  const done = (got.applied?.done ?? got.plan.actions).filter(({ after }) => after.kind !== 'directory');
  const bytes = done.reduce((sum, { after }) => sum + (after.kind === 'file' ? after.size : 0), 0);
  if (!work.isJson && !work.isQuiet) {
    const words = done.length === 0 ? none : `${counted(done.length, 'file')}, ${shownSize(bytes)}`;
    work.stdout.write(`${done.length === 0 ? '' : dryRun ? 'would bring ' : 'brought '}${words}\n`);
  }
  const all = [...got.problems, ...unreachable];
  work.report(all);
  work.summary({
    files: done.length,
    bytes,
    dryRun: dryRun ? true : undefined,
    operation: got.applied?.operation,
  });
  return exitAfter(got.problems);
}
