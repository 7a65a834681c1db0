/** `dbk entity split`: takes an entity apart into one for each folder in it. */

import { authorOfPerson } from '../../flow/configure.ts';
import { splitEntity } from '../../flow/split-entity.ts';
import type { ExitCode } from '../exit.ts';
import { counted } from '../quantities.ts';
import { shownPath } from '../shown.ts';
import type { Work } from '../work.ts';
import type { Entry } from './entry.ts';
import {
  askedOf,
  ENTITY_OPTIONS,
  entityJson,
  entityLine,
  tellDone,
  typedEntity,
  widthOfTypes,
} from './entity-words.ts';

export const ENTITY_SPLIT: Entry = {
  name: 'entity split',
  group: 'knowledge',
  summary: 'Take an entity apart: each folder in it becomes one',
  description: [
    `The folders directly in it become entities of the same type, with ids of their own; what had been joined to it is again what it was. Files that stand in no such folder belong to no entity afterwards; that is said.`,
    `No file is touched. Makes a commit of its own, which 'dbk undo' takes back; 'dbk entity join' is the inverse, and gives the id back.`,
  ],
  arguments: [{ name: 'PATH or ID' }],
  options: ENTITY_OPTIONS,
  examples: [{ line: 'dbk entity split Music/Rock/Beatles', says: 'Each album is one, not the band' }],
  also: ['separate', 'explode'],
  run,
};

async function run(work: Work): Promise<ExitCode> {
  const repository = await work.openToCommit(authorOfPerson);
  const target = typedEntity(work, repository, work.given.operands[0]!);
  const asked = askedOf(work);
  const made = await work.uncut(() => splitEntity(repository, { target, ...asked }));
  const { path, parts, loose, id } = made;
  const verb = asked.dryRun ? 'would split' : 'split';
  const width = widthOfTypes(parts);
  const belongs = asked.dryRun ? 'would belong' : loose === 1 ? 'belongs' : 'belong';
  const words = [
    `${verb} ${shownPath(path, 'directory')} into ${counted(parts.size, 'entity', 'entities')}:`,
    ...[...parts].map(([part, entity]) => entityLine(work, width, part, entity)),
    ...(loose === 0 ? [] : [`${counted(loose, 'file')} in it ${belongs} to no entity`]),
  ];
  const json = [...parts].map(([part, entity]) => entityJson(part, entity));
  return tellDone(work, made, words, json, { split: id, entities: parts.size, loose });
}
