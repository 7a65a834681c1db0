/** What is absent once a commit is undone that had put a recorded version beside what a person had made in its place. */

import { digest } from '../disk/blake3.ts';
import { conflictName } from '../merge/names.ts';
import { idOf } from '../merge/versions.ts';
import type { CommitId } from '../model/id.ts';
import { childOf, nameOf, parentOf, type RepositoryPath } from '../model/path.ts';
import { readRepositoryFile } from '../store/repository-file.ts';
import { readConfig } from './config.ts';
import { listsOf, type HeldLists } from './held-after.ts';
import { heldOfRecord } from './open-held.ts';
import { RecordedAt } from './recorded-at.ts';
import type { Repository } from './repository.ts';

/** The lists as they are told, seen from the head that is to be; undefined where they stay as they are. */
export async function absentAgain(
  repository: Repository,
  from: CommitId | undefined,
  to: CommitId | undefined,
): Promise<HeldLists | undefined> {
  const { name } = await readConfig(repository);
  const record = readRepositoryFile(repository.context.disk, repository.layout, name);
  // In a part there is more that is absent than is told.
  if (record === undefined || record.absent.length + record.want.length === 0) return undefined;
  const lists = listsOf(await heldOfRecord(repository, record, from));
  const recorded = new RecordedAt(repository.commits);
  const original = (path: string): string => besideOf(recorded, to, path as RepositoryPath) ?? path;
  const absent = lists.absent.map((path) => (path.endsWith('/') ? path : original(path)));
  return absent.every((path, i) => path === lists.absent[i]) ? undefined : { ...lists, absent };
}

/** The path beside which the other version was put that had this name. */
function besideOf(
  recorded: RecordedAt,
  to: CommitId | undefined,
  path: RepositoryPath,
): RepositoryPath | undefined {
  if (recorded.thing(to, path) !== undefined) return undefined;
  const folder = recorded.thing(to, parentOf(path));
  if (folder?.kind !== 'directory') return undefined;
  for (const [name, said] of folder.manifest.files)
    if (conflictName(name, idOf(said, digest)) === nameOf(path)) return childOf(parentOf(path), name);
  return undefined;
}
