/** Whether most of what a folder held went where its votes say, or only what somebody saved from it. */

import type { RepositoryPath } from '../model/path.ts';

/** What vanished and was paired with nothing, and what came: by their paths. */
export class Majority {
  private readonly lost: ReadonlyMap<string, readonly string[]>;
  private readonly came: ReadonlySet<string>;

  /** Only these folders are asked for. */
  constructor(folders: Iterable<string>, lost: Iterable<RepositoryPath>, came: Iterable<RepositoryPath>) {
    const below = new Map<string, string[]>([...folders].map((folder) => [folder, []]));
    for (const path of lost) {
      for (let folder: string = path; folder !== '';) {
        folder = folder.slice(0, Math.max(0, folder.lastIndexOf('/')));
        below.get(folder)?.push(path);
      }
    }
    this.lost = below;
    this.came = new Set(came);
  }

  /** `votes` are those for this place, `cast` those for all; what has the same name there now agrees. */
  isMost(folder: string, to: string, votes: number, cast: number): boolean {
    const lost = this.lost.get(folder) ?? [];
    const agreeing = lost.filter((path) => this.came.has(to + path.slice(folder.length))).length;
    return 2 * (votes + agreeing) > cast + lost.length;
  }
}
