/** The first story: what is on the disk becomes a commit. */

import type { Change, Summary } from '../model/change.ts';
import type { CommitId } from '../model/id.ts';
import type { Problem } from '../model/problem.ts';
import { readConfig } from './config.ts';
import { decide, type Ask } from './decide.ts';
import { findGone, NOTHING_GONE } from './deletions.ts';
import { sortEdits } from './edits.ts';
import { exclusively } from './exclusively.ts';
import { look } from './look.ts';
import { noteOperation } from './note-operation.ts';
import { readPolicy, typeOf } from './policy.ts';
import type { Repository } from './repository.ts';
import { sayOfItself } from './say-of-itself.ts';
import { undoHandEdits } from './undo-hand-edits.ts';
import { writeCommits } from './write-commits.ts';

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
  readonly summary: Summary;
  readonly files: number;
  readonly bytes: number;
  readonly hashed: { readonly files: number; readonly bytes: number };
  /** Files and links that are gone and stay recorded. */
  readonly unconfirmed: number;
  readonly problems: readonly Problem[];
}

export async function commit(repository: Repository, options: CommitOptions): Promise<CommitResult> {
  return exclusively(repository, 'commit', async ({ eyes, problems }) => {
    const seen = await look(repository, eyes, { hashNew: true, checkEverything: options.checkEverything });
    const policy = await readPolicy(seen.texts);
    const { confirm } = await readConfig(repository);
    const gone = findGone(seen, confirm, (path) => typeOf(policy, path));
    const decision = await decide(seen, gone, options);
    const edits = await sortEdits(seen.texts);
    if (!options.dryRun) undoHandEdits(repository, edits.byHand);
    const written = await writeCommits(seen, edits, decision, options);
    const unconfirmed = decision.confirmed ? 0 : gone.count;
    if (written.head !== seen.head) noteOperation(repository, 'commit', seen.head, written.head);
    if (!options.dryRun)
      await sayOfItself(repository, written.head, decision.confirmed ? NOTHING_GONE : gone);
    return {
      commit: written.commits.at(-1),
      commits: written.commits,
      summary: written.summary,
      files: seen.files,
      bytes: seen.bytes,
      hashed: seen.hashed,
      unconfirmed,
      problems: [
        ...problems,
        ...seen.problems,
        ...edits.problems,
        ...decision.blocked.problems,
        ...written.problems,
      ],
    };
  });
}
