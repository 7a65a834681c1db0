/** `dbk mv`: moves a file or folder, or notes that it moved. */

import { move } from '../../flow/mv.ts';
import { DRY_RUN } from '../command.ts';
import type { ExitCode } from '../exit.ts';
import { pathLine } from '../json.ts';
import { placeOf } from '../operands.ts';
import { shownPath } from '../shown.ts';
import { exitAfter, type Work } from '../work.ts';
import type { Entry } from './entry.ts';

export const MV: Entry = {
  name: 'mv',
  group: 'daily',
  summary: 'Move a file or folder, or say that it moved',
  description: [
    `Where OLD is gone and NEW is there, nothing is done, and the next commit records that it moved. 'mv' of the system does as well: dbk finds most moves by itself.`,
    `What is written about it goes along. Nothing is overwritten, and 'dbk undo' takes it back.`,
  ],
  arguments: [{ name: 'OLD' }, { name: 'NEW' }],
  options: [DRY_RUN],
  examples: [
    { line: 'dbk mv notes.txt Music', says: 'Move a file into a folder' },
    { line: 'dbk mv Music Songs', says: 'Rename a folder, or say that it was renamed' },
  ],
  also: ['move', 'rename'],
  run,
};

async function run(work: Work): Promise<ExitCode> {
  const repository = await work.open();
  const [from, to] = work.given.operands.map((typed) => placeOf(repository, work.directory, typed));
  const dryRun = work.given.flag('dry-run');
  const moved = await work.uncut(() => move(repository, { from: from!, to: to!, dryRun }));
  const words = `${shownPath(moved.from, 'other')} to ${shownPath(moved.to, 'other')}`;
  if (work.isJson) await work.print([pathLine('move', moved.to, { from: moved.from, kind: moved.kind })]);
  else if (!work.isQuiet) {
    const verb = moved.kind === 'told' ? 'noted that it moved:' : 'moved';
    await work.print([`${dryRun ? 'would have ' : ''}${verb} ${words}`]);
  }
  work.report(moved.problems);
  work.summary({ kind: moved.kind });
  return exitAfter(moved.problems);
}
