/** Moves a file or folder as a person asks, or notes that it moved already. */

import type { ContentId } from '../model/id.ts';
import { childOf, isWithin, nameOf, parentOf, ROOT, type RepositoryPath } from '../model/path.ts';
import { refuse, type Problem } from '../model/problem.ts';
import { applyPlan } from '../sync/apply.ts';
import { planChanges, type Standing } from '../sync/plan.ts';
import { isOwnName, standingAt } from '../sync/stand.ts';
import { fold } from '../text/fold.ts';
import { exclusively } from './exclusively.ts';
import { guardOf } from './guard.ts';
import { noteTold, operationDate } from './note-operation.ts';
import { RecordedAt } from './recorded-at.ts';
import type { Repository } from './repository.ts';
import { handsFor } from './restore.ts';

export interface MoveOptions {
  readonly from: RepositoryPath;
  /** An existing folder means: into it. */
  readonly to: RepositoryPath;
  readonly dryRun: boolean;
}

export interface Moved {
  /** Whether it was moved now, or had been and that was noted. */
  readonly kind: 'moved' | 'told';
  readonly from: RepositoryPath;
  readonly to: RepositoryPath;
  readonly problems: readonly Problem[];
}

/**
 * A rename on the disk, which `undo` takes back; the next commit records it as moved by hand.
 *
 * Refuses ('failed') what is not there and what would take the place of something else: nothing is overwritten.
 */
export async function move(repository: Repository, { from, to, dryRun }: MoveOptions): Promise<Moved> {
  return exclusively(repository, 'mv', async ({ problems }) => {
    const source = stands(repository, from);
    if (source.kind === 'absent' || source.kind === 'behind') {
      tellMove(repository, from, to, dryRun);
      return { kind: 'told', from, to, problems };
    }
    if (source.kind === 'other') refuse('failed', 'flow/cannot-move', `cannot move '${from}': ${source.why}`);
    const target = targetOf(repository, from, to, source);
    if (dryRun) return { kind: 'moved', from, to: target, problems };
    const plan = planChanges(new Map(), (path) => stands(repository, path), [{ from, to: target }]);
    const hands = await handsFor(repository, await guardOf(repository), NOTHING_TO_WRITE);
    const applied = await applyPlan(hands, plan, {
      command: 'mv',
      date: operationDate(repository),
      undoes: '',
    });
    return { kind: 'moved', from, to: target, problems: [...problems, ...applied.problems] };
  });
}

const UNASKED = '0'.repeat(64) as ContentId;
export const NOTHING_TO_WRITE = { *of(): Generator<never> {} };

/** Contents are of no interest here, so no file is read for its own. */
export function stands({ context, root }: Repository, path: RepositoryPath): Standing {
  return standingAt(context.disk, root, path, () => UNASKED);
}

/** Where a move ends: into a folder that is there, or at the path itself; refuses ('failed') where it cannot. */
export function targetOf(
  repository: Repository,
  from: RepositoryPath,
  to: RepositoryPath,
  source: Exclude<Standing, { kind: 'absent' | 'behind' | 'other' }>,
): RepositoryPath {
  const standing = stands(repository, to);
  const isOther = to !== from && fold(to) === fold(from);
  const isSame = isOther && 'stamp' in standing && standing.stamp.inode === source.stamp.inode;
  // On a disk that takes `a` and `A` for one, the new name is there already.
  if (isSame) return to;
  const target = standing.kind === 'directory' ? childOf(to, nameOf(from)) : to;
  const words = `cannot move '${from}' to '${target}'`;
  if (from === ROOT)
    refuse('failed', 'flow/move-into-itself', `cannot move '.': it is the whole repository`, {
      hint: 'rename its folder as you like: dbk finds it there',
    });
  if (isWithin(target, from))
    refuse('failed', 'flow/move-into-itself', `${words}: it is there, or inside it`);
  if (isOwnName(target)) refuse('failed', 'flow/own-name', `${words}: that name is dbk's own`);
  const there = target === to ? standing : stands(repository, target);
  if (there.kind === 'behind' || stands(repository, parentOf(target)).kind !== 'directory') {
    refuse('failed', 'flow/no-folder', `${words}: there is no such folder`, {
      hint: `make it first with: mkdir -p '${parentOf(target)}'`,
    });
  }
  if (there.kind !== 'absent') {
    refuse('failed', 'flow/something-there', `${words}: something stands there`, {
      hint: 'move that away first',
    });
  }
  return target;
}

/** What is gone and recorded, and stands elsewhere now. */
function tellMove(repository: Repository, from: RepositoryPath, to: RepositoryPath, dryRun: boolean): void {
  const head = repository.commits.readHead();
  const recorded = new RecordedAt(repository.commits).thing(head, from);
  if (recorded === undefined)
    refuse(
      'failed',
      'flow/nothing-to-move',
      `cannot move '${from}': nothing of that name is here or recorded`,
      {
        hint: 'see what is recorded with: dbk ls',
      },
    );
  const there = stands(repository, to);
  if (there.kind !== recorded.kind) {
    const noun = recorded.kind === 'directory' ? 'folder' : recorded.kind;
    refuse(
      'failed',
      'flow/not-moved-there',
      `cannot note that '${from}' moved to '${to}': no ${noun} stands there`,
      {
        hint: `bring it back with: dbk undelete '${from}'`,
      },
    );
  }
  if (!dryRun) noteTold(repository, head, [{ from, to }]);
}
