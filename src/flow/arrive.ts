/** Brings what has to come to the disk: plan, apply, and what is left over for another time. */

import { contentOf } from '../merge/entries.ts';
import { USUAL_FOLDER_MODE, type Entry } from '../model/manifest.ts';
import { compareBytes } from '../model/name.ts';
import type { RepositoryPath } from '../model/path.ts';
import { applyPlan, type Applied, type Name } from '../sync/apply.ts';
import { planChanges, type Plan, type Standing, type Wanted } from '../sync/plan.ts';
import type { Source, WantedFile } from '../sync/stage.ts';
import { isOneName } from '../sync/look-again.ts';
import { standingAt } from '../sync/stand.ts';
import type { Older } from '../text/older.ts';
import type { Arrival } from './arrival.ts';
import { guardOf } from './guard.ts';
import type { HeldLists } from './held-after.ts';
import { isBelow, olderLine } from './held.ts';
import { KnownContents } from './known-contents.ts';
import type { Look } from './look.ts';
import { handsFor } from './restore.ts';
import { calledOtherwise, makeNames } from './volume-names.ts';
import { statsAt } from './repository.ts';
import { Sources } from './sources.ts';

/** Where else a content may be, on another disk. */
export type Elsewhere = (path: RepositoryPath, wanted: WantedFile) => Iterable<Source>;

export interface PlannedArrival {
  readonly arrival: Arrival;
  readonly plan: Plan;
  readonly known: KnownContents;
}

/** Looks at every path that something has to come to; what is not as it stood is left, and told. */
export function planArrival(seen: Look, arrival: Arrival): PlannedArrival {
  const { context, root, rendering } = seen.repository;
  const known = new KnownContents(seen);
  const comesFrom = new Map(rendering.cases ? [] : arrival.moves.map(({ from, to }) => [to, from]));
  const stands = (path: RepositoryPath, wanted: Wanted): Standing => {
    const from = comesFrom.get(path);
    // To this volume two names that differ in case are one, and what stands there is what moves there.
    if (from !== undefined && isOneName(context.disk, root, from, path)) return { kind: 'absent' };
    const standing = standingAt(context.disk, root, path, (stats) => known.at(path, stats));
    // Of folders nothing is known to have stood there: no file gives way to one, or goes with one.
    return asItStood(standing, arrival.stood.get(path), wanted);
  };
  const wanted = new Map([...arrival.wanted].filter(([path]) => !arrival.missing.has(path)));
  makeNames(seen.repository, wanted, arrival.moves);
  // Files and links are what was known to stand there, or `stands` says otherwise; folders go when they are empty.
  const plan = planChanges(wanted, stands, arrival.moves, { mayChangeKind: () => true, rendering });
  return { arrival, plan, known };
}

function asItStood(standing: Standing, stood: Entry | undefined, wanted: Wanted): Standing {
  if (standing.kind !== 'file' && standing.kind !== 'link') return standing;
  const now = standing.kind === 'file' ? `file ${standing.blake3}` : `link ${standing.target}`;
  const isWanted =
    (wanted.kind === 'file' && now === `file ${wanted.blake3}`) ||
    (wanted.kind === 'link' && now === `link ${wanted.target}`);
  if (isWanted || (stood !== undefined && contentOf(stood) === now)) return standing;
  const why =
    stood === undefined ? 'something else stands there' : 'it was changed and could not be recorded';
  return { kind: 'other', why };
}

export interface Arrived {
  readonly applied: Applied;
  /** What stands here otherwise than head says, from now on. */
  readonly lists: HeldLists;
}

/** Applies it; with the head that was before in `name`, both become one operation. */
export async function arrive(
  seen: Look,
  { arrival, plan, known }: PlannedArrival,
  name: Name,
  elsewhere: Elsewhere = () => [],
): Promise<Arrived> {
  const { repository } = seen;
  const guard = await guardOf(repository);
  const here = new Sources(repository, guard, known, plan, new Map());
  const sources = {
    *of(path: RepositoryPath, wanted: WantedFile): Generator<Source> {
      yield* here.near(path, wanted);
      const there = elsewhere(path, wanted)[Symbol.iterator]();
      // Mostly it stands there where it is to stand here, and no manifest need be read to find it.
      const first = there.next();
      if (first.done !== true) yield first.value;
      yield* here.recordedWith(wanted);
      for (let next = there.next(); next.done !== true; next = there.next()) yield next.value;
    },
  };
  const hands = await handsFor(repository, guard, sources);
  const applied = await applyPlan(hands, plan, name);
  const came = applied.done.filter(
    ({ before, after }) => before.kind === 'absent' && after.kind !== 'nothing',
  );
  const called = calledOtherwise(
    repository,
    came.map(({ path }) => path),
  );
  const problems = [...applied.problems, ...called];
  return { applied: { ...applied, problems }, lists: listsAfter(seen, arrival, plan, applied) };
}

/** What did not come, or did not go: seen from the new head. */
function listsAfter(seen: Look, arrival: Arrival, plan: Plan, applied: Applied): HeldLists {
  const done = new Set(applied.done.map(({ path }) => path));
  const undone = new Set(plan.actions.flatMap(({ path }) => (done.has(path) ? [] : [path])));
  const failed: ReadonlySet<string> = new Set([
    ...plan.problems.flatMap(({ place }) => (place === undefined ? [] : [place.path])),
    ...plan.unkept,
    ...plan.left,
  ]);
  const absentFolders = new Set<RepositoryPath>();
  const absent = [...arrival.left];
  const older: Older[] = [];
  const isThere = (path: RepositoryPath): boolean => statsAt(seen.repository, path) !== undefined;
  for (const [path, wanted] of [...arrival.wanted].sort(([a], [b]) => compareBytes(a, b))) {
    if (isBelow(path, absentFolders)) continue;
    if (!undone.has(path) && !isBelow(path, failed as ReadonlySet<RepositoryPath>)) {
      const bare = arrival.bare.get(path);
      const line = bare && olderLine(path, bare);
      if (line !== undefined) older.push(line);
      continue;
    }
    const stood = arrival.stood.get(path);
    const line = stood && olderLine(path, stood);
    if (wanted.kind === 'directory') {
      if (line !== undefined) older.push(line);
      else if (statsAt(seen.repository, path)?.isDirectory() === true) continue;
      absentFolders.add(path);
      absent.push(`${path}/`);
    } else if (line !== undefined) older.push(line);
    else {
      if (wanted.kind !== 'nothing') absent.push(path);
      // A folder that could not go, also where a file is to come in its place.
      const mode =
        arrival.held.folders.get(path) ?? (arrival.stood.has(path) ? undefined : USUAL_FOLDER_MODE);
      if (mode !== undefined && isThere(path)) older.push({ path, kind: 'directory', mode });
    }
  }
  return { absent, older };
}
