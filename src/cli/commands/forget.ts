/** `dbk forget`: takes paths out of the index, and touches no file. */

import { authorOfPerson } from '../../flow/configure.ts';
import { forget } from '../../flow/forget.ts';
import { shortId } from '../../model/id.ts';
import { Refusal } from '../../model/problem.ts';
import { DRY_RUN, FILES_FROM } from '../command.ts';
import type { ExitCode } from '../exit.ts';
import { placeOf } from '../operands.ts';
import { counted } from '../quantities.ts';
import { shownText } from '../shown.ts';
import { exitAfter, type Work } from '../work.ts';
import type { Entry } from './entry.ts';
import { typedPaths } from './paths.ts';
import * as problems from './problems.ts';

export const FORGET: Entry = {
  name: 'forget',
  group: 'daily',
  summary: 'Take paths out of the index, and leave the files where they are',
  description: [
    `Makes a commit that does not hold these paths any more and says so. No file is removed for it, here or in any other repository.`,
    `What is still here has to be kept out by an ignore rule first, or the next commit would record it again: 'dbk why PATH' says whether one does.`,
  ],
  arguments: [{ name: 'PATH', many: true }],
  options: [
    {
      name: 'message',
      short: 'm',
      type: 'text',
      summary: 'why, in your words; a second one is a new paragraph',
    },
    DRY_RUN,
    ...FILES_FROM,
  ],
  examples: [
    { line: `echo 'build/' >> .dbk/index/ignore`, says: 'Keep it out from now on' },
    { line: `dbk forget -m 'Can be built again' build`, says: 'Take out what was recorded of it' },
  ],
  also: ['untrack', 'remove', 'rm'],
  run,
};

async function run(work: Work): Promise<ExitCode> {
  const repository = await work.openToCommit(authorOfPerson);
  const typed = await typedPaths(work, work.given.operands);
  if (typed.length === 0) throw new Refusal('usage', problems.noPaths('forget'));
  const paths = [...new Set(typed.map((each) => placeOf(repository, work.directory, each)))];
  const message = work.given.texts('message').join('\n\n').trim();
  const dryRun = work.given.flag('dry-run');
  const {
    commit,
    files,
    directories,
    problems: met,
  } = await work.uncut(() => forget(repository, { paths, message, dryRun }));
  const what = [
    ...(files > 0 || directories === 0 ? [counted(files, 'file')] : []),
    ...(directories > 0 ? [counted(directories, 'folder')] : []),
  ].join(' and ');
  if (!work.isJson) {
    const title = shownText(message.split('\n', 1)[0]!);
    const made = commit === undefined ? [] : [`commit ${shortId(commit)}${title === '' ? '' : `  ${title}`}`];
    const words = dryRun ? `would forget ${what}` : `forgot ${what}; what is here stays where it is`;
    await work.print([...made, ...(work.isQuiet && !dryRun ? [] : [words])]);
  }
  work.report(met);
  work.summary({ commit, files, directories });
  return exitAfter(met);
}
