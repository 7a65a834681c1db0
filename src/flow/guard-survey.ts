/** Everything that only the guard holds, exactly: compared with all that is recorded, for `deleted` and `prune`. */

import type { CommitId, ContentId } from '../model/id.ts';
import { instantOf } from '../model/instant.ts';
import type { FileEntry } from '../model/manifest.ts';
import { compareBytes } from '../model/name.ts';
import { nameOf, parentOf, ROOT, type RepositoryPath } from '../model/path.ts';
import { codeOf } from '../store/errors.ts';
import type { Guard, Guarded } from '../store/guard.ts';
import { operations } from '../store/operations.ts';
import { readReleased, readTotals, releaseLists, type ReleaseList } from '../store/released.ts';
import type { Held } from './held.ts';
import { list } from './ls.ts';
import { isSpare, catchUp } from './released.ts';
import { absolute, type Repository } from './repository.ts';

/** One content. */
export interface Surveyed {
  readonly blake3: ContentId;
  readonly size: number;
  /** Its files in the guard that no file of the person's shares. */
  readonly spare: readonly Guarded[];
  /** Recorded paths that should hold it, and where nothing stands: nobody confirmed that. */
  readonly missing: readonly RepositoryPath[];
  /** Whether a recorded path holds it and is, by size and time, as it is recorded. */
  readonly isHere: boolean;
  /** Whether something else stands at a recorded path that should hold it: a change that nobody committed. */
  readonly isChanged: boolean;
  /** The paths it had until it was released, sorted. */
  readonly paths: readonly RepositoryPath[];
  /** When it went, in milliseconds since 1970: the commit's date, or what the volume says. */
  readonly time: number;
  /** The commit that took it out; undefined where none did. */
  readonly commit: string | undefined;
}

/**
 * Sorted by content. The lists of `local/released/` have to be there (`bringUpToDate`), or paths are not known. What
 * is absent by `held` is not missing.
 */
export function surveyGuard(repository: Repository, guard: Guard, held: Held): Surveyed[] {
  const spare = new Map<ContentId, Guarded[]>();
  for (const guarded of guard.all()) {
    if (!isSpare(guard, guarded)) continue;
    const others = spare.get(guarded.blake3);
    if (others === undefined) spare.set(guarded.blake3, [guarded]);
    else others.push(guarded);
  }
  if (spare.size === 0) return [];
  const head = repository.commits.readHead();
  const { missing, here, changed } = recordedAmong(repository, head, spare, held);
  const gone = goneAmong(repository, spare);
  const kept = keptAmong(repository, spare);
  return [...spare].map(([blake3, files]): Surveyed => {
    const went = gone.get(blake3);
    const taken = went === undefined ? kept.get(blake3) : undefined;
    return {
      blake3,
      size: Number(files[0]!.stats.size),
      spare: files,
      missing: missing.get(blake3) ?? [],
      isHere: here.has(blake3),
      isChanged: changed.has(blake3),
      paths: [...new Set(went?.paths ?? taken?.paths ?? [])].sort(compareBytes),
      time: went?.list.time ?? taken?.time ?? changedLast(files),
      commit: went?.list.commit,
    };
  });
}

/** Makes the lists and totals of `local/released/` where they are not there, or of another head. */
export function bringUpToDate(repository: Repository, guard: Guard): void {
  const { commits, context, layout } = repository;
  if (context.disk.lstat(layout.guard) === undefined) return;
  if (readTotals(context.disk, layout, commits.readHead()) === undefined) catchUp(repository, guard);
}

function changedLast(files: readonly Guarded[]): number {
  return Math.max(...files.map(({ stats }) => Number(stats.ctimeNs / 1_000_000n)));
}

interface Recorded {
  readonly missing: ReadonlyMap<ContentId, RepositoryPath[]>;
  readonly here: ReadonlySet<ContentId>;
  readonly changed: ReadonlySet<ContentId>;
}

function recordedAmong(
  repository: Repository,
  head: CommitId | undefined,
  wanted: ReadonlyMap<ContentId, unknown>,
  held: Held,
): Recorded {
  const missing = new Map<ContentId, RepositoryPath[]>();
  const here = new Set<ContentId>();
  const changed = new Set<ContentId>();
  for (const { path, entry, here: stands } of list(repository, { path: ROOT, at: head, recursive: true })) {
    if (entry.kind !== 'file' || entry.blake3 === undefined || !wanted.has(entry.blake3)) continue;
    if (stands) (isAsRecorded(repository, path, entry) ? here : changed).add(entry.blake3);
    else if (!isAbsent(held, path)) missing.set(entry.blake3, [...(missing.get(entry.blake3) ?? []), path]);
  }
  return { missing, here, changed };
}

function isAbsent(held: Held, path: RepositoryPath): boolean {
  const stood = held.standing(parentOf(path), nameOf(path));
  return stood !== undefined && stood.entry === undefined;
}

/** What cannot be looked at is not as recorded, and so nothing of it is freed. */
function isAsRecorded(repository: Repository, path: RepositoryPath, entry: FileEntry): boolean {
  try {
    const stats = repository.context.disk.lstatExact(absolute(repository, path));
    if (stats?.isFile() !== true) return false;
    return Number(stats.size) === entry.size && instantOf(stats.mtimeNs) === entry.mtime;
  } catch (error) {
    if (codeOf(error) === undefined) throw error;
    return false;
  }
}

interface Gone {
  readonly list: ReleaseList;
  readonly paths: RepositoryPath[];
}

/** Of each content the last commit that took it out, and the paths it had there. */
function goneAmong(
  { context, layout }: Repository,
  wanted: ReadonlyMap<ContentId, unknown>,
): ReadonlyMap<ContentId, Gone> {
  const gone = new Map<ContentId, Gone>();
  for (const each of releaseLists(context.disk, layout).reverse()) {
    for (const { blake3, path } of readReleased(context.disk, layout, each)) {
      if (!wanted.has(blake3)) continue;
      const known = gone.get(blake3);
      if (known === undefined) gone.set(blake3, { list: each, paths: [path] });
      else if (known.list === each) known.paths.push(path);
    }
  }
  return gone;
}

/** What dbk itself replaced or removed stands in the operations. */
function keptAmong(
  { context, layout }: Repository,
  spare: ReadonlyMap<ContentId, readonly Guarded[]>,
): ReadonlyMap<ContentId, { readonly time: number; readonly paths: RepositoryPath[] }> {
  const kept = new Map<ContentId, { time: number; paths: RepositoryPath[] }>();
  const isTaken = (blake3: ContentId): boolean =>
    spare.get(blake3)?.some((guarded) => guarded.isTaken) === true;
  if (![...spare.keys()].some(isTaken)) return kept;
  for (const { operation } of operations(context.disk, layout, () => undefined)) {
    for (const step of operation.steps) {
      if (step.kind !== 'keep' || !isTaken(step.blake3)) continue;
      const known = kept.get(step.blake3);
      if (known === undefined)
        kept.set(step.blake3, { time: Date.parse(operation.date), paths: [step.path] });
      else known.paths.push(step.path);
    }
  }
  return kept;
}
