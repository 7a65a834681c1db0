/** What this repository wants of a state that differs from the one that was looked at. */

import type { TextChange } from '../model/change.ts';
import { readRepositoryFile } from '../store/repository-file.ts';
import { readConfig } from './config.ts';
import type { Look } from './look.ts';
import { openWanted } from './open-wanted.ts';
import { viewOfIndex, viewThrough } from './texts-view.ts';
import type { Wanted } from './wanted.ts';

/** undefined: everything. */
export async function wantedThen(
  { repository, texts }: Look,
  changes: readonly TextChange[],
): Promise<Wanted | undefined> {
  const { context, layout } = repository;
  const { name } = await readConfig(repository);
  const want = readRepositoryFile(context.disk, layout, name)?.want ?? [];
  if (want.length === 0) return undefined;
  const now = new Map(changes.map(({ path, after }) => [path, after]));
  for (const { path, from = path } of changes) if (!now.has(from)) now.set(from, undefined);
  return (await openWanted(want, viewThrough(viewOfIndex(texts), now))).wanted;
}
