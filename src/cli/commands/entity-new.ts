/** `dbk entity new`: makes a recorded folder or file an entity. */

import { authorOfPerson } from '../../flow/configure.ts';
import { newEntity } from '../../flow/new-entity.ts';
import type { ExitCode } from '../exit.ts';
import { placeOf } from '../operands.ts';
import { shownText } from '../shown.ts';
import type { Work } from '../work.ts';
import type { Entry } from './entry.ts';
import { askedOf, ENTITY_OPTIONS, entityJson, tellDone, shownEntity } from './entity-words.ts';

export const ENTITY_NEW: Entry = {
  name: 'entity new',
  group: 'knowledge',
  summary: 'Make a folder or file that is there an entity',
  description: [
    `For what stands somewhere else than its type expects: as a rule entities begin by themselves, when they are committed. PATH has to be recorded, and not in an entity or around one: none is in another.`,
    `Makes a commit of its own; nothing else is recorded with it, and 'dbk undo' takes it back. For a folder that is not there yet: 'dbk new'.`,
  ],
  arguments: [{ name: 'TYPE' }, { name: 'PATH' }],
  options: ENTITY_OPTIONS,
  examples: [{ line: 'dbk entity new music Music/Mixtape', says: 'A folder as an album' }],
  run,
};

async function run(work: Work): Promise<ExitCode> {
  const repository = await work.openToCommit(authorOfPerson);
  const [type = '', typed = ''] = work.given.operands;
  const path = placeOf(repository, work.directory, typed);
  const asked = askedOf(work);
  const made = await work.uncut(() => newEntity(repository, { type, path, ...asked }));
  const { kind, entity } = made;
  const words = `${shownEntity(path, kind)} ${asked.dryRun ? 'would be' : 'is'} an entity of ${shownText(type)}`;
  const id = asked.dryRun ? '' : `: ${entity.id}`;
  return tellDone(work, made, [words + id], [entityJson(path, { ...entity, kind })], {});
}
