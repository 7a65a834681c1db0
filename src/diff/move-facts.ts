/** Where a path went and came from, by the `moved:` of one commit: src/text/README.md, section 8. */

import type { Move } from '../model/commit.ts';
import { compareBytes } from '../model/name.ts';
import type { RepositoryPath } from '../model/path.ts';

/** What was recorded before the commit, and what is after it: files and links, or (asked for folders) folders. */
export interface Existence {
  wasThere(path: RepositoryPath): boolean;
  isThere(path: RepositoryPath): boolean;
}

/** A line for a folder, without the final '/'. */
interface FolderLine {
  readonly from: string;
  readonly to: string;
}

/**
 * The lines of `moved:` against one parent, asked path by path.
 *
 * A line of its own holds as it stands; one from a path to itself says that it stayed. A folder line takes what
 * was below it along, unless the definition in the format says that it does not hold there. Folders may be asked
 * for too, without a final '/', where `existence` knows them.
 */
export class MoveFacts {
  private readonly existence: Existence;
  private readonly own = new Map<string, string>();
  private readonly ownBack = new Map<string, string>();
  private readonly folders = new Map<string, FolderLine>();
  private readonly foldersBack = new Map<string, FolderLine[]>();
  /** What was found out of the chains that paths stand in, ahead of them and behind them. */
  private readonly goesOn = new Map<string, boolean>();
  private readonly arrives = new Map<string, boolean>();

  constructor(moved: Iterable<Pick<Move, 'from' | 'to'>>, existence: Existence) {
    this.existence = existence;
    for (const { from, to } of moved) {
      if (from.endsWith('/') && to.endsWith('/'))
        this.addFolder({ from: from.slice(0, -1), to: to.slice(0, -1) });
      else this.addOwn(from, to);
    }
    for (const lines of this.foldersBack.values())
      lines.sort((a, b) => b.from.length - a.from.length || compareBytes(a.from, b.from));
  }

  private addOwn(from: string, to: string): void {
    this.own.set(from, to);
    this.ownBack.set(to, from);
  }

  private addFolder(line: FolderLine): void {
    this.folders.set(line.from, line);
    const others = this.foldersBack.get(line.to);
    if (others === undefined) this.foldersBack.set(line.to, [line]);
    else others.push(line);
  }

  /** Where a path that was recorded before is now; undefined where no line moved it. */
  forwards(path: RepositoryPath): RepositoryPath | undefined {
    const to = this.own.get(path) ?? this.folders.get(path)?.to ?? this.taken(path);
    return to === path ? undefined : (to as RepositoryPath | undefined);
  }

  /** Where what is at a path now was before; undefined where no line brought it. */
  backwards(path: RepositoryPath): RepositoryPath | undefined {
    const from = this.ownBack.get(path) ?? this.folderBehind(path) ?? this.brought(path);
    return from === path ? undefined : (from as RepositoryPath | undefined);
  }

  /** A folder that was there before is no other's continuation, unless it moved away itself. */
  private folderBehind(path: RepositoryPath): string | undefined {
    const lines = this.foldersBack.get(path);
    if (lines === undefined) return undefined;
    const hasLeft = this.folders.has(path) || (this.own.get(path) ?? path) !== path;
    const hasStayed = this.existence.wasThere(path) && !hasLeft;
    return hasStayed ? undefined : lines[0]!.from;
  }

  private taken(path: string): string | undefined {
    const to = this.step(path);
    return to !== undefined && this.holds(path, to) ? to : undefined;
  }

  private brought(path: string): string | undefined {
    for (const from of this.stepsTo(path)) if (this.holds(from, path)) return from;
    return undefined;
  }

  private holds(from: string, to: string): boolean {
    return this.isFree(to) && this.isExplained(from);
  }

  /** Where the folder line above a path puts it, as far as that can be said without looking at other paths. */
  private step(path: string): string | undefined {
    if (this.folders.size === 0 || this.own.has(path)) return undefined;
    for (let folder = path; folder !== '';) {
      folder = folder.slice(0, Math.max(0, folder.lastIndexOf('/')));
      const line = this.folders.get(folder);
      if (line === undefined) continue;
      const to = line.to + path.slice(folder.length);
      const { existence } = this;
      const isPossible =
        existence.wasThere(path as RepositoryPath) &&
        existence.isThere(to as RepositoryPath) &&
        !this.ownBack.has(to);
      return isPossible ? to : undefined;
    }
    return undefined;
  }

  /** The paths that a folder line puts at a path, those from deeper folders first. */
  private *stepsTo(path: string): Generator<string> {
    if (this.foldersBack.size === 0 || this.ownBack.has(path)) return;
    const found: FolderLine[] = [];
    for (let folder = path; folder !== '';) {
      folder = folder.slice(0, Math.max(0, folder.lastIndexOf('/')));
      found.push(...(this.foldersBack.get(folder) ?? []));
    }
    found.sort((a, b) => b.from.length - a.from.length || compareBytes(a.from, b.from));
    for (const line of found) {
      const from = line.from + path.slice(line.to.length);
      if (this.step(from) === path) yield from;
    }
  }

  /** Whether nothing was at a path before, or what was there went by a line. A circle of moves is one. */
  private isFree(path: string): boolean {
    const chain = new Set<string>();
    let at = path;
    let answer = this.freeAtOnce(at);
    while (answer === undefined && !chain.has(at)) {
      chain.add(at);
      const next = this.step(at);
      if (next === undefined) answer = false;
      else {
        at = next;
        answer = this.freeAtOnce(at);
      }
    }
    for (const link of chain) this.goesOn.set(link, answer ?? true);
    return answer ?? true;
  }

  /** Undefined where the path must be asked to which a folder line takes what was there. */
  private freeAtOnce(path: string): boolean | undefined {
    if (!this.existence.wasThere(path as RepositoryPath)) return true;
    const to = this.own.get(path);
    return to === undefined ? this.goesOn.get(path) : to !== path;
  }

  /** Whether nothing is at a path now, or what is there came by a line. A circle of moves is one. */
  private isExplained(path: string): boolean {
    const known = this.explainedAtOnce(path);
    if (known !== undefined) return known;
    // By hand instead of by recursion: a chain may be as long as the list of lines.
    const trail = new Map([[path, this.stepsTo(path)]]);
    const work = [path];
    for (let at = work.at(-1); at !== undefined; at = work.at(-1)) {
      const { value: behind, done } = trail.get(at)!.next();
      if (done === true) {
        this.arrives.set(at, false);
        trail.delete(at);
        work.pop();
        continue;
      }
      const answer = trail.has(behind) || this.explainedAtOnce(behind);
      if (answer === true) break;
      if (answer === undefined) {
        trail.set(behind, this.stepsTo(behind));
        work.push(behind);
      }
    }
    for (const at of work) this.arrives.set(at, true);
    return work.length > 0;
  }

  /** Undefined where the paths must be asked that a folder line puts there. */
  private explainedAtOnce(path: string): boolean | undefined {
    if (!this.existence.isThere(path as RepositoryPath)) return true;
    const from = this.ownBack.get(path);
    return from === undefined ? this.arrives.get(path) : from !== path;
  }
}
