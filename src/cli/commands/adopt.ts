/** `dbk adopt`: brings what is absent here from any folder that happens to have it. */

import { resolve } from 'node:path/posix';
import { adopt } from '../../flow/adopt.ts';
import { authorOfPerson } from '../../flow/configure.ts';
import { Refusal } from '../../model/problem.ts';
import { DRY_RUN } from '../command.ts';
import type { ExitCode } from '../exit.ts';
import type { Work } from '../work.ts';
import { recordingFirst } from './ask-deletions.ts';
import type { Entry } from './entry.ts';
import { tellGot } from './get.ts';
import * as problems from './problems.ts';

export const ADOPT: Entry = {
  name: 'adopt',
  group: 'copies',
  summary: 'Bring what is absent here from an old copy, by content',
  description: [
    `Records what changed here, and then looks through each DIR: an old copy that was made by hand, a disc, a folder of another disk. What is recorded and wanted here and is not here is brought from there, whatever it is called there: found by its content, checked while it is copied, with the time and the permissions that are recorded. DIR is read, and nothing in it changes.`,
    `So a second copy needs no second transfer: clone with 'dbk clone --want', adopt from what is at hand, and let 'dbk pull' bring the rest.`,
  ],
  arguments: [{ name: 'DIR', many: true }],
  options: [DRY_RUN],
  examples: [
    { line: 'dbk adopt -n /media/dvd', says: 'What of that disc is missing here' },
    { line: 'dbk adopt /media/dvd', says: 'Bring it' },
  ],
  also: ['import', 'reuse', 'seed'],
  run,
};

async function run(work: Work): Promise<ExitCode> {
  const repository = await work.openToCommit(authorOfPerson);
  const typed = work.given.operands;
  if (typed.length === 0) throw new Refusal('usage', problems.noPaths('adopt'));
  const folders = typed.map((each) => folderAt(work, each));
  const dryRun = work.given.flag('dry-run');
  const got = await work.uncut(() =>
    adopt(repository, {
      folders,
      ...recordingFirst(work, dryRun),
    }),
  );
  return tellGot(work, got, { dryRun, none: 'nothing there is absent here', unreachable: [] });
}

function folderAt(work: Work, typed: string): string {
  const { disk } = work.world;
  const path = resolve(work.directory, typed);
  if (disk.statExact(path)?.isDirectory() !== true) throw new Refusal('failed', problems.noSuchFolder(typed));
  return disk.realpath(path);
}
