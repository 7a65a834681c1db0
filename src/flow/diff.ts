/** What is different between two states: commits, or a commit and the disk as it is. */

import { digest } from '../disk/blake3.ts';
import type { Change, TextChange } from '../model/change.ts';
import type { CommitId } from '../model/id.ts';
import { compareBytes } from '../model/name.ts';
import type { RepositoryPath } from '../model/path.ts';
import type { Problem } from '../model/problem.ts';
import type { Commits } from '../store/commits.ts';
import { changesBetween } from '../store/texts.ts';
import { writeStanza } from '../text/patch-write.ts';
import {
  changesOfTexts,
  directoriesOfTexts,
  isTextWanted,
  manifestsIn,
  MirrorReader,
  type ManifestsAt,
} from './changes-of-texts.ts';
import { findGone } from './deletions.ts';
import { sortEdits } from './edits.ts';
import { besideOthers } from './exclusively.ts';
import { judgeLater } from './judge-later.ts';
import { look } from './look.ts';
import { movesBetween, movesOfCommit } from './moves-between.ts';
import type { Moves } from '../diff/move-lookup.ts';
import { seeMoves } from './moves.ts';
import { planTexts } from './record.ts';
import type { Repository } from './repository.ts';
import { asIfConfirmed } from './settle.ts';

export interface DiffRequest {
  /** undefined: the head. */
  readonly from?: CommitId;
  /** undefined: the disk as it is. */
  readonly to?: CommitId;
  /** Only what stands at or below these; all where there are none. */
  readonly paths: readonly RepositoryPath[];
}

export interface Difference {
  readonly problems: readonly Problem[];
  changes(): Iterable<Change>;
  /** The texts that differ. */
  texts(): Iterable<TextChange>;
  /** A unified diff, as a commit's patch would be. */
  patch(): Iterable<string>;
}

export async function diff(repository: Repository, request: DiffRequest): Promise<Difference> {
  const { commits } = repository;
  if (request.to !== undefined) {
    const manifestsAt = manifestsIn(commits, [request.from, request.to]);
    const texts = (): Iterable<TextChange> => changesBetween(commits, request.from, request.to);
    return differenceOf(texts, manifestsAt, request, [], movesIn(commits, request, texts, manifestsAt));
  }
  const { texts, problems, head, moves } = await textsOnDisk(repository);
  const from = request.from ?? head;
  const recorded = manifestsIn(commits, [head, from]);
  const manifestsAt = (path: string): (string | undefined)[] => [
    texts.find((text) => text.path === path)?.after,
    ...recorded(path),
  ];
  if (from === head)
    return differenceOf(
      () => texts,
      manifestsAt,
      request,
      problems,
      () => moves,
    );
  const all = (): TextChange[] => composed(changesBetween(commits, from, head), texts);
  return differenceOf(all, manifestsAt, request, problems, () => {
    return movesBetween(
      commits,
      undefined,
      undefined,
      directoriesOfTexts(all(), new MirrorReader(manifestsAt)),
    );
  });
}

/** One commit says itself what moved; of several it follows from what they say. */
function movesIn(
  commits: Commits,
  { from, to }: DiffRequest,
  texts: () => Iterable<TextChange>,
  manifestsAt: ManifestsAt,
): () => Moves | undefined {
  return () => {
    const commit = to && commits.readCommit(to);
    const changes = directoriesOfTexts(texts(), new MirrorReader(manifestsAt));
    if (commit === undefined || from === undefined || commit.parents[0] !== from) {
      return movesBetween(commits, from, to, changes);
    }
    return commit.moved.length === 0 ? undefined : movesOfCommit(commit.moved, changes);
  };
}

function differenceOf(
  texts: () => Iterable<TextChange>,
  manifestsAt: ManifestsAt,
  { paths }: DiffRequest,
  problems: readonly Problem[],
  moves: () => Moves | undefined,
): Difference {
  const wanted = function* (): Generator<TextChange> {
    const reader = new MirrorReader(manifestsAt);
    for (const text of texts()) {
      const isHere = isTextWanted(text.path, reader, paths);
      if (isHere || isTextWanted(text.from ?? text.path, reader, paths)) yield text;
    }
  };
  return {
    problems,
    changes: () => changesOfTexts(withoutRenames(texts()), new MirrorReader(manifestsAt), paths, moves()),
    texts: () => withoutRenames(wanted()),
    patch: function* () {
      for (const text of wanted()) yield writeStanza(text, digest);
    },
  };
}

/** A text that moved as one that is gone and one that came: what moved is told of files and folders. */
function* withoutRenames(texts: Iterable<TextChange>): Generator<TextChange> {
  for (const text of texts) {
    const { path, from, before, after } = text;
    if (from === undefined) yield text;
    else
      yield* [
        { path: from, before, after: undefined },
        { path, before: undefined, after },
      ];
  }
}

interface OnDisk {
  readonly moves: Moves;
  readonly head: CommitId | undefined;
  readonly texts: readonly TextChange[];
  readonly problems: readonly Problem[];
}

/** What a commit would change now, every deletion confirmed. */
async function textsOnDisk(repository: Repository): Promise<OnDisk> {
  return besideOthers(repository, 'diff', async ({ eyes, problems }) => {
    const seen = await look(repository, eyes, { hashNew: true, checkEverything: false });
    const moves = seeMoves(seen);
    const gone = findGone(seen, moves, Number.MAX_SAFE_INTEGER, () => '');
    const edits = await sortEdits(seen.texts, judgeLater(seen));
    const met: Problem[] = [...problems, ...seen.problems, ...edits.problems];
    const plan = planTexts(seen, edits, asIfConfirmed(seen, gone, moves), (settled) =>
      met.push(...settled.problems),
    );
    const texts = plan.texts.map(({ make }) => make()).filter((text) => text !== undefined);
    return { head: seen.head, texts, problems: met, moves };
  });
}

/** Two steps as one: texts that both change go from the first's before to the second's after. */
function composed(first: Iterable<TextChange>, second: readonly TextChange[]): TextChange[] {
  const all = new Map<string, TextChange>();
  for (const change of first) all.set(change.path, change);
  for (const change of withoutRenames(second)) {
    const earlier = all.get(change.path);
    all.set(change.path, earlier === undefined ? change : { ...change, before: earlier.before });
  }
  return [...all.values()]
    .filter(({ before, after }) => before !== after)
    .sort((a, b) => compareBytes(a.path, b.path));
}
