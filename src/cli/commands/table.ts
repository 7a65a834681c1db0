/** All commands there are, in the order in which help shows them; each is loaded when it is asked for. */

import { HELP } from '../command.ts';
import type { Entry } from './entry.ts';

/** Loading a command loads the flow it runs, so a start loads one of them. */
const LOADERS: ReadonlyMap<string, () => Promise<Entry>> = new Map([
  ['init', async () => (await import('./init.ts')).INIT],
  ['backup', async () => (await import('./backup.ts')).BACKUP],
  ['clone', async () => (await import('./clone.ts')).CLONE],
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
  ['remote list', async () => (await import('./remote.ts')).REMOTE_LIST],
  ['remote add', async () => (await import('./remote.ts')).REMOTE_ADD],
  ['remote remove', async () => (await import('./remote.ts')).REMOTE_REMOVE],
  ['remote accept', async () => (await import('./remote.ts')).REMOTE_ACCEPT],
  ['fetch', async () => (await import('./pull.ts')).FETCH],
  ['pull', async () => (await import('./pull.ts')).PULL],
  ['push', async () => (await import('./pull.ts')).PUSH],
  ['sync', async () => (await import('./pull.ts')).SYNC],
  ['want', async () => (await import('./want.ts')).WANT],
  ['drop', async () => (await import('./drop.ts')).DROP],
  ['whereis', async () => (await import('./whereis.ts')).WHEREIS],
  ['get', async () => (await import('./get.ts')).GET],
  ['adopt', async () => (await import('./adopt.ts')).ADOPT],
  ['merge', async () => (await import('./merge.ts')).MERGE],
  ['conflicts', async () => (await import('./conflicts.ts')).CONFLICTS],
  ['resolve', async () => (await import('./resolve.ts')).RESOLVE],
  ['find', async () => (await import('./find.ts')).FIND],
  ['view', async () => (await import('./view.ts')).VIEW],
  ['dupes', async () => (await import('./dupes.ts')).DUPES],
  ['edit', async () => (await import('./edit.ts')).EDIT],
  ['meta get', async () => (await import('./meta-get.ts')).META_GET],
  ['meta set', async () => (await import('./meta-edit.ts')).META_SET],
  ['meta add', async () => (await import('./meta-edit.ts')).META_ADD],
  ['meta remove', async () => (await import('./meta-edit.ts')).META_REMOVE],
  ['entity list', async () => (await import('./entity-list.ts')).ENTITY_LIST],
  ['entity show', async () => (await import('./entity-show.ts')).ENTITY_SHOW],
  ['entity new', async () => (await import('./entity-new.ts')).ENTITY_NEW],
  ['entity split', async () => (await import('./entity-split.ts')).ENTITY_SPLIT],
  ['entity join', async () => (await import('./entity-join.ts')).ENTITY_JOIN],
  ['entity move', async () => (await import('./entity-move.ts')).ENTITY_MOVE],
  ['people list', async () => (await import('./people-list.ts')).PEOPLE_LIST],
  ['people show', async () => (await import('./people-list.ts')).PEOPLE_SHOW],
  ['people add', async () => (await import('./people-add.ts')).PEOPLE_ADD],
  ['people rename', async () => (await import('./people-add.ts')).PEOPLE_RENAME],
  ['people import', async () => (await import('./people-cards.ts')).PEOPLE_IMPORT],
  ['people export', async () => (await import('./people-cards.ts')).PEOPLE_EXPORT],
  ['new', async () => (await import('./new.ts')).NEW],
  ['export', async () => (await import('./export.ts')).EXPORT],
  ['collect', async () => (await import('./collect.ts')).COLLECT],
  ['serve', async () => (await import('./serve.ts')).SERVE],
  ['receive', async () => (await import('./receive.ts')).RECEIVE],
  ['plugin list', async () => (await import('./plugin-list.ts')).PLUGIN_LIST],
  ['plugin trust', async () => (await import('./plugin-trust.ts')).PLUGIN_TRUST],
  ['plugin untrust', async () => (await import('./plugin-trust.ts')).PLUGIN_UNTRUST],
  ['plugin new', async () => (await import('./plugin-new.ts')).PLUGIN_NEW],
  ['plugin test', async () => (await import('./plugin-new.ts')).PLUGIN_TEST],
]);

export async function allCommands(): Promise<readonly Entry[]> {
  const entries = [...LOADERS.values()].map((load) => load());
  return [...(await Promise.all(entries)), HELP];
}

/** The command that arguments most likely ask for: the first of them that is the name of one. */
export async function likelyCommand(argv: readonly string[]): Promise<Entry | undefined> {
  for (const [i, word] of argv.entries()) {
    const load = LOADERS.get(word) ?? LOADERS.get(`${word} ${argv[i + 1]}`);
    if (load !== undefined) return load();
  }
  return undefined;
}
