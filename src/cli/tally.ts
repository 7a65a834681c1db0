/** How many changes of each kind there were, counted while they pass. */

import type { Change, ChangeKind } from '../model/change.ts';

export interface Count {
  readonly changes: number;
  readonly files: number;
  readonly folders: number;
  readonly texts: number;
  readonly bytes: number;
}

const NONE: Count = { changes: 0, files: 0, folders: 0, texts: 0, bytes: 0 };

export class Tally {
  readonly #counts = new Map<ChangeKind, { -readonly [key in keyof Count]: number }>();

  add(change: Change): void {
    let count = this.#counts.get(change.kind);
    if (count === undefined) this.#counts.set(change.kind, (count = { ...NONE }));
    count.changes += 1;
    count.bytes += sizeOf(change) ?? 0;
    if (change.files !== undefined) count.files += change.files;
    if (change.what === 'text') count.texts += 1;
    else if (change.what === 'directory') count.folders += 1;
    else count.files += 1;
  }

  of(kind: ChangeKind): Count {
    return this.#counts.get(kind) ?? NONE;
  }

  has(kind: ChangeKind): boolean {
    return this.#counts.has(kind);
  }
}

/** Hands changes on and counts them. */
export function* tallied(changes: Iterable<Change>, tally: Tally): Generator<Change> {
  for (const change of changes) {
    tally.add(change);
    yield change;
  }
}

/** The bytes a change is about: what is there now, or what was there. */
export function sizeOf(change: Change): number | undefined {
  if (change.bytes !== undefined) return change.bytes;
  const entry = change.after ?? change.before;
  return entry?.kind === 'file' ? entry.size : undefined;
}
