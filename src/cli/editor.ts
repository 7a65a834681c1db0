/** The person's own editor, which a command starts and waits for. */

import { isUtf8 } from '../model/name.ts';
import { Refusal, type Problem } from '../model/problem.ts';
import * as problems from './commands/problems.ts';
import { starter, type ToolEnd } from './run-tool.ts';
import type { Environment } from './terminal.ts';
import type { Work } from './work.ts';

export function editorOf(env: Environment): string {
  return (
    [env['VISUAL'], env['EDITOR']].find((editor) => editor !== undefined && editor.trim() !== '') ?? 'vi'
  );
}

/** A shell takes the editor's words apart, as git does; the path is none of them. */
export async function openInEditor(work: Work, editor: string, file: string): Promise<ToolEnd> {
  if (!isUtf8(file)) throw new Refusal('failed', problems.editorCannotOpen(file));
  const tool = starter(work.world);
  try {
    return await tool.start({ words: ['sh', '-c', `${editor} "$@"`, editor, file], folder: work.directory });
  } finally {
    tool.release();
  }
}

/** Why an editor did not end well; `kept` is where what was written in it stands. */
export function editorFailure(editor: string, end: ToolEnd, kept: string | undefined): Problem {
  const isMissing = end.kind === 'absent' || (end.kind === 'ended' && (end.code === 127 || end.code === 126));
  if (isMissing) return problems.editorMissing(editor);
  return problems.editorFailed(editor, end.kind === 'ended' ? `ended with ${end.code}` : 'was killed', kept);
}
