/** `dbk conflicts`: what two sides did that does not fit together, and is still to be settled. */

import { conflicts, type ConflictShown } from '../../flow/conflicts.ts';
import { EXIT, type ExitCode } from '../exit.ts';
import { placeOf } from '../operands.ts';
import { counted, shownCount } from '../quantities.ts';
import { exitAfter, type Work } from '../work.ts';
import { FILES_FROM } from '../command.ts';
import { conflictJson, conflictWords, sidesJson } from './conflict-words.ts';
import type { Entry } from './entry.ts';
import { typedPaths } from './paths.ts';

export const CONFLICTS: Entry = {
  name: 'conflicts',
  group: 'copies',
  summary: 'List what two sides did that does not fit together',
  description: [
    `A merge never stops: where both sides changed one thing, it keeps both, and says so here until you have settled it. Nothing is lost meanwhile, and you can go on working and committing.`,
    `Each conflict says what happened, what each side has - 'ours' is the one that was here before the merge - and with which command to settle it. By hand does as well: delete the version that you do not want, or edit the field, and commit.`,
    `With PATH only what is about it or below it; then fields are found, too, that somebody wrote as a conflict by hand. Ends with 1 if there is any.`,
  ],
  arguments: [{ name: 'PATH', optional: true, many: true }],
  options: [...FILES_FROM],
  examples: [
    { line: 'dbk conflicts', says: 'All that are open' },
    { line: 'dbk conflicts Pictures', says: 'Those in a folder' },
    { line: 'dbk conflicts --json', says: 'For programs' },
  ],
  also: ['merge', 'unmerged', 'diverged'],
  run,
};

async function run(work: Work): Promise<ExitCode> {
  const repository = await work.open();
  const typed = await typedPaths(work, work.given.operands);
  const paths = [...new Set(typed.map((each) => placeOf(repository, work.directory, each)))];
  const limit = work.isJson ? Infinity : work.limit;
  let told = 0;
  const report = (shown: ConflictShown): void => {
    if (work.isJson) work.stdout.write(`${conflictJson(shown, sidesJson(shown))}\n`);
    else if (told < limit)
      work.stdout.write(`${told > 0 ? '\n' : ''}${[...conflictWords(shown)].join('\n')}\n`);
    told++;
  };
  const { count, problems } = await work.uncut(() => conflicts(repository, { paths, limit, report }));
  if (!work.isJson) await work.print(said(work, count, limit));
  work.report(problems);
  work.summary({ conflicts: count });
  const code = exitAfter(problems);
  return code === EXIT.done && count > 0 ? EXIT.no : code;
}

function* said(work: Work, count: number, limit: number): Generator<string> {
  if (work.isQuiet) return;
  if (count > limit) yield `\n… and ${shownCount(count - limit)} more (-v shows all)`;
  if (count === 0) yield 'No conflicts.';
  else yield `\n${counted(count, 'conflict')} to settle`;
}
