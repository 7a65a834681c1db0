/** `dbk difftool`: a difference in the person's own tool. */

import { AFTER, BEFORE, sideBySide, type Sides } from '../../flow/side-by-side.ts';
import { Interrupted, Refusal } from '../../model/problem.ts';
import { FILES_FROM } from '../command.ts';
import { commandWords } from '../command-words.ts';
import type { ExitCode } from '../exit.ts';
import { starter, type Starter, type ToolEnd } from '../run-tool.ts';
import { exitAfter, type Work } from '../work.ts';
import { commitsAndPaths } from './commits-and-paths.ts';
import type { Entry } from './entry.ts';
import * as problems from './problems.ts';

/** What shows a difference where the person has named no tool. */
const DIFF = 'diff';

export const DIFFTOOL: Entry = {
  name: 'difftool',
  group: 'daily',
  summary: 'Show a difference in a tool of your own, as two folders',
  description: [
    `Commits and paths are as for 'dbk diff': without commits it is the newest one and what a commit would record now. The texts of the index that differ, and no others, are written into two folders; the tool is started with them, and they are gone when it has ended. Edits made there are lost.`,
    `The tool is what --tool says, or DBK_DIFFTOOL: a program and its options, in which quotes are understood and no shell is used. Without one it is 'diff -ruN'. That a tool ends with 1, as diff does, is no error.`,
  ],
  usage: '[A [B]] [PATH…]',
  arguments: [{ name: 'PATH', optional: true, many: true }],
  options: [
    {
      name: 'tool',
      short: 't',
      type: 'text',
      value: 'TOOL',
      summary: 'the program to start, with its options',
    },
    ...FILES_FROM,
  ],
  examples: [
    { line: 'dbk difftool', says: 'What a commit would record' },
    {
      line: `dbk difftool -t 'diff -r --brief' HEAD^ HEAD`,
      says: 'Which texts the last commit changed; meld or kdiff3 show more',
    },
    { line: `DBK_DIFFTOOL='diff -y' dbk difftool HEAD^ Music`, says: 'One folder, side by side' },
  ],
  also: ['mergetool', 'meld', 'vimdiff'],
  run,
};

async function run(work: Work): Promise<ExitCode> {
  const words = wordsOfTool(work);
  const repository = await work.open();
  const request = await commitsAndPaths(work, repository, { command: 'difftool', most: 2 });
  const tool = starter(work.world);
  try {
    const sides = await work.uncut(() => sideBySide(repository, request));
    try {
      if (sides.texts === 0) work.note('no differences');
      else judge(words?.[0] ?? DIFF, await show(work, tool, words, sides));
    } finally {
      sides.remove();
    }
    work.report(sides.problems);
    work.summary({ texts: sides.texts });
    return exitAfter(sides.problems);
  } finally {
    tool.release();
  }
}

/** The words of the tool; undefined for none. */
function wordsOfTool(work: Work): readonly string[] | undefined {
  const line = work.given.text('tool') ?? work.world.terminal.env['DBK_DIFFTOOL'] ?? '';
  const words = commandWords(line);
  if (words === undefined) throw new Refusal('usage', problems.openQuote(line));
  return words.length === 0 ? undefined : words;
}

function show(
  work: Work,
  tool: Starter,
  words: readonly string[] | undefined,
  sides: Sides,
): Promise<ToolEnd> {
  if (words === undefined) return showDiff(work, tool, sides);
  const folders = [BEFORE, AFTER].map((side) => `${sides.folder}/${side}`);
  return tool.start({ words: [...words, ...folders], folder: work.directory });
}

async function showDiff(work: Work, tool: Starter, { folder }: Sides): Promise<ToolEnd> {
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  const painter = work.isPainted
    ? (await import('../patch-colour.ts')).patchPainter(work.palette)
    : undefined;
  let end: ToolEnd | undefined;
  await work.paged(async (output) => {
    const take = async (piece: Uint8Array): Promise<boolean> => {
      const text = decoder.decode(piece, { stream: true });
      output.write(painter === undefined ? text : painter.push(text));
      if (output.full) await output.drained();
      return !output.closed;
    };
    end = await tool.start({ words: [DIFF, '-ruN', BEFORE, AFTER], folder, take });
    if (painter !== undefined) output.write(painter.end());
  });
  return end!;
}

/** Codes 0 and 1 are answers of a tool; anything else is a failure of it. */
function judge(tool: string, end: ToolEnd): void {
  if (end.kind === 'stopped') throw new Interrupted();
  if (end.kind === 'absent') throw new Refusal('failed', problems.toolMissing(tool));
  if (end.kind === 'killed') throw new Refusal('failed', problems.toolFailed(tool, 'was killed'));
  if (end.kind === 'ended' && end.code > 1) {
    throw new Refusal('failed', problems.toolFailed(tool, `ended with ${end.code}`));
  }
}
