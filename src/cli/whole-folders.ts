/** What is in a folder that came or went as a whole, so that it is listed as that one folder. */

import type { Change, ChangeKind } from '../model/change.ts';
import { parentOf, type RepositoryPath } from '../model/path.ts';

/** A folder's line, which grows while what is below it passes. */
type Line = { -readonly [key in keyof Change]: Change[key] };

/** Only of these a folder can be one line: what moved inside a moved folder is news of its own. */
const KINDS: readonly ChangeKind[] = ['added', 'removed', 'missing'];

export class WholeFolders {
  /** Each such folder, and the line of the uppermost one that it is in. */
  readonly #lines = new Map<ChangeKind, Map<RepositoryPath, Line>>(KINDS.map((kind) => [kind, new Map()]));

  /**
   * What to list for a change; 'inside' where a folder's line holds it; 'counted' where that folder counted it.
   *
   * Folders come before what is in them. That the repository's own folder came is no news: its files are listed.
   */
  placeOf(change: Change): Change | 'inside' | 'counted' {
    const lines = this.#lines.get(change.kind);
    if (lines === undefined || change.what === 'text') return change;
    const above = lines.get(parentOf(change.path));
    if (change.what !== 'directory') return above === undefined ? change : 'counted';
    if (change.files === undefined) return change;
    if (change.path === '') return 'counted';
    if (above === undefined || above.files === undefined) {
      const line = { ...change };
      lines.set(change.path, line);
      return line;
    }
    above.files += change.files;
    above.bytes = (above.bytes ?? 0) + (change.bytes ?? 0);
    lines.set(change.path, above);
    return 'inside';
  }
}
