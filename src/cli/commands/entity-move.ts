/** `dbk entity move`: moves an entity on the disk and records it. */

import { authorOfPerson } from '../../flow/configure.ts';
import { moveEntity } from '../../flow/move-entity.ts';
import type { ExitCode } from '../exit.ts';
import { pathLine } from '../json.ts';
import { placeOf } from '../operands.ts';
import type { Work } from '../work.ts';
import type { Entry } from './entry.ts';
import { askedOf, ENTITY_OPTIONS, tellDone, typedEntity, shownEntity } from './entity-words.ts';

export const ENTITY_MOVE: Entry = {
  name: 'entity move',
  group: 'knowledge',
  summary: 'Move an entity, and record that it moved',
  description: [
    `Moves its folder or file as 'dbk mv' does, into NEW where that is a folder, and records that at once, in a commit of its own. What is written about it goes along, and what you have changed in it and not committed stays so.`,
    `Nothing is overwritten, and 'dbk undo' takes back both the move and the commit.`,
  ],
  arguments: [{ name: 'PATH or ID' }, { name: 'NEW' }],
  options: ENTITY_OPTIONS,
  examples: [
    { line: `dbk entity move 'Music/Rock/Radiohead/OK Computer' Music`, says: 'Into a folder' },
    { line: 'dbk entity move Projects/tool Projects/hammer', says: 'To a new name' },
  ],
  also: ['rename', 'reclassify'],
  run,
};

async function run(work: Work): Promise<ExitCode> {
  const repository = await work.openToCommit(authorOfPerson);
  const [typed = '', typedTo = ''] = work.given.operands;
  const target = typedEntity(work, repository, typed);
  const to = placeOf(repository, work.directory, typedTo);
  const asked = askedOf(work);
  const made = await work.uncut(() => moveEntity(repository, { target, to, ...asked }));
  const places = `${shownEntity(made.from, made.kind)} to ${shownEntity(made.to, made.kind)}`;
  const words = `${asked.dryRun ? 'would move' : 'moved'} ${places}`;
  const json = [pathLine('move', made.to, { from: made.from, id: made.id })];
  return tellDone(work, made, [words], json, {});
}
