/** Takes contents away here that others are seen to hold: they stay recorded, and are absent here. */

import type { ContentId } from '../model/id.ts';
import { nameOf, parentOf, ROOT, type RepositoryPath } from '../model/path.ts';
import { Refusal, type Problem } from '../model/problem.ts';
import type { Guard } from '../store/guard.ts';
import { applyPlan, type Applied } from '../sync/apply.ts';
import { planChanges, type Action, type Wanted } from '../sync/plan.ts';
import type { Transport } from '../sync/transport.ts';
import { escapePath } from '../text/names.ts';
import type { CommitOptions, CommitResult } from './commit.ts';
import { placesAt } from './contents-at.ts';
import { Here, standing, type HereFile } from './drop-here.ts';
import * as say from './drop-problems.ts';
import { exclusively } from './exclusively.ts';
import { refuseElsewhere } from './here.ts';
import { guardOf } from './guard.ts';
import { heldAfter } from './held-after.ts';
import { KnownContents } from './known-contents.ts';
import type { Look } from './look.ts';
import { operationDate } from './note-operation.ts';
import { openWanted, viewOnDisk } from './open-wanted.ts';
import { readPolicy } from './policy.ts';
import type { Amount } from './prune.ts';
import { recordAndLook } from './record-and-look.ts';
import { isSpare } from './released.ts';
import { statsAt, type Repository } from './repository.ts';
import { handsFor } from './restore.ts';
import { sayOfItself } from './say-of-itself.ts';
import { withoutCache } from './tree-cache.ts';
import { setWantAlone, wantOf, type WantRule } from './want.ts';
import { witness } from './witnesses.ts';

export interface DropOptions extends Omit<CommitOptions, 'report'> {
  /** These, and what is below them. */
  readonly paths: readonly RepositoryPath[];
  /** Who may hold the contents. */
  readonly from: readonly Transport[];
  /** Says too that these paths are not wanted here from now on. */
  readonly unwant: boolean;
  /** Frees what the guard keeps of them as well: then only the others have it. */
  readonly free: boolean;
  readonly reportOwn: CommitOptions['report'];
}

export interface Dropped {
  /** What was recorded first. */
  readonly own: CommitResult;
  /** What went; of a dry run, what would. Links count as files of no bytes. */
  readonly dropped: Amount;
  /** What the guard freed. */
  readonly freed: Amount;
  readonly operation: string | undefined;
  readonly problems: readonly Problem[];
}

/**
 * Begins as `commit` does. A file goes only if as many other repositories as the policy's `copies:` say are seen to
 * hold its content at this moment, on other volumes. Refuses ('safety') what is wanted here: it would come again.
 */
export async function drop(repository: Repository, options: DropOptions): Promise<Dropped> {
  const { paths, from, unwant, free, dryRun, reportOwn } = options;
  return exclusively(repository, 'drop', async (alone) => {
    refuseElsewhere(repository);
    const recording = { ...options, report: reportOwn };
    const { own, seen } = await recordAndLook(repository, alone, recording);
    const known = new KnownContents(seen);
    const here = new Here(seen, known, paths);
    const rules = await rulesAfter(repository, here, paths, unwant);
    const { copies } = await readPolicy(seen.texts);
    const needed = Math.max(1, copies);
    const asked = here.files.flatMap(({ path, entry }) =>
      entry.kind === 'file' ? [{ path, blake3: entry.blake3!, size: entry.size }] : [],
    );
    const { counts, problems: unheard } = await witness(repository, from, asked, needed);
    const isHeld = (blake3: ContentId): boolean => (counts.get(blake3) ?? 0) >= needed;
    const tooFew = asked.filter(({ blake3 }) => !isHeld(blake3));
    const problems = [...here.problems, ...unheard];
    for (const { path, blake3 } of tooFew) problems.push(say.tooFew(path, counts.get(blake3) ?? 0, needed));
    const stays = new Set(tooFew.map(({ path }) => path));
    const going = here.going(stays);
    const nothing: Wanted = { kind: 'nothing' };
    const wanted = new Map([...going.files, ...going.folders].map((path) => [path, nothing]));
    const plan = planChanges(wanted, (path) => standing(repository, known, path));
    problems.push(...plan.problems);
    if (dryRun || plan.actions.length === 0) {
      const dropped = amountOf(here, going.files);
      return { own, dropped, freed: NOTHING, operation: undefined, problems };
    }
    if (unwant) await setWantAlone(repository, rules, false);
    const guard = await guardOf(repository);
    const hands = await handsFor(repository, guard, { of: none });
    const name = { command: 'drop', date: operationDate(repository), undoes: '' };
    const applied = await withoutCache(repository, async () => {
      // Before anything goes: whoever is stopped in the middle has deleted nothing.
      await sayWhatIsAbsent(repository, seen, plan.actions);
      const done = await applyPlan(hands, plan, name);
      await sayWhatIsAbsent(repository, seen, done.done);
      return done;
    });
    const gone = applied.done.map(({ path }) => path);
    const freed = free ? freeAll(repository, guard, contentsOf(applied)) : NOTHING;
    const { operation } = applied;
    problems.push(...applied.problems);
    return { own, dropped: amountOf(here, gone), freed, operation, problems };
  });
}

const NOTHING: Amount = { files: 0, bytes: 0 };

/** Nothing is written. */
function* none(): Generator<never> {
  // No content comes.
}

/** The rules that hold from now on; refuses ('safety') where they take what is to go. */
async function rulesAfter(
  repository: Repository,
  here: Here,
  paths: readonly RepositoryPath[],
  unwant: boolean,
): Promise<readonly WantRule[]> {
  const before = await wantOf(repository);
  const head = repository.commits.readHead();
  if (head === undefined || here.files.length === 0) return before;
  const odd = unwant ? paths.find((path) => /[*?[\]\\]/.test(path)) : undefined;
  if (odd !== undefined) throw new Refusal('failed', say.oddRule(odd));
  const { wanted: now, tree } = await openWanted(before, viewOnDisk(repository, head));
  const isWanted = ({ path }: HereFile): boolean => now.takes(parentOf(path), nameOf(path));
  const found = here.files.find(isWanted);
  if (found === undefined) return before;
  if (!unwant) throw new Refusal('safety', say.wanted(found.path));
  const not = paths.map((path): WantRule => {
    if (path === ROOT) return { not: '**' };
    return { not: `${escapePath(path)}${tree.manifest(path) === undefined ? '' : '/'}` };
  });
  const rules = [...before, ...not];
  const { wanted: then } = await openWanted(rules, viewOnDisk(repository, head));
  const still = here.files.find(({ path }) => then.takes(parentOf(path), nameOf(path)));
  if (still !== undefined) throw new Refusal('failed', say.wantedAsPart(still.path));
  return rules;
}

function amountOf(here: Here, paths: Iterable<RepositoryPath>): Amount {
  const gone = new Set(paths);
  const files = here.files.filter(({ path }) => gone.has(path));
  const bytes = files.reduce((sum, { entry }) => sum + (entry.kind === 'file' ? entry.size : 0), 0);
  return { files: files.length, bytes };
}

async function sayWhatIsAbsent(repository: Repository, seen: Look, gone: readonly Action[]): Promise<void> {
  const before = heldAfter(seen);
  const lines = gone.map(({ path, before: { kind } }) => (kind === 'directory' ? `${path}/` : path));
  const held = { ...before, absent: [...before.absent, ...lines] };
  await sayOfItself(repository, seen.head, undefined, held);
}

function contentsOf({ done }: Applied): Set<ContentId> {
  return new Set(done.flatMap(({ before }) => (before.kind === 'file' ? [before.blake3] : [])));
}

/** What no file here has any more. */
function freeAll(repository: Repository, guard: Guard, contents: ReadonlySet<ContentId>): Amount {
  const head = repository.commits.readHead();
  const places = head === undefined ? new Map() : placesAt(repository.commits, head, contents);
  let [files, bytes] = [0, 0];
  for (const blake3 of contents) {
    const paths: readonly RepositoryPath[] = places.get(blake3) ?? [];
    if (paths.some((path) => statsAt(repository, path) !== undefined)) continue;
    const seen = new Set<bigint>();
    // Each anew: of two names of one inode, the second is spare only when the first has gone.
    for (;;) {
      const guarded = guard.find(blake3).find((each) => isSpare(guard, each));
      if (guarded === undefined) break;
      guard.free(guarded);
      if (seen.has(guarded.stats.ino)) continue;
      seen.add(guarded.stats.ino);
      files++;
      bytes += Number(guarded.stats.size);
    }
  }
  return { files, bytes };
}
