/** `dbk ls`: what is recorded. */

import { list, type Listed } from '../../flow/ls.ts';
import { namedCommit } from '../../flow/named-commit.ts';
import { ROOT } from '../../model/path.ts';
import type { Palette } from '../colour.ts';
import { EXIT, type ExitCode } from '../exit.ts';
import { entryLine } from '../json.ts';
import { placeOf } from '../operands.ts';
import { shownSize } from '../quantities.ts';
import { shownPath, shownText } from '../shown.ts';
import type { Work } from '../work.ts';
import type { Entry } from './entry.ts';

export const LS: Entry = {
  name: 'ls',
  group: 'daily',
  summary: 'List what is recorded',
  description: [
    `What the newest commit, or the one --at names, says is in a folder; without PATH in the repository's own. Paths are shown from there. Commits are written as 'dbk help show' says.`,
    `With -l: permissions, size, time of the last change in UTC, and path; what is not on this disk now is marked.`,
  ],
  arguments: [{ name: 'PATH', optional: true }],
  options: [
    { name: 'at', type: 'text', value: 'COMMIT', summary: 'as that commit says' },
    { name: 'recursive', short: 'r', type: 'flag', summary: 'all below, too' },
    { name: 'long', short: 'l', type: 'flag', summary: 'show permissions, sizes and times' },
  ],
  examples: [
    { line: 'dbk ls', says: 'The folders and files at the top' },
    { line: 'dbk ls -rl Music', says: 'All about everything in one folder' },
    { line: 'dbk ls --at HEAD^ Music', says: 'What was there one commit earlier' },
  ],
  also: ['list', 'dir', 'tree', 'files'],
  run,
};

async function run(work: Work): Promise<ExitCode> {
  const repository = await work.open();
  const spec = work.given.text('at');
  const at = spec === undefined ? repository.commits.readHead() : namedCommit(repository, spec);
  const typed = work.given.operands[0];
  // Without a path it is the repository's folder, wherever in it the command works.
  const path = typed === undefined ? ROOT : placeOf(repository, work.directory, typed);
  const totals = { files: 0, directories: 0, bytes: 0 };
  for (const listed of list(repository, { path, at, recursive: work.given.flag('recursive') })) {
    if (work.stdout.closed) break;
    count(totals, listed);
    work.stdout.write(`${lineOf(work, listed)}\n`);
  }
  work.summary({ ...totals, at });
  if (at === undefined && !work.isJson) work.note('there is no commit yet');
  return EXIT.done;
}

function count(totals: { files: number; directories: number; bytes: number }, { entry }: Listed): void {
  if (entry.kind === 'directory') totals.directories += 1;
  else totals.files += 1;
  if (entry.kind === 'file') totals.bytes += entry.size;
}

function lineOf(work: Work, { path, entry, here }: Listed): string {
  if (work.isJson) return entryLine(path, entry, here);
  const shown = shownPath(path, entry.kind === 'directory' ? 'directory' : 'other');
  if (!work.given.flag('long')) return shown;
  return longLine(shown, entry, here, work.palette);
}

function longLine(shown: string, entry: Listed['entry'], here: boolean, palette: Palette): string {
  const mode = entry.kind === 'link' ? '' : entry.mode.toString(8);
  const size = entry.kind === 'file' ? shownSize(entry.size) : entry.kind;
  const time = entry.kind === 'file' ? timeOf(entry.mtime) : '';
  const target = entry.kind === 'link' ? ` → ${shownPath(entry.target)}` : '';
  const away = here ? '' : palette.gone('  (not here)');
  return `${mode.padStart(4)}  ${size.padStart(9)}  ${palette.quiet(time.padEnd(19))}  ${shown}${target}${away}`;
}

/** `1997-05-21 00:00:00`; what no calendar shows stays as it is written. */
function timeOf(mtime: string): string {
  const found = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)/.exec(mtime);
  return found === null ? shownText(mtime) : `${found[1]} ${found[2]}`;
}
