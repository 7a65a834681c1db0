/** Brings back files and folders that are missing or were deleted, on the same inodes where nobody else has them. */

import { parseInstant } from '../model/instant.ts';
import type { CommitId } from '../model/id.ts';
import { nameOf, parentOf, type RepositoryPath } from '../model/path.ts';
import { refuse, Refusal, type Problem } from '../model/problem.ts';
import { openCache } from '../scan/cache.ts';
import type { Guard, Guarded } from '../store/guard.ts';
import { countedTotals, writeTotals } from '../store/released.ts';
import { applyPlan, NOTHING_APPLIED, type Applied, type Name } from '../sync/apply.ts';
import { planChanges, type Plan, type Standing, type Wanted } from '../sync/plan.ts';
import type { Source, WantedFile } from '../sync/stage.ts';
import { standingAt } from '../sync/stand.ts';
import { exclusively } from './exclusively.ts';
import { guardOf } from './guard.ts';
import { inodesIn } from './inodes-in.ts';
import { KnownContents } from './known-contents.ts';
import { log } from './log.ts';
import { look } from './look.ts';
import { RecordedTree } from './ls.ts';
import { operationDate } from './note-operation.ts';
import * as say from './problems.ts';
import { absolute, statsAt, type Repository } from './repository.ts';
import { handsFor, Wish } from './restore.ts';
import { Sources } from './sources.ts';
import { bringTextsBack, type Origin } from './texts-back.ts';
import { makeNames } from './volume-names.ts';

export interface UndeleteOptions {
  readonly paths: readonly RepositoryPath[];
  /** As this commit has them; absent: the last one that had them. */
  readonly at?: CommitId | undefined;
  /** The folder it is all put into; absent: each to its own place. */
  readonly to?: RepositoryPath | undefined;
  readonly dryRun: boolean;
}

export interface Undeleted {
  readonly plan: Plan;
  readonly applied: Applied;
  /** What is written about again. */
  readonly texts: readonly RepositoryPath[];
  readonly problems: readonly Problem[];
}

/** Refuses ('safety') where something else stands, and ('failed') where there is nothing to bring back. */
export async function undelete(repository: Repository, options: UndeleteOptions): Promise<Undeleted> {
  return exclusively(repository, 'undelete', async ({ eyes, problems: met }) => {
    const { disk } = repository.context;
    const seen = await look(repository, eyes, { hashNew: false, checkEverything: false });
    const known = new KnownContents(seen);
    const wish = wishFor(repository, options);
    const stands = (path: RepositoryPath): Standing =>
      standingAt(disk, repository.root, path, (stats) => known.at(path, stats));
    makeNames(repository, wish.wanted);
    const plan = onlyNew(
      planChanges(wish.wanted, stands, [], { rendering: repository.rendering }),
      wish.isMissingOnly,
    );
    const problems = [...met, ...wish.problems];
    if (plan.actions.length === 0) throw new Refusal('failed', say.nothingMissing(options.paths));
    if (options.dryRun) {
      const { paths: texts } = bringTextsBack(repository, plan.actions, wish.originOf, true);
      return { plan, applied: NOTHING_APPLIED, texts, problems };
    }
    const guard = await guardOf(repository);
    const inodes = inodesIn(openCache(disk, repository.layout.cache)?.table, plan, wish.origins);
    const sources = new GuardFirst(guard, new Sources(repository, guard, known, plan, wish.origins), inodes);
    const hands = await handsFor(repository, guard, sources);
    const name: Name = { command: 'undelete', date: operationDate(repository), undoes: '' };
    const applied = await applyPlan(hands, plan, name);
    countBack(repository, applied);
    const back = bringTextsBack(repository, applied.done, wish.originOf, false);
    problems.push(...applied.problems, ...back.problems);
    return { plan, applied, texts: back.paths, problems };
  });
}

interface Wished {
  readonly wanted: ReadonlyMap<RepositoryPath, Wanted>;
  readonly origins: ReadonlyMap<RepositoryPath, RepositoryPath>;
  /** The same with the commit that has it. */
  readonly originOf: (path: RepositoryPath) => Origin | undefined;
  readonly problems: readonly Problem[];
  /** Paths of which what stands there is left alone: they are still recorded, and were not asked for by commit. */
  readonly isMissingOnly: (path: RepositoryPath) => boolean;
}

function wishFor(repository: Repository, { paths, at, to }: UndeleteOptions): Wished {
  const head = repository.commits.readHead();
  const wanted = new Map<RepositoryPath, Wanted>();
  const origins = new Map<RepositoryPath, RepositoryPath>();
  const commits = new Map<RepositoryPath, CommitId>();
  const problems: Problem[] = [];
  const missing = new Set<RepositoryPath>();
  const recorded = new RecordedTree(repository, head);
  const isRecorded = (path: RepositoryPath): boolean =>
    recorded.has(path) || recorded.manifest(parentOf(path))?.files.has(nameOf(path)) === true;
  for (const path of paths) {
    const isAtHead = at === undefined && isRecorded(path);
    const from = at ?? (isAtHead ? head : lastWith(repository, head, path));
    if (from === undefined) throw new Refusal('failed', say.neverRecorded(path));
    const wish = new Wish(repository, { paths: [path], from, to, checkEverything: false, dryRun: false });
    problems.push(...wish.problems);
    for (const [place, each] of wish.wanted) {
      // A folder that is here stays as it is.
      if (each.kind === 'directory' && standsAsFolder(repository, place)) continue;
      const origin = wish.origins.get(place);
      const other = origins.get(place);
      if (other !== undefined && origin !== undefined && other !== origin) {
        refuse('usage', 'flow/same-name', `'${other}' and '${origin}' would both become '${place}'`, {
          hint: 'bring back one after the other',
        });
      }
      wanted.set(place, each);
      if (origin !== undefined) {
        origins.set(place, origin);
        commits.set(place, from);
      }
      if (isAtHead && to === undefined) missing.add(place);
    }
  }
  const originOf = (path: RepositoryPath): Origin | undefined => {
    const [origin, commit] = [origins.get(path), commits.get(path)];
    return origin === undefined || commit === undefined ? undefined : { path: origin, commit };
  };
  return { wanted, origins, originOf, problems, isMissingOnly: (path) => missing.has(path) };
}

/** The last commit that had something at a path, which head does not have any more. */
function lastWith(
  repository: Repository,
  head: CommitId | undefined,
  path: RepositoryPath,
): CommitId | undefined {
  for (const { commit, fate } of log(repository, head, path)) {
    if (fate === undefined) return undefined;
    const left = (fate.kind === 'removed' && fate.path === path) || fate.from === path;
    if (left) return commit.parents[0];
  }
  return undefined;
}

function standsAsFolder(repository: Repository, path: RepositoryPath): boolean {
  return statsAt(repository, path)?.isDirectory() === true;
}

/** What comes where nothing stands; refuses where something else does. */
function onlyNew(plan: Plan, isMissingOnly: (path: RepositoryPath) => boolean): Plan {
  const actions = plan.actions.filter(({ before }) => before.kind === 'absent');
  const inTheWay = plan.actions.filter(({ path, before, after }) => {
    if (before.kind === 'absent' || isMissingOnly(path)) return false;
    // The same bytes with another time are there.
    return !(before.kind === 'file' && after.kind === 'file' && before.blake3 === after.blake3);
  });
  const first = inTheWay[0]?.path ?? plan.problems[0]?.place?.path;
  if (first !== undefined) {
    throw new Refusal('safety', say.standsThere(first, inTheWay.length + plan.problems.length));
  }
  return { ...plan, actions };
}

/** What the guard has comes first: of several inodes the one that was at this path, as far as that is known. */
class GuardFirst {
  private readonly guard: Guard;
  private readonly others: Sources;
  private readonly inodes: ReadonlyMap<RepositoryPath, number>;

  constructor(guard: Guard, others: Sources, inodes: ReadonlyMap<RepositoryPath, number>) {
    this.guard = guard;
    this.others = others;
    this.inodes = inodes;
  }

  *of(path: RepositoryPath, wanted: WantedFile): Generator<Source> {
    const modified = parseInstant(wanted.mtime);
    const inode = this.inodes.get(path);
    const isAsRecorded = ({ stats }: Guarded): boolean => stats.mtimeNs === modified;
    const rank = (guarded: Guarded): number =>
      (guarded.stats.nlink === 1n ? 4 : 0) +
      (Number(guarded.stats.ino) === inode ? 2 : 0) +
      (isAsRecorded(guarded) ? 1 : 0);
    const found = [...this.guard.find(wanted.blake3)].sort((a, b) => rank(b) - rank(a));
    for (const guarded of found) {
      // A reflink stays in the guard as it is: what is written into a link would be written into it.
      const isGuarded = this.guard.kind !== 'reflinks' || guarded.isTaken;
      // Without another time and another size nobody has written into it.
      yield { path: guarded.path, isGuarded, isChecked: isAsRecorded(guarded) };
    }
    yield* this.others.of(path, wanted);
  }
}

/** What came back is not the guard's alone any more. */
function countBack(repository: Repository, { done }: Applied): void {
  const { context, layout } = repository;
  const counted = countedTotals(context.disk, layout);
  if (counted === undefined) return;
  let { files, bytes } = counted;
  for (const { path, after } of done) {
    if (after.kind !== 'file') continue;
    if (context.disk.lstatExact(absolute(repository, path))?.nlink !== 2n) continue;
    files--;
    bytes -= after.size;
  }
  writeTotals(context.disk, layout, counted.head, { files, bytes });
}
