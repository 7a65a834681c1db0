/** `dbk restore`: brings files back as a commit has them. */

import { namedCommit } from '../../flow/named-commit.ts';
import { keptBy, restore, type RestoreResult } from '../../flow/restore.ts';
import { shortId } from '../../model/id.ts';
import { Refusal } from '../../model/problem.ts';
import { DRY_RUN, FILES_FROM } from '../command.ts';
import { EXIT, type ExitCode } from '../exit.ts';
import { placeOf } from '../operands.ts';
import { counted, shownSize } from '../quantities.ts';
import { actionJson, actionLines, changedWords, keptLine, textsLine } from '../render-plan.ts';
import type { Work } from '../work.ts';
import { exitAfter } from '../work.ts';
import type { Entry } from './entry.ts';
import { typedPaths } from './paths.ts';
import * as problems from './problems.ts';
import { restoreTexts } from './restore-texts.ts';

export const RESTORE: Entry = {
  name: 'restore',
  group: 'undo',
  summary: 'Bring files and folders back as a commit has them',
  description: [
    `Writes what the newest commit, or the one --from names, says of PATH: content, time, permissions and symlinks; of a folder everything that is in it there. What else is in the folder stays. The bytes come from wherever on this machine they still are - the guard, or another recorded path with the same content - and are checked while they are copied.`,
    `What stands there and is different is put into the guard first, so 'dbk undo' brings it back. Nothing is committed: 'dbk status' shows what is different from the newest commit afterwards.`,
    `With --metadata what the commit has written about PATH itself stands there again, also if PATH was called otherwise then; files stay as they are. What you had written since and not committed is kept in '.dbk/local/edited'.`,
  ],
  arguments: [{ name: 'PATH', many: true }],
  options: [
    { name: 'from', type: 'text', value: 'COMMIT', summary: 'as that commit has it' },
    { name: 'to', type: 'text', value: 'DIR', summary: 'put it into this folder instead' },
    { name: 'metadata', type: 'flag', summary: 'what is written about PATH, and no file' },
    { name: 'checksum', type: 'flag', summary: 'read what is here, also where it seems to be right' },
    DRY_RUN,
    ...FILES_FROM,
  ],
  examples: [
    { line: 'dbk restore Pictures/a.jpg', says: 'As the newest commit has it' },
    { line: 'dbk restore --from HEAD~2 Music', says: 'A folder, as it was two commits earlier' },
    { line: 'dbk restore --from HEAD^ --to old notes.txt', says: 'Beside what there is now' },
    { line: 'dbk restore --metadata --from HEAD^ Music/a.flac', says: 'What was written about it before' },
    { line: 'dbk restore -n .', says: 'What would be brought back' },
  ],
  also: ['checkout', 'recover', 'revert', 'get-back'],
  run,
};

async function run(work: Work): Promise<ExitCode> {
  const repository = await work.open();
  const typed = await typedPaths(work, work.given.operands);
  if (typed.length === 0) throw new Refusal('usage', problems.noPaths('restore'));
  const paths = [...new Set(typed.map((each) => placeOf(repository, work.directory, each)))];
  const to = work.given.text('to');
  const from = namedCommit(repository, work.given.text('from') ?? 'HEAD');
  const dryRun = work.given.flag('dry-run');
  if (work.given.flag('metadata')) return restoreTexts(work, repository, { paths, from, dryRun });
  const options = {
    paths,
    from,
    dryRun,
    to: to === undefined ? undefined : placeOf(repository, work.directory, to),
    checkEverything: work.given.flag('checksum'),
  };
  const made = await work.uncut(() => restore(repository, options));
  const actions = dryRun ? made.plan.actions : made.applied.done;
  if (work.isJson) {
    for (const action of actions) work.stdout.write(`${actionJson('restored', action)}\n`);
  } else if (!work.isQuiet || dryRun) {
    const detail = dryRun || work.isVerbose ? [...actionLines(actions, work.limit)] : [];
    await work.print([...detail, ...said(made, dryRun, shortId(from))]);
  }
  work.report(made.problems);
  const { bytes, kept, written, folders, links, set } = made.plan.needs;
  work.summary({
    from,
    dryRun: dryRun ? true : undefined,
    done: made.applied.done.length,
    same: made.plan.same,
    free: dryRun ? made.free : undefined,
    planned: { files: written, folders, links, set, kept, bytes },
    operation: made.applied.operation,
  });
  const code = exitAfter(made.problems);
  const isNone = dryRun ? made.plan.actions.length + made.plan.same === 0 : made.good === 0;
  return code === EXIT.partly && isNone ? EXIT.no : code;
}

function* said(
  { plan, applied, free, texts }: RestoreResult,
  dryRun: boolean,
  commit: string,
): Generator<string> {
  const actions = dryRun ? plan.actions : applied.done;
  if (actions.length === 0) {
    if (plan.same > 0) yield `Nothing to do: ${counted(plan.same, 'path')} here as commit ${commit} says.`;
    return;
  }
  yield `${dryRun ? 'would restore' : 'restored'} ${changedWords(actions)} as of commit ${commit}`;
  yield* keptLine(keptBy(actions), dryRun);
  yield* textsLine(texts.length, dryRun);
  if (dryRun && plan.needs.bytes > 0) {
    const room = free < BigInt(plan.needs.bytes) ? `, and only ${shownSize(Number(free))} are free` : '';
    yield `at most ${shownSize(plan.needs.bytes)} would be written${room}`;
  }
}
