/** `dbk entity show`: one entity, and what became of one that is none any more. */

import { findEntity, withListing, type Listing } from '../../flow/entities-listed.ts';
import type { FoundEntity } from '../../flow/entity-target.ts';
import type { Problem } from '../../model/problem.ts';
import type { ExitCode } from '../exit.ts';
import { lineOf } from '../json.ts';
import { counted, shownSize } from '../quantities.ts';
import { shownText } from '../shown.ts';
import { exitAfter, type Work } from '../work.ts';
import type { Entry } from './entry.ts';
import { fieldLines, fieldsJson } from './entity-fields.ts';
import { entityJson, entityLine, typedEntity, widthOfTypes, shownEntity } from './entity-words.ts';

export const ENTITY_SHOW: Entry = {
  name: 'entity show',
  group: 'knowledge',
  summary: 'Show an entity: id, type, size, fields',
  description: [
    `PATH can be an entity or anything in it. ID is what 'dbk entity list' shows, or so much of its beginning that no other begins so; every id that an entity ever had leads to what it is now.`,
    `Fields marked as read come from the content; the others somebody wrote.`,
  ],
  arguments: [{ name: 'PATH or ID' }],
  examples: [
    { line: `dbk entity show 'Music/Rock/Radiohead/OK Computer'`, says: 'One album' },
    { line: `dbk entity show Projects/tool/package.json`, says: 'The project that a file is in' },
  ],
  also: ['info', 'stat', 'identify'],
  run,
};

async function run(work: Work): Promise<ExitCode> {
  const repository = await work.open();
  const typed = typedEntity(work, repository, work.given.operands[0]!);
  const met = await withListing(repository, async (listing, texts) => {
    const found = findEntity(repository, listing.entities, texts, typed);
    return found.kind === 'split' ? showParts(work, found) : showEntity(work, listing, found);
  });
  work.report(met);
  work.summary({ entities: 1 });
  return exitAfter(met);
}

async function showEntity(
  work: Work,
  listing: Listing,
  found: Exclude<FoundEntity, { kind: 'split' }>,
): Promise<readonly Problem[]> {
  const { path, entity } = found;
  const details = await listing.details(path);
  const { files, bytes } = details;
  const asked = found.kind === 'joined' ? found.id : undefined;
  if (work.isJson) {
    const line = entityJson(path, entity, { asked, files, bytes, ...fieldsJson(details) });
    await work.print([line]);
    return details.problems;
  }
  const { palette } = work;
  if (asked !== undefined) work.note(`${asked} is part of this one`);
  const fields = [...fieldLines(work, details)];
  await work.print([
    palette.heading(shownEntity(path, entity.kind)),
    `id: ${entity.id}`,
    `type: ${shownText(entity.type)}`,
    `holds: ${counted(files, 'file')}, ${shownSize(bytes)}`,
    ...(entity.from === undefined ? [] : [`split off: ${entity.from}`]),
    ...(entity.was === undefined ? [] : [`also known as: ${entity.was.join(', ')}`]),
    ...(fields.length === 0 ? [] : ['fields:', ...fields]),
  ]);
  return details.problems;
}

async function showParts(
  work: Work,
  { id, type, parts }: Extract<FoundEntity, { kind: 'split' }>,
): Promise<readonly Problem[]> {
  const entities = new Map(parts);
  if (work.isJson) {
    const ids = parts.map(([, part]) => part.id);
    await work.print([
      lineOf('entity', { id, kind: type, split: ids }),
      ...parts.map(([path, part]) => entityJson(path, part)),
    ]);
    return [];
  }
  const width = widthOfTypes(entities);
  const words =
    parts.length === 0 ? 'was taken apart, and nothing of it is an entity' : 'was taken apart; it is now:';
  await work.print([`${id} ${words}`, ...parts.map(([path, part]) => entityLine(work, width, path, part))]);
  return [];
}
