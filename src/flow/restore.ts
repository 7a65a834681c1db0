/** Brings files and folders back to what a commit says of them, from wherever their bytes still are. */

import { USUAL_FOLDER_MODE } from '../model/manifest.ts';
import type { CommitId } from '../model/id.ts';
import {
  childOf,
  componentsOf,
  isWithin,
  nameOf,
  parentOf,
  ROOT,
  type RepositoryPath,
} from '../model/path.ts';
import { refuse, type Problem } from '../model/problem.ts';
import { applyPlan, NOTHING_APPLIED, type Applied, type Hands, type Name } from '../sync/apply.ts';
import { planChanges, type Plan, type Standing, type Wanted } from '../sync/plan.ts';
import { standingAt } from '../sync/stand.ts';
import { randomDigits } from './context.ts';
import { exclusively } from './exclusively.ts';
import { guardOf } from './guard.ts';
import { KnownContents } from './known-contents.ts';
import { look } from './look.ts';
import { RecordedTree, type Listed } from './ls.ts';
import { operationDate } from './note-operation.ts';
import * as say from './problems.ts';
import { absolute, type Repository } from './repository.ts';
import { hintForElsewhere, Sources } from './sources.ts';
import { bringTextsBack, type Origin } from './texts-back.ts';
import { makeNames, sayNames } from './volume-names.ts';

export { keptBy, type Action } from '../sync/plan.ts';

export interface RestoreOptions {
  readonly paths: readonly RepositoryPath[];
  readonly from: CommitId;
  /** The folder it is all put into; absent: each to its own place. */
  readonly to?: RepositoryPath | undefined;
  /** Read what stands there, also where it seems to be what is wanted. */
  readonly checkEverything: boolean;
  readonly dryRun: boolean;
}

export interface RestoreResult {
  readonly plan: Plan;
  /** What was done; of a dry run nothing. */
  readonly applied: Applied;
  /** Bytes that are free where it is written. */
  readonly free: bigint;
  /** How many of the wanted files, links and folders stand there now as wanted. */
  readonly good: number;
  /** What is written about again, since it had been deleted. */
  readonly texts: readonly RepositoryPath[];
  readonly problems: readonly Problem[];
}

export async function restore(repository: Repository, options: RestoreOptions): Promise<RestoreResult> {
  return exclusively(repository, 'restore', async ({ eyes, problems: met }) => {
    const seen = await look(repository, eyes, { hashNew: false, checkEverything: false });
    const known = new KnownContents(seen);
    const wish = new Wish(repository, options);
    const { disk } = repository.context;
    const stands = (path: RepositoryPath): Standing => {
      const isNamed = options.checkEverything || wish.named.has(path);
      return standingAt(disk, repository.root, path, (stats) =>
        isNamed ? undefined : known.at(path, stats),
      );
    };
    makeNames(repository, wish.wanted);
    const plan = planChanges(wish.wanted, stands, [], { rendering: repository.rendering });
    const problems = [...met, ...wish.problems, ...plan.problems];
    const { bavail, bsize } = disk.statfs(repository.root);
    const free = bavail * bsize;
    const originOf = (path: RepositoryPath): Origin | undefined => {
      const origin = wish.origins.get(path);
      return origin === undefined ? undefined : { path: origin, commit: options.from };
    };
    if (options.dryRun) {
      const { paths: texts } = bringTextsBack(repository, plan.actions, originOf, true);
      return { plan, applied: NOTHING_APPLIED, free, good: plan.same, texts, problems };
    }
    const guard = await guardOf(repository);
    const sources = new Sources(repository, guard, known, plan, wish.origins);
    const hands = await handsFor(repository, guard, sources);
    const name: Name = { command: 'restore', date: operationDate(repository), undoes: '' };
    const applied = await applyPlan(hands, plan, name);
    const good = plan.same + applied.done.length;
    const back = bringTextsBack(repository, applied.done, originOf, false);
    problems.push(...applied.problems, ...back.problems);
    return { plan, applied, free, good, texts: back.paths, problems };
  });
}

/** What applying a plan needs of a repository. */
export async function handsFor(
  repository: Repository,
  guard: Hands['guard'],
  sources: Pick<Sources, 'of'>,
): Promise<Hands> {
  const { context, commits, root } = repository;
  const hint = await hintForElsewhere(repository);
  await sayNames(repository);
  return {
    disk: context.disk,
    root,
    commits,
    guard,
    aside: randomDigits(context),
    sourcesOf: (path, wanted) => sources.of(path, wanted),
    hintOf: () => hint,
    interrupted: context.interrupted,
    tell: (path, files, bytes) => context.progress.tell({ phase: 'Writing', path, files, bytes }),
  };
}

/** What is to stand where. */
export class Wish {
  readonly wanted = new Map<RepositoryPath, Wanted>();
  readonly problems: Problem[] = [];
  /** Where each file is recorded that is to stand elsewhere. */
  readonly origins = new Map<RepositoryPath, RepositoryPath>();
  /** Files that were named one by one: a person who does so wants them to be read. */
  readonly named = new Set<RepositoryPath>();
  private readonly repository: Repository;
  private readonly options: RestoreOptions;
  private readonly tree: RecordedTree;

  constructor(repository: Repository, options: RestoreOptions) {
    this.repository = repository;
    this.options = options;
    this.tree = new RecordedTree(repository, options.from);
    for (const path of options.paths) this.take(path);
  }

  private take(path: RepositoryPath): void {
    const target = this.targetOf(path);
    const manifest = this.tree.manifest(path);
    if (manifest !== undefined) {
      this.tree.load(path);
      this.addFolders(target, path);
      if (target !== ROOT) this.want(target, path, { kind: 'directory', mode: manifest.mode });
      for (const listed of this.tree.below(path, true)) this.takeListed(listed, path, target);
      return;
    }
    const entry = this.tree.manifest(parentOf(path))?.files.get(nameOf(path));
    if (entry === undefined) {
      this.problems.push(say.notInCommit(path, this.options.from));
      return;
    }
    this.addFolders(target, path);
    this.takeListed({ path, entry, here: true }, path, target);
    this.named.add(target);
  }

  private takeListed({ path, entry }: Listed, from: RepositoryPath, target: RepositoryPath): void {
    const at = (
      path === from ? target : below(target, path.slice(from === ROOT ? 0 : from.length + 1))
    ) as RepositoryPath;
    if (entry.kind === 'directory') this.want(at, path, { kind: 'directory', mode: entry.mode });
    else if (entry.kind === 'link') this.want(at, path, { kind: 'link', target: entry.target });
    else if (entry.blake3 !== undefined) {
      const { blake3, size, mtime, mode } = entry;
      this.want(at, path, { kind: 'file', blake3, size, mtime, mode });
    }
  }

  private want(at: RepositoryPath, path: RepositoryPath, wanted: Wanted): void {
    const origin = this.origins.get(at);
    if (origin !== undefined && origin !== path) {
      refuse('usage', 'flow/same-name', `'${origin}' and '${path}' would both become '${at}'`, {
        hint: 'restore one after the other',
      });
    }
    this.wanted.set(at, wanted);
    this.origins.set(at, path);
  }

  private targetOf(path: RepositoryPath): RepositoryPath {
    const { to } = this.options;
    if (to === undefined) return path;
    return path === ROOT ? to : childOf(to, nameOf(path));
  }

  /** The folders above a path that are not here, as they are recorded; what is here stays as it is. */
  private addFolders(target: RepositoryPath, path: RepositoryPath): void {
    const { to } = this.options;
    const names = componentsOf(target).slice(0, -1);
    if (target === to && path === ROOT) names.push(...componentsOf(target).slice(-1));
    let at = ROOT;
    for (const name of names) {
      at = childOf(at, name);
      if (this.wanted.has(at) || standsAt(this.repository, at)) continue;
      const isOwn = to === undefined || !isWithin(to, at);
      const recorded = isOwn ? this.tree.manifest(at)?.mode : undefined;
      this.wanted.set(at, { kind: 'directory', mode: recorded ?? USUAL_FOLDER_MODE });
    }
  }
}

function below(folder: RepositoryPath, rest: string): string {
  return folder === ROOT ? rest : `${folder}/${rest}`;
}

function standsAt(repository: Repository, path: RepositoryPath): boolean {
  return repository.context.disk.lstat(absolute(repository, path)) !== undefined;
}
