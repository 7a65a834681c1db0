/** `dbk deleted`: what is gone and can be had back. */

import { deleted, type Deleted } from '../../flow/deleted.ts';
import { EXIT, type ExitCode } from '../exit.ts';
import { lineOf } from '../json.ts';
import { counted, shownCount, shownSize } from '../quantities.ts';
import { restOf } from '../render.ts';
import { shownPath } from '../shown.ts';
import type { Work } from '../work.ts';
import type { Entry } from './entry.ts';

export const DELETED: Entry = {
  name: 'deleted',
  group: 'undo',
  summary: 'List what is gone and can be had back',
  description: [
    `What no recorded path holds any more and the guard still has, the newest first: when the commit that took it out was made, its size, and the path it had. First comes what is missing: nobody has confirmed that yet.`,
    `The guard frees it some time later, as 'keep' in 'dbk config' says; 'dbk prune' shows what and when.`,
  ],
  examples: [
    { line: 'dbk deleted', says: 'The newest of it' },
    { line: 'dbk deleted -v', says: 'All of it' },
    { line: 'dbk undelete Pictures/a.jpg', says: 'Has one back' },
  ],
  also: ['trash', 'gone', 'lost', 'recover'],
  run,
};

async function run(work: Work): Promise<ExitCode> {
  const repository = await work.open();
  const all = await work.uncut(() => deleted(repository));
  const bytes = all.reduce((sum, { size }) => sum + size, 0);
  if (work.isJson) for (const each of all) work.stdout.write(`${jsonLine(each)}\n`);
  else if (all.length > 0)
    await work.print(lines(work, (moment) => repository.context.clock.offset(moment), all, bytes));
  else work.note('nothing that went can be had back from the guard');
  work.summary({ files: all.length, bytes });
  return all.length > 0 ? EXIT.done : EXIT.no;
}

function jsonLine({ kind, paths, blake3, size, time, commit }: Deleted): string {
  const date = `${new Date(time).toISOString().slice(0, 19)}Z`;
  return lineOf('deleted', { kind, path: paths[0], paths, blake3, size, date, commit });
}

/** Minutes that local time is ahead of UTC at a moment. */
type Offset = (moment: number) => number;

function* lines(work: Work, offset: Offset, all: readonly Deleted[], bytes: number): Generator<string> {
  const shown = all.length <= work.limit + 1 ? all : all.slice(0, work.limit);
  for (const each of shown) yield lineFor(work, offset, each);
  if (shown.length < all.length) yield restOf(all.length - shown.length, work.palette);
  if (work.isQuiet) return;
  yield '';
  yield `${counted(all.length, 'file')}, ${shownSize(bytes)}, can be had back with: dbk undelete PATH`;
}

function lineFor({ palette }: Work, offset: Offset, { kind, paths, size, time }: Deleted): string {
  const when = kind === 'missing' ? 'missing' : new Date(time + 60_000 * offset(time)).toISOString();
  const date = when.slice(0, 16).replace('T', ' ').padEnd(16);
  const path = paths[0] === undefined ? '(never recorded)' : shownPath(paths[0]);
  const more = paths.length > 1 ? palette.quiet(`  (and ${shownCount(paths.length - 1)} more paths)`) : '';
  return `${palette.quiet(date)}  ${shownSize(size).padStart(9)}  ${palette.gone(path)}${more}`;
}
