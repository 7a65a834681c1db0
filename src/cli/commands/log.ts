/** `dbk log`: the history, newest first. */

import { diff } from '../../flow/diff.ts';
import { log, type LogEntry } from '../../flow/log.ts';
import type { Repository } from '../../flow/repository.ts';
import { shortId } from '../../model/id.ts';
import { EXIT, type ExitCode } from '../exit.ts';
import { commitLine } from '../json.ts';
import { placeOf } from '../operands.ts';
import type { Output } from '../output.ts';
import { changeWords, commitLines, fateWords, titleOf } from '../render-commit.ts';
import type { Work } from '../work.ts';
import { showDifference } from './difference.ts';
import type { Entry } from './entry.ts';
import * as problems from './problems.ts';

export const LOG: Entry = {
  name: 'log',
  group: 'daily',
  summary: 'Show the history',
  description: [
    'With PATH only the commits that did something to what is there, or once was there, or below it.',
    'It is followed through its moves: also under the names it had before, and where it went.',
  ],
  arguments: [{ name: 'PATH', optional: true }],
  options: [
    { name: 'count', short: 'n', type: 'count', summary: 'show so many commits' },
    { name: 'oneline', type: 'flag', summary: 'show each commit on one line' },
    { name: 'patch', short: 'p', type: 'flag', summary: 'show what each commit changed, too' },
  ],
  examples: [
    { line: 'dbk log', says: 'All commits' },
    { line: 'dbk log -n 5 --oneline', says: 'The last five, briefly' },
    { line: 'dbk log -p Music', says: 'What happened in one folder' },
  ],
  also: ['history'],
  run,
};

async function run(work: Work): Promise<ExitCode> {
  const repository = await work.open();
  const typed = work.given.operands[0];
  const path = typed === undefined ? undefined : placeOf(repository, work.directory, typed);
  const head = repository.commits.readHead();
  let shown = 0;
  await work.paged(async (output) => {
    const most = work.given.count('count') ?? Infinity;
    if (most === 0) return;
    for (const entry of log(repository, head, path)) {
      if (output.closed) return;
      await showEntry({ work, repository, output }, entry, shown === 0);
      shown += 1;
      if (shown >= most) return;
    }
  });
  work.summary({ commits: shown, head });
  if (shown > 0 || work.given.count('count') === 0) return EXIT.done;
  if (head === undefined) work.note('there is no commit yet');
  else if (typed !== undefined) work.report([problems.noCommitOf(typed)]);
  return EXIT.no;
}

interface Showing {
  readonly work: Work;
  readonly repository: Repository;
  readonly output: Output;
}

async function showEntry(showing: Showing, { id, commit, fate }: LogEntry, isFirst: boolean): Promise<void> {
  const { work, output } = showing;
  const patch = work.given.flag('patch');
  if (work.isJson) {
    output.write(`${commitLine(id, commit, fate)}\n`);
  } else if (work.given.flag('oneline')) {
    const words = [work.palette.changed(shortId(id)), ...titleOf(commit)];
    const did = (fate && fateWords(fate)) ?? changeWords(commit);
    output.write(`${words.join('  ')}${work.palette.quiet(`  (${did})`)}\n`);
  } else {
    if (!isFirst) output.write('\n');
    for (const line of commitLines(id, commit, work.palette)) output.write(`${line}\n`);
    const did = fate && fateWords(fate);
    if (did !== undefined) output.write(`    ${did}\n`);
  }
  if (patch) await showPatch(showing, { id, commit, ...(fate && { fate }) });
  if (output.full) await output.drained();
}

async function showPatch(
  { work, repository, output }: Showing,
  { id, commit, fate }: LogEntry,
): Promise<void> {
  const from = commit.parents[0];
  const paths = fate === undefined ? [] : [fate.path];
  const difference = await diff(repository, { to: id, paths, ...(from !== undefined && { from }) });
  if (!work.isJson) output.write('\n');
  await showDifference(work, output, difference, { summary: false, patch: true });
}
