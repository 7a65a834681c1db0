/** `dbk dupes`: what is recorded in several places. */

import { dupes, type Copy, type Group } from '../../flow/dupes.ts';
import { FILES_FROM } from '../command.ts';
import { EXIT, type ExitCode } from '../exit.ts';
import { lineOf, nameKeys, type JsonMap } from '../json.ts';
import { counted, shownCount, shownSize } from '../quantities.ts';
import { restOf } from '../render.ts';
import { shownPath } from '../shown.ts';
import { exitAfter, type Work } from '../work.ts';
import type { Entry } from './entry.ts';
import { pathsOf } from './paths.ts';

export const DUPES: Entry = {
  name: 'dupes',
  group: 'knowledge',
  summary: 'List what stands in several places',
  description: [
    `Files with the same content, and files with the same media, whose tags alone differ, where a type plugin recorded ids of media. What wastes most comes first. With PATH only what is there is compared. Empty files do not count, and hard links of one another (=) waste nothing.`,
    `As the newest commit has it: no file is read, and nothing is removed. The exit code is 1 where there are none.`,
  ],
  arguments: [{ name: 'PATH', optional: true, many: true }],
  options: [
    {
      name: 'print0',
      short: '0',
      type: 'flag',
      summary: 'paths as they are, each ended by NUL, with one more NUL behind each group',
    },
    ...FILES_FROM,
  ],
  examples: [
    { line: 'dbk dupes', says: 'Everywhere' },
    { line: 'dbk dupes -v Pictures Phone', says: 'What is twice in these two folders, all of it' },
  ],
  also: ['duplicates', 'double', 'fdupes', 'jdupes', 'rmlint'],
  run,
};

async function run(work: Work): Promise<ExitCode> {
  const repository = await work.open();
  const head = repository.commits.readHead();
  const paths = await pathsOf(work, repository, work.given.operands, { from: head, to: undefined });
  const { groups, problems } = await work.uncut(() => dupes(repository, paths));
  const files = groups.reduce((sum, { copies }) => sum + copies.length, 0);
  const wasted = groups.reduce((sum, group) => sum + group.wasted, 0);
  if (work.isJson) await work.print(jsonLines(groups));
  else if (work.given.flag('print0')) for (const group of groups) work.stdout.write(nulOf(group));
  else await work.print(lines(work, groups));
  work.report(problems);
  work.summary({ groups: groups.length, files, wasted });
  if (!work.isJson) {
    const words = `${counted(groups.length, 'group')}, ${counted(files, 'file')}, ${shownSize(wasted)} wasted`;
    work.note(groups.length === 0 ? 'nothing stands in several places' : words);
  }
  const exit = exitAfter(problems);
  return exit === EXIT.done && groups.length === 0 ? EXIT.no : exit;
}

function* lines(work: Work, groups: readonly Group[]): Generator<string> {
  const shown = groups.length <= work.limit + 1 ? groups : groups.slice(0, work.limit);
  for (const group of shown) {
    yield titleOf(group);
    const few = group.copies.length <= work.limit + 1 ? group.copies : group.copies.slice(0, work.limit);
    const firsts = firstOfLinks(group.copies);
    for (const copy of few) {
      const isLink = copy.same !== undefined && firsts.get(copy.same) !== copy;
      yield `  ${isLink ? '= ' : ''}${shownPath(copy.path)}`;
    }
    if (few.length < group.copies.length) yield `  ${restOf(group.copies.length - few.length, work.palette)}`;
  }
  if (shown.length < groups.length) yield restOf(groups.length - shown.length, work.palette);
}

function titleOf({ kind, by, wasted, copies }: Group): string {
  const what = kind === 'content' ? 'the same content' : `the same media (${by})`;
  return `${shownSize(wasted)} wasted, ${shownCount(copies.length)} × ${what}`;
}

function firstOfLinks(copies: readonly Copy[]): ReadonlyMap<string, Copy> {
  const firsts = new Map<string, Copy>();
  for (const copy of copies)
    if (copy.same !== undefined && !firsts.has(copy.same)) firsts.set(copy.same, copy);
  return firsts;
}

function* jsonLines(groups: readonly Group[]): Generator<string> {
  for (const { kind, by, id, wasted, copies } of groups)
    yield lineOf('group', { kind, by, id, wasted, files: copies.map(fileJson) });
}

function fileJson({ path, size, blake3, same }: Copy): JsonMap {
  return { ...nameKeys('path', path), size, blake3, same };
}

function nulOf({ copies }: Group): string {
  return `${copies.map(({ path }) => `${path}\0`).join('')}\0`;
}
