/** From what was seen to what a commit would say: directory by directory, before and after. */

import type { DirectoryChange } from '../model/change.ts';
import type { Entry, Manifest } from '../model/manifest.ts';
import { compareBytes, type Name } from '../model/name.ts';
import type { RepositoryPath } from '../model/path.ts';
import type { Problem } from '../model/problem.ts';
import { isBlocked, NOTHING_BLOCKED, type Blocked, type Gone } from './deletions.ts';
import type { DirtyDirectory, Look } from './look.ts';

/** Whether what is gone is taken out, and what may not be taken in while it is not. */
export interface Decision {
  readonly confirmed: boolean;
  readonly gone: Gone;
  readonly blocked: Blocked;
}

/** As if every deletion were confirmed: what `status` shows. */
export function asIfConfirmed(gone: Gone): Decision {
  return { confirmed: true, gone, blocked: NOTHING_BLOCKED };
}

export interface Settled extends DirectoryChange {
  readonly suspects: readonly Name[];
  readonly problems: readonly Problem[];
  /** Whether after a commit of this the directory is exactly what the index says. */
  readonly isWhole: boolean;
}

/** Whether a directory stands where a file did whose deletion nobody confirmed, or below such a one. */
export function isRefused(
  path: RepositoryPath,
  { confirmed, blocked }: Pick<Decision, 'confirmed' | 'blocked'>,
): boolean {
  return !confirmed && isBlocked(path, blocked);
}

/** One directory that is there. */
export function settleDirty(
  look: Look,
  directory: DirtyDirectory,
  { confirmed, blocked }: Decision,
): Settled | undefined {
  const { path } = directory;
  if (isRefused(path, { confirmed, blocked })) return undefined;
  const { recorded, present, gone, suspects, problems } = look.describe(directory);
  const refused = confirmed ? undefined : blocked.names.get(path);
  const kept = confirmed ? [] : gone;
  const files =
    kept.length > 0 || refused !== undefined ? merged(present, recorded, kept, refused) : present.files;
  const isWhole =
    problems.length === 0 && suspects.length === 0 && kept.length === 0 && refused === undefined;
  return { path, before: recorded, after: { ...present, files }, suspects, problems, isWhole };
}

/** One directory that is gone. */
export function settleGone(look: Look, path: RepositoryPath, { confirmed }: Decision): Settled | undefined {
  if (!confirmed) return undefined;
  const before = look.recordedManifest(path);
  return { path, before, after: undefined, suspects: [], problems: [], isWhole: true };
}

/** All of them, in the order of the bytes of their paths. */
export function* settle(look: Look, decision: Decision): Generator<Settled> {
  let next = 0;
  const { gone } = look;
  for (const directory of look.dirty) {
    while (next < gone.length && compareBytes(gone[next]!, directory.path) < 0) {
      const settled = settleGone(look, gone[next++]!, decision);
      if (settled !== undefined) yield settled;
    }
    const settled = settleDirty(look, directory, decision);
    if (settled !== undefined) yield settled;
  }
  for (; next < gone.length; next++) {
    const settled = settleGone(look, gone[next]!, decision);
    if (settled !== undefined) yield settled;
  }
}

function merged(
  present: Manifest,
  recorded: Manifest | undefined,
  kept: readonly Name[],
  refused: ReadonlySet<Name> | undefined,
): Map<Name, Entry> {
  const entries = [...present.files].filter(([name]) => refused?.has(name) !== true);
  for (const name of kept) entries.push([name, recorded!.files.get(name)!]);
  return new Map(entries.sort(([a], [b]) => compareBytes(a, b)));
}
