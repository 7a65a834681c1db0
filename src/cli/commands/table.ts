/** All commands there are, in the order in which help shows them; each is loaded when it is asked for. */

import { HELP } from '../command.ts';
import type { Entry } from './entry.ts';

/** Loading a command loads the flow it runs, so a start loads one of them. */
const LOADERS: ReadonlyMap<string, () => Promise<Entry>> = new Map([
  ['init', async () => (await import('./init.ts')).INIT],
  ['config', async () => (await import('./config.ts')).CONFIG],
  ['status', async () => (await import('./status.ts')).STATUS],
  ['commit', async () => (await import('./commit.ts')).COMMIT],
  ['diff', async () => (await import('./diff.ts')).DIFF],
  ['difftool', async () => (await import('./difftool.ts')).DIFFTOOL],
  ['log', async () => (await import('./log.ts')).LOG],
  ['show', async () => (await import('./show.ts')).SHOW],
  ['ls', async () => (await import('./ls.ts')).LS],
  ['why', async () => (await import('./why.ts')).WHY],
  ['mv', async () => (await import('./mv.ts')).MV],
  ['forget', async () => (await import('./forget.ts')).FORGET],
  ['deleted', async () => (await import('./deleted.ts')).DELETED],
  ['undelete', async () => (await import('./undelete.ts')).UNDELETE],
  ['prune', async () => (await import('./prune.ts')).PRUNE],
  ['restore', async () => (await import('./restore.ts')).RESTORE],
  ['undo', async () => (await import('./undo.ts')).UNDO],
  ['export', async () => (await import('./export.ts')).EXPORT],
]);

export async function allCommands(): Promise<readonly Entry[]> {
  const entries = [...LOADERS.values()].map((load) => load());
  return [...(await Promise.all(entries)), HELP];
}

/** The command that arguments most likely ask for: the first of them that is the name of one. */
export async function likelyCommand(argv: readonly string[]): Promise<Entry | undefined> {
  for (const word of argv) {
    const load = LOADERS.get(word);
    if (load !== undefined) return load();
  }
  return undefined;
}
