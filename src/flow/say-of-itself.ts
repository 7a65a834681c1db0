/** What this repository tells others about itself: `repositories/NAME.yaml`. */

import type { CommitId } from '../model/id.ts';
import { compareBytes } from '../model/name.ts';
import type { RepositoryPath } from '../model/path.ts';
import { readRepositoryFile, writeRepositoryFile } from '../store/repository-file.ts';
import { writeRepository, type RepositoryRecord } from '../text/repository.ts';
import type { WantRule } from '../text/want.ts';
import { readConfig } from './config.ts';
import type { Gone } from './deletions.ts';
import { listsOf, type HeldLists } from './held-after.ts';
import { heldOfRecord, isOnItsWay } from './open-held.ts';
import { openWanted, viewOnDisk } from './open-wanted.ts';
import type { Repository } from './repository.ts';
import { viewOfCommit } from './texts-view.ts';
import { namesAt } from './volume-names.ts';
import { asTold, type ToldLists } from './unwanted.ts';

/**
 * Writes it when something in it changed; to be called with the lock held.
 *
 * `gone` is what is missing and unconfirmed, `held` what else stands here than head says, where that was looked at;
 * what is known besides (reach, want) stays.
 */
export async function sayOfItself(
  repository: Repository,
  head: CommitId | undefined,
  gone?: Gone,
  held?: HeldLists,
): Promise<void> {
  const { disk } = repository.context;
  const { id, name } = await readConfig(repository);
  const before = readRepositoryFile(disk, repository.layout, name);
  const facts: Pick<RepositoryRecord, 'id' | 'name' | 'head' | 'holds' | 'missing'> & Partial<ToldLists> = {
    id,
    name,
    head: head ?? '',
    holds: head ?? '',
    missing: gone === undefined ? (before?.missing ?? []) : missingPaths(gone),
    ...(held === undefined
      ? before && (await listsBefore(repository, before))
      : before === undefined || before.want.length === 0
        ? held
        : await told(repository, before.want, head, held)),
  };
  const now = {
    ...(before ?? nothingKnown(repository.root)),
    ...facts,
    ...namesAt(repository, head, before),
  };
  if (before !== undefined && writeRepository(now) === writeRepository(before)) return;
  writeRepositoryFile(disk, repository.layout, now);
}

/** What was on its way to the disk is told path by path: the head that it is seen from goes on. */
async function listsBefore(repository: Repository, before: RepositoryRecord): Promise<ToldLists> {
  const { absent, older, extra, want } = before;
  const head = before.head === '' ? undefined : before.head;
  if (!isOnItsWay(before)) return { absent, older, extra };
  return told(repository, want, head, listsOf(await heldOfRecord(repository, before, head)));
}

/** The lists as the record has them, where these are the rules. */
async function told(
  repository: Repository,
  want: readonly WantRule[],
  at: CommitId | undefined,
  lists: HeldLists,
): Promise<ToldLists> {
  if (want.length === 0 || at === undefined) return { ...lists, extra: [] };
  const { commits } = repository;
  const view = at === commits.readHead() ? viewOnDisk(repository, at) : viewOfCommit(commits, at);
  return asTold(lists, await openWanted(want, view));
}

/**
 * Says that head is about to go to a commit, and that the disk does not stand there yet: each path is judged against
 * what stands here, from the moment that head is there (section 12 of ../text/README.md, "What stands here").
 */
export async function sayOnItsWay(repository: Repository, head: CommitId | undefined): Promise<void> {
  const { disk } = repository.context;
  const { name } = await readConfig(repository);
  const before = readRepositoryFile(disk, repository.layout, name)!;
  const lists = await listsBefore(repository, before);
  const holds = isOnItsWay(before) ? before.head : before.holds;
  writeRepositoryFile(disk, repository.layout, { ...before, ...lists, holds, head: head ?? '' });
}

/** Says of what head is about to put beside something that it is not here, so that nobody takes it for gone. */
export async function sayBeside(repository: Repository, beside: readonly RepositoryPath[]): Promise<void> {
  if (beside.length === 0) return;
  const { disk } = repository.context;
  const { name } = await readConfig(repository);
  const before = readRepositoryFile(disk, repository.layout, name);
  if (before === undefined) return;
  const absent = [...new Set([...before.absent, ...beside])].sort(compareBytes);
  writeRepositoryFile(disk, repository.layout, { ...before, absent });
}

function nothingKnown(root: string): Omit<RepositoryRecord, 'id' | 'name' | 'head' | 'holds' | 'missing'> {
  return {
    serial: 0,
    reach: [{ kind: 'path', path: root }],
    want: [],
    trust: 'full',
    absent: [],
    extra: [],
    older: [],
    as: [],
  };
}

/** A whole folder is one line. */
function missingPaths(gone: Gone): string[] {
  const directories = gone.directories.map(({ path }) => path);
  const known = new Set<string>(directories);
  const top = directories.filter((path) => !known.has(path.slice(0, Math.max(0, path.lastIndexOf('/')))));
  return [...gone.files, ...top.map((path) => `${path}/`)].sort(compareBytes);
}
