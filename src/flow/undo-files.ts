/** How the files of a person's get back to what they were before an operation. */

import { instantOf } from '../model/instant.ts';
import { parentOf, ROOT, type RepositoryPath } from '../model/path.ts';
import type { Problem } from '../model/problem.ts';
import type { Guard } from '../store/guard.ts';
import type { RecordedOperation } from '../store/operations.ts';
import { planChanges, type MoveAction, type Plan, type Standing, type Wanted } from '../sync/plan.ts';
import { isStill, movesBack, reversalsOf, type State } from '../sync/reverse.ts';
import { modeOf, placeIn, standingAt, stampOf } from '../sync/stand.ts';
import type { Eyes } from './eyes.ts';
import { guardOf } from './guard.ts';
import { KnownContents } from './known-contents.ts';
import { look, type Look } from './look.ts';
import * as say from './problems.ts';
import type { Repository } from './repository.ts';
import { Sources } from './sources.ts';

/** Of folders that no commit says anything of. */
const USUAL_MODE = 0o755;

export interface WayBack {
  readonly plan: Plan;
  readonly guard: Guard;
  readonly sources: Sources;
  readonly problems: readonly Problem[];
}

/** The steps backwards; what is not as the operation left it is left alone and told. */
export async function planBack(
  repository: Repository,
  eyes: Eyes,
  undone: RecordedOperation,
): Promise<WayBack> {
  const { root, context } = repository;
  const { steps } = undone.operation;
  const seen = await look(repository, eyes, { hashNew: false, checkEverything: false });
  const known = new KnownContents(seen);
  const guard = await guardOf(repository);
  const problems: Problem[] = [];
  const standings = new Map<RepositoryPath, Standing>();
  const wanted = new Map<RepositoryPath, Wanted>();
  for (const { path, is, was } of reversalsOf(steps)) {
    const standing = standingAt(context.disk, root, path, (stats) => known.at(path, stats));
    if (isStill(standing, was)) continue;
    const wish = isStill(standing, is) ? wantedFrom(was, standing, guard) : undefined;
    if (wish === undefined) problems.push(say.changedSince(path));
    else {
      standings.set(path, standing);
      wanted.set(path, wish);
    }
  }
  for (const path of [...wanted.keys()]) addFolders(repository, seen, path, wanted, standings);
  const moves = movesOf(repository, steps, problems);
  const plan = planChanges(wanted, (path) => standings.get(path)!, moves);
  return { plan, guard, sources: new Sources(repository, guard, known, plan, new Map()), problems };
}

/** The folders above what comes back, where somebody has removed them since. */
function addFolders(
  { context, root }: Repository,
  seen: Look,
  path: RepositoryPath,
  wanted: Map<RepositoryPath, Wanted>,
  standings: Map<RepositoryPath, Standing>,
): void {
  if (wanted.get(path)?.kind === 'nothing') return;
  for (let at = parentOf(path); at !== ROOT; at = parentOf(at)) {
    if (wanted.has(at) || context.disk.lstat(placeIn(root, at)) !== undefined) continue;
    wanted.set(at, { kind: 'directory', mode: seen.recordedManifest(at)?.mode ?? USUAL_MODE });
    standings.set(at, { kind: 'absent' });
  }
}

function movesOf(
  { context, root }: Repository,
  steps: RecordedOperation['operation']['steps'],
  problems: Problem[],
): MoveAction[] {
  return movesBack(steps).flatMap(({ from, to }) => {
    const stats = context.disk.lstatExact(placeIn(root, from));
    if (stats !== undefined && context.disk.lstat(placeIn(root, to)) === undefined)
      return [{ from, to, stamp: stampOf(stats) }];
    problems.push(say.changedSince(from));
    return [];
  });
}

function wantedFrom(was: State, standing: Standing, guard: Guard): Wanted | undefined {
  switch (was.kind) {
    case 'nothing':
    case 'link':
    case 'directory':
      return was;
    case 'file': {
      const { blake3, size, mtime, mode } = was;
      if (size !== undefined && mtime !== undefined && mode !== undefined)
        return { kind: 'file', blake3, size, mtime, mode };
      const stats = guard.find(blake3)[0]?.stats;
      if (stats === undefined) return undefined;
      const looks = { mtime: instantOf(stats.mtimeNs), mode: modeOf(stats) };
      return { kind: 'file', blake3, size: Number(stats.size), ...looks };
    }
    case 'looks': {
      const { mode, mtime } = was.looks;
      if (standing.kind === 'directory') return { kind: 'directory', mode };
      if (standing.kind !== 'file' || mtime === undefined) return undefined;
      return { kind: 'file', blake3: standing.blake3, size: Number(standing.stamp.size), mtime, mode };
    }
  }
}
