/** `dbk undelete`: has back what is missing or was deleted. */

import { namedCommit } from '../../flow/named-commit.ts';
import { undelete, type Undeleted } from '../../flow/undelete.ts';
import { Refusal } from '../../model/problem.ts';
import { DRY_RUN, FILES_FROM } from '../command.ts';
import { EXIT, type ExitCode } from '../exit.ts';
import { pathLine } from '../json.ts';
import { placeOf } from '../operands.ts';
import { counted, shownSize } from '../quantities.ts';
import { textsLine } from '../render-plan.ts';
import { restOf } from '../render.ts';
import { shownPath } from '../shown.ts';
import { exitAfter, type Work } from '../work.ts';
import type { Entry } from './entry.ts';
import { typedPaths } from './paths.ts';
import * as problems from './problems.ts';

export const UNDELETE: Entry = {
  name: 'undelete',
  group: 'undo',
  summary: 'Bring back files and folders that are gone',
  description: [
    `A file or a folder comes back as the last commit that had it says: its bytes, time, permissions and name, and its inode, where no other file has that. Of a folder that is still recorded, what is missing comes back.`,
    `Nothing is ever replaced: where something else stands, --to puts what comes back into another folder.`,
  ],
  arguments: [{ name: 'PATH', many: true }],
  options: [
    { name: 'at', type: 'text', value: 'COMMIT', summary: 'as that commit says' },
    { name: 'to', type: 'text', value: 'DIR', summary: 'put it into DIR, which is made if it is missing' },
    DRY_RUN,
    ...FILES_FROM,
  ],
  examples: [
    { line: 'dbk deleted', says: 'What can be had back' },
    { line: 'dbk undelete Pictures/2014', says: 'A whole folder' },
    {
      line: 'dbk undelete --at HEAD~2 --to old notes.txt',
      says: 'What a commit had, beside what is here now',
    },
  ],
  also: ['recover', 'unremove', 'restore', 'unrm'],
  run,
};

async function run(work: Work): Promise<ExitCode> {
  const repository = await work.open();
  const typed = await typedPaths(work, work.given.operands);
  if (typed.length === 0) throw new Refusal('usage', problems.noPaths('undelete'));
  const place = (each: string): ReturnType<typeof placeOf> => placeOf(repository, work.directory, each);
  const paths = [...new Set(typed.map(place))];
  const spec = work.given.text('at');
  const folder = work.given.text('to');
  const dryRun = work.given.flag('dry-run');
  const done = await work.uncut(() =>
    undelete(repository, {
      paths,
      dryRun,
      ...(spec !== undefined && { at: namedCommit(repository, spec) }),
      ...(folder !== undefined && { to: place(folder) }),
    }),
  );
  const actions = dryRun ? done.plan.actions : done.applied.done;
  if (work.isJson) {
    for (const { path, after } of actions) {
      const size = after.kind === 'file' ? after.size : undefined;
      work.stdout.write(`${pathLine('undeleted', path, { what: after.kind, size })}\n`);
    }
  } else await work.print(lines(work, actions, dryRun, done.texts.length));
  work.report(done.problems);
  work.summary({ ...countsOf(actions), texts: done.texts.length, operation: done.applied.operation });
  const code = exitAfter(done.problems);
  return code === EXIT.done && actions.length === 0 ? EXIT.no : code;
}

type Actions = Undeleted['plan']['actions'];

function countsOf(actions: Actions): { files: number; folders: number; links: number; bytes: number } {
  const counts = { files: 0, folders: 0, links: 0, bytes: 0 };
  for (const { after } of actions) {
    if (after.kind === 'directory') counts.folders++;
    if (after.kind === 'link') counts.links++;
    if (after.kind !== 'file') continue;
    counts.files++;
    counts.bytes += after.size;
  }
  return counts;
}

function* lines(work: Work, actions: Actions, dryRun: boolean, texts: number): Generator<string> {
  if (!work.isQuiet || dryRun) {
    const shown = actions.length <= work.limit + 1 ? actions : actions.slice(0, work.limit);
    for (const { path, after } of shown) {
      const size = after.kind === 'file' ? shownSize(after.size) : '';
      const what = after.kind === 'directory' ? 'directory' : 'other';
      yield `${size.padStart(9)}  ${work.palette.added(shownPath(path, what))}`;
    }
    if (shown.length < actions.length) yield restOf(actions.length - shown.length, work.palette);
    if (shown.length > 0) yield '';
  }
  if (work.isQuiet) return;
  const { files, folders, links, bytes } = countsOf(actions);
  const words = [
    ...(files > 0 || folders + links === 0 ? [`${counted(files, 'file')} (${shownSize(bytes)})`] : []),
    ...(links > 0 ? [counted(links, 'link')] : []),
    ...(folders > 0 ? [counted(folders, 'folder')] : []),
  ];
  yield `${dryRun ? 'would bring back' : 'brought back'} ${words.join(', ')}`;
  yield* textsLine(texts, dryRun);
}
