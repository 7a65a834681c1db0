/** `dbk undo`: takes back the last command that changed something. */

import { keptBy } from '../../flow/restore.ts';
import { listOperations, undo, type HeadMove, type Undone } from '../../flow/undo.ts';
import type { Repository } from '../../flow/repository.ts';
import { shortId, type CommitId } from '../../model/id.ts';
import type { Problem } from '../../model/problem.ts';
import { DRY_RUN } from '../command.ts';
import { EXIT, type ExitCode } from '../exit.ts';
import { lineOf } from '../json.ts';
import { counted } from '../quantities.ts';
import { actionJson, actionLines, changedWords, keptLine } from '../render-plan.ts';
import { shownText } from '../shown.ts';
import { exitAfter, type Work } from '../work.ts';
import type { Entry } from './entry.ts';

export const UNDO: Entry = {
  name: 'undo',
  group: 'undo',
  summary: 'Take back the last command that changed something',
  description: [
    `Of a commit or a forget: the newest commit is then the one before. No file is touched, nor what you wrote about files, so 'dbk status' shows again what the commit had recorded; the commit itself is kept, and 'dbk undo' a second time brings it back. Where another repository is known to have the commit, a new one takes it back instead; what had been added is then forgotten, so that nobody's files go. Of a restore: what it wrote goes into the guard, and what stood there before comes back.`,
    `Everything is looked at first. What was changed since by somebody else is left as it is, and said. 'dbk undo --list' shows what there is to undo; the beginning of a name from that list takes back an older command, where that is still possible.`,
  ],
  arguments: [{ name: 'OPERATION', optional: true }],
  options: [{ name: 'list', type: 'flag', summary: 'show what commands did, newest first' }, DRY_RUN],
  examples: [
    { line: 'dbk undo -n', says: 'What would be taken back' },
    { line: 'dbk undo', says: 'Take it back; the same again does it again' },
    { line: 'dbk undo --list', says: 'What was done here, newest first' },
  ],
  also: ['reset', 'revert', 'uncommit', 'rollback', 'redo'],
  run,
};

async function run(work: Work): Promise<ExitCode> {
  const repository = await work.open();
  if (work.given.flag('list')) return showList(work, repository);
  const dryRun = work.given.flag('dry-run');
  const made = await work.uncut(() => undo(repository, { operation: work.given.operands[0], dryRun }));
  if (!work.isJson && (!work.isQuiet || dryRun)) await work.print(said(work, made, dryRun));
  const done = (dryRun ? made.plan?.actions : made.applied?.done) ?? [];
  if (work.isJson) for (const action of done) work.stdout.write(`${actionJson('undone', action)}\n`);
  work.report(made.problems);
  const { name, operation } = made.undone;
  work.summary({
    undone: name,
    command: operation.command,
    dryRun: dryRun ? true : undefined,
    head: made.head === undefined ? undefined : headJson(made.head),
    done: made.applied === undefined ? 0 : made.applied.done.length + made.applied.moved.length,
  });
  const code = exitAfter(made.problems);
  const isNone =
    made.head === undefined && (made.applied?.done.length ?? 0) + (made.applied?.moved.length ?? 0) === 0;
  return code === EXIT.partly && isNone && !dryRun ? EXIT.no : code;
}

function* said(work: Work, { undone, head, plan, applied }: Undone, dryRun: boolean): Generator<string> {
  const { command } = undone.operation;
  yield `${dryRun ? 'would undo' : 'undid'} '${command}' of ${shownDate(undone.operation.date)}`;
  if (head !== undefined) {
    yield head.holder === undefined ? wentBack(head, command, dryRun) : takenBack(head, head.holder);
    if (plan === undefined) yield 'no file is touched';
  }
  const actions = dryRun ? (plan?.actions ?? []) : (applied?.done ?? []);
  if (dryRun || work.isVerbose) yield* actionLines(actions, work.limit);
  const moves = (dryRun ? plan?.moves : applied?.moved)?.length ?? 0;
  if (moves > 0) yield `${dryRun ? 'would move' : 'moved'} ${counted(moves, 'path')} back`;
  if (actions.length > 0) yield `${dryRun ? 'would change' : 'changed'} ${changedWords(actions)}`;
  yield* keptLine(keptBy(actions), dryRun);
  if (!dryRun) yield `dbk undo once more takes this back`;
}

function wentBack({ from, to }: HeadMove, command: string, dryRun: boolean): string {
  if (to === undefined) {
    const then = dryRun ? 'there would be no commit any more' : 'there is no commit any more';
    return from === undefined ? then : `${then}; ${shortId(from)} is kept in .dbk/commits`;
  }
  const kept = from === undefined ? '' : `; ${shortId(from)} is kept in .dbk/commits`;
  return `the newest commit ${dryRun ? 'would be' : 'is'} ${shortId(to)}${command === 'undo' ? ' again' : kept}`;
}

/** Another repository has the commit: it stays in the history, and another one says that it is taken back. */
function takenBack({ from, made }: HeadMove, holder: string): string {
  const does =
    made === undefined ? 'a new commit would take it back' : `commit ${shortId(made)} takes it back`;
  return `'${holder}' has ${from === undefined ? 'it' : shortId(from)} already: ${does}`;
}

function headJson({ from, to, holder, made }: HeadMove): Record<string, string | undefined> {
  const known = holder === undefined ? {} : { holder, made };
  return { from: from ?? '', to: made ?? to ?? '', ...known };
}

/** `2026-11-22 18:20:11 UTC`. */
function shownDate(date: string): string {
  return `${date.replace('T', ' ').replace('Z', '')} UTC`;
}

async function showList(work: Work, repository: Repository): Promise<ExitCode> {
  const met: Problem[] = [];
  let count = 0;
  for (const { name, operation } of listOperations(repository, (problem) => met.push(problem))) {
    if (work.stdout.closed) break;
    count++;
    const { command, date, before, after, steps, undoes } = operation;
    if (work.isJson) {
      const fields = { name, command, date, before, after, steps: steps.length, undoes };
      work.stdout.write(`${lineOf('operation', fields)}\n`);
      continue;
    }
    const moved = before === after ? '' : `  ${shortOrNone(before)} → ${shortOrNone(after)}`;
    const changed = steps.length === 0 ? '' : `  ${counted(steps.length, 'step')}`;
    const of = undoes === '' ? '' : `  undoes ${undoes}`;
    work.stdout.write(`${name}  ${shownText(command)}${moved}${changed}${shownText(of)}\n`);
  }
  if (count === 0 && !work.isJson) work.note('no command has changed anything yet');
  work.report(met);
  work.summary({ operations: count });
  return exitAfter(met);
}

function shortOrNone(commit: CommitId | ''): string {
  return commit === '' ? 'none' : shortId(commit);
}
