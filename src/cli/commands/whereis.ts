/** `dbk whereis`: which repositories hold something. */

import { whereis, type Copy, type Reach, type Sought, type Whereabouts } from '../../flow/whereis.ts';
import { isContentId } from '../../model/id.ts';
import { FILES_FROM } from '../command.ts';
import { EXIT, type ExitCode } from '../exit.ts';
import { lineOf, nameKeys, type JsonMap } from '../json.ts';
import { placeOf } from '../operands.ts';
import { counted, shownSize } from '../quantities.ts';
import { Refusal } from '../../model/problem.ts';
import { shownPath, shownText } from '../shown.ts';
import { exitAfter, type Work } from '../work.ts';
import type { Entry } from './entry.ts';
import { typedPaths } from './paths.ts';
import * as problems from './problems.ts';

export const WHEREIS: Entry = {
  name: 'whereis',
  group: 'copies',
  summary: 'Tell which repositories hold something',
  description: [
    `Of a file, of all in a folder, or of a content by its BLAKE3 hash (64 digits): every repository that this one has heard of and that holds it, as each last said of itself, so those that are switched off too. The date is that of the commit it was at then; what it verified since is told besides.`,
    `Nothing is asked of anybody, and no file is looked at. The exit code is 1 where nobody is known to hold something of it.`,
  ],
  arguments: [{ name: 'PATH|HASH', many: true }],
  options: [...FILES_FROM],
  examples: [
    { line: 'dbk whereis Pictures/a.jpg', says: 'Who has this picture' },
    { line: 'dbk whereis -v Movies', says: 'Who has how much of that folder, and what nobody has' },
  ],
  also: ['locate', 'copies', 'who', 'holds'],
  run,
};

async function run(work: Work): Promise<ExitCode> {
  const repository = await work.open();
  const typed = await typedPaths(work, work.given.operands);
  if (typed.length === 0) throw new Refusal('usage', problems.noPaths('whereis'));
  const sought = typed.map((each): Sought =>
    isContentId(each)
      ? { kind: 'content', blake3: each }
      : { kind: 'path', path: placeOf(repository, work.directory, each) },
  );
  const result = await work.uncut(() => whereis(repository, sought));
  for (const { sought: each, contents } of result.found) {
    if (work.isJson) for (const content of contents) tellPrograms(work, content);
    else await work.print(contents.length === 1 ? ofOne(contents[0]!) : ofMany(work, each, contents));
  }
  work.report(result.problems);
  const all = result.found.flatMap(({ contents }) => contents);
  const nowhere = all.filter(isNowhere);
  work.summary({ contents: all.length, nowhere: nowhere.length });
  const exit = exitAfter(result.problems);
  return exit === EXIT.done && nowhere.length > 0 ? EXIT.no : exit;
}

function isNowhere({ copies }: Whereabouts): boolean {
  return !copies.some(({ trust }) => trust === 'full');
}

function tellPrograms(work: Work, { blake3, paths, copies }: Whereabouts): void {
  if (copies.length === 0)
    work.stdout.write(`${lineOf('nowhere', { ...nameKeys('path', paths[0] ?? ''), blake3 })}\n`);
  for (const copy of copies) {
    const { repository, isOurs, path, verified, asOf, reach, trust } = copy;
    const keys = { ours: isOurs, verified, asOf, trust, reach: reach.map(reachJson) };
    work.stdout.write(`${lineOf('copy', { repository, ...nameKeys('path', path), blake3, ...keys })}\n`);
  }
}

function reachJson(reach: Reach): JsonMap {
  switch (reach.kind) {
    case 'path':
      return { ...nameKeys('path', reach.path), volume: reach.volume, label: reach.label };
    case 'ssh':
      return { ssh: reach.ssh, jump: reach.jump?.join(' ') };
    case 'rclone':
      return { rclone: reach.rclone };
  }
}

function* ofOne({ blake3, paths, size, copies }: Whereabouts): Generator<string> {
  const bytes = size === undefined ? '' : `  ${shownSize(size)}`;
  yield paths[0] === undefined ? blake3 : `${shownPath(paths[0])}${bytes}`;
  if (copies.length === 0) yield '  nobody is known to hold it';
  const width = Math.max(...copies.map((copy) => nameOf(copy).length));
  for (const copy of copies) {
    const where = paths.includes(copy.path) && !copy.isOurs ? '' : `  ${shownPath(copy.path)}`;
    yield `  ${nameOf(copy).padEnd(width)}  ${dated(copy)}${where}`;
  }
}

function nameOf({ repository, isOurs }: Copy): string {
  return isOurs ? `${repository} (here)` : repository;
}

function dated({ isOurs, asOf, verified, reach, trust }: Copy): string {
  const words = [
    ...(asOf === undefined || isOurs ? [] : [`as of ${asOf.slice(0, 10)}`]),
    ...(verified === undefined ? [] : [`verified ${verified.slice(0, 10)}`]),
    ...(trust === 'none' ? ['not trusted: no copy'] : []),
    ...(isOurs ? [] : reach.slice(0, 1).map(reachWords)),
  ];
  return words.join(', ');
}

function reachWords(reach: Reach): string {
  switch (reach.kind) {
    case 'path':
      return shownPath(reach.path);
    case 'ssh':
      return shownText(reach.ssh);
    case 'rclone':
      return `rclone ${shownText(reach.rclone)}`;
  }
}

/** Of a folder how much each repository has, and what nobody has. */
function* ofMany(work: Work, sought: Sought, contents: readonly Whereabouts[]): Generator<string> {
  const name = sought.kind === 'path' ? shownPath(sought.path === '' ? '.' : sought.path) : '';
  if (contents.length === 0) return yield `${name}: no files`;
  yield `${name}  ${amount(contents)}`;
  const held = new Map<string, Whereabouts[]>();
  for (const content of contents)
    for (const each of new Set(content.copies.map(nameOf)))
      held.set(each, [...(held.get(each) ?? []), content]);
  const width = Math.max(0, ...[...held.keys()].map((each) => each.length));
  const isOurs = (each: string): boolean => each.endsWith(')');
  for (const [each, some] of [...held].sort(([a], [b]) => Number(isOurs(b)) - Number(isOurs(a)))) {
    const dates = dated(some[0]!.copies.find((copy) => nameOf(copy) === each)!);
    const much = some.length === contents.length ? 'all' : amount(some);
    yield `  ${each.padEnd(width)}  ${much}${dates === '' ? '' : `  ${dates}`}`;
  }
  const nowhere = contents.filter(isNowhere);
  if (nowhere.length === 0) return;
  yield `  nobody is known to hold ${counted(nowhere.length, 'of these contents', 'of these contents')}:`;
  for (const { paths } of nowhere.slice(0, work.limit)) yield `    ${shownPath(paths[0]!)}`;
  if (nowhere.length > work.limit) yield `    … and ${nowhere.length - work.limit} more (-v shows all)`;
}

function amount(contents: readonly Whereabouts[]): string {
  const bytes = contents.reduce((sum, { size = 0 }) => sum + size, 0);
  return `${counted(contents.length, 'content')}, ${shownSize(bytes)}`;
}
