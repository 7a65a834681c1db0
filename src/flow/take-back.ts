/** The commit that takes others back, where another repository has them: head moves on, and the index goes back. */

import { changesWithMoves } from '../diff/moved-changes.ts';
import { Tally } from '../diff/diff.ts';
import { tellMoves, type Moves } from '../diff/move-lookup.ts';
import type { DirectoryChange, Summary, TextChange } from '../model/change.ts';
import type { CommitId } from '../model/id.ts';
import { compareBytes } from '../model/name.ts';
import { childOf, parentOf, ROOT, type RepositoryPath } from '../model/path.ts';
import { refuse, type Problem } from '../model/problem.ts';
import { firstParents, type CommitInHistory } from '../store/history.ts';
import { changesBetween } from '../store/texts.ts';
import { headersOf } from '../store/trace.ts';
import { cleanMessage } from '../text/commit.ts';
import { directoriesOfTexts, manifestsIn, MirrorReader } from './changes-of-texts.ts';
import { readConfig } from './config.ts';
import { Draft, type ChangedIds } from './draft.ts';
import type { Eyes } from './eyes.ts';
import { lookAtTexts } from './index-texts.ts';
import { movesBack, movesBetween, movesOfCommit } from './moves-between.ts';
import type { Repository } from './repository.ts';
import type { WentForth } from './undo-evidence.ts';

/** One patch stays well below what `git apply` refuses; commits that were split for that are taken back one by one. */
const LIMIT = 512 * 1024 * 1024;

export interface TakenBack {
  readonly head: CommitId;
  readonly problems: readonly Problem[];
}

/** Some commits on top of each other, the newest first, and the state they were made on. */
type Run = readonly [CommitInHistory, ...CommitInHistory[]];

/**
 * Writes one commit on the head whose index is that of an earlier state, and goes there; files, and what people wrote
 * about them, stay as they are.
 *
 * What went since comes back into the index, what moved moves back in it. What came is taken out and stands in
 * `forgotten:`, so that no repository removes a file for it. Refuses ('safety') where the head did not come from
 * that state along first parents.
 */
export async function takeBack(
  repository: Repository,
  eyes: Eyes,
  to: CommitId | undefined,
  limit = LIMIT,
): Promise<TakenBack> {
  const { commits } = repository;
  const config = await readConfig(repository);
  const texts = await lookAtTexts(repository, commits.readHead(), eyes);
  const ids: ChangedIds = new Map();
  const problems: Problem[] = [];
  for (const run of runsTo(repository, to, limit)) {
    const { changes, ...letter } = letterFor(repository, run);
    const draft = new Draft(repository, config, texts, ids);
    try {
      for (const change of changes) draft.take(change);
      const made = draft.finish({ command: 'undo', parent: commits.readHead(), ...letter });
      problems.push(...made.problems);
    } catch (error) {
      draft.abandon();
      throw error;
    }
  }
  const head = commits.readHead()!;
  (await texts.after(head, ids)).save((action) => action());
  return { head, problems };
}

/** All commits since a state as one, if a patch may be so long; else one by one. */
function runsTo({ commits }: Repository, to: CommitId | undefined, limit: number): Run[] {
  const since: CommitInHistory[] = [];
  let bytes = 0;
  for (const each of firstParents(commits, commits.readHead())) {
    if (each.id === to) break;
    since.push(each);
    for (const chunk of commits.patchChunks(each.id, false)) bytes += chunk.length;
  }
  const [newest, ...others] = since;
  if (newest === undefined || since.at(-1)!.commit.parents[0] !== to) {
    refuse('safety', 'flow/not-on-the-way', `the newest commit was not made on top of ${to ?? 'nothing'}`, {
      hint: `bring back what you want with: dbk restore --from ${to?.slice(0, 16) ?? 'COMMIT'}`,
    });
  }
  return bytes <= limit ? [[newest, ...others]] : since.map((each): Run => [each]);
}

/** What commits since a state did; `texts` are all that are different. */
export function wentForth(
  commits: Repository['commits'],
  before: CommitId | undefined,
  after: CommitId,
  texts: Iterable<TextChange>,
): WentForth {
  const changes = [...directoriesOfTexts(texts, new MirrorReader(manifestsIn(commits, [before, after])))];
  const { parents, moved } = commits.readCommit(after);
  const isOne = parents[0] === before;
  const moves = isOne ? movesOfCommit(moved, changes) : movesBetween(commits, before, after, changes);
  return { changes, moves };
}

interface Back {
  readonly changes: readonly TextChange[];
  readonly summary: Summary;
  readonly message: string;
  readonly moved: Moves['facts'];
  readonly forgotten: readonly RepositoryPath[];
}

function letterFor({ commits }: Repository, run: Run): Back {
  const [newest] = run;
  const before = run.at(-1)!.commit.parents[0];
  const forth = [...changesBetween(commits, before, newest.id)];
  const { changes: directories, moves } = wentForth(commits, before, newest.id, forth);
  const back = movesBack(moves, directories);
  const forgotten = pathsThatCame(directories, back);
  return {
    changes: reversed(forth, run.length === 1 ? renamesIn(commits, newest.id) : new Map()),
    summary: summaryOf(run, directories, back, forgotten),
    message: messageOf(newest),
    moved: back.facts,
    forgotten: [...forgotten].sort(compareBytes) as RepositoryPath[],
  };
}

function messageOf({ commit }: CommitInHistory): string {
  return cleanMessage(`Undo: ${commit.message.split('\n', 1)[0]!}`);
}

/** What a commit's patch says was renamed: the old path, by the new one. */
function renamesIn(commits: Repository['commits'], id: CommitId): ReadonlyMap<string, string> {
  const renames = new Map<string, string>();
  for (const { kind, path, from } of headersOf(commits, id))
    if (kind === 'renamed' && from !== undefined) renames.set(path, from);
  return renames;
}

/** The changes backwards, with the renames, in the order of a patch. */
function reversed(forth: readonly TextChange[], renames: ReadonlyMap<string, string>): TextChange[] {
  const old = new Map([...renames].map(([to, from]) => [from, to]));
  const texts = new Map(forth.map(({ path, after }) => [path, after]));
  return forth.flatMap(({ path, before, after }): TextChange[] => {
    if (renames.has(path)) return [];
    const from = old.get(path);
    if (from === undefined) return [{ path, before: after, after: before }];
    return [{ path, from, before: texts.get(from), after: before }];
  });
}

/**
 * What is recorded now, was not before, and did not come from elsewhere; a folder with all that is in it is one
 * line. The repository's own folder is none.
 */
function pathsThatCame(directories: readonly DirectoryChange[], back: Moves): ReadonlySet<string> {
  const came = new Set<string>();
  const folders = new Set<string>();
  // A folder comes before what is below it.
  for (const { path, before, after } of [...directories].sort((a, b) => compareBytes(a.path, b.path))) {
    if (after === undefined) continue;
    const isNew = path !== ROOT && before === undefined && back.folderOutOf(path) === undefined;
    if (isNew) folders.add(path);
    if (isNew && !folders.has(parentOf(path))) came.add(`${path}/`);
    if (isNew) continue;
    for (const name of after.files.keys()) {
      const file = childOf(path, name);
      if (before?.files.has(name) !== true && back.outOf(file) === undefined) came.add(file);
    }
  }
  return came;
}

/** What is forgotten is not removed, as with `forget`. */
function summaryOf(
  run: Run,
  directories: readonly DirectoryChange[],
  back: Moves,
  forgotten: ReadonlySet<string>,
): Summary {
  const tally = new Tally();
  const told = tellMoves(back);
  for (const { path, before, after } of directories) {
    const change = { path, before: after, after: before };
    for (const each of changesWithMoves(change, told, back.targetsIn(path))) {
      if (each.kind !== 'removed' || !isForgotten(each.path, forgotten)) tally.add(each);
    }
  }
  const metadata = run.reduce((sum, { commit }) => sum + commit.summary.metadata, 0);
  return { ...tally.summary, metadata };
}

function isForgotten(path: RepositoryPath, forgotten: ReadonlySet<string>): boolean {
  if (forgotten.has(path)) return true;
  for (let at = path; at !== ROOT; at = parentOf(at)) if (forgotten.has(`${at}/`)) return true;
  return false;
}
