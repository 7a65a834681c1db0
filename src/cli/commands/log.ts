/** `dbk log`: the history, newest first. */

import { diff } from '../../flow/diff.ts';
import { log, type LogEntry } from '../../flow/log.ts';
import { metadataLog, type MetadataEntry } from '../../flow/metadata-log.ts';
import type { Repository } from '../../flow/repository.ts';
import { shortId } from '../../model/id.ts';
import type { RepositoryPath } from '../../model/path.ts';
import { Refusal } from '../../model/problem.ts';
import { EXIT, type ExitCode } from '../exit.ts';
import { commitLine, metadataKeys, nameKeys, type JsonMap } from '../json.ts';
import { placeOf } from '../operands.ts';
import type { Output } from '../output.ts';
import { changeWords, commitLines, fateWords, titleOf } from '../render-commit.ts';
import { metadataWords, wordedFields } from '../render-metadata.ts';
import { shownPath } from '../shown.ts';
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
    'With --metadata only the commits that changed what is written about PATH itself, and which fields they changed.',
  ],
  arguments: [{ name: 'PATH', optional: true }],
  options: [
    { name: 'count', short: 'n', type: 'count', summary: 'show so many commits' },
    { name: 'oneline', type: 'flag', summary: 'show each commit on one line' },
    { name: 'metadata', type: 'flag', summary: 'what was written about PATH, field by field' },
    { name: 'patch', short: 'p', type: 'flag', summary: 'show what each commit changed, too' },
  ],
  examples: [
    { line: 'dbk log', says: 'All commits' },
    { line: 'dbk log -n 5 --oneline', says: 'The last five, briefly' },
    { line: 'dbk log -p Music', says: 'What happened in one folder' },
    { line: 'dbk log --metadata Music/a.flac', says: 'How its rating and tags came to be' },
  ],
  also: ['history'],
  run,
};

async function run(work: Work): Promise<ExitCode> {
  const repository = await work.open();
  const typed = work.given.operands[0];
  const path = typed === undefined ? undefined : placeOf(repository, work.directory, typed);
  const head = repository.commits.readHead();
  const isMetadata = work.given.flag('metadata');
  if (isMetadata && path === undefined) throw new Refusal('usage', problems.noPaths('log --metadata'));
  let shown = 0;
  await work.paged(async (output) => {
    const most = work.given.count('count') ?? Infinity;
    if (most === 0) return;
    for await (const entry of isMetadata
      ? metadataLog(repository, head, path!)
      : log(repository, head, path)) {
      if (output.closed) return;
      await showEntry({ work, repository, output }, entry, shown === 0);
      shown += 1;
      if (shown >= most) return;
    }
  });
  work.summary({ commits: shown, head });
  if (shown > 0 || work.given.count('count') === 0) return EXIT.done;
  if (head === undefined) work.note('there is no commit yet');
  else if (isMetadata && path !== undefined) work.report([problems.nothingWrittenOf(typed!)]);
  else if (typed !== undefined) work.report([problems.noCommitOf(typed)]);
  return EXIT.no;
}

interface Showing {
  readonly work: Work;
  readonly repository: Repository;
  readonly output: Output;
}

async function showEntry(showing: Showing, entry: LogEntry | MetadataEntry, isFirst: boolean): Promise<void> {
  const { work, output } = showing;
  const { id, commit } = entry;
  const fate = 'fate' in entry ? entry.fate : undefined;
  const changes = 'change' in entry ? metadataLines(work, entry) : [];
  const patch = work.given.flag('patch');
  if (work.isJson) {
    output.write(`${commitLine(id, commit, fate, 'change' in entry ? metadataJson(entry) : {})}\n`);
  } else if (work.given.flag('oneline')) {
    const words = [work.palette.changed(shortId(id)), ...titleOf(commit)];
    const did = 'change' in entry ? changes.join(', ') : ((fate && fateWords(fate)) ?? changeWords(commit));
    output.write(`${words.join('  ')}${work.palette.quiet(`  (${did})`)}\n`);
  } else {
    if (!isFirst) output.write('\n');
    for (const line of commitLines(id, commit, work.palette)) output.write(`${line}\n`);
    const did = fate && fateWords(fate);
    if (did !== undefined) output.write(`    ${did}\n`);
    for (const line of changes) output.write(`    ${line}\n`);
  }
  if (patch) {
    const path = 'change' in entry ? entry.path : fate?.path;
    await showPatch(showing, entry, path === undefined ? [] : [path]);
  }
  if (output.full) await output.drained();
}

/** What a commit changed in a sidecar; where it was moved as well, from where. */
function metadataLines(work: Work, { path, from, change }: MetadataEntry): string[] {
  const moved = from === undefined ? [] : [`moved from ${shownPath(from)} to ${shownPath(path)}`];
  const isWhole = work.isVerbose && !work.given.flag('oneline');
  if (change === undefined) return [...moved, work.palette.quiet('(a text that cannot be read)')];
  return [...moved, ...(isWhole ? wordedFields(change, work.palette) : metadataWords(change, work.palette))];
}

function metadataJson({ path, from, change }: MetadataEntry): JsonMap {
  return {
    ...nameKeys('path', path),
    ...(from === undefined ? {} : nameKeys('from', from)),
    ...(change && metadataKeys(change)),
  };
}

async function showPatch(
  { work, repository, output }: Showing,
  { id, commit }: Pick<LogEntry, 'id' | 'commit'>,
  paths: readonly RepositoryPath[],
): Promise<void> {
  const from = commit.parents[0];
  const difference = await diff(repository, { to: id, paths, ...(from !== undefined && { from }) });
  if (!work.isJson) output.write('\n');
  await showDifference(work, output, difference, { summary: false, patch: true });
}
