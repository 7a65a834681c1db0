/** How the files of a person's get back to what they were before an operation. */

import { USUAL_FOLDER_MODE } from '../model/manifest.ts';
import { instantOf } from '../model/instant.ts';
import { parentOf, ROOT, type RepositoryPath } from '../model/path.ts';
import type { Problem } from '../model/problem.ts';
import type { Guard } from '../store/guard.ts';
import type { RecordedOperation } from '../store/operations.ts';
import { planChanges, type Moving, type Plan, type Standing, type Wanted } from '../sync/plan.ts';
import { Relocation } from '../sync/relocation.ts';
import { isStill, movesBack, reversalsOf, type State } from '../sync/reverse.ts';
import { modeOf, placeIn, standingAt } from '../sync/stand.ts';
import { fold } from '../text/fold.ts';
import type { Eyes } from './eyes.ts';
import { guardOf } from './guard.ts';
import { KnownContents } from './known-contents.ts';
import { look, type Look } from './look.ts';
import * as say from './problems.ts';
import type { Repository } from './repository.ts';
import { Sources } from './sources.ts';
import { makeNames } from './volume-names.ts';

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
  const { root, context, rendering } = repository;
  const { steps } = undone.operation;
  const seen = await look(repository, eyes, { hashNew: false, checkEverything: false });
  const known = new KnownContents(seen);
  const guard = await guardOf(repository);
  const problems: Problem[] = [];
  const standings = new Map<RepositoryPath, Standing>();
  const stands = (path: RepositoryPath): Standing => {
    const standing =
      standings.get(path) ?? standingAt(context.disk, root, path, (stats) => known.at(path, stats));
    standings.set(path, standing);
    return standing;
  };
  const wanted = new Map<RepositoryPath, Wanted>();
  const fresh: RepositoryPath[] = [];
  for (const { path, before, is, was } of reversalsOf(steps)) {
    const standing = stands(path);
    if (is.kind !== 'replaced' && isStill(standing, was, rendering)) continue;
    const wish = isStill(standing, is, rendering) ? wantedFrom(was, standing, guard) : undefined;
    if (wish === undefined) problems.push(say.changedSince(path));
    else if (before !== undefined) wanted.set(before, wish);
    else fresh.push(path);
  }
  const going = new Set([...wanted.keys(), ...fresh]);
  const moves = movesOf(repository, steps, going, problems);
  const places = new Relocation(moves);
  // Where something goes that came to a place that was left, what moves back is wanted.
  for (const path of fresh) if (!wanted.has(path)) wanted.set(path, comingBack(path, places, stands));
  for (const path of [...wanted.keys(), ...moves.map(({ to }) => to)])
    addFolders(repository, seen, path, places, wanted);
  makeNames(repository, wanted, moves);
  const plan = planChanges(wanted, stands, moves, { mayChangeKind: () => true, rendering });
  return { plan, guard, sources: new Sources(repository, guard, known, plan, new Map()), problems };
}

/** The folders above what comes back, where somebody has removed them since. */
function addFolders(
  { context, root }: Repository,
  seen: Look,
  path: RepositoryPath,
  places: Relocation,
  wanted: Map<RepositoryPath, Wanted>,
): void {
  if (wanted.get(path)?.kind === 'nothing' && places.to(path) === undefined) return;
  for (let at = parentOf(path); at !== ROOT; at = parentOf(at)) {
    const stands = places.before(at);
    if (wanted.has(at) || (stands !== undefined && context.disk.lstat(placeIn(root, stands)) !== undefined))
      continue;
    wanted.set(at, { kind: 'directory', mode: seen.recordedManifest(at)?.mode ?? USUAL_FOLDER_MODE });
  }
}

/** Those that can be taken back: what moved is there, and where it was there is nothing, or what goes with this undo. */
function movesOf(
  { context, root }: Repository,
  steps: RecordedOperation['operation']['steps'],
  going: ReadonlySet<RepositoryPath>,
  problems: Problem[],
): Moving[] {
  const back = movesBack(steps);
  const places = new Relocation(back);
  const inodeAt = (path: RepositoryPath): bigint | undefined =>
    context.disk.lstatExact(placeIn(root, path))?.ino;
  return back.filter((move) => {
    const stands = places.displaced(move);
    const inode = inodeAt(move.from);
    const there = stands === undefined || going.has(move.to) ? undefined : inodeAt(stands);
    const isSame = there === inode && fold(move.from) === fold(move.to);
    if (inode !== undefined && (there === undefined || isSame)) return true;
    problems.push(say.changedSince(move.from));
    return false;
  });
}

function comingBack(
  path: RepositoryPath,
  places: Relocation,
  stands: (path: RepositoryPath) => Standing,
): Wanted {
  const from = places.before(path);
  const standing = from === undefined || from === path ? undefined : stands(from);
  switch (standing?.kind) {
    case 'file': {
      const { blake3, mode, stamp } = standing;
      return { kind: 'file', blake3, size: Number(stamp.size), mtime: instantOf(stamp.modified), mode };
    }
    case 'link':
      return { kind: 'link', target: standing.target };
    case 'directory':
      return { kind: 'directory', mode: standing.mode };
    default:
      return { kind: 'nothing' };
  }
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
