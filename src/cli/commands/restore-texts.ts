/** `dbk restore --metadata`: brings back what is written about paths. */

import type { Repository } from '../../flow/repository.ts';
import {
  restoreMetadata,
  type MetadataRestored,
  type RestoreMetadataRequest,
} from '../../flow/restore-metadata.ts';
import { metadataChange } from '../../flow/sidecar-changes.ts';
import type { MetadataChange } from '../../model/change.ts';
import { shortId } from '../../model/id.ts';
import { Refusal } from '../../model/problem.ts';
import { EXIT, type ExitCode } from '../exit.ts';
import { metadataKeys, pathLine } from '../json.ts';
import { counted } from '../quantities.ts';
import { metadataWords } from '../render-metadata.ts';
import { shownPath } from '../shown.ts';
import { exitAfter, type Work } from '../work.ts';
import * as problems from './problems.ts';

const OF_FILES = ['to', 'checksum'] as const;

export async function restoreTexts(
  work: Work,
  repository: Repository,
  request: RestoreMetadataRequest,
): Promise<ExitCode> {
  for (const option of OF_FILES) {
    const isGiven = option === 'to' ? work.given.text(option) !== undefined : work.given.flag(option);
    if (isGiven) throw new Refusal('usage', problems.notOfMetadata(option));
  }
  const made = await work.uncut(() => restoreMetadata(repository, request));
  const { dryRun, from } = request;
  for (const one of made.restored) {
    const change = await metadataChange(one.before, one.after);
    if (work.isJson) work.stdout.write(`${lineOf(one, change)}\n`);
    else if (!work.isQuiet || dryRun)
      for (const line of linesOf(work, one, change, dryRun)) work.stdout.write(`${line}\n`);
  }
  const isNothing = made.restored.length === 0 && made.same > 0;
  if (isNothing && !work.isJson && !work.isQuiet) {
    const what = `what is written about ${counted(made.same, 'path')}`;
    await work.print([`Nothing to do: ${what} is as commit ${shortId(from)} has it.`]);
  }
  work.report(made.problems);
  const done = dryRun ? 0 : made.restored.length;
  work.summary({ from, dryRun: dryRun ? true : undefined, done, same: made.same });
  const code = exitAfter(made.problems);
  return code === EXIT.partly && made.restored.length + made.same === 0 ? EXIT.no : code;
}

function lineOf({ path, text, kept }: MetadataRestored, change: MetadataChange | undefined): string {
  return pathLine('restored', path, {
    what: 'text',
    text: `.dbk/index/${text}`,
    ...(change && metadataKeys(change)),
    kept: kept === undefined || kept === '' ? undefined : `.dbk/local/edited/${kept}`,
  });
}

function* linesOf(
  work: Work,
  { path, kept }: MetadataRestored,
  change: MetadataChange | undefined,
  dryRun: boolean,
): Generator<string> {
  yield `${dryRun ? 'would restore' : 'restored'} what is written about ${shownPath(path)}`;
  for (const line of change === undefined ? [] : metadataWords(change, work.palette)) yield `  ${line}`;
  if (kept === undefined) return;
  if (dryRun) yield '  what you wrote there and did not commit would go to .dbk/local/edited';
  else yield `  what you wrote there and did not commit is in .dbk/local/edited/${shownPath(kept)}`;
}
