/** What commits take out of the index and only the guard still holds: noted at each commit, or found in the history. */

import type { Change } from '../model/change.ts';
import type { CommitId, ContentId } from '../model/id.ts';
import type { Guard, Guarded } from '../store/guard.ts';
import { firstParents } from '../store/history.ts';
import {
  countedTotals,
  dropReleased,
  readTotals,
  releaseListOf,
  writeReleased,
  writeTotals,
  type GuardTotals,
  type Released,
} from '../store/released.ts';
import { changesBetween } from '../store/texts.ts';
import { changesOfTexts, manifestsIn, MirrorReader } from './changes-of-texts.ts';
import type { Repository } from './repository.ts';

/** Gathers from the changes of one commit the contents that were recorded before it, and are no longer at their paths. */
export class Outgoing {
  readonly released: Released[] = [];
  private readonly next: (change: Change) => void;

  /** `next` is told of each change too. */
  constructor(next: (change: Change) => void = () => undefined) {
    this.next = next;
  }

  readonly report = (change: Change): void => {
    this.next(change);
    const { path, from, before, after } = change;
    if (before?.kind !== 'file' || before.blake3 === undefined) return;
    if (after?.kind === 'file' && after.blake3 === before.blake3) return;
    this.released.push({ blake3: before.blake3, size: before.size, path: from ?? path });
  };
}

/** Whether a file of the guard is not, as far as the inode says, one of the person's too. */
export function isSpare(guard: Guard, { stats, isTaken }: Guarded): boolean {
  return isTaken || guard.kind === 'reflinks' || stats.nlink === 1n;
}

/** One commit, or the parts of one, and what was recorded before and is not any more. */
export interface CommitMade {
  readonly commits: readonly CommitId[];
  readonly before: CommitId | undefined;
  readonly outgoing: readonly Released[];
  /** Whether nothing was in the guard before: then nothing that went earlier can be. */
  readonly isFirst: boolean;
}

/** Notes what a commit took out; the totals are brought to its head. */
export function noteReleased(
  repository: Repository,
  guard: Guard,
  { commits, before, outgoing, isFirst }: CommitMade,
): void {
  const { context, layout, commits: store } = repository;
  const head = commits.at(-1);
  const known = readTotals(context.disk, layout, before);
  if (known === undefined && before !== undefined && !isFirst) {
    catchUp(repository, guard);
    return;
  }
  if (head === undefined) {
    if (known === undefined) writeTotals(context.disk, layout, before, { files: 0, bytes: 0 });
    return;
  }
  const { kept, totals } = stillGuarded(guard, outgoing);
  const list = releaseListOf(head, store.readCommit(head).date);
  writeReleased(context.disk, layout, list, kept);
  writeTotals(context.disk, layout, head, {
    files: (known?.files ?? 0) + totals.files,
    bytes: (known?.bytes ?? 0) + totals.bytes,
  });
}

/** Adds the lists of the commits that were made since the totals were counted; all of them where that is not known. */
export function catchUp(repository: Repository, guard: Guard): void {
  const { commits, context, layout } = repository;
  const { disk } = context;
  const head = commits.readHead();
  const counted = countedTotals(disk, layout);
  const isOnTheWay = counted?.head !== undefined && isAncestor(repository, counted.head);
  if (counted?.head !== undefined && isOnTheWay) {
    const { files, bytes } = listSince(repository, guard, counted.head);
    writeTotals(disk, layout, head, { files: counted.files + files, bytes: counted.bytes + bytes });
    return;
  }
  dropReleased(disk, layout);
  writeTotals(disk, layout, head, listSince(repository, guard, undefined));
}

function isAncestor({ commits }: Repository, wanted: CommitId): boolean {
  for (const { id } of firstParents(commits, commits.readHead())) if (id === wanted) return true;
  return false;
}

/** Writes the lists of the commits after one, and gives how much they released. */
function listSince(repository: Repository, guard: Guard, since: CommitId | undefined): GuardTotals {
  const { context, layout, commits } = repository;
  const { disk } = context;
  let [files, bytes] = [0, 0];
  // A content is released by the last commit that took it out.
  const seen = new Set<ContentId>();
  for (const { id, commit } of firstParents(commits, commits.readHead())) {
    const parent = commit.parents[0];
    if (id === since || parent === undefined) break;
    const outgoing = new Outgoing();
    const reader = new MirrorReader(manifestsIn(commits, [parent, id]));
    for (const change of changesOfTexts(changesBetween(commits, parent, id), reader)) outgoing.report(change);
    const { kept, totals } = stillGuarded(
      guard,
      outgoing.released.filter(({ blake3 }) => !seen.has(blake3)),
    );
    for (const { blake3 } of kept) seen.add(blake3);
    files += totals.files;
    bytes += totals.bytes;
    if (kept.length > 0) writeReleased(disk, layout, releaseListOf(id, commit.date), kept);
  }
  return { files, bytes };
}

interface StillGuarded {
  readonly kept: Released[];
  /** How much of it the guard alone holds now. */
  readonly totals: GuardTotals;
}

function stillGuarded(guard: Guard, outgoing: readonly Released[]): StillGuarded {
  const paths = new Map<ContentId, number>();
  for (const { blake3 } of outgoing) paths.set(blake3, (paths.get(blake3) ?? 0) + 1);
  const held = new Set<ContentId>();
  let [files, bytes] = [0, 0];
  for (const [blake3, count] of paths) {
    const spare = guard.find(blake3).filter((each) => isSpare(guard, each));
    if (spare.length === 0) continue;
    held.add(blake3);
    if (guard.kind === 'reflinks') continue;
    // What was spare before this commit has been counted before.
    const news = Math.min(count, spare.length);
    files += news;
    bytes += news * Number(spare[0]!.stats.size);
  }
  return { kept: outgoing.filter(({ blake3 }) => held.has(blake3)), totals: { files, bytes } };
}
