/** What a commit owes the guard when it is made: notes what went, frees what is due, says what a person should know. */

import type { CommitId, ContentId } from '../model/id.ts';
import { nameOf, parentOf } from '../model/path.ts';
import type { Problem } from '../model/problem.ts';
import { hexOf } from '../disk/blake3.ts';
import { openCache } from '../scan/cache.ts';
import * as T from '../scan/table.ts';
import { codeOf } from '../store/errors.ts';
import { Guard } from '../store/guard.ts';
import type { Config } from '../text/config.ts';
import type { Gone } from './deletions.ts';
import type { Guarding } from './guard.ts';
import type { Look } from './look.ts';
import * as say from './problems.ts';
import { freeAfterCommit, type Amount } from './prune.ts';
import { noteReleased, type Outgoing } from './released.ts';
import type { Repository } from './repository.ts';

export interface Tended {
  /** How many files were guarded for the first time, where the guard was new to a repository with commits. */
  readonly protectedLate: number;
  readonly freed: Amount;
  readonly problems: readonly Problem[];
}

export interface Tending {
  readonly seen: Look;
  readonly config: Pick<Config, 'guard' | 'keep'>;
  readonly guarding: Guarding | undefined;
  readonly commits: readonly CommitId[];
  readonly outgoing: Outgoing;
  /** What is recorded and gone, and stays recorded. */
  readonly unconfirmedContents: ReadonlySet<ContentId>;
}

/** Of a commit that was not made. */
export const UNTENDED: Tended = { protectedLate: 0, freed: { files: 0, bytes: 0 }, problems: [] };

/** The last step of a commit; it never fails one that is made. */
export function tendGuard(repository: Repository, tending: Tending): Tended {
  const { seen, config, guarding, commits, outgoing, unconfirmedContents } = tending;
  const { context, layout } = repository;
  const { linked, written, refused, example } = seen.guarded;
  const problems: Problem[] = [];
  if (written > 0) problems.push(say.writtenInPlace(written));
  if (example !== undefined) problems.push(say.notGuarded(refused, example.path, example.code));
  const protectedLate = guarding?.isFirst === true && seen.head !== undefined ? linked : 0;
  let freed: Amount = { files: 0, bytes: 0 };
  try {
    if (context.disk.lstat(layout.guard) !== undefined) {
      const guard = new Guard(context.disk, layout, config.guard);
      const isFirst = guarding?.isFirst ?? false;
      noteReleased(repository, guard, {
        commits,
        before: seen.head,
        outgoing: outgoing.released,
        isFirst,
      });
      freed = freeAfterCommit(repository, guard, config.keep, (wanted) =>
        inUse(repository, wanted, unconfirmedContents),
      );
    }
  } catch (error) {
    if (codeOf(error) === undefined) throw error;
    problems.push(say.guardNotTended(error));
  }
  return { protectedLate, freed, problems };
}

/** The contents of what is gone and stays recorded; to be asked for before the commit is written. */
export function contentsOfGone(seen: Look, { files, directories }: Gone): ReadonlySet<ContentId> {
  const contents = new Set<ContentId>();
  for (const path of files) {
    const entry = seen.recordedManifest(parentOf(path))?.files.get(nameOf(path));
    if (entry?.kind === 'file' && entry.blake3 !== undefined) contents.add(entry.blake3);
  }
  for (const { path } of directories) {
    for (const entry of seen.recordedManifest(path)?.files.values() ?? []) {
      if (entry.kind === 'file' && entry.blake3 !== undefined) contents.add(entry.blake3);
    }
  }
  return contents;
}

const PREFIX = 6;

/** Which of these contents the commit that was just made records; undefined where no cache tells. */
function inUse(
  { commits, context, layout }: Repository,
  wanted: ReadonlySet<ContentId>,
  unconfirmed: ReadonlySet<ContentId>,
): ReadonlySet<ContentId> | undefined {
  const cache = openCache(context.disk, layout.cache);
  const bytes = cache?.loadHashes();
  if (cache === undefined || bytes === undefined || cache.facts['head'] !== (commits.readHead() ?? ''))
    return undefined;
  const hashes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const { flags } = cache.table.columns;
  // A number for each, because a million hashes as texts take a second.
  const prefixes = new Set([...wanted].map((blake3) => Number.parseInt(blake3.slice(0, PREFIX * 2), 16)));
  const found = new Set([...wanted].filter((blake3) => unconfirmed.has(blake3)));
  for (let entry = 0; entry < cache.table.entries; entry++) {
    if ((flags[entry]! & T.HASHED) === 0 || !prefixes.has(hashes.readUIntBE(entry * 32, PREFIX))) continue;
    const blake3 = hexOf(hashes.subarray(entry * 32, entry * 32 + 32));
    if (wanted.has(blake3)) found.add(blake3);
  }
  return found;
}
