/** From what was seen to what a commit would say: directory by directory, before and after. */

import type { DirectoryChange } from '../model/change.ts';
import { parseInstant } from '../model/instant.ts';
import type { Entry, FileEntry, Manifest } from '../model/manifest.ts';
import { compareBytes, type Name } from '../model/name.ts';
import { childOf, parentOf, type RepositoryPath } from '../model/path.ts';
import type { Problem } from '../model/problem.ts';
import { showsTime, type Rendering } from '../model/rendering.ts';
import { withBegun, type Begun } from './begun.ts';
import { isBlocked, isBlockedThing, NOTHING_BLOCKED, type Blocked, type Gone } from './deletions.ts';
import type { DirtyDirectory, Look } from './look.ts';
import type { Moves } from '../diff/move-lookup.ts';

/** Whether what is gone is taken out, and what may not be taken in while it is not. */
export interface Decision {
  readonly confirmed: boolean;
  readonly gone: Gone;
  readonly moves: Moves;
  /** Directories that are gone and stay recorded; where all is confirmed, for what is in them and was not here. */
  readonly kept: ReadonlySet<RepositoryPath>;
  readonly blocked: Blocked;
  /** Entities that begin; a look that is not to be recorded begins none. */
  readonly begun?: Begun;
}

/** As if every deletion were confirmed: what `status` shows. What was never here is not deleted. */
export function asIfConfirmed({ stays }: Pick<Look, 'stays'>, gone: Gone, moves: Moves): Decision {
  return { confirmed: true, gone, moves, kept: stays, blocked: NOTHING_BLOCKED };
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

/** By which inodes things are known that stay recorded although they are gone. */
export function evidenceLeft({ confirmed, gone, kept, moves, blocked }: Decision): Map<string, string> {
  if (confirmed) return new Map();
  const files = new Set(gone.files);
  const isLeft = (path: string): boolean => {
    if (path.endsWith('/')) return kept.has(path.slice(0, -1) as RepositoryPath);
    const file = path as RepositoryPath;
    if (moves.outOf(file) !== undefined) return false;
    return files.has(file) || kept.has(parentOf(file)) || isBlockedThing(file, blocked);
  };
  return new Map([...moves.evidence].filter(([path]) => isLeft(path)));
}

/** One directory that is there. */
export function settleDirty(
  look: Look,
  directory: DirtyDirectory,
  { confirmed, moves, blocked, begun }: Decision,
): Settled | undefined {
  const { path } = directory;
  if (isRefused(path, { confirmed, blocked })) return undefined;
  const { recorded, present: seen, gone, suspects, problems } = look.describe(directory);
  const present = moves.isEmpty ? seen : withMoved(look, moves, path, seen);
  const refused = confirmed ? undefined : blocked.names.get(path);
  const kept = confirmed ? [] : gone.filter((name) => moves.outOf(childOf(path, name)) === undefined);
  const files =
    kept.length > 0 || refused !== undefined ? merged(present, recorded, kept, refused) : present.files;
  const isWhole =
    problems.length === 0 && suspects.length === 0 && kept.length === 0 && refused === undefined;
  const after = withBegun({ ...present, files }, path, begun);
  return { path, before: recorded, after, suspects, problems, isWhole };
}

/** One directory that is gone. */
export function settleGone(
  look: Look,
  path: RepositoryPath,
  { moves, kept, confirmed }: Decision,
): Settled | undefined {
  const before = look.recordedManifest(path);
  if (!kept.has(path)) return { path, before, after: undefined, suspects: [], problems: [], isWhole: true };
  if ((moves.isEmpty && !confirmed) || before === undefined) return undefined;
  const held = look.heldManifest(path);
  const stays = (name: Name): boolean =>
    held?.files.has(name) !== true || (!confirmed && moves.outOf(childOf(path, name)) === undefined);
  const files = [...before.files].filter(([name]) => stays(name));
  const { entity, ...itself } = before;
  const isHere = entity !== undefined && moves.folderOutOf(path) === undefined;
  const after = { ...itself, ...(isHere && { entity }), files: new Map(files) };
  return { path, before, after, suspects: [], problems: [], isWhole: false };
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

/** What was recorded of a thing besides what the disk shows, or can show, goes where the thing goes. */
function withMoved(look: Look, moves: Moves, path: RepositoryPath, seen: Manifest): Manifest {
  const { rendering } = look.repository;
  const came = moves.folderInto(path);
  const went = moves.folderOutOf(path) !== undefined;
  const { entity: _entity, more: _more, ...itself } = seen;
  // One that stands where a moved folder stood is another one.
  const own = came !== undefined ? look.recordedManifest(came) : went ? undefined : seen;
  const files = [...seen.files].map(([name, entry]): [Name, Entry] => {
    const move = moves.into(childOf(path, name));
    const before = move && moves.entryBefore(move.from.path);
    return before === undefined ? [name, entry] : [name, carried(entry, before, rendering)];
  });
  return {
    ...itself,
    ...(!rendering.modes && own && { mode: own.mode }),
    ...(own?.entity && { entity: own.entity }),
    ...(own?.more && { more: own.more }),
    files: new Map(files),
  };
}

/** Other ids belong to the content. */
function carried(now: Entry, before: Entry, rendering: Rendering): Entry {
  if (now.kind === 'link') {
    const { more: _replaced, ...link } = now;
    return { ...link, ...(before.kind === 'link' && before.more && { more: before.more }) };
  }
  const { more: _more, entity: _entity, ...file } = now;
  if (before.kind === 'link') return file;
  const isSame = before.blake3 === now.blake3;
  return {
    ...file,
    ...(!rendering.modes && { mode: before.mode }),
    ...(isSame && isTimeOf(now, before, rendering) && { mtime: before.mtime }),
    ...(before.entity && { entity: before.entity }),
    ...(isSame && before.more && { more: before.more }),
  };
}

function isTimeOf(now: FileEntry, before: FileEntry, rendering: Rendering): boolean {
  const [shown, meant] = [parseInstant(now.mtime), parseInstant(before.mtime)];
  return shown !== undefined && meant !== undefined && showsTime(rendering, shown, meant);
}

function merged(
  present: Manifest,
  recorded: Manifest | undefined,
  kept: readonly Name[],
  refused: ReadonlySet<Name> | undefined,
): Map<Name, Entry> {
  const entries = [...present.files].filter(([name]) => refused?.has(name) !== true);
  for (const name of kept) entries.push([name, recorded!.files.get(name)!]);
  for (const name of refused ?? []) {
    const entry = recorded?.files.get(name);
    if (entry !== undefined) entries.push([name, entry]);
  }
  return new Map(entries.sort(([a], [b]) => compareBytes(a, b)));
}
