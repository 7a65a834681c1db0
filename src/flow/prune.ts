/** What the guard may free, and freeing it: on request, and a little after every commit. */

import { loadBlake3 } from '../disk/blake3.ts';
import type { ContentId } from '../model/id.ts';
import type { Guard, Guarded } from '../store/guard.ts';
import { codeOf } from '../store/errors.ts';
import { readReleased, readTotals, releaseLists, writeReleased, writeTotals } from '../store/released.ts';
import type { Keep } from '../text/config.ts';
import { readConfig } from './config.ts';
import { exclusively } from './exclusively.ts';
import { guardOf } from './guard.ts';
import { bringUpToDate, surveyGuard, type Surveyed } from './guard-survey.ts';
import { bytesShort, isDue, termOf } from './keep.ts';
import { heldNow } from './open-held.ts';
import { isSpare } from './released.ts';
import type { Repository } from './repository.ts';

export interface PruneOptions {
  /** Frees what `keep:` allows; without it nothing is touched. */
  readonly free: boolean;
  /** Also what dbk itself replaced or removed, and nobody else is known to hold. */
  readonly lastCopies: boolean;
}

export interface Amount {
  readonly files: number;
  readonly bytes: number;
}

/** What may go, by the rule that allows it, and what stays, by the reason. */
export interface Pruned {
  readonly age: Amount;
  readonly space: Amount;
  readonly unconfirmed: Amount;
  readonly lastCopies: Amount;
  readonly young: Amount;
  /** What was freed; nothing unless that was asked for. */
  readonly freed: Amount;
}

/** Shows what may be freed; with `free` frees it, oldest confirmed first. Refuses nothing: it only leaves out. */
export async function prune(repository: Repository, options: PruneOptions): Promise<Pruned> {
  return exclusively(repository, 'prune', async () => {
    await loadBlake3();
    const { keep } = await readConfig(repository);
    const guard = await guardOf(repository);
    bringUpToDate(repository, guard);
    const found = sort(
      repository,
      surveyGuard(repository, guard, await heldNow(repository)),
      guard,
      keep,
      options,
    );
    const freed = new Counter();
    if (options.free) {
      for (const guarded of found.going) if (free(guard, guarded)) freed.add(guarded);
      writeTotals(repository.context.disk, repository.layout, repository.commits.readHead(), {
        files: found.released.files - freed.amount.files,
        bytes: found.released.bytes - freed.amount.bytes,
      });
    }
    return { ...found.amounts, freed: freed.amount };
  });
}

type Reason = Exclude<keyof Pruned, 'freed'>;

class Counter {
  private files = 0;
  private bytes = 0;

  add({ stats }: Guarded): void {
    this.files++;
    this.bytes += Number(stats.size);
  }

  get amount(): Amount {
    return { files: this.files, bytes: this.bytes };
  }
}

interface Sorted {
  /** The oldest first. */
  readonly going: readonly Guarded[];
  readonly amounts: Omit<Pruned, 'freed'>;
  /** Of all that a commit has confirmed as gone. */
  readonly released: Amount;
}

function sort(
  repository: Repository,
  surveyed: readonly Surveyed[],
  guard: Guard,
  keep: Keep,
  { lastCopies }: PruneOptions,
): Sorted {
  const term = termOf(repository, keep);
  const counters = {
    age: new Counter(),
    space: new Counter(),
    unconfirmed: new Counter(),
    lastCopies: new Counter(),
    young: new Counter(),
  } satisfies Record<Reason, Counter>;
  const going: Guarded[] = [];
  const take = (reason: 'age' | 'space', guarded: Guarded): void => {
    going.push(guarded);
    counters[reason].add(guarded);
    short -= Number(guarded.stats.size);
  };
  let short = surveyed.length === 0 ? 0 : bytesShort(repository.context.disk, repository.layout.guard, keep);
  for (const each of [...surveyed].sort((a, b) => a.time - b.time)) {
    const { missing, isHere, isChanged, time, commit } = each;
    for (const guarded of each.spare) {
      // A reflink of what stands here is what the guard is for.
      if (isHere && guard.kind === 'reflinks' && !guarded.isTaken) continue;
      if (missing.length > 0 || isChanged) counters.unconfirmed.add(guarded);
      else if (guarded.isTaken && !isHere && !lastCopies) counters.lastCopies.add(guarded);
      else if (isDue(term, time, commit)) take('age', guarded);
      else if (short > 0) take('space', guarded);
      else counters.young.add(guarded);
    }
  }
  const { age, space, unconfirmed, lastCopies: last, young } = counters;
  const amounts = {
    age: age.amount,
    space: space.amount,
    unconfirmed: unconfirmed.amount,
    lastCopies: last.amount,
    young: young.amount,
  };
  const confirmed = [amounts.age, amounts.space, amounts.lastCopies, amounts.young];
  const released = {
    files: confirmed.reduce((sum, { files }) => sum + files, 0),
    bytes: confirmed.reduce((sum, { bytes }) => sum + bytes, 0),
  };
  return { going, amounts, released };
}

/** False where it is gone already, or a file of the person's became the same inode meanwhile. */
function free(guard: Guard, guarded: Guarded): boolean {
  const now = guard.find(guarded.blake3).find(({ path }) => path === guarded.path);
  if (now === undefined || !isSpare(guard, now)) return false;
  try {
    guard.free(now);
    return true;
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return false;
    throw error;
  }
}

/** So many files are freed after one commit; the next one goes on. */
const AFTER_COMMIT = 20_000;

/**
 * Frees what is due after a commit, from the lists alone: no walk through the guard, none through the index.
 *
 * `isInUse` says of contents which of them are recorded at a path; it is asked once, and only when something is due.
 */
export function freeAfterCommit(
  repository: Repository,
  guard: Guard,
  keep: Keep,
  isInUse: (contents: ReadonlySet<ContentId>) => ReadonlySet<ContentId> | undefined,
): Amount {
  const { context, layout, commits } = repository;
  const { disk } = context;
  const freed = new Counter();
  const lists = releaseLists(disk, layout);
  if (lists.length === 0) return freed.amount;
  const term = termOf(repository, keep);
  let short = bytesShort(disk, layout.guard, keep);
  const due = lists.filter(({ time, commit }) => short > 0 || isDue(term, time, commit));
  if (due.length === 0) return freed.amount;
  const read = new Map(lists.map((each) => [each, readReleased(disk, layout, each)] as const));
  const released = new Map<ContentId, (typeof lists)[number]>();
  // The last commit that took a content out counts.
  for (const [each, contents] of read) for (const { blake3 } of contents) released.set(blake3, each);
  const inUse = isInUse(new Set(due.flatMap((each) => read.get(each)!.map(({ blake3 }) => blake3))));
  if (inUse === undefined) return freed.amount;
  let left = AFTER_COMMIT;
  for (const each of due) {
    const rest = read.get(each)!.filter(({ blake3 }) => {
      // It is listed again when it goes again.
      if (inUse.has(blake3) || released.get(blake3) !== each) return false;
      if (left <= 0 || (short <= 0 && !isDue(term, each.time, each.commit))) return true;
      const [taken, linked] = partition(guard.find(blake3), ({ isTaken }) => isTaken);
      for (const guarded of linked) {
        if (!isSpare(guard, guarded) || !free(guard, guarded)) continue;
        freed.add(guarded);
        left--;
        short -= Number(guarded.stats.size);
      }
      return taken.length > 0;
    });
    if (rest.length < read.get(each)!.length) writeReleased(disk, layout, each, rest);
  }
  const { files, bytes } = freed.amount;
  const totals = readTotals(disk, layout, commits.readHead());
  if (files > 0 && totals !== undefined) {
    const now = { files: totals.files - files, bytes: totals.bytes - bytes };
    writeTotals(disk, layout, commits.readHead(), now);
  }
  return freed.amount;
}

function partition<T>(list: readonly T[], isFirst: (one: T) => boolean): [T[], T[]] {
  return [list.filter(isFirst), list.filter((one) => !isFirst(one))];
}
