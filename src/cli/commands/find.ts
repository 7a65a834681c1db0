/** `dbk find`: what is recorded, by what is known of it. */

import { dateOf, find, parseQuery, type Found } from '../../flow/find.ts';
import { statsAt } from '../../flow/repository.ts';
import type { Problem } from '../../model/problem.ts';
import type { Repository } from '../../flow/repository.ts';
import { EXIT, type ExitCode } from '../exit.ts';
import { pathLine } from '../json.ts';
import { placeOf } from '../operands.ts';
import { shownCount } from '../quantities.ts';
import { shownPath } from '../shown.ts';
import { exitAfter, type Work } from '../work.ts';
import type { Entry } from './entry.ts';

export const QUERY_HELP: readonly string[] = [
  `A word is looked for in names and in what is written, without regard to case and accents. 'field:value' is so where the value has these words, or begins so if it is a date; of a set one member is enough. 'field=value' is all of the value, 'field:ro*' a pattern, 'field:*' any value. Numbers and dates have ranges: 'rating>=4', 'taken:2014..2016', 'taken<2015-06'.`,
  `Also: 'type:pictures', 'is:file' (folder, link, entity), 'in:FOLDER', 'name:*.cr2', 'path:Pictures/**/raw/*', 'ext:jpg', 'size>100M', 'modified:2026-11', 'entity:ID'.`,
  `Terms beside one another all have to hold; 'or' and parentheses, 'not TERM' or '-TERM'. What is in double quotes is taken as it is. Put the query in single quotes, since '>', '(' and '"' mean something to the shell.`,
];

export const FIND: Entry = {
  name: 'find',
  group: 'knowledge',
  summary: 'Find files by names, types, fields, people, dates, sizes and notes',
  description: [
    ...QUERY_HELP,
    `What is not written about a file holds of it if it is written about its entity; what you wrote counts more than what was read from the content. Names, sizes and times are those of the newest commit, what is written counts as it stands now. Paths are shown from the repository's folder.`,
    `Who is in a picture is found by every name that 'dbk people list' shows, whether the picture has the handle or a name.`,
    `The first search reads all that is written; later ones only what changed. The exit code is 1 where nothing is found.`,
  ],
  arguments: [{ name: 'QUERY', many: true }],
  options: [
    { name: 'print0', short: '0', type: 'flag', summary: 'paths as they are, each ended by NUL' },
    { name: 'count', type: 'flag', summary: 'say only how many there are' },
  ],
  examples: [
    { line: `dbk find 'type:pictures people:anna taken:2014 rating>=4 trevi'`, says: 'All of that at once' },
    { line: `dbk find is:entity genre:rock or genre:blues`, says: 'Albums of either' },
    { line: `dbk find 'in:Pictures ext:jpg -rating:*'`, says: 'Pictures without a rating' },
    { line: `dbk find 'title:"Abbey Road"'`, says: 'These two words, one behind the other' },
  ],
  also: ['search', 'grep', 'locate', 'query'],
  run,
};

async function run(work: Work): Promise<ExitCode> {
  const repository = await work.open();
  const query = parseQuery(work.given.operands.join(' '), (typed) =>
    placeOf(repository, work.directory, typed),
  );
  const isCount = work.given.flag('count');
  let count = 0;
  const report = (found: Found): boolean => {
    count++;
    if (!isCount) work.stdout.write(shownFound(work, repository, found));
    return !work.stdout.closed;
  };
  const problems = await work.uncut(() => find(repository, { query, report }));
  if (isCount && !work.isJson) work.stdout.write(`${shownCount(count)}\n`);
  return endOf(work, count, problems);
}

function endOf(work: Work, count: number, problems: readonly Problem[]): ExitCode {
  work.report(problems);
  work.summary({ found: count });
  if (count === 0 && !work.isJson) work.note('nothing found');
  const exit = exitAfter(problems);
  return exit === EXIT.done && count === 0 ? EXIT.no : exit;
}

function shownFound(work: Work, repository: Repository, found: Found): string {
  const { path, kind } = found;
  if (work.isJson) return `${jsonOf(repository, found)}\n`;
  if (work.given.flag('print0')) return `${path === '' ? '.' : path}\0`;
  return `${shownPath(path, kind === 'folder' ? 'directory' : 'other')}\n`;
}

/** `fromEntries` defines keys where an assignment would follow `__proto__`. */
function jsonOf(
  repository: Repository,
  { path, kind, size, time, type, entity, isRecorded, fields }: Found,
): string {
  return pathLine(kind === 'folder' ? 'directory' : kind, path, {
    size,
    modified: time === undefined ? undefined : dateOf(time),
    kind: type === '' ? undefined : type,
    entity,
    recorded: isRecorded,
    here: isHere(repository, path),
    fields: Object.fromEntries(fields),
  });
}

/** What cannot be looked at is not absent. */
function isHere(repository: Repository, path: Found['path']): boolean {
  try {
    return statsAt(repository, path) !== undefined;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === undefined) throw error;
    return true;
  }
}
