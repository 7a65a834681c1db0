/** What of some paths is here as it is recorded, and could go. */

import type { Entry, Manifest } from '../model/manifest.ts';
import { childOf, nameOf, parentOf, ROOT, type RepositoryPath } from '../model/path.ts';
import { Refusal, type Problem } from '../model/problem.ts';
import type { Standing } from '../sync/plan.ts';
import { standingAt } from '../sync/stand.ts';
import * as say from './drop-problems.ts';
import type { KnownContents } from './known-contents.ts';
import type { Look } from './look.ts';
import { statsAt, type Repository } from './repository.ts';

export function standing(
  { context, root }: Repository,
  known: KnownContents,
  path: RepositoryPath,
): Standing {
  return standingAt(context.disk, root, path, (stats) => known.at(path, stats));
}

export interface HereFile {
  readonly path: RepositoryPath;
  readonly entry: Entry;
}

export class Here {
  readonly files: HereFile[] = [];
  readonly problems: Problem[] = [];
  private readonly seen: Look;
  private readonly known: KnownContents;
  private readonly roots: RepositoryPath[] = [];
  /** Of files that are not as recorded, or missed. */
  private readonly others = new Set<RepositoryPath>();

  constructor(seen: Look, known: KnownContents, paths: readonly RepositoryPath[]) {
    this.seen = seen;
    this.known = known;
    for (const path of paths) {
      if (seen.recordedManifest(path) !== undefined) this.takeFolder(path);
      else this.takeFile(path);
    }
  }

  /** Less the files in `stays`; folders of which nothing would be left go with what is in them. */
  going(stays: ReadonlySet<RepositoryPath>): {
    readonly files: readonly RepositoryPath[];
    readonly folders: readonly RepositoryPath[];
  } {
    const files = new Set(this.files.flatMap(({ path }) => (stays.has(path) ? [] : [path])));
    const folders: RepositoryPath[] = [];
    const empties = (folder: RepositoryPath): boolean => {
      const manifest = this.seen.recordedManifest(folder)!;
      const below = this.foldersIn(folder).map(empties);
      const isEmpty = below.every(Boolean) && this.namesIn(folder, manifest).every((path) => files.has(path));
      if (isEmpty && folder !== ROOT) folders.push(folder);
      return isEmpty;
    };
    for (const root of this.roots) empties(root);
    return { files: [...files], folders };
  }

  private takeFolder(folder: RepositoryPath): void {
    const { repository } = this.seen;
    if (folder !== ROOT && statsAt(repository, folder)?.isDirectory() === false)
      throw new Refusal('failed', say.notAsRecorded(folder));
    this.roots.push(folder);
    const waiting = [folder];
    for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
      for (const path of this.namesIn(at, this.seen.recordedManifest(at)!)) this.take(path);
      waiting.push(...this.foldersIn(at));
    }
  }

  private takeFile(path: RepositoryPath): void {
    if (this.seen.recordedManifest(parentOf(path))?.files.has(nameOf(path)) !== true)
      throw new Refusal('failed', say.notAsRecorded(path));
    if (this.isHeld(path)) this.take(path);
  }

  private take(path: RepositoryPath): void {
    const { repository } = this.seen;
    // What is missed is for a person to say something about.
    if (statsAt(repository, path) === undefined) return void this.others.add(path);
    const entry = this.seen.recordedManifest(parentOf(path))!.files.get(nameOf(path))!;
    const now = standing(repository, this.known, path);
    const isSame =
      entry.kind === 'link'
        ? now.kind === 'link' && now.target === entry.target
        : now.kind === 'file' && now.blake3 === entry.blake3;
    if (isSame) this.files.push({ path, entry });
    else {
      this.others.add(path);
      this.problems.push(say.notAsRecorded(path));
    }
  }

  /** Recorded files that are held here. */
  private namesIn(folder: RepositoryPath, { files }: Manifest): RepositoryPath[] {
    return [...files.keys()].map((name) => childOf(folder, name)).filter((path) => this.isHeld(path));
  }

  private foldersIn(folder: RepositoryPath): RepositoryPath[] {
    const { mirror, held, repository } = this.seen;
    // A file that stands where a folder is recorded is none of its files.
    const isHere = (path: RepositoryPath): boolean =>
      statsAt(repository, path)?.isDirectory() ?? !held.isAbsent(path);
    return mirror
      .namesIn(folder)
      .map((name) => childOf(folder, name))
      .filter((path) => this.seen.recordedManifest(path) !== undefined && isHere(path));
  }

  private isHeld(path: RepositoryPath): boolean {
    const stood = this.seen.held.standing(parentOf(path), nameOf(path));
    return (
      stood === undefined || stood.entry !== undefined || statsAt(this.seen.repository, path) !== undefined
    );
  }
}
