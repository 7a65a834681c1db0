/** Settles some conflicts together: what has to be done with files, then the index, then one operation of both. */

import { join } from 'node:path/posix';
import { digest } from '../disk/blake3.ts';
import type { Move } from '../model/commit.ts';
import type { CommitId } from '../model/id.ts';
import { instantOf } from '../model/instant.ts';
import { compareBytes } from '../model/name.ts';
import type { RepositoryPath } from '../model/path.ts';
import type { Problem } from '../model/problem.ts';
import type { Rendering } from '../model/rendering.ts';
import { removeFile } from '../store/files.ts';
import type { Applied } from '../sync/apply.ts';
import { planChanges, type Moving, type Plan, type Standing, type Wanted } from '../sync/plan.ts';
import { standingAt } from '../sync/stand.ts';
import { writeConflict } from '../text/conflict.ts';
import { escapePath } from '../text/names.ts';
import { carryEdits } from './carry-edits.ts';
import { goneBy, type Deed } from './conflict-deeds.ts';
import { conflictText } from './conflict-names.ts';
import { ConflictPlanner } from './conflict-plan.ts';
import { recordDeed } from './conflict-record.ts';
import type { Work } from './conflict-work.ts';
import { conflictsFollowing, type Following } from './conflicts-closed.ts';
import { commitEntities } from './entity-commit.ts';
import { lookForEntities, type EntityWork } from './entity-work.ts';
import type { Exclusive } from './exclusively.ts';
import { KnownContents } from './known-contents.ts';
import type { OpenConflict } from './open-conflicts.ts';
import type { Repository } from './repository.ts';
import { applyTogether, leftOf, type FileWork } from './resolve-files.ts';

export interface Settled {
  /** What the conflict is about. */
  readonly about: RepositoryPath;
  readonly open: OpenConflict;
  readonly deed: Deed;
}

export interface RoundOptions {
  /** Of the commit; absent: a sentence that says what was done. */
  readonly message?: string | undefined;
  readonly dryRun: boolean;
}

export interface Round {
  readonly settled: readonly Settled[];
  /** undefined for a dry run, and where nothing of it is recorded. */
  readonly commit: CommitId | undefined;
  readonly moved: readonly Move[];
  /** Conflicts that speak of other paths now. */
  readonly following: readonly Following[];
  readonly problems: readonly Problem[];
}

/** One of those that are settled together. */
interface Item extends Settled, FileWork {}

/** With the lock held. */
export async function settleRound(
  repository: Repository,
  exclusive: Exclusive,
  round: readonly Settled[],
  options: RoundOptions,
): Promise<Round> {
  const first = await lookForEntities(repository, exclusive);
  const known = new KnownContents(first.seen);
  const { disk } = repository.context;
  const stands = (path: RepositoryPath): Standing =>
    standingAt(disk, repository.root, path, (stats) => known.at(path, stats));
  const planner = new ConflictPlanner(first, stands);
  const problems: Problem[] = [...first.problems];
  const items: Item[] = [];
  for (const each of round) {
    const text = each.deed.kind === 'write' ? fileOf(repository, planner, each.deed) : undefined;
    const work = await planner.plan(each.deed, text);
    if ('code' in work) problems.push(work);
    else items.push({ ...each, work, text });
  }
  const plan = planOf(items, stands, repository.rendering);
  problems.push(...plan.problems);
  const possible = items.filter(({ work }) => !isStopped(work, plan.problems));
  const nothing = { settled: [], commit: undefined, moved: [], following: [] };
  if (options.dryRun || possible.length === 0) return { ...nothing, settled: possible, problems };
  const applied = await applyTogether(repository, possible, plan, { known, stands });
  problems.push(...applied.problems);
  const left = leftOf(plan, applied);
  const isDone = ({ work: { wanted: wishes, moves = [], then = [] } }: Item): boolean =>
    ![...wishes.keys()].some((path) => left.has(path)) &&
    [...moves, ...then].every((move) => applied.moved.some(({ from }) => from === move.from));
  const done = possible.filter(isDone);
  if (done.length === 0) return { ...nothing, problems };
  const isTouched = applied.operation !== undefined;
  const eyes = { ...exclusive.eyes, request: exclusive.eyes.again() };
  const work = isTouched ? await lookForEntities(repository, { eyes, problems: [] }) : first;
  const made = await record(repository, work, done, applied, options);
  return { ...made, settled: done, problems: [...problems, ...made.problems] };
}

function planOf(
  items: readonly Item[],
  stands: (path: RepositoryPath) => Standing,
  rendering: Rendering,
): Plan {
  const wishes = new Map(items.flatMap(({ work }) => [...work.wanted]));
  const moves = items.flatMap(({ work }): readonly Moving[] => work.moves ?? []);
  return planChanges(wishes, stands, moves, { rendering });
}

function isStopped({ wanted: wishes, moves = [] }: Work, problems: readonly Problem[]): boolean {
  return problems.some(({ place }) => {
    const path = place?.path as RepositoryPath | undefined;
    if (path === undefined) return false;
    return wishes.has(path) || moves.some(({ from, to }) => from === path || to === path);
  });
}

/** A new text, with the permissions of what it takes the place of. */
function fileOf(
  { context }: Repository,
  planner: ConflictPlanner,
  { name, text }: Extract<Deed, { kind: 'write' }>,
): Extract<Wanted, { kind: 'file' }> {
  const entry = planner.entry(name);
  const mode = entry?.kind === 'file' ? entry.mode : 0o644;
  const mtime = instantOf(BigInt(context.clock.now()) * 1_000_000n);
  return { kind: 'file', blake3: digest(text), size: Buffer.byteLength(text), mtime, mode };
}

async function record(
  repository: Repository,
  work: EntityWork,
  items: readonly Item[],
  applied: Applied,
  { message }: RoundOptions,
): Promise<Omit<Round, 'settled'>> {
  const { seen, edit } = work;
  const moved: Move[] = [];
  const summary = { added: 0, changed: 0, moved: 0, removed: 0, metadata: 0 };
  for (const { open, deed, text } of items) {
    await recordDeed({ work, moved, summary }, deed, text);
    if (open.id !== '') {
      edit.remove(conflictText(open.id));
      summary.metadata++;
    }
  }
  const closed = new Set(items.map(({ open }) => open.id));
  const gone = new Set(items.flatMap(({ deed }) => goneBy(deed)));
  const following = await conflictsFollowing(seen.texts, moved, gone, closed);
  for (const { id, open } of following) {
    edit.remove(conflictText(id));
    if (open !== undefined) edit.write(conflictText(open.id), writeConflict(open.conflict));
  }
  const edits = carryEdits(seen, edit);
  const texts = items.flatMap(({ open }) => (open.id === '' ? [] : [conflictText(open.id)]));
  const carry = (): void => {
    edits.carry();
    // One that somebody edited, or that no commit has, is over too.
    for (const path of texts) removeFile(repository.context.disk, join(repository.layout.index, path));
  };
  if (edit.changes().length === 0) {
    carry();
    return { commit: undefined, moved, following, problems: [] };
  }
  const sorted = moved.sort((a, b) => compareBytes(a.to, b.to) || compareBytes(a.from, b.from));
  const made = await commitEntities(seen, {
    command: 'resolve',
    message: message ?? messageOf(items),
    edit,
    before: work.entities,
    ...(sorted.length > 0 && { moved: sorted }),
    summary,
    done:
      applied.operation === undefined ? undefined : { operation: applied.operation, steps: applied.steps },
    carried: { carry, texts: new Set([...edits.texts, ...texts]) },
  });
  return { ...made, moved, following };
}

function messageOf(items: readonly Item[]): string {
  if (items.length > 1) return `Settled ${items.length} conflicts`;
  return `Settled the conflict about '${escapePath(items[0]!.about)}'`;
}
