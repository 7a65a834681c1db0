/** `dbk merge`: brings what another repository, or another commit, has together with what is here. */

import { authorOfPerson } from '../../flow/configure.ts';
import { mergeSource } from '../../flow/merge-source.ts';
import { merge } from '../../flow/merge.ts';
import { toldOf } from '../../flow/told-merge.ts';
import { DRY_RUN } from '../command.ts';
import type { ExitCode } from '../exit.ts';
import type { Work } from '../work.ts';
import type { Entry } from './entry.ts';
import { Taking, TAKING_OPTIONS } from './taken.ts';

export const MERGE: Entry = {
  name: 'merge',
  group: 'copies',
  summary: 'Bring what another repository or commit has together with what is here',
  description: [
    `SOURCE is the folder of another repository on this machine, its address on another one (ssh://[USER@]HOST[:PORT]/PATH), or a commit that is here already. First everything that changed here is recorded, as 'dbk commit' does. Then the commits of the other repository that are missing here are copied and checked, both sides are merged, and files, folders and what is written about them come to stand as the merge says: moved where they were moved there, written where they were changed, put into the guard where they were deleted.`,
    `What both sides did to one thing fits together where it can: a file renamed here and edited there is renamed and edited. Where it cannot, both are kept, and 'dbk conflicts' lists them; nothing stops your daily work. What could not be recorded (a file that changes while it is read) takes no part.`,
    `Two repositories that merge with each other make the same commit; merging again does nothing. 'dbk undo' takes a merge back.`,
  ],
  arguments: [{ name: 'SOURCE' }],
  options: [
    ...TAKING_OPTIONS,
    { name: 'unrelated', type: 'flag', summary: 'also where the two have no commit in common' },
    DRY_RUN,
  ],
  examples: [
    { line: 'dbk merge /media/disk/Data', says: 'What the copy on that disk has' },
    { line: 'dbk merge -n ../Laptop', says: 'What would happen; nothing is recorded or changed' },
    { line: 'dbk merge 9c1d2e3f', says: 'A commit that is here already' },
  ],
  also: ['pull', 'sync', 'join', 'union'],
  run,
};

async function run(work: Work): Promise<ExitCode> {
  const repository = await work.openToCommit(authorOfPerson);
  const [given] = work.given.operands;
  const source = await mergeSource(repository, work.directory, given!);
  try {
    const taking = new Taking(work, work.given.flag('dry-run'));
    const options = { ...taking.options, source, unrelated: work.given.flag('unrelated') };
    const made = toldOf(await work.uncut(() => merge(repository, options)));
    const code = await taking.tell(made, given!);
    taking.summarise(made);
    return code;
  } finally {
    if (source.kind === 'repository') await source.transport.close();
  }
}
