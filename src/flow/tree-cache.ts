/** What was known of the person's folder before this look: the stat cache, completed from the index where it has to be. */

import type { Manifest } from '../model/manifest.ts';
import { childOf, type RepositoryPath } from '../model/path.ts';
import { openCache, type Base, type Cache } from '../scan/cache.ts';
import { refresh, type RefreshRequest } from '../scan/refresh.ts';
import type { Scanned } from '../scan/scan.ts';
import { seedTable, type RecordedDirectory } from '../scan/seed.ts';
import * as T from '../scan/table.ts';
import type { IndexTexts } from './index-texts.ts';
import { TREE, type MirrorBefore } from './mirror-paths.ts';
import type { Repository } from './repository.ts';
import { dropCache, saveCache, saveTail } from './save-cache.ts';

/** What a cache has to be of to be believed. */
export interface TreeFacts extends Readonly<Record<string, string>> {
  /** '' before the first commit. */
  readonly head: string;
  /** The rules and the policy, as one text. */
  readonly settings: string;
}

export interface TreeCache {
  readonly cache: Cache;
  /** Whether it is of this head and these settings. */
  readonly isFresh: boolean;
  /** Whether everything recorded has a row. */
  readonly isComplete: boolean;
}

/** `complete` makes a cache of this head of one of another head, or of none. */
export function openTreeCache(
  { context, layout }: Repository,
  { head, settings }: TreeFacts,
  complete: (cache: Cache | undefined) => TreeCache,
): TreeCache {
  const cache = openCache(context.disk, layout.cache);
  if (cache?.facts['head'] === head) {
    return { cache, isFresh: cache.facts['settings'] === settings, isComplete: false };
  }
  return complete(cache?.loadHashes() === undefined ? undefined : cache);
}

/** Without a cache of this head the recorded directories have to be known, so that what is gone is noticed. */
export function completeTreeCache(
  cache: Cache | undefined,
  recorded: Iterable<RecordedDirectory>,
): TreeCache {
  const seeded = seedTable(
    recorded,
    cache?.table ?? T.emptyTable(),
    cache?.loadHashes() ?? new Uint8Array(0),
  );
  const loadHashes = (): Uint8Array | undefined => seeded.hashes;
  return {
    cache: { table: seeded, facts: {}, loadHashes, isDamaged: () => false },
    isFresh: false,
    isComplete: true,
  };
}

/** Every recorded directory, parents first. */
export function* recordedDirectories(
  texts: IndexTexts,
  mirror: MirrorBefore,
  recordedManifest: (path: RepositoryPath) => Manifest | undefined,
): Generator<RecordedDirectory> {
  const waiting: RepositoryPath[] = texts.hasDirectory(TREE) ? ['' as RepositoryPath] : [];
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    yield { path, manifest: () => recordedManifest(path) };
    for (const name of mirror.namesIn(path)) waiting.push(childOf(path, name));
  }
}

/** A tail has at most one entry for so many of its base; else the base is written anew. */
const SHARE = 4;

/** What is to be written, and behind which base; the whole of it where that is absent. */
interface Kept {
  readonly table: T.Table;
  readonly base: Base | undefined;
}

type Sayings = Pick<RefreshRequest, 'isExpected' | 'isRecorded' | 'isInIndex'>;

/** What was known and what was found; undefined where nothing is new, and `isSame` says that the facts are as they were. */
export function refreshTree(
  cache: Cache,
  scanned: Scanned,
  isSame: boolean,
  sayings: Sayings,
): Kept | undefined {
  const base = baseToKeep(cache, scanned);
  const { table: cached, loadHashes } = cache;
  const always = base !== undefined && !isSame;
  const { table, isNews } = refresh({ ...sayings, cached, loadHashes, scanned, base, always });
  return isNews || !isSame ? { table, base } : undefined;
}

/** What the cache may go on from, where what was found is little beside it. */
function baseToKeep({ base }: Cache, { parts }: Scanned): Base | undefined {
  if (base === undefined) return undefined;
  const after = parts.reduce((sum, { table }) => sum + table.entries, base.tailHashes.length / 32);
  return after * SHARE <= base.start.entries ? base : undefined;
}

/** Keeps what was learned; a cache that turned out to be damaged on the way is given up instead. */
export function keepTreeCache(
  { context, layout }: Repository,
  cache: Cache,
  { table, base }: Kept,
  facts: TreeFacts,
): void {
  const { disk, identity } = context;
  const saving = { disk, path: layout.cache, facts, pid: identity.pid };
  const hashes = table.hashes ?? cache.loadHashes();
  if (hashes === undefined || cache.isDamaged()) dropCache(disk, layout.cache);
  else if (base !== undefined) saveTail(saving, table, base);
  else saveCache(saving, { ...table, hashes });
}

/**
 * Does what tells first what will be: if this process ends on the way, the next look finds no cache to believe, and
 * sees what stands here.
 */
export async function withoutCache<T>({ context, layout }: Repository, action: () => Promise<T>): Promise<T> {
  const { disk } = context;
  const aside = `${layout.cache}-aside`;
  const isThere = disk.lstat(layout.cache) !== undefined;
  if (isThere) disk.rename(layout.cache, aside);
  const result = await action();
  if (isThere) disk.rename(aside, layout.cache);
  return result;
}
