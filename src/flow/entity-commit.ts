/** One commit about entities, made from what is recorded: what a person has not committed yet stays so. */

import { join } from 'node:path/posix';
import type { Summary } from '../model/change.ts';
import type { Move } from '../model/commit.ts';
import type { CommitId } from '../model/id.ts';
import type { Carried } from './carry-edits.ts';
import { isWithin, type RepositoryPath } from '../model/path.ts';
import type { Problem } from '../model/problem.ts';
import { appendOperation } from '../store/operations.ts';
import { removeFile } from '../store/files.ts';
import type { Step } from '../text/operation.ts';
import { readConfig } from './config.ts';
import { Draft, type ChangedIds } from './draft.ts';
import { sortEdits } from './edits.ts';
import { keepEntities, type Entities } from './entities.ts';
import { EntityList } from './entity-list.ts';
import { heldAfter } from './held-after.ts';
import type { IndexEdit } from './index-edit.ts';
import type { Look } from './look.ts';
import { seeMoves } from './moves.ts';
import { operationDate } from './note-operation.ts';
import { sayOfItself } from './say-of-itself.ts';
import { undoHandEdits } from './undo-hand-edits.ts';
import { keepUnread, unreadEntities } from './unread.ts';

export interface EntityCommit {
  /** What the person asked for: `entity split`. */
  readonly command: string;
  readonly message: string;
  readonly edit: IndexEdit;
  /** The entities at head. */
  readonly before: Entities;
  readonly moved?: readonly Move[];
  readonly summary?: Partial<Summary>;
  /** Ids of entities that are to be read at the next commit. */
  readonly toRead?: readonly string[];
  readonly carried?: Carried;
  /** What was done to the person's files already: noted as one operation with the commit. */
  readonly done?: { readonly operation: string; readonly steps: readonly Step[] } | undefined;
}

export interface Committed {
  /** undefined for a dry run. */
  readonly commit: CommitId | undefined;
  readonly problems: readonly Problem[];
}

/** Writes the commit, and keeps what was known of the disk for the new head. The lock is held. */
export async function commitEntities(seen: Look, change: EntityCommit): Promise<Committed> {
  const { repository, texts, head } = seen;
  const { command, edit, message, moved } = change;
  const changes = edit.changes();
  const touched = new Set(changes.flatMap(({ path, from = path }) => [path, from]));
  const { byHand } = await sortEdits(texts);
  undoHandEdits(
    repository,
    byHand.filter(({ path }) => touched.has(path)),
  );
  const ids: ChangedIds = new Map();
  const draft = new Draft(repository, await readConfig(repository), texts, ids);
  const problems: Problem[] = [];
  let commit: CommitId;
  try {
    for (const each of changes) draft.take(each);
    const summary = { added: 0, changed: 0, moved: 0, removed: 0, metadata: 0, ...change.summary };
    const letter = { command, parent: head, summary, message, ...(moved && { moved }) };
    const made = draft.finish(letter);
    commit = made.id;
    const isCarried = ({ place }: Problem): boolean => change.carried?.texts.has(place?.path ?? '') === true;
    problems.push(...made.problems.filter((problem) => !isCarried(problem)));
  } catch (error) {
    draft.abandon();
    throw error;
  }
  change.carried?.carry();
  noteWhole(seen, change, commit);
  await sayOfItself(repository, commit, undefined, heldAfter(seen));
  keepEntities(repository, commit, entitiesAfter(change));
  if (change.toRead !== undefined)
    keepUnread(repository, new Set([...unreadEntities(repository), ...change.toRead]));
  await keepLook(seen, change, commit, ids);
  return { commit, problems };
}

/** One operation of what was done to files and of the commit: the record of the first part goes. */
function noteWhole({ repository, head }: Look, { command, done }: EntityCommit, commit: CommitId): void {
  const { context, layout } = repository;
  const date = operationDate(repository);
  const steps = done?.steps ?? [];
  const operation = { command, date, before: head ?? '', after: commit, steps, undoes: '' } as const;
  appendOperation(context.disk, layout, operation);
  if (done !== undefined) removeFile(context.disk, join(layout.operations, `${done.operation}.yaml`));
}

function entitiesAfter({ edit, before, moved = [] }: EntityCommit): Entities {
  const list = new EntityList(before);
  for (const directory of edit.directories()) list.settle(directory);
  // An edit of the index moves one directory at most.
  const folder = moved.find((each) => each.from.endsWith('/'));
  if (folder === undefined) return list.all;
  const [from, to] = [folder.from.slice(0, -1), folder.to.slice(0, -1)];
  return new Map(
    [...list.all].map(([path, entity]) =>
      isWithin(path, from as RepositoryPath)
        ? [(to + path.slice(from.length)) as RepositoryPath, entity]
        : [path, entity],
    ),
  );
}

/** The caches are of the new head: nothing has to be looked at again for a commit that no file is behind. */
async function keepLook(
  seen: Look,
  { edit, moved = [] }: EntityCommit,
  head: CommitId,
  ids: ChangedIds,
): Promise<void> {
  const taken = new Set<string>([...edit.directories()].map(({ path }) => path));
  const gone = new Set<string>(seen.gone);
  const isMoved = (path: string): boolean =>
    moved.some(({ from }) => `${path}/`.startsWith(from.endsWith('/') ? from : `${from}/`));
  const folders = moved.filter(({ to }) => to.endsWith('/'));
  const isTarget = (path: string): boolean => folders.some(({ to }) => `${path}/`.startsWith(to));
  const evidence = new Map([...seeMoves(seen).evidence].filter(([path]) => !isMoved(path)));
  (await seen.texts.after(head, ids)).save((action) => action());
  seen.save(
    {
      head,
      isRecorded: () => false,
      isTaken: (path) => taken.has(path) || isTarget(path),
      isMissing: (path) => gone.has(path) && !isMoved(path),
      evidence,
    },
    (action) => action(),
  );
}
