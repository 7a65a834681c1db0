/** `dbk collect`: which folders of a home have which type. */

import { resolve } from 'node:path/posix';
import { collect, type Collected, type Mapping } from '../../flow/collect.ts';
import { policyLines } from '../../flow/collect-policy.ts';
import { workingPlugins } from '../../flow/load-plugins.ts';
import { EXIT, type ExitCode } from '../exit.ts';
import { pathLine } from '../json.ts';
import { padEnd, widthOf } from '../layout.ts';
import { counted, shownSize } from '../quantities.ts';
import { restOf } from '../render.ts';
import { shownPath } from '../shown.ts';
import { exitAfter, type Work } from '../work.ts';
import type { Entry } from './entry.ts';

/** With fewer files a folder is hardly a collection. */
const LEAST_FILES = 10;

export const COLLECT: Entry = {
  name: 'collect',
  group: 'knowledge',
  summary: 'Find out which folders hold projects, pictures, movies or music',
  description: [
    `Looks through DIR, a home say, and proposes which folder has which type: the uppermost in which more than half of the files are of the type, as far as their names tell. A project is the outermost folder with a '.git', a 'Makefile' and the like. It reads names and sizes alone, changes nothing and needs no repository; what to write into 'policy.yaml' is printed.`,
    `Left out are hidden folders, caches, trash, 'node_modules' and the like, what --not names, and other volumes. Types are those of 'dbk plugin list'.`,
  ],
  arguments: [{ name: 'DIR', many: true }],
  options: [
    {
      name: 'not',
      type: 'text',
      value: 'PATTERN',
      summary: `leave out, as a line of .gitignore below DIR would; '!PATTERN' takes back in`,
    },
    {
      name: 'min',
      type: 'count',
      value: 'N',
      summary: `leave out folders with fewer files of their type than N (${LEAST_FILES})`,
    },
    { name: 'other-volumes', type: 'flag', summary: 'go on where another volume is mounted' },
  ],
  examples: [
    { line: 'dbk collect ~', says: 'A whole home' },
    { line: `dbk collect --not /Downloads --min 50 ~`, says: 'Less of it' },
  ],
  also: ['find', 'discover', 'scan'],
  run,
};

async function run(work: Work): Promise<ExitCode> {
  const context = await work.context();
  const { plugins, problems: failing } = await workingPlugins(context);
  const met = [...failing];
  const totals = { mappings: 0, entities: 0, files: 0, bytes: 0 };
  for (const typed of work.given.operands) {
    const request = {
      folder: resolve(work.directory, typed),
      plugins,
      not: work.given.texts('not'),
      least: work.given.count('min') ?? LEAST_FILES,
      otherVolumes: work.given.flag('other-volumes'),
    };
    const found = await work.uncut(() => collect(context, request));
    if (work.isJson) tellPrograms(work, found);
    else await work.print(lines(work, found, typed));
    met.push(...found.problems);
    totals.mappings += found.mappings.length;
    totals.entities += found.entities.length;
    totals.files += found.files;
    totals.bytes += found.bytes;
  }
  work.report(met);
  work.summary(totals);
  const code = exitAfter(met);
  return code === EXIT.done && totals.mappings + totals.entities === 0 ? EXIT.no : code;
}

function tellPrograms(work: Work, { folder, mappings, entities }: Collected): void {
  for (const { path, type, entities: count, files, bytes } of mappings)
    work.stdout.write(
      `${pathLine('mapping', path, { in: folder, of: type, entities: count, files, bytes })}\n`,
    );
  for (const { path, type, kind, isAlone } of entities)
    work.stdout.write(`${pathLine('entity', path, { in: folder, of: type, kind, alone: isAlone })}\n`);
}

function* lines(work: Work, found: Collected, typed: string): Generator<string> {
  const { mappings, entities, files, bytes } = found;
  const shown = mappings.map((mapping) => `${shownPath(mapping.path)}: ${mapping.type}`);
  const width = Math.max(0, ...shown.map(widthOf));
  for (const [i, mapping] of mappings.entries()) yield `${padEnd(shown[i]!, width)}  ${countsOf(mapping)}`;
  const alone = entities.filter(({ isAlone }) => isAlone);
  if (alone.length > 0) {
    yield `in none of these folders, ${counted(alone.length, 'entity', 'entities')}:`;
    const isShort = alone.length <= work.limit + 1;
    for (const { path, type } of isShort ? alone : alone.slice(0, work.limit))
      yield `  ${shownPath(path, 'directory')}  ${work.palette.quiet(type)}`;
    if (!isShort) yield `  ${restOf(alone.length - work.limit, work.palette)}`;
  }
  if (mappings.length === 0 && alone.length === 0) yield `Found nothing of a type in ${shownPath(typed)}.`;
  if (work.isQuiet) return;
  yield work.palette.quiet(`looked at ${counted(files, 'file')}, ${shownSize(bytes)}`);
  if (mappings.length > 0) yield* nextLines(found, typed);
}

function* nextLines({ mappings }: Collected, typed: string): Generator<string> {
  yield '';
  yield `To keep an index of ${shownPath(typed)}: dbk init, and in its '.dbk/index/policy.yaml' in place of`;
  yield `the line 'folders: {}':`;
  yield '';
  yield* policyLines(mappings);
}

function countsOf({ entities, files, bytes }: Mapping): string {
  return `${counted(entities, 'entity', 'entities')}, ${counted(files, 'file')}, ${shownSize(bytes)}`;
}
