/** The first story: what is on the disk becomes a commit. */

import type { Change, Summary } from '../model/change.ts';
import type { CommitId } from '../model/id.ts';
import type { Problem } from '../model/problem.ts';
import { typeWhatCame } from './begin-entities.ts';
import { readConfig } from './config.ts';
import { withConflicts } from './conflicts-closed.ts';
import { decide, type Ask } from './decide.ts';
import { NOTHING_GONE } from './deletions.ts';
import { sortEdits } from './edits.ts';
import { exclusively, type Exclusive } from './exclusively.ts';
import { guardingFor } from './guard.ts';
import { heldAfter } from './held-after.ts';
import { judgeLater } from './judge-later.ts';
import { look, type Look } from './look.ts';
import { noteOperation } from './note-operation.ts';
import { Outgoing } from './released.ts';
import { readPolicy } from './policy.ts';
import type { Repository } from './repository.ts';
import { sayBeside, sayOfItself } from './say-of-itself.ts';
import { contentsOfGone, tendGuard, UNTENDED, type Tended } from './tend-guard.ts';
import { undoHandEdits } from './undo-hand-edits.ts';
import { typesHere } from './types.ts';
import { writeCommits, type Written } from './write-commits.ts';

export interface CommitOptions {
  readonly message: string;
  /** Record every deletion, however many. */
  readonly confirmDeletions: boolean;
  /** Read every file again, also where no time changed. */
  readonly checkEverything: boolean;
  /** Asks the person whether to record deletions; absent where nobody can be asked. */
  readonly ask?: Ask;
  readonly dryRun: boolean;
  /** Told of every change that is recorded, in the order of paths. */
  readonly report: (change: Change) => void;
}

export interface CommitResult {
  /** undefined where there was nothing to commit. */
  readonly commit: CommitId | undefined;
  /** More than one where a change is too big for one patch; the last is `commit`. */
  readonly commits: readonly CommitId[];
  /** Entities of which something new is known, and the commits behind the others that say so. */
  readonly described: Written['described'];
  readonly summary: Summary;
  readonly files: number;
  readonly bytes: number;
  readonly hashed: { readonly files: number; readonly bytes: number };
  /** Files and links that are gone and stay recorded. */
  readonly unconfirmed: number;
  readonly guard: Pick<Tended, 'protectedLate' | 'freed'>;
  readonly problems: readonly Problem[];
}

/** What a command begins with that takes something from elsewhere. */
export interface Recorded {
  readonly result: CommitResult;
  /** What was seen, where nothing was to be recorded and nothing is otherwise since. */
  readonly seen: Look | undefined;
}

export async function commit(repository: Repository, options: CommitOptions): Promise<CommitResult> {
  return exclusively(
    repository,
    'commit',
    async (alone) => (await commitAlone(repository, alone, options)).result,
  );
}

/** The same within a command that is alone already: all that take something from elsewhere begin so. */
export async function commitAlone(
  repository: Repository,
  { eyes, problems }: Exclusive,
  options: CommitOptions,
): Promise<Recorded> {
  const config = await readConfig(repository);
  const { checkEverything } = options;
  const guarding = options.dryRun ? undefined : guardingFor(repository, config.guard);
  const seen = await look(repository, eyes, { hashNew: true, checkEverything, guard: guarding?.setting });
  const policy = await readPolicy(seen.texts);
  const types = await typesHere(repository.context, seen.texts, policy);
  const decided = await decide(seen, config.confirm, types, options);
  const edits = await withConflicts(seen, await sortEdits(seen.texts, judgeLater(seen, types)), decided);
  const typed = typeWhatCame(seen, decided, edits, types);
  const decision = { ...decided, begun: typed.begun };
  if (!options.dryRun) undoHandEdits(repository, edits.byHand);
  const stays = decision.confirmed ? NOTHING_GONE : decision.gone;
  const unconfirmedContents = contentsOfGone(seen, stays);
  const outgoing = new Outgoing(options.report);
  const { report } = outgoing;
  if (!options.dryRun)
    await sayBeside(
      repository,
      seen.disputes().map(({ paths }) => paths[1]),
    );
  const written = await writeCommits(seen, edits, decision, { ...options, typed: typed.known, report });
  const unconfirmed = decision.confirmed ? 0 : decision.gone.count;
  if (written.head !== seen.head) noteOperation(repository, 'commit', seen.head, written.head);
  const missing = decision.confirmed ? NOTHING_GONE : decision.gone;
  if (!options.dryRun) {
    await sayOfItself(repository, written.head, missing, heldAfter(seen));
    // Not before: who is killed between the two looks again at what nobody has told.
    await written.keep();
  }
  const commits = [...written.commits, ...written.described.commits];
  const tending = { seen, config, guarding, commits, outgoing, unconfirmedContents };
  const tended = options.dryRun ? UNTENDED : tendGuard(repository, tending);
  const result: CommitResult = {
    commit: written.commits.at(-1),
    commits: written.commits,
    described: written.described,
    summary: written.summary,
    files: seen.files,
    bytes: seen.bytes,
    hashed: seen.hashed,
    unconfirmed,
    guard: { protectedLate: tended.protectedLate, freed: tended.freed },
    problems: [
      ...problems,
      ...seen.problems,
      ...types.problems,
      ...edits.problems,
      ...decision.blocked.problems,
      ...written.problems,
      ...tended.problems,
    ],
  };
  const stands = written.head === seen.head && isClean(result) && edits.byHand.length === 0;
  return { result, seen: stands ? seen : undefined };
}

/** Nothing was recorded, and nothing is missing. */
export function isClean({ summary, unconfirmed }: CommitResult): boolean {
  return unconfirmed === 0 && Object.values(summary).every((count) => count === 0);
}
