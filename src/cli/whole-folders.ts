/** Folders that came or went as a whole, each to be listed as one line with all that is in it. */

import type { Change } from '../model/change.ts';
import { parentOf, type RepositoryPath } from '../model/path.ts';

/** A folder's line, which grows while what is below it passes. */
interface Line {
  change: Change;
  /** The line of the folder above that took this one in. */
  within?: Line;
}

/** Of changes of one kind. */
export class WholeFolders {
  readonly #lines = new Map<RepositoryPath, Line>();
  /** Those that no other has taken in, in the order in which they came. */
  readonly #tops: Line[] = [];

  /** How many lines there are now. */
  get count(): number {
    return this.#tops.length;
  }

  *changes(): Generator<Change> {
    for (const { change } of this.#tops) yield change;
  }

  /** Whether a folder's line, which counted it, holds what is in that folder. */
  holds(path: RepositoryPath): boolean {
    return this.#lines.has(parentOf(path));
  }

  /**
   * Takes a folder with the count of what is directly in it. The folder above may have come before, or come later:
   * then right after all that it is to take in.
   */
  add(change: Change): void {
    const line: Line = { change };
    this.#lines.set(change.path, line);
    const above = this.#lines.get(parentOf(change.path));
    if (above !== undefined) {
      takeIn(above, line);
      return;
    }
    const start = `${change.path}/`;
    while (this.#tops.at(-1)?.change.path.startsWith(start) === true) takeIn(line, this.#tops.pop()!);
    this.#tops.push(line);
  }
}

function takeIn(above: Line, line: Line): void {
  let top = above;
  while (top.within !== undefined) top = top.within;
  line.within = top;
  const { change } = top;
  top.change = {
    ...change,
    files: (change.files ?? 0) + (line.change.files ?? 0),
    bytes: (change.bytes ?? 0) + (line.change.bytes ?? 0),
  };
}
