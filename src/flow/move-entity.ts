/** Moves an entity on the disk and records that, as one operation. */

import type { Move } from '../model/commit.ts';
import type { CommitId } from '../model/id.ts';
import { isWithin, nameOf, parentOf, type RepositoryPath } from '../model/path.ts';
import { Refusal, type Problem } from '../model/problem.ts';
import { entityOf } from '../plugin/boundaries.ts';
import { applyPlan } from '../sync/apply.ts';
import { planChanges, type Moving } from '../sync/plan.ts';
import { escapePath } from '../text/names.ts';
import { entitiesAt, type Entities, type EntityAt } from './entities.ts';
import { carryEdits } from './carry-edits.ts';
import { commitEntities } from './entity-commit.ts';
import * as say from './entity-problems.ts';
import { rootOf, type Typed } from './entity-target.ts';
import { lookForEntities, type EntityOptions, type EntityWork } from './entity-work.ts';
import { exclusively, type Exclusive } from './exclusively.ts';
import { guardOf } from './guard.ts';
import { filesOfEntity } from './entity-files.ts';
import { IndexEdit } from './index-edit.ts';
import { lookAtTexts } from './index-texts.ts';
import { NOTHING_TO_WRITE, stands, targetOf } from './mv.ts';
import { operationDate } from './note-operation.ts';
import { recordFolders } from './record-folders.ts';
import type { Repository } from './repository.ts';
import { handsFor } from './restore.ts';

export interface MoveEntityOptions extends EntityOptions {
  readonly target: Typed;
  /** An existing folder means: into it. */
  readonly to: RepositoryPath;
}

export interface MovedEntity {
  readonly commit: CommitId | undefined;
  readonly from: RepositoryPath;
  readonly to: RepositoryPath;
  readonly kind: EntityAt['kind'];
  readonly id: string;
  readonly problems: readonly Problem[];
}

/** Refuses ('failed') what `mv` refuses, and a place in another entity. */
export async function moveEntity(repository: Repository, options: MoveEntityOptions): Promise<MovedEntity> {
  return exclusively(repository, 'entity move', async (exclusive) => {
    const question = await ask(repository, exclusive, options);
    if (options.dryRun) return { ...question.made, commit: undefined, problems: exclusive.problems };
    const { from, to } = question.made;
    const operation = await moveOnDisk(repository, question.action);
    const work = await lookForEntities(repository, exclusive);
    const moved = plan(work, question.made);
    const { commit, problems } = await commitEntities(work.seen, {
      command: 'entity move',
      message: options.message ?? `Moved '${escapePath(from)}' to '${escapePath(to)}'`,
      edit: work.edit,
      before: work.entities,
      moved: [moved],
      summary: { moved: question.files },
      done: { operation, steps: [{ kind: 'move', from, to }] },
      carried: carryEdits(work.seen, work.edit),
    });
    return { ...question.made, commit, problems: [...work.problems, ...problems] };
  });
}

interface Question {
  readonly made: Pick<MovedEntity, 'from' | 'to' | 'kind' | 'id'>;
  readonly action: Moving;
  readonly files: number;
}

/** All that can be refused is, before anything moves. */
async function ask(
  repository: Repository,
  { eyes }: Exclusive,
  { target, to: typedTo }: MoveEntityOptions,
): Promise<Question> {
  const texts = await lookAtTexts(repository, repository.commits.readHead(), eyes);
  const entities = entitiesAt(repository, texts);
  const from = rootOf(entities, target);
  const entity = entities.get(from)!;
  const source = stands(repository, from);
  if (!('stamp' in source)) return say.cannotMove(from, 'it is not here');
  const to = targetOf(repository, from, typedTo, source);
  refuseInside(entities, from, to);
  const index = new IndexEdit(texts);
  const recorded = {
    manifest: (path: RepositoryPath) => index.recorded(path),
    foldersIn: (path: RepositoryPath) => index.foldersIn(path),
  };
  const isTaken =
    index.recorded(to) !== undefined || index.recorded(parentOf(to))?.files.has(nameOf(to)) === true;
  if (isTaken) say.recordedThere(from, to);
  return {
    made: { from, to, kind: entity.kind, id: entity.id },
    action: { from, to },
    files: filesOfEntity(recorded, from, entity).size,
  };
}

function refuseInside(entities: Entities, from: RepositoryPath, to: RepositoryPath): void {
  const around = entityOf(parentOf(to), entities);
  if (around !== undefined && !isWithin(around, from)) say.intoEntity(from, around);
}

/** Gives the name of the operation that says so. */
async function moveOnDisk(repository: Repository, action: Moving): Promise<string> {
  const moves = planChanges(new Map(), (path) => stands(repository, path), [action]);
  const hands = await handsFor(repository, await guardOf(repository), NOTHING_TO_WRITE);
  // Where the commit does not come about, it has moved by hand.
  const name = { command: 'mv', date: operationDate(repository), undoes: '' };
  const { operation, problems } = await applyPlan(hands, moves, name);
  if (operation === undefined) throw new Refusal('failed', problems[0]!);
  return operation;
}

/** What moves in the index. */
function plan({ seen, edit }: EntityWork, { from, to, kind }: Question['made']): Move {
  recordFolders(seen, edit, parentOf(to));
  if (kind === 'file') edit.moveFile(from, to);
  else edit.move(from, to);
  const end = kind === 'file' ? '' : '/';
  return { from: from + end, to: to + end, by: 'hand' };
}
