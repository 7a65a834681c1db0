/** How changes of a person's files are shown: those that are planned, and those that were done. */

import type { Action } from '../flow/restore.ts';
import { pathLine } from './json.ts';
import { counted, shownCount, shownSize } from './quantities.ts';
import { shownPath } from './shown.ts';

/** One line a path; of many the first ones. */
export function* actionLines(actions: readonly Action[], limit: number): Generator<string> {
  for (const action of actions.slice(0, limit)) yield actionLine(action);
  if (actions.length > limit) yield `  … and ${shownCount(actions.length - limit)} more (-v shows all)`;
}

function actionLine({ path, before, after }: Action): string {
  const what = after.kind === 'directory' || (after.kind === 'nothing' && before.kind === 'directory');
  const shown = shownPath(path, what ? 'directory' : 'other');
  if (after.kind === 'nothing') return `  remove   ${shown}`;
  if (before.kind === 'absent') return `  ${after.kind === 'directory' ? 'make  ' : 'write '}   ${shown}`;
  const isSame = before.kind === 'file' && after.kind === 'file' && before.blake3 === after.blake3;
  const isSet = isSame || (before.kind === 'directory' && after.kind === 'directory');
  return isSet ? `  adjust   ${shown}  (permissions or time)` : `  replace  ${shown}`;
}

/** One line of JSON: what stands there afterwards, and what went for it. */
export function actionJson(type: string, { path, before, after }: Action): string {
  const size = after.kind === 'file' ? after.size : undefined;
  const blake3 = after.kind === 'file' ? after.blake3 : undefined;
  const was = before.kind === 'file' ? before.blake3 : undefined;
  return pathLine(type, path, { what: after.kind, size, blake3, was });
}

/** `3 files and 1 folder, 12 KB`. */
export function changedWords(actions: readonly Action[]): string {
  let files = 0;
  let folders = 0;
  let bytes = 0;
  for (const { before, after } of actions) {
    const isFolder = after.kind === 'directory' || (after.kind === 'nothing' && before.kind === 'directory');
    if (isFolder) folders++;
    else files++;
    if (after.kind === 'file') bytes += after.size;
  }
  const parts = [
    ...(files > 0 ? [counted(files, 'file')] : []),
    ...(folders > 0 ? [counted(folders, 'folder')] : []),
  ];
  return parts.join(' and ') + (bytes > 0 ? ` (${shownSize(bytes)})` : '');
}

/** How many files went into the guard for it. */
export function* keptLine(kept: number, dryRun: boolean): Generator<string> {
  if (kept === 0) return;
  const verb = dryRun ? 'would go' : 'went';
  yield `${counted(kept, 'file')} that stood there ${verb} into the guard`;
}

/** That what was written about things came back with them. */
export function* textsLine(count: number, dryRun: boolean): Generator<string> {
  if (count === 0) return;
  yield `what was written about ${counted(count, 'path')} ${dryRun ? 'would be' : 'is'} there again, to be committed`;
}
