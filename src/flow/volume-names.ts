/** What is to come to a volume that cannot have all names gets one that it can have, told before anything comes. */

import { compareBytes, type Name } from '../model/name.ts';
import { childOf, nameOf, parentOf, type RepositoryPath } from '../model/path.ts';
import type { CommitId } from '../model/id.ts';
import type { Problem } from '../model/problem.ts';
import { readRepositoryFile, writeRepositoryFile } from '../store/repository-file.ts';
import type { Wanted } from '../sync/plan.ts';
import { upwards, type Moving } from '../sync/relocation.ts';
import type { Renamed, RepositoryRecord } from '../text/repository.ts';
import { readConfig } from './config.ts';
import { RecordedTree } from './ls.ts';
import { absolute, type Repository } from './repository.ts';

type Wish = ReadonlyMap<RepositoryPath, Wanted>;

/** To be called before anything is planned. */
export function makeNames(repository: Repository, wanted: Wish, moves: readonly Moving[] = []): void {
  const { names } = repository;
  if (names === undefined) return;
  for (const { from, to } of moves) names.moved(from, to);
  const came = new Map(moves.map(({ from, to }) => [to, from]));
  const leaving = new Set(came.values());
  const stays = (path: RepositoryPath): boolean => wanted.get(path)?.kind !== 'nothing' && !leaving.has(path);
  for (const [folder, coming] of byFolder(wanted, came.keys())) {
    const place = placeBefore(folder, came);
    names.make(folder, coming, () =>
      standing(repository, place).filter((name) => stays(childOf(place, name))),
    );
  }
}

/** What comes, and the names in the order of their bytes. */
function byFolder(wanted: Wish, moved: Iterable<RepositoryPath>): ReadonlyMap<RepositoryPath, Name[]> {
  const coming = new Set(moved);
  for (const [path, { kind }] of wanted) if (kind !== 'nothing') coming.add(path);
  const folders = new Map<RepositoryPath, Name[]>();
  for (const path of [...coming].sort(compareBytes)) {
    const beside = folders.get(parentOf(path));
    if (beside === undefined) folders.set(parentOf(path), [nameOf(path)]);
    else beside.push(nameOf(path));
  }
  return folders;
}

/** Where a folder is as long as nothing has moved. */
function placeBefore(
  folder: RepositoryPath,
  came: ReadonlyMap<RepositoryPath, RepositoryPath>,
): RepositoryPath {
  for (const above of upwards(folder)) {
    const from = came.get(above);
    if (from !== undefined) return `${from}${folder.slice(above.length)}` as RepositoryPath;
  }
  return folder;
}

function standing(repository: Repository, place: RepositoryPath): readonly Name[] {
  try {
    return repository.context.disk.readdir(absolute(repository, place));
  } catch (error) {
    if (typeof (error as NodeJS.ErrnoException).code !== 'string') throw error;
    return [];
  }
}

/** Before anything comes: who is killed then is understood afterwards. */
export async function sayNames(repository: Repository): Promise<void> {
  const { names, context, layout } = repository;
  if (names === undefined) return;
  const record = readRepositoryFile(context.disk, layout, (await readConfig(repository)).name);
  if (record === undefined) return;
  const as = together(
    record.as,
    names.lines(() => true),
  );
  if (as.length > record.as.length) writeRepositoryFile(context.disk, layout, { ...record, as });
}

function together(told: readonly Renamed[], now: readonly Renamed[]): readonly Renamed[] {
  const known = new Set(told.map(({ path }) => path));
  return [...told, ...now.filter(({ path }) => !known.has(path))];
}

/** The lines of what a commit has. */
export function namesAt(
  repository: Repository,
  head: CommitId | undefined,
  before: Pick<RepositoryRecord, 'as'> | undefined,
): Pick<RepositoryRecord, 'as'> {
  const { names } = repository;
  if (names === undefined || head === undefined) return { as: before?.as ?? [] };
  const tree = new RecordedTree(repository, head);
  return {
    as: names.lines((path) => {
      const isFile = tree.manifest(parentOf(path))?.files.has(nameOf(path)) === true;
      return isFile || tree.manifest(path) !== undefined;
    }),
  };
}

/** What came under other names. */
export function calledOtherwise(
  repository: Repository,
  paths: readonly RepositoryPath[],
): readonly Problem[] {
  const { names } = repository;
  const changed = names === undefined ? [] : paths.filter((path) => nameOf(path) !== nameThere(names, path));
  const [first] = changed;
  if (first === undefined) return [];
  const more = changed.length === 1 ? '' : ` and ${changed.length - 1} more have other names there`;
  const reason = `this volume cannot have the name of '${first}': it is called '${nameThere(names!, first)}' there${more}`;
  return [{ code: 'flow/called-otherwise', severity: 'note', reason }];
}

function nameThere(names: NonNullable<Repository['names']>, path: RepositoryPath): string {
  const place = names.placeOf(path);
  return place.slice(place.lastIndexOf('/') + 1);
}
