/** `dbk people import` and `people export`: people from vCards, and as vCards. */

import { resolve } from 'node:path/posix';
import { authorOfPerson } from '../../flow/configure.ts';
import { exportPeople } from '../../flow/export-people.ts';
import { importPeople, LONGEST_CARDS, type CardFile, type ImportedPerson } from '../../flow/import-people.ts';
import { fileTooLong } from '../../flow/people-problems.ts';
import { Refusal } from '../../model/problem.ts';
import { EXIT, type ExitCode } from '../exit.ts';
import { counted } from '../quantities.ts';
import { shownText } from '../shown.ts';
import { exitAfter, type Work } from '../work.ts';
import type { Entry } from './entry.ts';
import { askedOf, ENTITY_OPTIONS } from './entity-words.ts';
import { personJson, personLine, tellPeople, widthOfHandles } from './people-words.ts';
import { readStdin } from './paths.ts';
import * as problems from './problems.ts';

export const PEOPLE_IMPORT: Entry = {
  name: 'people import',
  group: 'knowledge',
  summary: 'Take people from vCards',
  description: [
    `Reads files of vCards 3.0 and 4.0, and 2.1 as older phones wrote it. A card is of whom has its UID; else of the one person who is called so; else of somebody new. So the same file again changes nothing.`,
    `What you wrote stays: a card fills in fields that are empty, and what it says otherwise is told. What has no field of its own (X-…) is kept in 'vcard'. Pictures, sounds and groups are left, and that is said.`,
    `All of it is one commit, which 'dbk undo' takes back.`,
  ],
  arguments: [{ name: 'FILE', many: true }],
  options: ENTITY_OPTIONS,
  examples: [
    { line: 'dbk people import -n contacts.vcf', says: 'Who would come' },
    { line: 'dbk people import contacts.vcf', says: 'Take them; - is stdin' },
  ],
  also: ['vcf', 'vcard', 'contacts'],
  run: take,
};

export const PEOPLE_EXPORT: Entry = {
  name: 'people export',
  group: 'knowledge',
  summary: 'Print people as vCards',
  description: [
    `Without PERSON everybody. vCard 4.0, or with --3 the older 3.0, which more programs read. Taken back with 'dbk people import', they are what they were.`,
    `Fields of your own are in lines that only dbk reads.`,
  ],
  arguments: [{ name: 'PERSON', optional: true, many: true }],
  options: [{ name: '3', type: 'flag', summary: 'vCard 3.0' }],
  examples: [
    { line: 'dbk people export > people.vcf', says: 'Everybody' },
    { line: 'dbk people export --3 anna-lind', says: 'One, for an older program' },
  ],
  also: ['vcf', 'vcard', 'contacts'],
  run: give,
};

async function take(work: Work): Promise<ExitCode> {
  const repository = await work.openToCommit(authorOfPerson);
  const { operands } = work.given;
  if (operands.length === 0) throw new Refusal('usage', problems.noPaths('people import'));
  const files: CardFile[] = [];
  for (const typed of operands) files.push(await fileOf(work, typed));
  const asked = askedOf(work);
  const done = await work.uncut(() => importPeople(repository, { files, ...asked }));
  const counts = countsOf(done.people);
  const told = done.people.filter(({ how }) => how !== 'unchanged');
  const width = widthOfHandles(told);
  const shown = told.slice(0, work.limit).map((each) => importedLine(work, width, each));
  const rest = told.length > work.limit ? [`and ${told.length - work.limit} more (-v shows all)`] : [];
  const would = asked.dryRun ? 'would be ' : '';
  const words = `${counted(counts.added, 'person', 'people')} ${would}new, ${counts.changed} with more, ${counts.unchanged} as they were`;
  const json = done.people.map((each) => personJson(each, { how: each.how, fields: [...each.fields] }));
  return tellPeople(work, done, [...shown, ...rest, words], json, counts);
}

async function give(work: Work): Promise<ExitCode> {
  const repository = await work.open();
  const version = work.given.flag('3') ? '3.0' : '4.0';
  const { cards, problems: met } = await work.uncut(() =>
    exportPeople(repository, { who: work.given.operands, version }),
  );
  for (const { person, card } of cards)
    work.stdout.write(work.isJson ? `${personJson(person, { card })}\n` : card);
  if (cards.length === 0 && !work.isJson) work.note('nobody is known yet');
  work.report(met);
  work.summary({ people: cards.length });
  return exitAfter(met) === EXIT.done && cards.length === 0 ? EXIT.no : exitAfter(met);
}

async function fileOf(work: Work, typed: string): Promise<CardFile> {
  if (typed === '-') return { name: 'stdin', bytes: await readStdin(work) };
  const path = resolve(work.directory, typed);
  const size = work.world.disk.statExact(path)?.size ?? 0n;
  if (size > BigInt(LONGEST_CARDS)) fileTooLong(typed, LONGEST_CARDS);
  return { name: typed, bytes: work.world.readAll(path) };
}

function countsOf(people: readonly ImportedPerson[]): Record<ImportedPerson['how'], number> {
  const counts = { added: 0, changed: 0, unchanged: 0 };
  for (const { how } of people) counts[how]++;
  return counts;
}

function importedLine(work: Work, width: number, person: ImportedPerson): string {
  const { how, fields } = person;
  const line = personLine(work, width, person);
  return how === 'added' ? `+ ${line}` : `  ${line}: ${fields.map(shownText).join(', ')}`;
}
