/**
 * Settles conflicts as a person chooses: what goes is put into the guard, and files, index and conflict go together,
 * as one operation with one commit.
 */

import type { CommitId } from '../model/id.ts';
import { ROOT, type RepositoryPath } from '../model/path.ts';
import type { Problem } from '../model/problem.ts';
import { readConfig } from './config.ts';
import { deedAlong, deedOf, type Choice, type Deed } from './conflict-deeds.ts';
import { countOpenConflicts } from './conflict-names.ts';
import * as say from './conflict-problems.ts';
import { ConflictSides } from './conflict-sides.ts';
import { ConflictVersions } from './conflict-versions.ts';
import { along } from './conflicts-closed.ts';
import { isAbout } from './conflicts.ts';
import { exclusively } from './exclusively.ts';
import { indexOnDisk } from './index-on-disk.ts';
import { looseConflicts } from './loose-conflicts.ts';
import { openConflicts, subjectOf, type OpenConflict } from './open-conflicts.ts';
import type { Repository } from './repository.ts';
import { settleRound, type Round, type Settled } from './resolve-round.ts';

export type { Settled } from './resolve-round.ts';

export interface ResolveOptions {
  /** Conflicts about these, or about what is below them. */
  readonly paths: readonly RepositoryPath[];
  readonly choice: Choice;
  /** Of the commit; absent: a sentence that says what was done. */
  readonly message?: string | undefined;
  readonly dryRun: boolean;
}

export interface Resolved {
  /** What was settled; of a dry run, what would be. */
  readonly settled: readonly Settled[];
  readonly commits: readonly CommitId[];
  /** How many conflicts are open now. */
  readonly left: number;
  readonly problems: readonly Problem[];
}

/** What cannot be settled so is told, and the others are. */
export async function resolve(repository: Repository, options: ResolveOptions): Promise<Resolved> {
  return exclusively(repository, 'resolve', async (exclusive) => {
    const { open, problems: unread } = await openConflicts(repository);
    const problems: Problem[] = [...exclusive.problems, ...unread];
    // A text is what two contents become; what else is open about them stays so.
    const fit =
      options.choice.kind === 'text' ? open.filter(({ conflict }) => conflict.kind === 'content') : open;
    const chosen = await wanted(repository, fit, options, problems);
    const found = await deedsOf(repository, chosen, options.choice, problems);
    const settled: Settled[] = [];
    const commits: CommitId[] = [];
    let again = exclusive;
    let rounds = roundsOf(found);
    for (let round = rounds.shift(); round !== undefined; round = rounds.shift()) {
      const made = await settleRound(repository, again, round, options);
      again = { problems: [], eyes: { ...exclusive.eyes, request: exclusive.eyes.again() } };
      rounds = rounds.map((next) => next.flatMap((each) => followed(each, made)));
      settled.push(...made.settled);
      problems.push(...made.problems);
      if (made.commit !== undefined) commits.push(made.commit);
    }
    const left = options.dryRun ? open.length : countOpenConflicts(repository);
    return { settled, commits, left, problems };
  });
}

/** The conflicts that paths are about, each once; a path about which there is none is told. */
async function wanted(
  repository: Repository,
  open: readonly OpenConflict[],
  { paths, choice }: ResolveOptions,
  problems: Problem[],
): Promise<OpenConflict[]> {
  const found = new Set<OpenConflict>();
  for (const path of paths) {
    const about = open.filter((one) => isAbout(one, path));
    const isRead = choice.kind !== 'text' && path !== ROOT;
    const loose = !isRead ? [] : await looseConflicts(repository, path, open);
    if (about.length + loose.length === 0) problems.push(say.noConflict(path));
    for (const one of [...about, ...loose]) found.add(one);
  }
  return [...found];
}

async function deedsOf(
  repository: Repository,
  chosen: readonly OpenConflict[],
  choice: Choice,
  problems: Problem[],
): Promise<Settled[]> {
  const { name } = await readConfig(repository);
  const versions = new ConflictVersions(indexOnDisk(repository), new ConflictSides(repository, name));
  const isAsked = choice.kind !== 'both' && choice.kind !== 'text';
  if (isAsked) versions.load(chosen);
  const found: Settled[] = [];
  for (const open of chosen) {
    const deed = deedOf(open, isAsked ? await versions.of(open) : [], choice);
    if ('code' in deed) problems.push(deed);
    else found.push({ about: subjectOf(open.conflict)!, open, deed });
  }
  return found;
}

/**
 * What can be done at once: all that only closes, else no two with files at one path; what moves, by itself and at
 * the end.
 */
function roundsOf(found: readonly Settled[]): Settled[][] {
  const rounds: { readonly settled: Settled[]; readonly texts: Set<string>; readonly files: Set<string> }[] =
    [];
  const closing = found.filter(({ deed }) => deed.kind === 'close');
  if (closing.length > 0) rounds.push({ settled: closing, texts: new Set(), files: new Set() });
  for (const each of found.filter(({ deed }) => deed.kind !== 'close' && !isMoving(deed))) {
    const { kind, paths } = each.open.conflict;
    const isText = kind === 'metadata';
    const isFree = ({ texts, files }: (typeof rounds)[0]): boolean =>
      !paths.some((path) => files.has(path) || (!isText && texts.has(path)));
    let round = rounds.find(isFree);
    if (round === undefined) rounds.push((round = { settled: [], texts: new Set(), files: new Set() }));
    round.settled.push(each);
    for (const path of paths) round[isText ? 'texts' : 'files'].add(path);
  }
  const moves = found.filter(({ deed }) => isMoving(deed));
  return [...rounds.map(({ settled }) => settled), ...moves.map((each) => [each])];
}

/** Whether folders move: an edit of the index moves one. */
function isMoving({ kind }: Deed): boolean {
  return kind === 'move' || kind === 'keep-folder' || kind === 'swap';
}

/** What speaks of something that has moved meanwhile; what is over is left out. */
function followed(each: Settled, { moved, following }: Round): Settled[] {
  const change = following.find(({ id }) => id === each.open.id);
  if (change === undefined) return [each];
  if (change.open === undefined) return [];
  return [
    {
      about: along(each.about, moved),
      open: change.open,
      deed: deedAlong(each.deed, (path) => along(path, moved)),
    },
  ];
}
