/** `dbk edit`: what is known of a file or folder, in the person's own editor. */

import { beginEdit, endEdit, type EditBegun, type EditEnded } from '../../flow/edit-sidecar.ts';
import type { Repository } from '../../flow/repository.ts';
import { Interrupted, Refusal } from '../../model/problem.ts';
import { editorFailure, editorOf, openInEditor } from '../editor.ts';
import { EXIT, type ExitCode } from '../exit.ts';
import { pathLine } from '../json.ts';
import { placeOf } from '../operands.ts';
import { shownPath } from '../shown.ts';
import type { Work } from '../work.ts';
import type { Entry } from './entry.ts';

export const EDIT: Entry = {
  name: 'edit',
  group: 'knowledge',
  summary: 'Write down what you know of a file or folder',
  description: [
    `Opens the text about PATH in your editor: VISUAL, else EDITOR, else vi. A new one shows the fields of its type as comments, and is gone again if you write nothing.`,
    `When the editor has ended, the text is looked at. What is wrong is said with its line; the text stays as you wrote it, and is not recorded until it is right. The next commit records it.`,
    `The texts stand in '.dbk/index/tree', '$FILE.metadata' for a file and '$.metadata' for a folder; to edit them there with any program is just as good.`,
  ],
  arguments: [{ name: 'PATH' }],
  examples: [
    { line: 'dbk edit Music/Rock/Radiohead', says: 'What you know of a folder' },
    { line: `EDITOR='code --wait' dbk edit a.jpg`, says: 'In another editor, which has to wait' },
  ],
  also: ['metadata', 'annotate', 'describe', 'tag', 'note'],
  run,
};

async function run(work: Work): Promise<ExitCode> {
  const repository = await work.open();
  const path = placeOf(repository, work.directory, work.given.operands[0]!);
  const begun = await work.uncut(() => beginEdit(repository, path));
  work.report(begun.problems);
  const ended = await editUntilRight(work, repository, begun);
  const file = `.dbk/index/${begun.at.text}`;
  if (work.isJson) work.stdout.write(`${pathLine('edit', path, { kind: ended.kind, file })}\n`);
  else if (ended.kind === 'wrong')
    work.note(`${shownPath(file)} stays as you wrote it, and is not recorded until it is right`);
  else if (!work.isQuiet) await work.print([`${WORDS[ended.kind]} ${shownPath(path)}`]);
  work.summary({ kind: ended.kind });
  return ended.kind === 'wrong' ? EXIT.no : EXIT.done;
}

const WORDS: Readonly<Record<Exclude<EditEnded['kind'], 'wrong'>, string>> = {
  changed: 'changed what is written about',
  unchanged: 'nothing changed about',
  removed: 'nothing is written any more about',
};

async function editUntilRight(work: Work, repository: Repository, begun: EditBegun): Promise<EditEnded> {
  for (;;) {
    const ended = await editOnce(work, repository, begun);
    work.report(ended.problems);
    if (ended.kind !== 'wrong' || !work.canAsk) return ended;
    if (!(await work.uncut(() => work.confirm('edit it again?')))) return ended;
  }
}

/** What was offered is looked at again, however the editor ended. */
async function editOnce(work: Work, repository: Repository, begun: EditBegun): Promise<EditEnded> {
  const editor = editorOf(work.world.terminal.env);
  const end = await openInEditor(work, editor, begun.at.file);
  const ended = await endEdit(repository, begun);
  if (end.kind === 'ended' && end.code === 0) return ended;
  if (end.kind === 'stopped') throw new Interrupted();
  const kept = ended.kind === 'unchanged' ? undefined : `.dbk/index/${begun.at.text}`;
  throw new Refusal('failed', editorFailure(editor, end, kept));
}
