/** `dbk receive`: what another dbk starts here through ssh, to bring what it has to this repository. */

import { resolve } from 'node:path/posix';
import { authorOfPerson } from '../../flow/configure.ts';
import { receive } from '../../flow/receive.ts';
import { openRepository } from '../../flow/repository.ts';
import { Refusal } from '../../model/problem.ts';
import { EXIT, type ExitCode } from '../exit.ts';
import { lineToCaller } from '../stdio-pipes.ts';
import type { Work } from '../work.ts';
import type { Entry } from './entry.ts';
import * as problems from './problems.ts';

export const RECEIVE: Entry = {
  name: 'receive',
  group: 'tools',
  isHidden: true,
  summary: 'Take what another dbk has, over standard input and output',
  description: [
    `Nobody types this: 'dbk push ssh://HOST/PATH' and 'dbk sync' start it on the other machine, through the ssh of the person's own configuration, as they start 'dbk serve'. It does to the repository at PATH what 'dbk pull' does, asks whoever started it for what is missing, and tells it what was done.`,
  ],
  arguments: [{ name: 'PATH' }],
  options: [
    { name: 'stdio', type: 'flag', summary: 'over standard input and output; there is no other way' },
  ],
  examples: [{ line: 'dbk receive --stdio ~/Data', says: 'What ssh is told to start' }],
  run,
};

async function run(work: Work): Promise<ExitCode> {
  if (!work.given.flag('stdio')) throw new Refusal('usage', problems.needsStdio('receive'));
  const [path] = work.given.operands;
  const context = await work.contextToCommit(authorOfPerson);
  const repository = openRepository(context, resolve(work.directory, path!));
  await work.uncut(() => receive(repository, lineToCaller()));
  return EXIT.done;
}
