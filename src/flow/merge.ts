/** The second story: what another repository, or another commit, has comes together with what is here. */

import type { Change } from '../model/change.ts';
import type { CommitId } from '../model/id.ts';
import { OWN_FOLDER } from '../model/path.ts';
import type { Problem } from '../model/problem.ts';
import { namesIn } from '../store/directories.ts';
import type { Plan } from '../sync/plan.ts';
import type { Applied } from '../sync/apply.ts';
import type { Transport } from '../sync/transport.ts';
import type { Conflict } from '../text/conflict.ts';
import { arrivalOf } from './arrival.ts';
import { planArrival, type Elsewhere, type PlannedArrival } from './arrive.ts';
import { commitAlone, isClean, type CommitOptions, type CommitResult } from './commit.ts';
import { exclusively } from './exclusively.ts';
import { fetchContents, forgetFetched } from './fetch-contents.ts';
import { goOn, tellAhead } from './go-on.ts';
import { meet, type Meeting } from './meet.ts';
import { NOTHING_ELSE, type HeldLists } from './held-after.ts';
import { lookAfresh } from './record-and-look.ts';
import type { Repository } from './repository.ts';
import { takeFrom, type Taken } from './take-from.ts';
import { wantedThen } from './wanted-then.ts';

/** From where: a commit that is here already, or a repository elsewhere, as it stands. */
export type MergeSource =
  | { readonly kind: 'commit'; readonly id: CommitId }
  | { readonly kind: 'repository'; readonly transport: Transport };

export interface MergeOptions extends Omit<CommitOptions, 'report'> {
  readonly source: MergeSource;
  /** What the person asked for; `merge` where absent. */
  readonly command?: 'merge' | 'pull' | 'clone' | undefined;
  /** Also where the two histories have nothing in common. */
  readonly unrelated: boolean;
  /** Told of each change that the commit at the beginning records. */
  readonly reportOwn: (change: Change) => void;
  /** Told of each change that comes from there. */
  readonly report: (change: Change) => void;
}

export interface MergeResult {
  /** What was recorded first, so that what the person sees is what is merged. */
  readonly own: CommitResult;
  /** How many commits were taken from there. */
  readonly taken: number;
  readonly how: Meeting['kind'];
  /** Where head is now; of a dry run, where it is still. */
  readonly head: CommitId | undefined;
  /** What a person has to look at that was no conflict before. */
  readonly conflicts: readonly Conflict[];
  readonly plan: Plan | undefined;
  readonly applied: Applied | undefined;
  /** What stands here otherwise than head says. */
  readonly left: HeldLists;
  readonly problems: readonly Problem[];
}

/** Begins as `commit` does; see BEHAVIOUR's "Merging": what cannot be recorded now takes no part. */
export async function merge(repository: Repository, options: MergeOptions): Promise<MergeResult> {
  const { command = 'merge' } = options;
  return exclusively(repository, command, async (alone) => {
    const dryRun = options.dryRun || isNew(repository);
    const recording = { ...options, dryRun, report: options.reportOwn };
    const { result: own, seen: stands } = await commitAlone(repository, alone, recording);
    const { theirs, taken, problems: heard } = await commitsOf(repository, options);
    const seen = stands ?? (await lookAfresh(repository, alone));
    const meeting = meet(seen, theirs, options.unrelated);
    const { texts, changes, moves } = meeting;
    const planned = planArrival(seen, arrivalOf(seen, { changes, moves }, await wantedThen(seen, texts)));
    const { plan } = planned;
    const met = { own, taken, how: meeting.kind, conflicts: meeting.conflicts, plan };
    if (options.dryRun) {
      // What is not recorded yet will be, before anything comes.
      const problems = isClean(own) ? [...heard, ...plan.problems] : heard;
      tellAhead(seen, { texts, moves, report: options.report });
      return { ...met, head: seen.head, applied: undefined, left: NOTHING_ELSE, problems };
    }
    const unfetched = await contentsOf(repository, options.source, planned);
    const problems = [...heard, ...plan.problems, ...unfetched];
    const way = { command, to: meeting.make(), texts, moves, report: options.report };
    const done = await goOn(seen, way, planned, elsewhereAt(options.source));
    forgetFetched(repository);
    const { applied, left } = done;
    return { ...met, head: way.to, applied, left, problems: [...problems, ...done.problems] };
  });
}

/** A folder with nothing in it, just made a repository: there is nothing to record, and no history to begin. */
function isNew({ commits, context, root }: Repository): boolean {
  return commits.readHead() === undefined && namesIn(context.disk, root).every((name) => name === OWN_FOLDER);
}

function elsewhereAt(source: MergeSource): Elsewhere {
  if (source.kind === 'commit') return () => [];
  return (path, wanted) => source.transport.localSources(path, wanted);
}

/** Before head moves, so that a connection that breaks leaves everything as it was. */
async function contentsOf(
  repository: Repository,
  source: MergeSource,
  planned: PlannedArrival,
): Promise<readonly Problem[]> {
  return source.kind === 'commit' ? [] : fetchContents(repository, source.transport, planned);
}

/** The commit to be merged, here with all that it came from. */
async function commitsOf(repository: Repository, { source }: MergeOptions): Promise<Taken> {
  if (source.kind === 'commit') return { theirs: source.id, taken: 0, problems: [] };
  return takeFrom(repository, source.transport);
}
