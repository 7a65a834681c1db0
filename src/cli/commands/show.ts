/** `dbk show`: one commit. */

import { namedCommit } from '../../flow/named-commit.ts';
import { show, type Shown } from '../../flow/show.ts';
import type { Change } from '../../model/change.ts';
import type { Commit } from '../../model/commit.ts';
import type { CommitId } from '../../model/id.ts';
import { EXIT, type ExitCode } from '../exit.ts';
import { commitLine } from '../json.ts';
import { commitLines, forgottenLines } from '../render-commit.ts';
import type { Work } from '../work.ts';
import { showDifference, type Difference } from './difference.ts';
import type { Entry } from './entry.ts';

export const SHOW: Entry = {
  name: 'show',
  group: 'daily',
  summary: 'Show one commit: its letter, what it changed, and its patch',
  description: [
    `A commit is written as HEAD (the newest; this is meant where none is given), as at least four digits of its id, or as either with '^' or '~3' behind it: its parent, the third one back.`,
    `The patch is the file 'changes.patch' as it stands in the commit: what 'git apply' and 'patch -p1' take in '.dbk/index'.`,
  ],
  arguments: [{ name: 'COMMIT', optional: true }],
  options: [
    {
      name: 'patch',
      short: 'p',
      type: 'flag',
      summary: 'show the patch; this is so unless --summary is given',
    },
    { name: 'summary', type: 'flag', summary: 'show no patch' },
  ],
  examples: [
    { line: 'dbk show', says: 'The newest commit' },
    { line: 'dbk show --summary HEAD^', says: 'The one before it, in words' },
  ],
  also: ['inspect', 'cat'],
  run,
};

async function run(work: Work): Promise<ExitCode> {
  const repository = await work.open();
  const id = namedCommit(repository, work.given.operands[0] ?? 'HEAD');
  const shown = show(repository, id);
  const patch = !work.given.flag('summary') || work.given.flag('patch');
  await work.paged(async (output) => {
    if (work.isJson) output.write(`${commitLine(id, shown.commit)}\n`);
    else for (const line of letterLines(work, id, shown.commit)) output.write(`${line}\n`);
    const counts = await showDifference(work, output, withoutForgotten(shown), { summary: true, patch });
    work.summary({ ...counts.json, commit: id });
  });
  return EXIT.done;
}

function* letterLines(work: Work, id: CommitId, commit: Commit): Generator<string> {
  yield* commitLines(id, commit, work.palette);
  yield '';
  const forgotten = [...forgottenLines(commit, work.limit, work.palette)];
  yield* forgotten;
  if (forgotten.length > 0) yield '';
}

/** What was forgotten left the index as if it were removed; it was said already. */
function withoutForgotten(shown: Shown): Difference {
  const forgotten = new Set(shown.commit.forgotten);
  if (forgotten.size === 0) return shown;
  const isForgotten = ({ kind, path }: Change): boolean => {
    if (kind !== 'removed') return false;
    if (forgotten.has(path)) return true;
    for (
      let folder: string = path;
      folder !== '';
      folder = folder.slice(0, Math.max(0, folder.lastIndexOf('/')))
    ) {
      if (forgotten.has(`${folder}/`)) return true;
    }
    return false;
  };
  return {
    changes: function* () {
      for (const change of shown.changes()) if (!isForgotten(change)) yield change;
    },
    patch: () => shown.patch(),
  };
}
