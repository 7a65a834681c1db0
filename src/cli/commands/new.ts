/** `dbk new`: the folder of a new album, movie or project, with an id and a sidecar to fill in. */

import { authorOfPerson } from '../../flow/configure.ts';
import { newFolder } from '../../flow/new-folder.ts';
import type { ExitCode } from '../exit.ts';
import { shownPath, shownText } from '../shown.ts';
import type { Work } from '../work.ts';
import type { Entry } from './entry.ts';
import { askedOf, ENTITY_OPTIONS, entityJson, tellDone } from './entity-words.ts';

export const NEW: Entry = {
  name: 'new',
  group: 'knowledge',
  summary: 'Make the folder of something new: an album, a project',
  description: [
    `NAME is a path below the folder that TYPE has here, and of the shape that it expects: 'Rock/Radiohead/OK Computer' for music, which is genre, artist and album. What the path says is filled in; where nothing fits, the shapes are shown.`,
    `The folder gets an id and a sidecar in which all fields of the type stand as comments, for 'dbk edit'. Both are recorded in a commit of their own, which 'dbk undo' takes back, folder included, as long as it is empty.`,
  ],
  arguments: [{ name: 'TYPE' }, { name: 'NAME' }],
  options: ENTITY_OPTIONS,
  examples: [
    { line: 'dbk new projects dbk', says: `The folder 'Projects/dbk'` },
    { line: `dbk new music 'Rock/Radiohead/OK Computer'`, says: 'An album' },
  ],
  also: ['create', 'mkdir', 'make'],
  run,
};

async function run(work: Work): Promise<ExitCode> {
  const repository = await work.openToCommit(authorOfPerson);
  const [type = '', name = ''] = work.given.operands;
  const asked = askedOf(work);
  const made = await work.uncut(() => newFolder(repository, { type, name, ...asked }));
  const { path, entity, sidecar } = made;
  const shown = shownPath(path, 'directory');
  const words = asked.dryRun
    ? [`would make ${shown}, an entity of ${shownText(type)}`]
    : [`made ${shown}, an entity of ${shownText(type)}: ${entity.id}`];
  const json = [entityJson(path, { ...entity, kind: 'directory' }, { sidecar: `.dbk/index/${sidecar}` })];
  const code = await tellDone(work, made, words, json, {});
  if (!asked.dryRun && !work.isJson)
    work.note(`hint: say what there is to say of it with: dbk edit '${path}'`);
  return code;
}
