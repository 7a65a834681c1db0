/** `dbk want`: what this repository is to hold. */

import {
  parseRule,
  ruleWords,
  setWant,
  wantNow,
  wantOf,
  type Amount,
  type WantSet,
} from '../../flow/want.ts';
import type { Repository } from '../../flow/repository.ts';
import { Refusal } from '../../model/problem.ts';
import { DRY_RUN } from '../command.ts';
import { EXIT, type ExitCode } from '../exit.ts';
import { counted, shownSize } from '../quantities.ts';
import { shownText } from '../shown.ts';
import type { Work } from '../work.ts';
import type { Entry } from './entry.ts';

export const WANT: Entry = {
  name: 'want',
  group: 'copies',
  summary: 'Show or say what this repository is to hold',
  description: [
    `Without rules it shows those there are. With rules, these are the rules from now on; they are read in order, and the last that takes a file decides. If the first begins with 'not:', all else is wanted; otherwise nothing else is. A file that belongs to an entity is wanted if any file of that is.`,
    `A rule is a path from the repository's folder on ('Music/**'; '*' and '?' stop at '/', and a folder takes all below it), 'not:' and a path, 'type:music', 'tag:holiday', 'entity:ID', 'rating>=4' for a field of any name, or 'size<100M'. A path that looks like another rule is written 'path:…'.`,
    `No file is removed by it: what is not wanted any more stays. What is wanted now comes with the next 'dbk pull'.`,
  ],
  arguments: [{ name: 'RULE', optional: true, many: true }],
  options: [
    { name: 'add', type: 'flag', summary: 'put the rules behind those there are' },
    { name: 'all', type: 'flag', summary: 'want everything' },
    DRY_RUN,
  ],
  examples: [
    { line: "dbk want 'Music/**' type:pictures", says: 'The music and the pictures alone' },
    { line: 'dbk want not:Pictures/raw/', says: 'Everything but that folder' },
    { line: "dbk want --add 'not:*.iso'", says: 'Less these' },
    { line: 'dbk want --all', says: 'Everything' },
  ],
  also: ['partial', 'sparse', 'subset', 'select', 'rules'],
  run,
};

async function run(work: Work): Promise<ExitCode> {
  const { given } = work;
  const [isAll, isMore, dryRun] = [given.flag('all'), given.flag('add'), given.flag('dry-run')];
  const typed = given.operands.map(parseRule);
  if (isAll ? typed.length > 0 || isMore : isMore && typed.length === 0) throw new Refusal('usage', WRONG);
  const repository = await work.open();
  const isAsked = !isAll && typed.length === 0;
  const rules = isMore ? [...(await wantOf(repository)), ...typed] : typed;
  const set = isAsked ? await wantNow(repository) : await setWant(repository, rules, dryRun);
  tell(work, repository, set);
  return EXIT.done;
}

const WRONG = {
  code: 'cli/want',
  severity: 'error',
  reason: `'--all' stands alone, and '--add' needs a rule`,
  hint: `see: dbk help want`,
} as const;

function tell(work: Work, { commits }: Repository, { rules, toFetch, extra }: WantSet): void {
  if (work.isJson)
    for (const rule of rules) work.stdout.write(`${JSON.stringify({ type: 'rule', ...rule })}\n`);
  else {
    const lines =
      rules.length === 0 ? ['everything is wanted'] : rules.map((rule) => shownText(ruleWords(rule)));
    if (!work.isQuiet && commits.readHead() !== undefined) {
      if (toFetch.files > 0) lines.push(`to fetch: ${amount(toFetch)}; they come with: dbk pull`);
      if (extra.files > 0) lines.push(`here and not wanted: ${amount(extra)}; they stay`);
    }
    work.stdout.write(lines.map((line) => `${line}\n`).join(''));
  }
  work.summary({ rules: rules.length, toFetch: { ...toFetch }, extra: { ...extra } });
}

function amount({ files, bytes }: Amount): string {
  return `${counted(files, 'file')}, ${shownSize(bytes)}`;
}
