/** Where the files of folders went, counted: each pair of paths is a vote of every folder that it shows to have moved. */

import type { MoveEvidence } from '../model/change.ts';

export interface Elected {
  readonly to: string;
  /** What most of its votes were known by. */
  readonly by: MoveEvidence;
  /** For this place, and for all. */
  readonly votes: number;
  readonly cast: number;
}

const KINDS: readonly MoveEvidence[] = ['hand', 'inode', 'content', 'media', 'name'];

/** Votes as git's merge-ort counts them. */
export class FolderVotes {
  /** Counts by kind of evidence, by folder before, by folder now. */
  private readonly votes: ReadonlyMap<string, Map<string, number[]>>;

  /** Only these folders have a vote. */
  constructor(folders: Iterable<string>) {
    this.votes = new Map([...folders].map((folder) => [folder, new Map<string, number[]>()]));
  }

  /**
   * A thing went from one path to another: its folder votes for the folder where it is now, and while the last
   * names of the two are the same, so do the folders above. `a/x/f` at `b/x/f` speaks for a/x at b/x and for a at
   * b; at `b/y/f` it speaks for a/x at b/y alone.
   */
  add(from: string, to: string, by: MoveEvidence): void {
    if (this.votes.size === 0) return;
    let before = above(from);
    let now = above(to);
    while (before !== undefined && now !== undefined && before !== now) {
      this.count(before, now, by);
      if (lastName(before) !== lastName(now)) return;
      before = above(before);
      now = above(now);
    }
  }

  private count(before: string, now: string, by: MoveEvidence): void {
    const places = this.votes.get(before);
    if (places === undefined || now === '') return;
    const counts = places.get(now);
    if (counts === undefined)
      places.set(
        now,
        KINDS.map((kind) => (kind === by ? 1 : 0)),
      );
    else counts[KINDS.indexOf(by)]!++;
  }

  /** The one place with more votes than every other; undefined on a tie, which is a folder that was split. */
  elected(folder: string): Elected | undefined {
    let best: { to: string; counts: readonly number[]; sum: number } | undefined;
    let isTie = false;
    let cast = 0;
    for (const [to, counts] of this.votes.get(folder) ?? []) {
      const sum = counts.reduce((a, b) => a + b);
      cast += sum;
      if (best !== undefined && sum < best.sum) continue;
      isTie = sum === best?.sum;
      best = { to, counts, sum };
    }
    if (best === undefined || isTie) return undefined;
    return { to: best.to, by: mostFrequent(best.counts), votes: best.sum, cast };
  }

  /** What most of the votes for one place were known by. */
  evidence(folder: string, to: string): MoveEvidence | undefined {
    const counts = this.votes.get(folder)?.get(to);
    return counts && mostFrequent(counts);
  }
}

/** Of equals the stronger. */
function mostFrequent(counts: readonly number[]): MoveEvidence {
  return KINDS[counts.indexOf(Math.max(...counts))]!;
}

/** The folder that holds a path; undefined for the repository's own. */
function above(path: string): string | undefined {
  return path === '' ? undefined : path.slice(0, Math.max(0, path.lastIndexOf('/')));
}

function lastName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
