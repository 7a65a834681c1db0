/** `dbk export`: what dbk knows, in the forms of other programs. */

import { resolve } from 'node:path/posix';
import { b3sums } from '../../flow/export-b3sums.ts';
import { exportGit } from '../../flow/export-git.ts';
import { exportIndex } from '../../flow/export-index.ts';
import { isRef } from '../../flow/git-words.ts';
import { namedCommit } from '../../flow/named-commit.ts';
import { shortId } from '../../model/id.ts';
import { Refusal, type Problem } from '../../model/problem.ts';
import { FILES_FROM } from '../command.ts';
import { EXIT, type ExitCode } from '../exit.ts';
import { pathLine } from '../json.ts';
import { shownSize } from '../quantities.ts';
import { shownPath } from '../shown.ts';
import { exitAfter, type Work } from '../work.ts';
import { commitsAndPaths } from './commits-and-paths.ts';
import type { Entry } from './entry.ts';
import { inSteps } from './in-steps.ts';
import * as problems from './problems.ts';

const BRANCH = 'refs/heads/dbk';

/** What each option goes with. */
const OPTIONS_OF = [
  ['ref', 'git'],
  ['files-from', 'b3sums'],
  ['null', 'b3sums'],
] as const;

export const EXPORT: Entry = {
  name: 'export',
  group: 'exchange',
  summary: 'Write the index or the history in the forms of other programs',
  description: [
    `'index COMMIT DIR' writes the index as it was at a commit into the folder DIR, which is made or is empty: ordinary text files, as in '.dbk/index'. A folder that could not be finished is taken back.`,
    `'b3sums' prints a line for each file that a commit records (without COMMIT the newest one; with paths only what is at or below them), sorted by name. 'b3sum -c' checks them in the repository's folder. What b3sum cannot write, names that are not UTF-8, is said, and the exit code is 3.`,
    `'git' prints the history of the index up to a commit (without COMMIT the newest one) for 'git fast-import': authors, dates, messages, merges. The committer is the repository that made the commit. Importing into the same git repository again adds what is new.`,
    `Commits are written as 'dbk help show' says.`,
  ],
  usage: 'index COMMIT DIR | b3sums [COMMIT] [PATH…] | git [COMMIT]',
  arguments: [
    { name: 'index, b3sums or git' },
    { name: 'COMMIT', optional: true },
    { name: 'PATH', optional: true, many: true },
  ],
  options: [
    { name: 'ref', type: 'text', value: 'REF', summary: `with 'git': the ref that is written (${BRANCH})` },
    ...FILES_FROM,
  ],
  examples: [
    { line: 'dbk export index HEAD^ ~/before', says: 'The index as it was one commit ago' },
    { line: 'dbk export b3sums > B3SUMS', says: `'b3sum -c B3SUMS' then reads every file and compares it` },
    { line: 'dbk export b3sums HEAD^ Music', says: 'The same of one folder, as it was' },
    {
      line: 'dbk export git > ~/history',
      says: `'git init H && git -C H fast-import < ~/history' takes it, 'git -C H log -p dbk' shows it`,
    },
  ],
  also: ['B3SUMS', 'fast-export', 'archive', 'checkout', 'worktree'],
  run,
};

async function run(work: Work): Promise<ExitCode> {
  const what = (work.given.operands[0] ?? '').replace('B3SUMS', 'b3sums');
  for (const [option, of] of OPTIONS_OF) {
    if (what !== of && work.given.texts(option).length > 0) {
      throw new Refusal('usage', problems.optionElsewhere(option, of));
    }
  }
  switch (what) {
    case 'index':
      return index(work);
    case 'b3sums':
      return sums(work);
    case 'git':
      return git(work);
    default:
      throw new Refusal('usage', problems.unknownExport(what));
  }
}

async function index(work: Work): Promise<ExitCode> {
  const [, spec, typed, extra] = work.given.operands;
  if (spec === undefined || typed === undefined)
    throw new Refusal('usage', problems.exportNeeds('COMMIT DIR'));
  if (extra !== undefined) throw new Refusal('usage', problems.exportTakes('COMMIT DIR', extra));
  if (typed === '-') throw new Refusal('usage', problems.folderOnStdout());
  if (typed === '') throw new Refusal('usage', problems.emptyPath());
  const repository = await work.open();
  const at = namedCommit(repository, spec);
  const folder = resolve(work.directory, typed);
  const done = await work.uncut(() => inSteps(exportIndex(repository, at, folder), () => true));
  const { texts, bytes } = done!;
  work.summary({ texts, bytes, at, folder });
  if (!work.isJson && !work.isQuiet) {
    const words = `Wrote the index of commit ${shortId(at)} to ${shownPath(typed)}`;
    await work.print([`${words}: ${texts} texts, ${shownSize(bytes)}`]);
  }
  return EXIT.done;
}

async function sums(work: Work): Promise<ExitCode> {
  const repository = await work.open();
  const { from, paths } = await commitsAndPaths(work, repository, {
    command: 'export b3sums',
    most: 1,
    skip: 1,
  });
  const at = from ?? namedCommit(repository, 'HEAD');
  const met: Problem[] = [];
  let files = 0;
  await work.uncut(() =>
    inSteps(b3sums(repository, at, paths), ({ path, blake3, line }) => {
      files += 1;
      if (work.isJson) work.stdout.write(`${pathLine('file', path, { blake3 })}\n`);
      else if (line !== undefined) work.stdout.write(`${line}\n`);
      else met.push(problems.noSumLine(path));
      return !work.stdout.closed;
    }),
  );
  work.report(met);
  work.summary({ files, at });
  return exitAfter(met);
}

async function git(work: Work): Promise<ExitCode> {
  const [, spec = 'HEAD', extra] = work.given.operands;
  if (extra !== undefined) throw new Refusal('usage', problems.exportTakes('git COMMIT', extra));
  if (work.isJson) throw new Refusal('usage', problems.streamIsNoJson());
  const ref = work.given.text('ref') ?? BRANCH;
  if (!isRef(ref)) throw new Refusal('usage', problems.badRef(ref));
  if (work.world.terminal.stdout.isTTY) throw new Refusal('usage', problems.streamOnTerminal());
  const repository = await work.open();
  const stream = exportGit(repository, namedCommit(repository, spec), ref);
  await work.uncut(() =>
    inSteps(stream, (piece) => {
      work.stdout.write(piece);
      return !work.stdout.closed;
    }),
  );
  return EXIT.done;
}
