/** `dbk view`: a folder of links to what was found. */

import { resolve } from 'node:path/posix';
import { parseQuery } from '../../flow/find.ts';
import { makeView, type ViewLink } from '../../flow/view.ts';
import { DRY_RUN } from '../command.ts';
import { EXIT, type ExitCode } from '../exit.ts';
import { lineOf, nameKeys } from '../json.ts';
import { placeOf } from '../operands.ts';
import { counted, shownCount } from '../quantities.ts';
import { shownPath } from '../shown.ts';
import { exitAfter, type Work } from '../work.ts';
import type { Entry } from './entry.ts';
import { QUERY_HELP } from './find.ts';

export const VIEW: Entry = {
  name: 'view',
  group: 'knowledge',
  summary: 'Make a folder of links to what a query finds',
  description: [
    `DIR is new, or was made by 'view' before: then links to what is found no more go, and new ones come. Nothing else in it is touched. Links are relative; where names collide, one gets a number.`,
    `A folder in the repository is refused, since commits would record the links and all copies get them; unless a rule in '.dbk/index/ignore' leaves it out. What is not on this disk gets no link.`,
    ...QUERY_HELP,
  ],
  arguments: [{ name: 'DIR' }, { name: 'QUERY', many: true }],
  options: [DRY_RUN],
  examples: [
    {
      line: `dbk view ~/best 'type:pictures rating>=4'`,
      says: 'Your best pictures in one folder; again, to bring it up to date',
    },
    { line: `dbk view -n ~/best 'rating>=4'`, says: 'What would come and go' },
  ],
  also: ['link', 'symlink', 'smart', 'folder'],
  run,
};

async function run(work: Work): Promise<ExitCode> {
  const repository = await work.open();
  const [typed, ...words] = work.given.operands as [string, ...string[]];
  const text = words.join(' ');
  const query = parseQuery(text, (folder) => placeOf(repository, work.directory, folder));
  const dryRun = work.given.flag('dry-run');
  const folder = resolve(work.directory, typed);
  const made = await work.uncut(() => makeView(repository, { folder, query, text, dryRun }));
  if (work.isJson) for (const link of made.changes) work.stdout.write(`${jsonOf(link)}\n`);
  else if (work.isVerbose || dryRun) await work.print(linesOf(made.changes, work.limit));
  work.report(made.problems);
  const { links, added, removed, notHere } = made;
  work.summary({ links, added, removed, notHere });
  if (!work.isJson) {
    const away = notHere === 0 ? '' : `; ${shownCount(notHere)} more are not on this disk`;
    const would = dryRun ? 'would be ' : '';
    work.note(
      `${counted(links, 'link')} in ${shownPath(typed)}: ${shownCount(added)} ${would}new, ${shownCount(removed)} ${would}gone${away}`,
    );
  }
  const exit = exitAfter(made.problems);
  return exit === EXIT.done && links === 0 ? EXIT.no : exit;
}

function* linesOf(changes: readonly ViewLink[], limit: number): Generator<string> {
  for (const { kind, name, target } of changes.slice(0, limit))
    yield kind === 'added'
      ? `  link    ${shownPath(name)} → ${shownPath(target)}`
      : `  remove  ${shownPath(name)}`;
  if (changes.length > limit) yield `  … and ${shownCount(changes.length - limit)} more (-v shows all)`;
}

function jsonOf({ kind, name, target }: ViewLink): string {
  return lineOf('link', { kind, ...nameKeys('name', name), ...nameKeys('target', target) });
}
