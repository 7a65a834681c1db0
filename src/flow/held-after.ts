/** What a repository has to say of what stands here, once a look at it was recorded. */

import type { Entry } from '../model/manifest.ts';
import { compareBytes, type Name } from '../model/name.ts';
import { childOf, parentOf, type RepositoryPath } from '../model/path.ts';
import type { Older } from '../text/older.ts';
import type { RepositoryRecord } from '../text/repository.ts';
import { isSameEntry, olderLine, type Held } from './held.ts';
import type { Look } from './look.ts';

export type HeldLists = Pick<RepositoryRecord, 'absent' | 'older'>;

export const NOTHING_ELSE: HeldLists = { absent: [], older: [] };

/** The lists, at a head that has what the look found. */
export function heldAfter(seen: Look): HeldLists {
  if (seen.held.isWhole) return NOTHING_ELSE;
  const lists = new Lists(seen);
  for (const path of seen.held.absentFolders) lists.takeAbsent(path);
  for (const path of seen.held.directories()) lists.takeFiles(path, seen.held.namesIn(path));
  for (const [path, mode] of seen.held.folders) lists.takeFolder(path, mode);
  for (const { paths } of seen.disputes()) lists.absent.add(paths[1]);
  return lists.sorted();
}

/** The lists of all that is told, where nobody has looked. */
export function listsOf(held: Held): HeldLists {
  const absent = [...held.absentFolders].map((path) => `${path}/`);
  const older: Older[] = [...held.folders].map(([path, mode]) => ({ path, kind: 'directory', mode }));
  for (const directory of held.directories()) {
    for (const name of held.namesIn(directory)) {
      const stood = held.standing(directory, name)?.entry;
      const line = stood && olderLine(childOf(directory, name), stood);
      if (line === undefined) absent.push(childOf(directory, name));
      else older.push(line);
    }
  }
  return { absent, older };
}

class Lists {
  readonly absent = new Set<string>();
  private readonly older = new Map<RepositoryPath, Older>();
  /** Folders in which something is otherwise than it stood, and all that are above them. */
  private readonly here = new Set<RepositoryPath>();
  private readonly seen: Look;
  private readonly gone: ReadonlySet<RepositoryPath>;
  private readonly recorded = new Map<RepositoryPath, ReadonlyMap<Name, Entry>>();

  constructor(seen: Look) {
    this.seen = seen;
    this.gone = new Set(seen.gone);
    for (const directory of seen.dirty) {
      if (seen.nowIn(directory.path) === undefined) continue;
      this.recorded.set(directory.path, seen.describe(directory).present.files);
      for (let at = directory.path; !this.here.has(at); at = parentOf(at)) this.here.add(at);
    }
  }

  /** A folder of which nothing was here; what of it is here by now is told one by one. */
  takeAbsent(path: RepositoryPath): void {
    const { seen } = this;
    const recorded = seen.recordedManifest(path);
    if (recorded === undefined) return;
    if (!this.here.has(path)) {
      this.absent.add(`${path}/`);
      return;
    }
    this.takeFiles(path, recorded.files.keys());
    for (const name of seen.mirror.namesIn(path)) this.takeAbsent(childOf(path, name));
  }

  takeFiles(directory: RepositoryPath, names: Iterable<Name>): void {
    const { seen } = this;
    const now = seen.nowIn(directory)?.files;
    const isGone = this.gone.has(directory) || (now === undefined && seen.held.isAbsent(directory));
    const said = this.recorded.get(directory) ?? seen.recordedManifest(directory)?.files;
    const held = isGone ? seen.heldManifest(directory)?.files : undefined;
    for (const name of names) {
      // It was held and is missed.
      if (held?.has(name) === true) continue;
      const path = childOf(directory, name);
      const stood = seen.held.standing(directory, name)?.entry;
      this.take(path, isGone ? undefined : now === undefined ? stood : now.get(name), said?.get(name));
    }
  }

  takeFolder(path: RepositoryPath, stood: number): void {
    const { seen } = this;
    if (this.gone.has(path)) return;
    const now = seen.nowIn(path)?.mode ?? stood;
    if (now !== stood || now === seen.recordedManifest(path)?.mode) return;
    this.older.set(path, { path, kind: 'directory', mode: stood });
  }

  sorted(): HeldLists {
    const older = [...this.older.values()].sort((a, b) => compareBytes(a.path, b.path));
    return { absent: [...this.absent].sort(compareBytes), older };
  }

  private take(path: RepositoryPath, now: Entry | undefined, said: Entry | undefined): void {
    if (now === undefined) {
      if (said !== undefined) this.absent.add(path);
      return;
    }
    const line = said !== undefined && isSameEntry(now, said) ? undefined : olderLine(path, now);
    if (line !== undefined) this.older.set(path, line);
  }
}
