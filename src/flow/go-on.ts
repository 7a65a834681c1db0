/** Takes head on to a commit that something else made, and the disk after it. */

import type { Moves } from '../diff/move-lookup.ts';
import { digest } from '../disk/blake3.ts';
import type { Change, TextChange } from '../model/change.ts';
import type { CommitId, ContentId } from '../model/id.ts';
import type { Problem } from '../model/problem.ts';
import { advance, UNDO_MERGE } from '../store/working.ts';
import type { Applied } from '../sync/apply.ts';
import { arrive, type Elsewhere, type PlannedArrival } from './arrive.ts';
import { changesOfTexts, manifestDirectory, manifestsIn, MirrorReader } from './changes-of-texts.ts';
import { readConfig } from './config.ts';
import { findGone } from './deletions.ts';
import type { HeldLists } from './held-after.ts';
import type { Look } from './look.ts';
import { seeMoves } from './moves.ts';
import { noteOperation, operationDate } from './note-operation.ts';
import { Outgoing } from './released.ts';
import { setRootMode } from './root-mode.ts';
import { sayOfItself, sayOnItsWay } from './say-of-itself.ts';
import { contentsOfGone, tendGuard } from './tend-guard.ts';

/** Where head goes. */
export interface Way {
  /** What the person asked for: `merge`. */
  readonly command: string;
  /** The operation that it takes back. */
  readonly undoes?: string;
  readonly to: CommitId | undefined;
  /** The texts that are different there, sorted by path. */
  readonly texts: readonly TextChange[];
  readonly moves: Moves;
  /** Told of each thing that is different there. */
  readonly report: (change: Change) => void;
}

export interface GoneOn {
  readonly applied: Applied;
  /** What stands here otherwise than head says, and is wanted. */
  readonly left: HeldLists;
  readonly problems: readonly Problem[];
}

/**
 * From here on each step is safe by itself: what stands here is told before head goes, so whatever has not arrived
 * when the process ends is known, and comes the next time. The lock is held.
 */
export async function goOn(
  seen: Look,
  way: Way,
  planned: PlannedArrival,
  elsewhere: Elsewhere,
): Promise<GoneOn> {
  const { repository, head } = seen;
  const { command, undoes = '', to, texts } = way;
  const problems: Problem[] = [];
  const { evidence, missed } = whatWasHere(seen);
  if (to !== head) {
    seen.texts.willChange(texts);
    await sayOnItsWay(repository, to);
    const recorded = (path: string): ContentId | undefined => seen.texts.recordedId(path);
    problems.push(
      ...advance(repository.commits, {
        command: undoes === '' ? command : UNDO_MERGE,
        from: head,
        to,
        recorded,
        changes: texts,
      }),
    );
  }
  const name = { command, date: operationDate(repository), undoes, before: head };
  const { applied, lists } = await arrive(seen, planned, name, elsewhere);
  if (applied.operation === undefined && to !== head) noteOperation(repository, command, head, to, undoes);
  problems.push(...setRootMode(repository, texts));
  await sayOfItself(repository, to, undefined, lists);
  const brings = applied.done.some(
    ({ before, after }) => after.kind === 'directory' && before.kind === 'absent',
  );
  await keepLook(seen, to, texts, { evidence, brings });
  const tended = await tend(seen, way, missed);
  // What nobody wants, and what cannot be here, is not to be waited for.
  const never = new Set<string>([...planned.arrival.left, ...planned.plan.unkept]);
  const { bare } = planned.arrival;
  const left = {
    absent: lists.absent.filter((path) => !never.has(path)),
    older: lists.older.filter(({ path }) => !bare.has(path)),
  };
  return { applied, left, problems: [...problems, ...applied.problems, ...tended] };
}

/** By what it is known, and the contents that are gone and recorded. */
function whatWasHere(seen: Look): {
  readonly evidence: Moves['evidence'];
  readonly missed: ReadonlySet<ContentId>;
} {
  const moves = seeMoves(seen);
  const gone = findGone(seen, moves, Infinity, () => '');
  return { evidence: moves.evidence, missed: contentsOfGone(seen, gone) };
}

/** The caches are of the new head; what came to the disk is found when it is looked at next, folders too. */
async function keepLook(
  seen: Look,
  to: CommitId | undefined,
  texts: readonly TextChange[],
  { evidence, brings }: { readonly evidence: Moves['evidence']; readonly brings: boolean },
): Promise<void> {
  const ids = new Map(
    texts.map(({ path, after }) => [path, after === undefined ? undefined : digest(after)] as const),
  );
  for (const { path, from = path } of texts) if (from !== path && !ids.has(from)) ids.set(from, undefined);
  if (to !== undefined) (await seen.texts.after(to, ids)).save((action) => action());
  const gone = new Set<string>(seen.gone);
  seen.save(
    {
      head: to,
      isRecorded: () => false,
      isTaken: () => false,
      isMissing: (path) => gone.has(path),
      hasMore:
        brings ||
        texts.some(({ path, before }) => before === undefined && manifestDirectory(path) !== undefined),
      evidence,
    },
    (action) => action(),
  );
}

/** What the commit takes out of the index is noted as released, as after one that a person made. */
async function tend(
  seen: Look,
  { to, texts, moves, report, undoes }: Way,
  missed: ReadonlySet<ContentId>,
): Promise<readonly Problem[]> {
  const { repository, head } = seen;
  const outgoing = new Outgoing(report);
  const reader = new MirrorReader(manifestsIn(repository.commits, [head, to]));
  for (const change of changesOfTexts(texts, reader, [], moves)) outgoing.report(change);
  if (to === head || to === undefined || undoes !== undefined) return [];
  const { problems } = tendGuard(repository, {
    seen,
    config: await readConfig(repository),
    guarding: undefined,
    commits: [to],
    outgoing,
    unconfirmedContents: missed,
  });
  return problems;
}

/** What a person is shown before anything is done. */
export function tellAhead(
  seen: Look,
  { texts, moves, report }: Pick<Way, 'texts' | 'moves' | 'report'>,
): void {
  const now = new Map(texts.map(({ path, after }) => [path, after]));
  const reader = new MirrorReader((path) => [now.get(path), seen.texts.recordedText(path)]);
  for (const change of changesOfTexts(texts, reader, [], moves)) report(change);
}
