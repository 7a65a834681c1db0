/** What was known of the person's folder before this look: the stat cache, completed from the index where it has to be. */

import type { Manifest } from '../model/manifest.ts';
import { childOf, type RepositoryPath } from '../model/path.ts';
import { openCache, type Cache } from '../scan/cache.ts';
import type { Refreshed } from '../scan/refresh.ts';
import { seedTable, type RecordedDirectory } from '../scan/seed.ts';
import * as T from '../scan/table.ts';
import type { IndexTexts } from './index-texts.ts';
import { TREE, type MirrorBefore } from './mirror-paths.ts';
import type { Repository } from './repository.ts';
import { dropCache, saveCache } from './save-cache.ts';

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
    const manifest = recordedManifest(path);
    if (manifest !== undefined) yield { path, manifest };
    for (const name of mirror.namesIn(path)) waiting.push(childOf(path, name));
  }
}

/** Keeps what was learned; a cache that turned out to be damaged on the way is given up instead. */
export function keepTreeCache(
  { context, layout }: Repository,
  cache: Cache,
  { table }: Refreshed,
  facts: TreeFacts,
): void {
  const hashes = table.hashes ?? cache.loadHashes();
  if (hashes === undefined || cache.isDamaged()) dropCache(context.disk, layout.cache);
  else saveCache(context.disk, layout.cache, { ...table, hashes }, facts, context.identity.pid);
}
