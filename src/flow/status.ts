/** What is different from the last commit. */

import { changesOf } from '../diff/diff.ts';
import { changesWithMoves } from '../diff/moved-changes.ts';
import type { Change } from '../model/change.ts';
import type { CommitId } from '../model/id.ts';
import { childOf } from '../model/path.ts';
import type { Problem } from '../model/problem.ts';
import { MirrorReader } from './changes-of-texts.ts';
import { findGoneDirectories, NOTHING_GONE } from './deletions.ts';
import { seeEdits } from './edits.ts';
import { besideOthers } from './exclusively.ts';
import { elsewhere, isSomewhereElse } from './here.ts';
import { asCopy, findCopies } from './copies.ts';
import { judgeLater } from './judge-later.ts';
import type { KeptEvidence } from './kept-evidence.ts';
import { look, type Look } from './look.ts';
import { isWithinMoved, tellMoves } from '../diff/move-lookup.ts';
import { seeMoves } from './moves.ts';
import type { Repository } from './repository.ts';
import { asIfConfirmed, settle } from './settle.ts';
import { toldText } from './told-text.ts';

export interface StatusOptions {
  /** Read every file again, also where no time changed. */
  readonly checkEverything: boolean;
  /** Told of every change, in the order of paths; texts of `.dbk/index` last. */
  readonly report: (change: Change) => void;
}

export interface Status {
  readonly head: CommitId | undefined;
  /** What is here now, whether recorded or not. */
  readonly files: number;
  readonly bytes: number;
  readonly changes: number;
  readonly problems: readonly Problem[];
}

/** Reads the disk and tells what changed; changes nothing but dbk's own cache. */
export async function status(repository: Repository, options: StatusOptions): Promise<Status> {
  return besideOthers(repository, 'status', async ({ eyes, problems }, ifAlone) => {
    const seen = await look(repository, eyes, { hashNew: false, checkEverything: options.checkEverything });
    const told = await tell(seen, options.report);
    const gone = new Set<string>(seen.gone);
    const learned = {
      head: seen.head,
      isRecorded: (path: string) => told.clean.has(path),
      isTaken: () => false,
      isMissing: (path: string) => gone.has(path),
      evidence: told.evidence,
    };
    seen.texts.save(ifAlone);
    seen.save(learned, ifAlone);
    const { head, files, bytes } = seen;
    return {
      head,
      files,
      bytes,
      changes: told.changes,
      problems: [
        ...problems,
        ...(isSomewhereElse(repository) ? [elsewhere(repository)] : []),
        ...seen.problems,
        ...told.problems,
      ],
    };
  });
}

interface Told {
  readonly changes: number;
  readonly clean: ReadonlySet<string>;
  readonly evidence: KeptEvidence;
  readonly problems: readonly Problem[];
}

async function tell(seen: Look, report: (change: Change) => void): Promise<Told> {
  const clean = new Set<string>();
  const problems: Problem[] = [];
  let changes = 0;
  const say = (change: Change): void => {
    changes++;
    if (!isWithinMoved(change)) report(change);
  };
  const moves = seeMoves(seen);
  const told = tellMoves(moves);
  const copies = findCopies(seen, moves);
  const gone = new Set<string>(
    moves.isEmpty ? seen.gone : findGoneDirectories(seen, moves).map(({ path }) => path),
  );
  for (const settled of settle(seen, asIfConfirmed(seen, NOTHING_GONE, moves))) {
    for (const change of changesWithMoves(settled, told, moves.targetsIn(settled.path)))
      say(asSeen(asCopy(change, copies), gone));
    for (const name of settled.suspects)
      say({ kind: 'suspect', what: 'file', path: childOf(settled.path, name) });
    for (const problem of settled.problems) problems.push(problem);
    // What moved away is told where it went, and its directory is not as recorded either.
    const isSame = changesOf(settled).next().done === true;
    if (isSame && settled.isWhole) clean.add(settled.path);
  }
  const edits = await seeEdits(seen.texts, judgeLater(seen));
  const reader = new MirrorReader((path) => [seen.texts.recordedText(path)]);
  for (const path of edits.paths) {
    // Before the first commit the texts that dbk made are no news.
    if (seen.head !== undefined) say(toldText(path, reader));
  }
  return { changes, clean, evidence: moves.evidence, problems: [...problems, ...edits.problems] };
}

/** What is gone is missing until somebody confirms it; of a folder that is empty now nothing is. */
function asSeen(change: Change, gone: ReadonlySet<string>): Change {
  const isMissing = change.kind === 'removed' && (change.what !== 'directory' || gone.has(change.path));
  return isMissing ? { ...change, kind: 'missing' } : change;
}
