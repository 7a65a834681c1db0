/** `dbk people list` and `people show`: who is known. */

import { personMeant } from '../../flow/people-work.ts';
import { listPeople, withPeople, type Person } from '../../flow/people.ts';
import { EXIT, type ExitCode } from '../exit.ts';
import { shownLines, shownText } from '../shown.ts';
import { exitAfter, type Work } from '../work.ts';
import type { Entry } from './entry.ts';
import { jsonOfField, wordsOf } from './meta-get.ts';
import { personJson, personLine, widthOfHandles } from './people-words.ts';

export const PEOPLE_LIST: Entry = {
  name: 'people list',
  group: 'knowledge',
  summary: 'List people: handles, names and other names',
  description: [
    `Each is a text in '.dbk/index/people', which you edit as you like: 'anna-lind.metadata' is whom pictures refer to as 'anna-lind'. That handle stays, whatever she is called later.`,
    `A name that a file says, or that you write, means whoever alone is called so; of several nobody, and it stays a name.`,
  ],
  examples: [{ line: 'dbk people list', says: 'All of them' }],
  also: ['persons', 'contacts', 'addressbook'],
  run: list,
};

export const PEOPLE_SHOW: Entry = {
  name: 'people show',
  group: 'knowledge',
  summary: 'Show all that is known of a person',
  description: [`PERSON is a handle, an id, or a name that nobody else here has.`],
  arguments: [{ name: 'PERSON' }],
  examples: [
    { line: 'dbk people show anna-lind', says: 'By handle' },
    { line: `dbk people show 'Anna Lind'`, says: 'By name' },
  ],
  run: show,
};

async function list(work: Work): Promise<ExitCode> {
  const repository = await work.open();
  const { names, problems } = await work.uncut(() => listPeople(repository));
  const { all } = names;
  const width = widthOfHandles(all);
  await work.print(
    work.isJson ? all.map((each) => personJson(each)) : all.map((each) => personLine(work, width, each)),
  );
  if (all.length === 0 && !work.isJson) work.note('nobody is known yet');
  work.report(problems);
  work.summary({ people: all.length });
  return exitAfter(problems);
}

async function show(work: Work): Promise<ExitCode> {
  const repository = await work.open();
  const typed = work.given.operands[0]!;
  const found = await withPeople(repository, 'people show', async ({ names, problems }) => ({
    person: personMeant(names, typed),
    problems,
  }));
  await work.print(work.isJson ? [jsonOf(found.person)] : pageOf(work, found.person));
  work.report(found.problems);
  work.summary({ people: 1 });
  const exit = exitAfter(found.problems);
  if (exit === EXIT.done && !work.isJson)
    work.note(`hint: find the pictures with: dbk find 'people=${found.person.handle}'`);
  return exit;
}

function jsonOf(person: Person): string {
  const { fields, prose } = person.sidecar;
  const told = Array.from(fields, ([key, value]) => [key, jsonOfField(value)] as const);
  return personJson(person, { fields: Object.fromEntries(told), note: prose });
}

function pageOf(work: Work, { handle, path, sidecar }: Person): string[] {
  const prose = sidecar.prose.trim();
  const lines = prose === '' ? [] : shownLines(prose.replaceAll('\r\n', '\n')).split('\n');
  return [
    work.palette.heading(shownText(handle)),
    ...Array.from(sidecar.fields, ([key, value]) => `  ${shownText(`${key}: ${wordsOf(value)}`)}`),
    ...lines.map((line) => (line === '' ? '' : `  ${line}`)),
    work.palette.quiet(`  .dbk/index/${shownText(path)}`),
  ];
}
