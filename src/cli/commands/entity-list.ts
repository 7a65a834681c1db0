/** `dbk entity list`: the entities, from the index alone. */

import {
  allEntities,
  holdsEntities,
  isType,
  selected,
  withListing,
  type Listing,
  type Selection,
} from '../../flow/entities-listed.ts';
import type { Entities } from '../../flow/entities.ts';
import type { Repository } from '../../flow/repository.ts';
import type { Problem } from '../../model/problem.ts';
import { EXIT, type ExitCode } from '../exit.ts';
import { Refusal } from '../../model/problem.ts';
import { placeOf } from '../operands.ts';
import { counted, shownSize } from '../quantities.ts';
import { exitAfter, type Work } from '../work.ts';
import type { Entry } from './entry.ts';
import { entityJson, entityLine, widthOfTypes } from './entity-words.ts';
import { fieldsJson } from './entity-fields.ts';
import { standing } from './paths.ts';
import * as problems from './problems.ts';

export const ENTITY_LIST: Entry = {
  name: 'entity list',
  group: 'knowledge',
  summary: 'List entities: albums, movies, projects',
  description: [
    `An entity is what you think of as one thing, however many files it has: an album, a movie, a project. What is one, the types say ('dbk plugin list'), or you do.`,
    `Without arguments all of them; with types those of one of them, with folders those in one of them; with both, what is so in both. A word that is a type is one: write './music' for the folder.`,
    `With -l or -v the files of each and their size, too, for which the index of each is read.`,
  ],
  arguments: [{ name: 'TYPE or PATH', optional: true, many: true }],
  options: [
    { name: 'long', short: 'l', type: 'flag', summary: 'show files and size; with --json also the fields' },
  ],
  examples: [
    { line: 'dbk entity list', says: 'All of them' },
    { line: 'dbk entity list music Music/Rock', says: 'Albums in one folder' },
    { line: 'dbk entity list -l projects', says: 'Projects, with their sizes' },
  ],
  also: ['albums', 'projects', 'movies', 'objects'],
  run,
};

async function run(work: Work): Promise<ExitCode> {
  const repository = await work.open();
  const isLong = work.given.flag('long') || work.isVerbose;
  const all = await allEntities(repository);
  const entities = selected(all, await selectionOf(work, repository, all));
  const met: Problem[] = [];
  if (isLong && entities.size > 0)
    await withListing(repository, (listing) => printLong(work, listing, entities, met));
  else printShort(work, entities);
  if (entities.size === 0 && !work.isJson)
    work.note(all.size === 0 ? 'there is no entity yet' : 'no such entity');
  work.report(met);
  work.summary({ entities: entities.size });
  return entities.size === 0 && all.size > 0 ? EXIT.no : exitAfter(met);
}

async function selectionOf(work: Work, repository: Repository, all: Entities): Promise<Selection> {
  const types = new Set<string>();
  const typed: string[] = [];
  for (const word of work.given.operands) {
    if (await isType(repository, all, word)) types.add(word);
    else typed.push(word);
  }
  const paths = typed.map((each) => {
    const path = placeOf(repository, work.directory, each);
    const isKnown = standing(repository, work.directory, each) || holdsEntities(all, path);
    if (!isKnown) throw new Refusal('failed', problems.neitherTypeNorPath(each));
    return path;
  });
  return { types, paths };
}

function printShort(work: Work, entities: Entities): void {
  const width = widthOfTypes(entities);
  for (const [path, entity] of entities) {
    if (work.stdout.closed) return;
    const line = work.isJson ? entityJson(path, entity) : entityLine(work, width, path, entity);
    work.stdout.write(`${line}\n`);
  }
}

async function printLong(work: Work, listing: Listing, entities: Entities, met: Problem[]): Promise<void> {
  const width = widthOfTypes(entities);
  let [files, bytes] = [0, 0];
  for (const [path, entity] of entities) {
    if (work.stdout.closed) return;
    const details = await listing.details(path);
    files += details.files;
    bytes += details.bytes;
    met.push(...details.problems);
    const line = work.isJson
      ? entityJson(path, entity, { files: details.files, bytes: details.bytes, ...fieldsJson(details) })
      : entityLine(work, width, path, entity, details);
    work.stdout.write(`${line}\n`);
  }
  if (!work.isJson && !work.isQuiet) {
    work.stdout.write(
      `${counted(entities.size, 'entity', 'entities')}, ${counted(files, 'file')}, ${shownSize(bytes)}\n`,
    );
  }
}
