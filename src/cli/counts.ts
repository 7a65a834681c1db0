/** How many files changed in which way: the numbers below a list, for people and for programs. */

import type { Change, ChangeKind } from '../model/change.ts';
import { counted, shownCount } from './quantities.ts';

type Counted =
  'added' | 'changed' | 'moved' | 'removed' | 'missing' | 'suspect' | 'unreadable' | 'unstable' | 'metadata';

/** As a commit's `summary:` counts; what is no more than seen is counted by itself. */
const COUNTED: Readonly<Record<ChangeKind, Counted>> = {
  added: 'added',
  copied: 'added',
  changed: 'changed',
  retyped: 'changed',
  mode: 'changed',
  metadata: 'changed',
  older: 'changed',
  moved: 'moved',
  removed: 'removed',
  missing: 'missing',
  suspect: 'suspect',
  unreadable: 'unreadable',
  unstable: 'unstable',
};

const WORDS: Readonly<Record<Counted, string>> = {
  added: 'added',
  changed: 'changed',
  moved: 'moved',
  removed: 'removed',
  missing: 'missing',
  unstable: 'in flux',
  unreadable: 'unreadable',
  suspect: 'suspect',
  metadata: 'metadata',
};

/** Files and links, and texts of the index; folders only where nothing else changed. */
export class Counts {
  readonly #counts = new Map<Counted, number>();
  /** All changes, those of folders too. */
  changes = 0;

  add({ kind, what, within, files = 0 }: Change): void {
    this.changes += 1;
    // What went along with a folder is counted by its line, whatever else happened to it.
    if (kind === 'moved' && what === 'directory') this.#counts.set('moved', this.of('moved') + files);
    if (what === 'directory' || within !== undefined) return;
    const counted = what === 'text' ? 'metadata' : COUNTED[kind];
    this.#counts.set(counted, this.of(counted) + 1);
  }

  of(counted: Counted): number {
    return this.#counts.get(counted) ?? 0;
  }

  has(kind: ChangeKind): boolean {
    return this.of(COUNTED[kind]) > 0;
  }

  /** `2 added, 1 changed, 3 missing`. */
  get words(): string {
    const words = (Object.keys(WORDS) as Counted[])
      .filter((each) => this.of(each) > 0)
      .map((each) =>
        each === 'metadata'
          ? counted(this.of(each), 'metadata text')
          : `${shownCount(this.of(each))} ${WORDS[each]}`,
      );
    return words.length === 0 ? counted(this.changes, 'folder change') : words.join(', ');
  }

  /** For a summary line of JSON. */
  get json(): Readonly<Record<'added' | 'changed' | 'removed' | 'moved' | 'metadata', number>> {
    return {
      added: this.of('added'),
      changed: this.of('changed'),
      removed: this.of('removed'),
      moved: this.of('moved'),
      metadata: this.of('metadata'),
    };
  }
}
