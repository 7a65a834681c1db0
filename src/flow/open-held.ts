/** What a repository says of itself that stands here: the lists of its record, and what is on its way to the disk. */

import type { CommitId } from '../model/id.ts';
import { operations } from '../store/operations.ts';
import { readRepositoryFile } from '../store/repository-file.ts';
import { changesBetween } from '../store/texts.ts';
import type { Moving } from '../sync/relocation.ts';
import type { RepositoryRecord } from '../text/repository.ts';
import { directoriesOfTexts, manifestsIn, MirrorReader } from './changes-of-texts.ts';
import { readConfig } from './config.ts';
import { ALL_HELD, heldOf, type Held } from './held.ts';
import type { HeldLists } from './held-after.ts';
import { openWanted, viewOnDisk } from './open-wanted.ts';
import { afterMoves } from './moved-on-the-way.ts';
import type { Repository } from './repository.ts';
import { viewOfCommit, type TextsView } from './texts-view.ts';
import { withUnwanted } from './unwanted.ts';

/** What stood here where head says something else; `view` is of head. */
export async function openHeld(
  repository: Repository,
  head: CommitId | undefined,
  view: TextsView,
): Promise<Held> {
  const { context, layout } = repository;
  const { name } = await readConfig(repository);
  const record = readRepositoryFile(context.disk, layout, name);
  return record === undefined ? ALL_HELD : heldOfRecord(repository, record, head, view);
}

/** The same for who looks at nothing else of the index. */
export async function heldNow(repository: Repository): Promise<Held> {
  const { context, layout } = repository;
  const head = repository.commits.readHead();
  const record = readRepositoryFile(context.disk, layout, (await readConfig(repository)).name);
  return record === undefined ? ALL_HELD : heldOfRecord(repository, record, head);
}

/**
 * What it was when it said that of itself: where head was to go on and did not get there, nothing is on its way. What
 * was committed here since, by commands that were broken off before they said so, stands here.
 */
export async function heldOfRecord(
  repository: Repository,
  record: RepositoryRecord,
  head: CommitId | undefined,
  view?: TextsView,
): Promise<Held> {
  const since = committedOnTheWay(repository, record, head);
  if (since === undefined) return heldOf(await allAbsent(repository, record, head, view));
  const { commits } = repository;
  const [before, on] = [idIn(record.holds), idIn(record.head)];
  const reader = new MirrorReader(manifestsIn(commits, [before, on]));
  const changes = directoriesOfTexts(changesBetween(commits, before, on), reader);
  const told = await allAbsent(repository, record, before);
  // What others moved meanwhile nobody here knows.
  const { id } = await readConfig(repository);
  const moves = record.id === id ? movesFor(repository, record.head, since) : [];
  return heldOf(told, afterMoves(changes, moves));
}

function idIn(told: CommitId | ''): CommitId | undefined {
  return told === '' ? undefined : told;
}

/**
 * What was committed here behind the head that had not arrived on the disk; undefined where nothing is on its way. A
 * merge begins with a commit that says what stands here: there is none between the two.
 */
function committedOnTheWay(
  { commits }: Repository,
  record: RepositoryRecord,
  head: CommitId | undefined,
): ReadonlySet<string> | undefined {
  if (!isOnItsWay(record)) return undefined;
  const since = new Set<CommitId>();
  for (let at = head; at !== idIn(record.head);) {
    if (at === undefined || at === record.holds) return undefined;
    const { parents } = commits.readCommit(at);
    if (parents.length > 1) return undefined;
    since.add(at);
    at = parents[0];
  }
  return since;
}

/** The lists of a record at the commit that it holds, with what is not here because nobody wants it. */
export async function allAbsent(
  repository: Repository,
  record: RepositoryRecord,
  at: CommitId | undefined,
  view?: TextsView,
): Promise<HeldLists> {
  if (record.want.length === 0 || at === undefined) return record;
  const texts =
    view ??
    (at === repository.commits.readHead()
      ? viewOnDisk(repository, at)
      : viewOfCommit(repository.commits, at));
  return withUnwanted(record, await openWanted(record.want, texts), record.holds === at);
}

/** What was moved for a head by commands that were broken off, the oldest first. */
function movesFor(
  { context, layout }: Repository,
  head: CommitId | '',
  since: ReadonlySet<string>,
): Moving[][] {
  const lists: Moving[][] = [];
  for (const { operation } of operations(context.disk, layout, () => undefined)) {
    if (since.has(operation.after)) continue;
    if (operation.after !== head) break;
    lists.push(
      operation.steps.flatMap((step) => (step.kind === 'move' ? [{ from: step.from, to: step.to }] : [])),
    );
  }
  return lists.reverse();
}

/** Whether a record says of a head that it has not arrived on the disk. */
export function isOnItsWay(record: RepositoryRecord): boolean {
  return record.holds !== record.head;
}
