/** `dbk drop`: takes away here what others are seen to hold. */

import { authorOfPerson } from '../../flow/configure.ts';
import { drop, type Dropped } from '../../flow/drop.ts';
import { Refusal, type Problem } from '../../model/problem.ts';
import { DRY_RUN, FILES_FROM } from '../command.ts';
import { EXIT, type ExitCode } from '../exit.ts';
import { placeOf } from '../operands.ts';
import { counted, shownSize } from '../quantities.ts';
import { exitAfter, type Work } from '../work.ts';
import { recordingFirst } from './ask-deletions.ts';
import type { Entry } from './entry.ts';
import { openRemotes } from './open-remotes.ts';
import { typedPaths } from './paths.ts';
import * as problems from './problems.ts';

export const DROP: Entry = {
  name: 'drop',
  group: 'copies',
  summary: 'Take files away here that other repositories hold',
  description: [
    `Records what changed here, and then removes what is at or below each PATH. It stays recorded, is no deletion for anybody, and comes back with 'dbk get'. A file goes only if the remotes are seen to hold its content at this moment: each is read there from one end to the other. How many have to is 'copies:' in policy.yaml (1); a repository on the same volume as this one does not count.`,
    `What is wanted here would come again with the next pull, so that is refused: --unwant says that it is not wanted from now on (see 'dbk want').`,
    `What goes is put into the guard, and 'dbk undo' brings it back, until the guard frees it. --free frees it at once.`,
  ],
  arguments: [{ name: 'PATH', many: true }],
  options: [
    { name: 'from', type: 'text', value: 'REPOSITORY', summary: 'ask this one alone' },
    { name: 'unwant', type: 'flag', summary: 'and it is not wanted here from now on' },
    { name: 'free', type: 'flag', summary: 'the guard keeps nothing of it' },
    DRY_RUN,
    ...FILES_FROM,
  ],
  examples: [
    { line: 'dbk drop -n --unwant Movies', says: 'What could go, and what nobody else is seen to hold' },
    { line: 'dbk drop --unwant --free Movies/Alien', says: 'Make room at once' },
  ],
  also: ['free', 'remove', 'evict', 'offload'],
  run,
};

async function run(work: Work): Promise<ExitCode> {
  const { given } = work;
  const repository = await work.openToCommit(authorOfPerson);
  const typed = await typedPaths(work, given.operands);
  if (typed.length === 0) throw new Refusal('usage', problems.noPaths('drop'));
  const paths = [...new Set(typed.map((each) => placeOf(repository, work.directory, each)))];
  const dryRun = given.flag('dry-run');
  const { opened, unreachable } = await openRemotes(work, repository);
  try {
    const dropped = await work.uncut(() =>
      drop(repository, {
        paths,
        from: opened.map(({ transport }) => transport),
        unwant: given.flag('unwant'),
        free: given.flag('free'),
        ...recordingFirst(work, dryRun),
      }),
    );
    return tell(work, dropped, dryRun, unreachable);
  } finally {
    for (const { transport } of opened) await transport.close();
  }
}

function tell(work: Work, made: Dropped, dryRun: boolean, unreachable: readonly Problem[]): ExitCode {
  const { dropped, freed, operation } = made;
  const amount = `${counted(dropped.files, 'file')}, ${shownSize(dropped.bytes)}`;
  if (!work.isJson && !work.isQuiet) {
    const words =
      dropped.files === 0
        ? 'nothing went'
        : dryRun
          ? `would drop ${amount}`
          : `dropped ${amount}${keptWords(made)}`;
    work.stdout.write(`${words}\n`);
  }
  work.report([...made.problems, ...unreachable]);
  work.summary({ ...dropped, freed: { ...freed }, operation, dryRun: dryRun || undefined });
  const code = exitAfter(made.problems);
  return code === EXIT.partly && dropped.files === 0 ? EXIT.refused : code;
}

function keptWords({ dropped, freed }: Dropped): string {
  if (freed.files > 0) return `; the guard freed ${shownSize(freed.bytes)}`;
  return dropped.bytes === 0 ? '' : '; the guard keeps it for now: dbk undo brings it back';
}
