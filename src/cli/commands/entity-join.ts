/** `dbk entity join`: makes one entity of a folder and of all entities in it. */

import { authorOfPerson } from '../../flow/configure.ts';
import { joinEntities } from '../../flow/join-entities.ts';
import type { ExitCode } from '../exit.ts';
import { placeOf } from '../operands.ts';
import { counted } from '../quantities.ts';
import { shownPath } from '../shown.ts';
import type { Work } from '../work.ts';
import type { Entry } from './entry.ts';
import { askedOf, ENTITY_OPTIONS, entityJson, tellDone } from './entity-words.ts';

export const ENTITY_JOIN: Entry = {
  name: 'entity join',
  group: 'knowledge',
  summary: 'Make one entity of a folder and all entities in it',
  description: [
    `All entities below PATH, which have to be of one type, become part of one at PATH. Their ids lead to it, and 'dbk entity split' gives them back; a folder that had been split has its old id again.`,
    `No file is touched. Makes a commit of its own, which 'dbk undo' takes back.`,
  ],
  arguments: [{ name: 'PATH' }],
  options: ENTITY_OPTIONS,
  examples: [{ line: 'dbk entity join Music/Rock/Beatles', says: 'The whole band is one, not each album' }],
  also: ['merge', 'combine', 'unite'],
  run,
};

async function run(work: Work): Promise<ExitCode> {
  const repository = await work.openToCommit(authorOfPerson);
  const path = placeOf(repository, work.directory, work.given.operands[0]!);
  const asked = askedOf(work);
  const made = await work.uncut(() => joinEntities(repository, { path, ...asked }));
  const { entity, parts } = made;
  const verb = asked.dryRun ? 'would join' : 'joined';
  const of = counted(parts.size, 'entity', 'entities');
  const id = asked.dryRun ? '' : `: ${entity.id}`;
  const words = [`${verb} ${of} to one, ${shownPath(path, 'directory')}${id}`];
  const json = [entityJson(path, { ...entity, kind: 'directory' })];
  return tellDone(work, made, words, json, { joined: [...parts.values()].map((part) => part.id) });
}
