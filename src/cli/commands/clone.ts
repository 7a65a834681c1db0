/** `dbk clone`: a new repository that has what another one has. */

import { tmpdir } from 'node:os';
import { resolve } from 'node:path/posix';
import { clone, cloneAhead } from '../../flow/clone.ts';
import { toldOf } from '../../flow/told-merge.ts';
import { parseRule } from '../../flow/want.ts';
import { DRY_RUN } from '../command.ts';
import type { ExitCode } from '../exit.ts';
import { shownPath } from '../shown.ts';
import type { Work } from '../work.ts';
import type { Entry } from './entry.ts';
import { Taking } from './taken.ts';

export const CLONE: Entry = {
  name: 'clone',
  group: 'start',
  summary: 'Make a new repository with all that another one has, or a part',
  description: [
    `Makes DIR a repository, copies the history of SOURCE and checks it, and then every file: read once, hashed while it is written, flushed, and given its time and permissions. SOURCE is the folder of a repository, or its address on another machine (ssh://[USER@]HOST[:PORT]/PATH); nothing is written there.`,
    `With '--want', as often as needed, only the files that these rules take come; the history is always whole, and what is not wanted is no deletion, here or anywhere.`,
    `SOURCE becomes a remote of the new repository, so that 'dbk pull' and 'dbk sync' know it. What is broken off goes on with 'dbk pull'. With '-n' the history alone is copied, into the folder for temporary files, and removed again.`,
  ],
  arguments: [{ name: 'SOURCE' }, { name: 'DIR' }],
  options: [
    { name: 'name', type: 'text', value: 'NAME', summary: 'what the new repository is called' },
    { name: 'want', type: 'text', value: 'RULE', summary: "what it is to hold; see 'dbk help want'" },
    DRY_RUN,
  ],
  examples: [
    { line: 'dbk clone ~/Data /media/disk/Data', says: 'A copy on another disk' },
    { line: 'dbk clone . /media/usb/Data --name usb', says: 'Of this repository, with a name' },
    { line: "dbk clone ~/Data /media/stick --want 'Music/**'", says: 'The music alone' },
  ],
  also: ['copy', 'duplicate', 'backup'],
  run,
};

async function run(work: Work): Promise<ExitCode> {
  const [source, target] = work.given.operands as readonly [string, string];
  const name = work.given.text('name');
  const want = work.given.texts('want').map(parseRule);
  const dryRun = work.given.flag('dry-run');
  const taking = new Taking(work, dryRun);
  const context = await work.context();
  const options = {
    source,
    directory: work.directory,
    folder: resolve(work.directory, target),
    ...(name !== undefined && { name }),
    ...(want.length > 0 && { want }),
    report: taking.report,
  };
  const cloned = await work.uncut(() =>
    dryRun ? cloneAhead(context, options, tmpdir()) : clone(context, options),
  );
  if (!work.isJson && !work.isQuiet && !dryRun)
    await work.print([`Made a repository '${cloned.name}' in ${shownPath(cloned.repository.root)}`]);
  const made = toldOf(cloned.made);
  const code = await taking.tell(made, source);
  taking.summarise(made);
  return code;
}
